"""Ordinary English words: so that a word after "thanks to" or "my neighbour" in small letters is not taken for a
name.

Written down from our own pages and from what people say about a place; endings (-s, -ed, -ing, ...) are undone by
`is_ordinary`, so most words stand here once. Names that are words as well are not here but in `given.ALSO_WORDS`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

ORDINARY: Final = frozenset(
    """
    a able about above absent absolutely abuse accept access accessibility accessible accident accommodation
    account achieving acronym across act action active activity actor actual adapter add additional address admin
    administrator adopt adore adult advance advice aerobics afford affordability affordable afraid afresh after
    afternoon afterwards again against age agenda ago agree agreement ahead aim airport alarm alcohol aldi
    algorithm alike all allah alley allocated allotment allow almost alone along alpha already also altered
    alternates always am amazon ambulance amid among amount an anchors and anew angry animal annotations annoy
    annual anonymous another answer any anybody anymore anyone anything anyway anywhere apart apartment apologise
    appeal appear appendix applicant application apply approach approval approve apps arbitrary architecture are
    area aren arent argos argument arithmetic arms around array arrears arrest arrive artist arts as asb asda
    ashamed aside ask aspiration assemblies assessment assets assigned assistance assumed at atomic attack attained
    attend attendance attitude attribute audience audit auditable auditor aunt auntie authentication author
    authorise authority autism automatic automatically available average award away awesome awful axe baby babysit
    back background backup backyard bad bakery balance ball ballot bame band bank bar barber bare bargain base
    basis basket basketball batch bath bbc be beacons beat beautiful became because become becontree bed bedroom
    been beer before began beggar begin behave behaviour behind being believe belong below bench benchmark beneath
    benefit beside best better between beyond bias bicycle bids big bigger biggest bike bikeways billion bin binary
    birth birthday bit bite black blame blank bless block blue boat body boil bonus book booths boots booze border
    bored boring borough boss both bottle bottom bought bound bowl boxes boxing boy boyfriend branch brand brave
    bread break breakfast breathing brexit bridge brilliant bring broke broken brother brought brown brunch budget
    buggy build built bulk bull bulls bully bump bureau burglar burglary burn bus business busy but butcher button
    buy by bye bytes cached cafe cake calendar call came camera camp campaign can canal cancel cancelled cancer
    candidate cannot cant cap capabilities capacity capital capped capture car care careless caretaker carpark
    carpet carried carry case cash cashier cast cat category cause cctv ceiling celebrate cell census cent central
    centre ceremony certain certificate certified chain chair challenge champion chance change channel chaos
    character charge chargeback charity chat cheap cheat check checkable checkpoint cheer chef chemist chess
    chicken child children choice choir choke choose chosen christian christmas church cigarette cinema circus
    citation cited citizen city civic claim class classic clause clean clear clever click client climb clinic clock
    close closure clothes club cluster coach coast coat code coffee cold collected collection college colour column
    come comedy comfortable comma command comment commit commitment committed common community commute commuter
    commutes companion company compare comparison compete competition compiled complain complaint complete
    completion compliance component compressed compute concern concert concurrent condition conditional cone
    confirm confirmation conflict confused congestion congratulations connection consensus consent conservative
    consider consistency constant constitution constraint construction contact content context contract
    contribution conversation cook cool coordinates cop copied copy core corner corona corporate corrupt corruption
    cost cough could couldn council councillor councilman councilwoman count country couple courage course court
    cousin cover covid cpz crack craft crap crash crazy create credential credit crest crime criminal crisis
    criteria criterion criticise criticism criticize cross crossroads crosswalk crowd crowdfunding crown cruel cry
    culture cumulative curb cure currency current curtain custom cut cycle cyclist dad daddy daily damage damp
    dance danger dangerous dark dashboard data database dataclasses date daughter day dead deadline deaf deal dear
    death debate debit debt decent decide decimal decision declaration declare declined declines deep default
    deferred definitely delegated delete deliver delivery dementia demo democrat dems dense density dentist deny
    department depend dependency dependent deprivation derived described describes description deserve design
    designations desk desperate despite destroy detail deterministic developer development device diabetes dice
    dictionaries dicts did didn didnt die differ difference different difficult digest digit dinner direct
    direction directory dirt dirty disability disabled disagree disagreement disappointed disaster disband disgrace
    disgraceful disgusting dislike dispute distance distinct distribution district diversity divides division do
    dock docs document documentation does doesn doesnt dog doing domain don done donor dont donut door doorstep
    dope dot double down download downtown dozen draft drain drainage drama dramatiq draw drawn dreadful dream
    dress drift drill drink drive drop dropped drug drunk dry due dump duplicate during dust duty dwellings each
    earlier early earth easier easy eat economy edge edit editor education effect effective eight either elder
    elect election electric electrical electricity element eleven eligibility eligible else elsewhere email
    emergency emotional emptied empty encoder end endowment energy enforcement engagement engine enjoy enormous
    enough enters entity entrance entry environment equal equality equations equipment erase erasure error
    established estate ethnicity eu evaluation even event ever every everybody everyone everything everywhere
    evidence evil exact exactness exam example exceed excellent except exception excluded exclusion excuse exempt
    exemption exercise exhaustiveness exist exit expect expenses expensive expiry explained explains explicit
    export exposed external extra extremely eye face facebook facilitated facilitates facility fact factor factory
    fail failure fair fairness faith fake fall fallback false family famous fan fantastic far farm fast fat father
    fault favour favourite fear feasibility feature fee feedback feel fence festival fetched fetching few field
    fifteen fifty fight figure file fill film filter filth filthy final finance financial fine finger finish fire
    firm first fish fit fitness five fix fixture flag flat float flood floor flower fly flytipping focus folder
    follow font food foot football for force foreign forever forgets forgive forgotten fork form format formula
    forty forward foul found foundations fountain four fox fraction frame framework fraud free freeway freeze fresh
    fridge friend frightened from front frontage frozen fruit fuel full fun function funny furious furniture
    further future gain gambling game gang gap garage garbage garden gas gate gathers gave general generated
    generator generic generous genesis gentle gentrification geometric get gift girl girlfriend git give given glad
    glass global go goals god goes going golf gone good goodbye google gorgeous got gotten gov government govt gp
    graffiti grandad granddaughter grandfather grandma grandmother grandparents grandson granian granted grants
    grass grateful grave gravel gray great greedy green greenery greggs grey grid grocery gross ground group grow
    growth grumpy guard guardian guess guest guidance guide guitar gun guy gym habit had hair hairdresser half hall
    hand handle happen happy harass harassment hard hardworking has hashed hashes hashing hate have he head
    headteacher health healthcare healthy heap hear heart heat heaven heavy hedge held hello help helpful hence her
    here hero hey hi hidden hide high highway hill him his history hmo hobby hold holes holiday home homeless
    homelessness homework honest hook hooray hope horrible horrific horse hospital host hot hotel hour house
    household how however human hundred hungry hurt husband hypothesis i ice iceland id idea identical identify
    identity idiot idle ids if ignore ikea ill illegal im immigrants implementation import important impossible
    improve in included includes including income incredible incredibly increment incremental independent index
    individual ineligible infant information infrastructure input inside inspection inspire instagram install
    installation instead instruction insurance insurer integer intelligent intent interest interface interim
    interior interleaved intermediate internet into invented invest investments invite is isn isnt issue it item
    its itself ive jackpot jail jaywalk jealous jerk jesus job join joke journal journalist journeys judge jump
    junction junior junk just keen keep kept key keyboard kfc kick kid kill kiln kind kinda kindness king kitchen
    kitten knew knife knock knot know known label labelled labour lacks lady laid lake lamp landlord landowner lane
    language lapse large last late laugh launch laundry law lawful lawn lawyer layer layout lazy lead leaf leak
    leans learn least leave led ledger left legacy legal legs leisure length less lesson let letter lettings level
    levy lgbt liability lib liberal librarian library licence licensed licensing lidl lie life lift light like
    likewise limit line linear link lint list litter little live load loans local location lock lockdown log logged
    logic loiter lollipop loneliness lonely long look loop lord lorry lose lost lot lottery loud lounge love
    lovingly low luck lunch lyft machine mad made mail main maintained maintainer maintenance make male mall mam
    man manage management manifest manifesto manual many map mark market marriage married mass massive match mate
    maths matrices matrix matter mattress max maximum may maybe mayor mcdonalds me meal mean meant meanwhile
    measure meat median medical medicine meet member membership memory men mental merge mess message messy met
    method metro middle midwife migration mile milk million min mine minimal minimum minister minor minus minute
    mirror miserable miss mistake mix mobile mode model moderate moderation moderator modern modules moment monday
    money monitoring month moped more morrisons mosque mosquito most mother motorbike motorway mould mouse mouth
    move movements movie mow mp mps ms much mud mugging multilingual multiplies mum mummy murder museum music
    muslim must my name nan narrow nasty national nature naughty near need needle neglected neighbor neighborhood
    neighbour neighbourhood neither nephew net nettles network never new next nhs nice niece night nightmare nine
    no nobody node noise noisy none nonsense nor normal nose not note nothing notice noun now nowhere nuisance
    number nurse nursery nut object odds of off office official offline often oil ok okay old ombudsman on once
    oncoming one online only onto open operating operation operator opinion opportunity optimum option optional or
    oracle orange order ordinal ordinance ordinary organisation organiser origin original other otherwise our
    ourselves out outbox outcome outdoors output outside outstanding oven over overcrowded overdue overgrown
    overlap override overspend overspent owe own ownership package page paid pain paint pair pairwise pamphlet
    panel panhandle pans paper para parade paragraph parameter parcel pardon parent parity park part partial
    participant participation participatory partner party pass passenger passkey password past path patient pattern
    pavement pay payable payment payout pc peace peak pedestrian peer penalty pence pending penny pensioner people
    per perfect perhaps period permission permit permitting person personal pet petrol pharmacy phase phone photo
    physical piano picnic picture piece pig pigeon pillar pilot pinned pins pipe pit pitches pity pivot pizza place
    plain plan planning plant plaques plastic platform play playground pleasant please pleasure pledge plumber plus
    poetry point poison pole police policeman policy polis politician polls pollution pond pool poor popular
    population port position positive possible post postcode postman pot pothole pound poundland poverty power
    practice practitioner praise pray prefer pregnant present preset president pretty prevented prevention previous
    price priest primark primary principal print printable priority prison privacy private prize probability
    probably problem procedure proceeds process processor product production professional professor profile program
    programme progress project promise prompt proof proper property proposal propose proprietary prose protection
    prototype proud prove provider pub public publication publish pull pulse puppy purchases pure purple purpose
    push put quality quarantine quarter query question queue quick quiet quite quota quote rabbit race racism
    racist radio rail railway rain raise ramp ran random randomness range rank rarely rat rate rather ratio
    rationale raw reach read readable ready real reaper reason rebuild receipt receivable received receiver recipe
    recipient recommended recompute reconcile reconciliation record recovered recovery recycle ref reference
    referral reform refugee refund refurbish refusal refuse regarding regards register registration registry
    regression regulation rejected rejection relationships relative relax relaxation release relief religion rely
    remain remainder remember reminder remote remove rent repair repayment repeat replace replacements replay
    replica replication reply report repository representative reproduced reproduces republican request require
    rescue research reservation reserve residence resident residual resolved respect response responsible rest
    restaurant restore restricted restriction result retention retire retry return reversals reverse review rewrite
    rezone rich ride rideshare ridiculous right rip rise risk river robbery rode role rollover roof room root rota
    round roundabout route row rubbish rude ruff ruin rule run runner running rush sad safe safeguarding safety
    said sainsbury sake salary sale salt same sample sand sat save saw say scale scared scary schedule schema
    scheme school science scooter scope score scratch screen script sea sealed search season seat second secret
    secretary section sector security see seeded seeds seem seen selected selection selective self selfish sell
    send senior sensible sent sentence separate sequencer series serious serve service session set setting settled
    setup seven several sex shade shame shape share she shelter shift shine ship shipped shocking shoes shoot shop
    shopkeeper shopping short shortfall shortlist should shouldn shout show shown shut sick side sidewalk sign
    signal signature signposting silent silly simple simplified simply since sing single sister sit site six sixty
    size skate skills skip sleep slide slip slotted slow small smart smell smelly smile smoke snow so soap soccer
    social society sofa soft software sold soldier solve some somebody someone something sometimes son song soon
    sorry sort sortition soul sound source space spam span spare sparse speak spec specification speed spend spent
    spiritual spit splash split sport spread spreadsheet spring square stabbed stabbing stable stack staff stage
    stairs stand standard star start state statement station statistics status statutory stay steal step still
    stink stock stolen stone stood stop stopped stopping storage store story straight stranger strategy stratified
    stray streaming street stress strict string strip strong structured stuck student study stuff stupid style
    subject submission submitted subscription subsidy suburb success successful such suffer sugar suggest suite sum
    summary summer sun sunny supply support supposed suppressed suppression sure surgery surprise surprisingly
    survey suspects suspense swap swapped sweep sweet swim swimming swings switch sync synthetic system ta tab
    table tablet tag take taken tale talented talk tall tap target task tax taxi taxpayer tea teach team technical
    teen teenager telephone tell template temple temporary ten tenancy tenant tennis tenure terms terrible terrific
    terrified tesco test text than thank thankyou that the their them theme themselves then therapist there
    therefore these they theyre thief thieves thin thing think third thirteen thirty this those thought thousand
    thread three threshold through throughout throw thrown thus tick ticket tidy tie tiers tiles till time timeline
    timeout tiny tips tired title to today toddler together toilet told toll tomorrow tonight too took tool tooth
    top topics torch tory total tow toward town toy traceability traders traffic trail train tram transaction
    transfer transition translation transport transportation trap trash travels treat treatment tree trial tried
    trigger trim trip trolley trouble truck true trust try tube turn turnout tv twelve twenty twice twitter two ty
    type typical uber ugly uk ukip ulcer umbrella unacceptable unbelievable unchanged unchecked uncle under
    underneath underpass underscore understand understood undocumented unemployed unfair unfortunately unhappy uni
    uniform unique unit universal university unknown unless unlike unpredictable unrelated unsafe unseen until
    unverified up update upgrade upon upset upstairs urgent us usa use useless using usual utility vaccine valid
    validates value van vandalism vandals variable variance variant vegetables venues verb verdicts verifiable
    verification verified verifier verify vermin version versus very vet via victim video view village violence
    violent virtual visible visit vocabulary voice void voluntary volunteer vote vulnerable wages wait waived
    waiver walk wall wallet wander want ward warden warehouse warm warning was washing wasn wasnt waste watch water
    wave way we weak weather web webhooks wedding weed week weekend weight weird welcome well went were weren what
    whatever whatsapp wheel wheelchair when whenever where whereas wherever whether which while whilst white who
    whoever whole whom whose why wicked wide wife wifi wild will win window winner winning winter wise with
    withdrawal withdrawn withheld within without witness won wonder wonderful wont word work workflow world worried
    worry worse worship worst worth would wouldn wow write written wrong wrote yard year yell yellow yes yet yoga
    you young youngsters youre yourself youth zebra zero zone
    """.split()
)

_ENDINGS: Final = (
    "s",
    "es",
    "ed",
    "ing",
    "ly",
    "er",
    "ers",
    "d",
    "r",
    "est",
    "y",
    "ness",
    "ment",
    "ments",
    "ion",
    "able",
)


@lru_cache(maxsize=20_000)
def is_ordinary(word: str) -> bool:
    """Is the folded word, or the word without its ending, ordinary English?

    >>> [is_ordinary(word) for word in ("parking", "cities", "stopped", "oluwaseun")]
    [True, True, True, False]
    """
    if word in ORDINARY:
        return True
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            if root in ORDINARY or f"{root}e" in ORDINARY:
                return True
            if ending in ("ed", "er", "ing", "est") and root[-1] == root[-2] and root[:-1] in ORDINARY:
                return True
            if root[-1] == "i" and f"{root[:-1]}y" in ORDINARY:
                return True
    for beginning in ("un", "re", "non", "over", "under", "dis", "mis", "pre", "anti", "out", "up", "in"):
        if word.startswith(beginning) and len(word) - len(beginning) >= 3 and is_ordinary(word[len(beginning) :]):
            return True
    return False
