"""Words written with a capital that are no person, and the words around a name that say what it is."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT_A_PERSON: Final = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
    saturdays sundays mon tue tues wed thu thur thurs fri sat january february march april june july august
    september october november december jan feb apr aug sept oct nov dec christmas easter eid ramadan diwali
    hanukkah halloween england english britain british uk scotland scottish wales welsh ireland irish europe
    european america american africa african asia asian india indian pakistan pakistani bangladesh bangladeshi
    bengali urdu punjabi hindi gujarati nigeria nigerian yoruba igbo ghana ghanaian somalia somali kenya kenyan
    uganda ugandan jamaica jamaican caribbean romania romanian bulgaria bulgarian poland polish lithuania
    lithuanian latvia latvian albania albanian kosovo ukraine ukrainian russia russian turkey turkish kurdish
    portugal portuguese brazil brazilian spain spanish italy italian france french germany german greece greek
    china chinese vietnam vietnamese philippines filipino nepal nepali afghanistan afghan iran iranian iraq
    iraqi syria syrian israel israeli palestine palestinian gaza arab arabic tamil sri lanka lankan mexico
    mexican hispanic latino latina latinos cuba cuban canada canadian australia australian roma romani gypsy
    traveller jewish jew jews muslims hindu hindus sikh sikhs catholic anglican methodist buddhist north south
    east west northern southern eastern western downtown midtown uptown central london barking dagenham
    becontree rippleside upney chadwell goresbrook valence parsloes eastbury mayesbrook gascoigne alibon
    whalebone eastbrook creekmouth thamesview heathway romford ilford rainham havering redbridge newham
    hornchurch upminster stratford essex thames hackney walthamstow woolwich greenwich beckton birmingham
    manchester liverpool leeds glasgow edinburgh cardiff bristol kent sussex surrey hertfordshire gants croydon
    brixton tottenham camden paris berlin rome madrid warsaw vilnius bucharest lagos accra dhaka delhi mumbai
    karachi lahore sylhet istanbul tirana texas california washington york houston dallas seattle portland
    denver chicago boston detroit phoenix atlanta florida portland vegas francisco diego antonio angeles jose
    oregon colorado arizona austin austinite austinites google facebook twitter instagram whatsapp youtube
    tiktok amazon apple microsoft netflix uber lyft tesco asda lidl aldi sainsbury sainsburys morrisons iceland
    argos mcdonalds mcdonald ikea greggs waitrose boots primark halfords santander barclays lloyds natwest hsbc
    monzo openreach virgin vodafone royal queen king prince princess bible quran koran torah gurdwara mosque
    allah jesus christ god lord santa iphone android excel pdf wifi zoom skype tv cctv asb nhs gp covid brexit
    dvla dwp pip esa ucl ofsted hmo cpz ulez tfl c2c dlr hs2 ltn mp mps lbbd bdcan reside serco veolia capita
    isd aisd cbd hoa hoas apd emt ems epa llc inc ltd plc ii iii iv vi vii am pm st nd rd th mopac tx capmetro
    """
)

PUBLIC_FIGURES: Final = frozenset(
    {
        "barack obama",
        "billy bragg",
        "bobby moore",
        "boris johnson",
        "cesar chavez",
        "charles darwin",
        "david beckham",
        "donald trump",
        "elizabeth fry",
        "florence nightingale",
        "george lansbury",
        "george orwell",
        "hillary clinton",
        "jeremy corbyn",
        "joe biden",
        "keir starmer",
        "king charles",
        "liz truss",
        "margaret thatcher",
        "martin luther king",
        "mary seacole",
        "mo farah",
        "nelson mandela",
        "nigel farage",
        "queen elizabeth",
        "rishi sunak",
        "rosa parks",
        "sadiq khan",
        "stephen lawrence",
        "sylvia pankhurst",
        "ted cruz",
        "theresa may",
        "tony blair",
        "william morris",
        "winston churchill",
    }
)

# After a name these make it the name of a place or of a body.
PLACE_TAILS: Final = _words(
    """
    road rd street st avenue ave av lane ln close cl drive dr gardens gdns way crescent cres court ct grove
    place pl square sq terrace mews walk row hill hills rise parade green view mead path house point tower
    towers wharf quay boulevard blvd circle trail trails parkway pkwy highway hwy freeway expressway loop bridge
    park parks school schools academy college university library centre center hall hospital surgery clinic
    church mosque temple cathedral station airport market stadium pool baths leisure museum gallery theatre
    theater cinema estate ward county district borough city town village lake river creek springs beach dam
    island island's field fields farm common wood woods forest reserve foundation trust fund charity society
    institute ltd limited inc llc plc company bank store stores supermarket restaurant cafe pub arms hotel inn
    club fc united rovers day week month act bill law award prize games cup bus line block blocks garages plaza
    mall tennis course works memorial building office offices neighborhood area corridor
    """
)
# Before a name these do the same.
PLACE_HEADS: Final = _words(
    "lake fort port mount mt saint san santa los las el la cape loop east west north south old new fm us st"
)

SURE_TITLES: Final = _words("mr mrs ms mx cllr cllrs clr councillor councillors mister missus madam prof rev revd")
OTHER_TITLES: Final = _words(
    """
    dr doctor miss sir lady lord dame nurse sister brother bro auntie aunty aunt uncle imam maulana mufti pastor
    reverend father fr vicar bishop rabbi pandit mayor officer teacher coach judge chief captain sergeant sgt
    inspector constable pc pcso professor headmaster headmistress councilman councilwoman councilmember
    commissioner senator congressman congresswoman governor representative apostle deacon pan pani doamna domnul
    senor senora signora mum
    """
)
LIKE_NAMES: Final = _words("dr nurse pastor imam uncle auntie aunty aunt maulana rabbi")  # used with a name after them
ALSO_VERBS: Final = _words("miss father officer judge coach lady lord")  # titles that are ordinary words too
RELATIONS: Final = _words(
    """
    neighbour neighbor friend mate son daughter husband wife mum mother mom mummy dad father daddy brother
    sister nan gran nana granny grandma grandad granddad grandmother grandfather grandson granddaughter uncle
    aunt auntie cousin nephew niece partner boyfriend girlfriend fiance fiancee boss manager landlord landlady
    caretaker concierge warden teacher headteacher head principal doctor gp dentist nurse carer midwife worker
    officer postman postwoman postie milkman cleaner coach trainer tutor pastor imam vicar priest rabbi
    childminder baby child toddler kid boy girl lady man woman guy bloke colleague flatmate housemate roommate
    tenant lodger volunteer librarian receptionist owner driver shopkeeper builder plumber councillor counsellor
    therapist stepson stepdaughter stepdad stepmum twin babysitter nanny hairdresser barber solicitor leader
    organiser secretary treasurer chair chairman chairwoman assistant adviser advisor surname pharmacist agent
    ex student pupil grandchild
    """
)
OWNERS: Final = _words("my our his her their your")
THANKS: Final = _words(
    """
    thanks thank thankyou thx cheers ta kudos congratulations congrats bravo hooray bless credit grateful
    gratitude shoutout multumesc multumim mersi dziekuje dziekujemy dzieki aciu gracias obrigado obrigada grazie
    merci danke faleminderit blagodarya tesekkurler shukriya shukran dhonnobad spasibo dyakuyu e se
    """
) - _words("e se")
VERBS: Final = _words(
    """
    call ring phone text email contact tell told ask asked met meet know knew saw visit visited phoned rang
    emailed texted contacted called thanked helped blame invite hire sack fire arrest evict elect message
    messaged
    """
)
VERBS_TO: Final = _words(
    "speak spoke spoken talk talked talking listen write wrote written complain complained went go refer report "
    "reported apologise apologised belongs"
)
CLOSINGS: Final = _words(
    "regards sincerely faithfully wishes thanks truly love cheers ta yours signed sign xx xxx sir from"
)
PERSON_AFTER: Final = _words("from at in who whos whose upstairs downstairs nextdoor opposite round")
PARTICLES: Final = _words("de da do dos das del della di van von der den bin binti ibn al el ul ur oo o la le")

# What a person does: after two words with capitals they say that these are somebody.
PERSON_VERBS: Final = _words(
    """
    is was has had does did should must will would could can cannot never always takes took keeps kept said says
    told tells promised promises deserves helps helped runs ran lives lived works worked knows knew who whose
    shouts shouted parks
    """
)
# With a capital after Mr or Dr, these are still no family name.
NOT_AFTER_TITLE: Final = _words(
    """
    and or who whom is are was were the a an of to in on at for with mayor president speaker chairman chair
    minister councillor councillors council please need needs should office offices appointment appointments
    appt member members leader leaders chief right big clean president's but not has have can will because if
    """
)

# "Ann from the library", "Ann at our school": what follows a name and its small word.
PLACES_AFTER: Final = _words("the number no our my flat upstairs work school church next down across over")
