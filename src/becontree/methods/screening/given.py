"""Given names and family names met in East London, written down by us from memory, by where they are common.

Small letters without marks (`names.plain` folds what people write to this form). They need not be complete: a name
that is not here is still found where the words around it say that a name follows. Names that are ordinary words as
well stand in `ALSO_WORDS` and count only where a name is expected.
"""

from __future__ import annotations

from typing import Final

GIVEN: Final = frozenset(
    """
    adam adrian agnes aidan aileen alan albert alec alex alexander alexandra alfie alfred alice alison alistair allan
    allison amanda amelia amy andrea andrew andy angela angie anita ann anna annabel anne annette annie anthony
    antonia antony arthur ashley audrey barbara barney barry beatrice becky ben benjamin bernadette bernard bert beryl
    beth bethany betty beverley bob bobby bonnie brenda brendan brian bridget bruce bryan callum cameron carl carla
    caroline carolyn caitlin cath catherine cathy cecil charles charlie charlotte cheryl chloe chris christina
    christine christopher cindy claire clare clara clive colin colleen connor craig cynthia daisy damian daniel
    danielle danny darren dave david dawn deborah debbie debra deirdre denis denise dennis derek diana diane dominic
    donald donna doreen doris dorothy doug douglas dylan edith edmund edward edwin eileen elaine eleanor elizabeth
    ella ellen ellie elsie emily emma eric erica erin ernest esther ethan eunice eva eve evelyn fiona florence frances
    francis freda freddie frederick gareth gary gavin gemma geoff geoffrey george georgia georgina gerald geraldine
    gerard gillian gina gladys glen glenn glenys gordon graham greg gregory gwen gwyneth hannah harold harriet harry
    hayley heather helen helena henry hilary hilda howard hugh ian imogen irene isaac isabel isabella isobel jack
    jackie jacob jacqueline jacqui jake james jamie jane janet janice janine jason jayne jean jeanette jeff jeffrey
    jemma jennifer jenny jeremy jess jessica jill jim jimmy joan joanna joanne jodie joe joel john johnny jon jonathan
    jordan joseph josephine josh joshua joyce judith judy julia julian julie june justin karen karl kate katherine
    kathleen kathryn kathy katie kay keith kelly kelvin ken kenneth kerry kev kevin kieran kim kirsty kristina kyle
    lauren laura laurence lawrence leah leanne lee len leo leon leonard lesley leslie lewis liam lilian lily linda
    lindsay lindsey lisa liz lizzie lorna lorraine louise lucas lucy luke lydia lynda lynn lynne mabel maddie
    madeleine maggie malcolm mandy marcia marcus margaret maria marian marie marilyn marion marjorie martha martin
    mary matt matthew maureen maurice mavis maxine megan mel melanie melissa michael michelle mick mike mildred millie
    miranda moira molly mona monica muriel myra nadine nancy naomi natalie natasha nathan neil nell nicholas nick
    nicky nicola nicole nigel nina noel nora noreen norma norman oliver olivia oscar owen pam pamela patricia patrick
    paul paula pauline peggy penelope peter phil philip phillip phoebe phyllis polly rachel ralph raymond rebecca reg
    reginald rhys richard ricky rita rob robert roberta roger roland ron ronald ronnie rosalind rosemary rosie roy
    russell ruth ryan sally sam samantha samuel sandra sarah scott sean shane sharon shaun sheila shirley sid sidney
    simon sonia sophia sophie stacey stan stanley stella stephanie stephen steve steven stewart stuart sue susan susie
    suzanne sybil sylvia tania tara ted terence teresa terry thelma theresa thomas tim timothy tina toby tom tommy
    toni tony tracey tracy trevor tricia trish tyrone una ursula valerie vanessa vera verity veronica vic vicky victor
    vikki vincent viv vivian vivien walter wanda wayne wendy wilfred william winifred yvette yvonne zac zach zara zoe
    aaliyah abbas abdul abdullah abdur abida abu adeel adil adnan afia afsana aftab afzal ahmad ahmed aisha aishah
    akbar akhtar akram alam ali aliya aliyah amina aminah amir amira amjad ammar anisa anjum anwar aqib arif arifa
    arshad asad asha ashfaq ashraf asif asim asma asmaa atif ayaan ayesha aysha azad azhar aziz bashir batool bilal
    bilqis bushra ehsan fahad fahim faisal faiza faiz faraz farah farhan farhana farid farida farooq faruk fatema
    fatima fatimah fazal fouzia ghulam habib habiba hadi hafiz hafsa haleema halima hamid hamida hamza haroon hasan
    hasina hassan hina husna hussain hussein ibrahim idris iftikhar ikram ilyas imran imtiaz inam iqbal iram irfan
    ishaq ishrat ismail israr jabbar jahanara jahangir jamal jamil jamila javed jawad kabir kalam kalsoom kamal kamran
    karim kashif kausar khadija khadijah khalid khalil khalida khurram kulsum laila lubna luqman maariya mahbub mahfuz
    mahira mahmood mahmud malik maliha mamun mansoor mariam mariyah maryam masood masud mehnaz mehmood mehreen mizanur
    mohamed mohammad mohammed momina mominul monira monir mosammat mubarak muhammad mujib munir munira musa musarrat
    mushtaq mustafa nabeel nabila nadeem nadia nadira naeem nafisa naheed naila naima najma nargis nasima nasir
    nasreen nasrin naveed nawaz nazia nazma nazmul nazrul nida nighat nilufar noor nosheen nusrat omar omer parveen
    parvin pervez qasim rabia rabiya rafiq rahim rahima raheel rahman raihan raja rajia rana rashid rashida rasheda
    razia rehana rehman reza riaz rifat rizwan rizwana rokeya rubina rukhsana rukia saad saba sabiha sabina sabir
    sabrina sadia sadiq safia safiya sahar saida saif saima sajid sajida salim salam salma saleem saleha salman samina
    samir samira samiya sana saqib sarwar shabana shabbir shabnam shafiq shah shahana shahed shahid shahida shahin
    shahnaz shaheen shaista shakeel shakil shamim shamima shamsul sharif sharmin shazia sheikh shirin shoaib sohail
    sufia suleman sultana sumaiya syeda tabassum tahir tahira tahmina talha tamanna tanveer tanvir tanzila tariq
    tasleem tasnim tauseef tayyab tayyaba umair umar usman wahid wahida waheed walid waqar waseem wasim yahya yasin
    yasir yasmeen yasmin yousaf yusuf zahid zahida zahir zahra zain zainab zakir zaman zeeshan zeenat ziaul zubair
    zubaida zulfiqar aarav aditi aditya ajay akash amar amit amrit anand anil anjali ankit anup aparna arjun arun
    aruna ashok baljit baljinder balwinder bhavna bharat bhupinder chandra chetan daljit deepa deepak devi dhruv dilip
    dinesh divya geeta gita gopal gurdeep gurinder gurjit gurmeet gurpreet hardeep harinder harish harjit harpreet
    harvinder hema hemant indira ishaan jagdeep jagdish jaspal jasvinder jaswinder jatinder jaya jayesh jitendra jyoti
    kalpana kamala kamaljit kavita kiran kishan kishore krishna kuldeep kulwinder lakshmi lalita lata madhu mahendra
    mahesh mandeep maninder manish manjit manjula manpreet meena meera mohan mohinder mukesh nandini narendra narinder
    navin neeta neha nikhil nilesh nisha nitin padma parminder parvati pavan pooja prabha pradeep prakash pramila
    pranav prashant preeti prem priti priya priyanka rahul raj rajan rajesh rajinder rajiv rakesh ram ramesh rani
    ranjit rashmi ravi ravinder rekha renu rishi ritu rohan rohit rupa rupinder sachin sandeep sangita sanjay sanjeev
    santosh sarita satish satnam savita seema shalini shanti sharmila shilpa shivani shobha shreya simran sita smita
    sneha sonal sudha sujata sukhdev sukhjit sukhwinder suman sunil sunita suraj surendra suresh surinder sushila
    swati tejinder uma usha varsha vidya vijay vikas vikram vimal vinay vinod vishal vivek yogesh thusha kumaran
    suganya nirmala sivakumar abayomi abena abidemi abimbola abiodun abiola abosede adaeze adaku adaora adebayo
    adebola adeola adeolu aderonke adesola adetokunbo adewale adeyinka adjoa afua akosua akua akwasi alaba ama amaka
    amara anuoluwa ayo ayobami ayodeji ayodele ayokunle ayomide ayotunde babajide babatunde bamidele bola bolaji
    bolanle bolu bukola busola chiamaka chibueze chibuzo chidi chidinma chidozie chika chikodi chima chimamanda
    chinedu chinelo chinonso chinwe chioma chisom chizoba chuka chukwudi chukwuemeka damilola dapo dayo ebele ebere
    ebuka efua ekene ekow emeka enitan esi eze ezinne femi fiifi folake folasade folashade foluke funke funmi
    funmilayo gbenga gbemisola gifty ifeanyi ifeoma ifeyinwa ige ijeoma ike ikechukwu iyabo jide jumoke kayode kehinde
    kelechi kemi kofi kojo kola kolawole kunle kwabena kwadwo kwaku kwame kwasi kwesi lanre lekan lola modupe moji
    mojisola morayo morenike ngozi nkechi nkem nkiru nnamdi nneka nnenna nonso nwando obi obinna ogechi okechukwu
    oladele oladipo olaide olajumoke olamide olanrewaju olasunkanmi olayinka olu olubunmi olufemi olufunke olumide
    olusegun oluseyi olusola oluwadamilola oluwafemi oluwakemi oluwaseun oluwaseyi oluwatobi oluwatosin omolara
    omotola omowunmi onyeka onyinye opeyemi osagie osaro oyin ronke rotimi sade seun segun seyi shade shola simi sola
    somto taiwo tayo temi temitope titi titilayo tobi tochukwu tolu tomi tosin tola toyin tunde tunji uche uchenna udo
    ugochi ugonna uju uzo wale wole yaa yaw yejide yemi yetunde yewande yinka zainabu abdi abdirahman abdullahi amal
    deeqa fadumo fartun farhiya fowsia hodan hibaq hinda hodo idil ifrah ilhan khadra maryan mohamud muna sagal sahra
    samatar suad ubah warsame yusra zeinab liban mahad awa binta fatou fatoumata mamadou mariama moussa ousmane seydou
    aminata kadiatu isatu foday alhaji mwangi wanjiku njeri akinyi otieno achieng wambui kamau tendai tatenda tinashe
    rudo chipo farai nyasha thandi sipho themba sibusiso nomsa zanele lindiwe lerato thabo mpho adela adina adriana
    alexandru alin alina anamaria anca andreea andrei angelica bianca bogdan camelia carmen catalin catalina cezar
    ciprian claudia claudiu codrut constantin corina cornel cornelia cosmin costel costin cristi cristian cristina
    daniela danut dragos dorin dorina doru dumitru elena emanuel emil emilia florentina florica florin gabi gabriel
    gabriela gelu georgiana gheorghe gheorghita gigel horia ileana ilie ilinca ioan ioana ion ionel ionela ionut irina
    iulia iulian iuliana larisa laurentiu lavinia liliana liviu livia loredana lucian luciana luminita madalina
    marcela marcel mariana marin marinela marius mihaela mihai mihail mircea mirela mirabela narcis narcisa nelu
    nicolae nicoleta nicusor oana octavian ofelia olimpia ovidiu paraschiva petre petru petronela radu raluca ramona
    raul razvan remus roxana ruxandra sabin sebastian silviu silvia simona sorin sorina stefan stefania steluta
    tatiana teodor teodora tiberiu traian tudor valentin valentina valeriu vasile vasilica vasyl victoria viorel
    viorica violeta virgil vlad vladut aleksandar biser boyko desislava dimitar elitsa galina georgi gergana hristo
    ivan ivanka ivaylo ivelina kaloyan katerina kiril krasimir lyubomir mariyana milena mitko nadezhda nikola nikolay
    ognyan petar petya plamen radka radoslav rositsa rumen rumyana silviya snezhana stanislav stoyan svetlana
    svetoslav tanya todor tsvetan tsvetelina vasil veselin yana yordan zdravka zhivko agata agnieszka aleksandra
    aleksander alicja andrzej aneta arkadiusz artur bartek bartosz beata boguslaw bozena cezary czeslaw danuta dariusz
    dawid dorota edyta elzbieta ewa ewelina filip franciszek grazyna grzegorz halina hania henryk hubert iga irena
    iwona izabela jacek jadwiga jakub jan janina janusz jaroslaw jerzy jolanta jozef justyna kacper kamil kamila karol
    karolina katarzyna kasia kazimierz kinga konrad krystian krystyna krzysztof kuba lech leszek lidia lucjan lukasz
    maciej magda magdalena maja malgorzata malwina marcin marek mariusz marta mateusz michal mieczyslaw milosz
    miroslaw monika natalia nikodem norbert oskar ola patrycja pawel piotr przemyslaw radek radoslaw rafal renata
    roman ryszard slawomir stanislaw sylwia szymon tadeusz tomasz urszula waldemar weronika wiktor wiktoria wieslaw
    witold wlodzimierz wojciech wojtek zbigniew zdzislaw zenon zofia zuzanna zygmunt adomas agne aiste aivaras akvile
    algirdas algis alma almantas andrius antanas arminas arnas arturas ausra austeja aurelija ausrine birute dainius
    daiva dalia darius deividas donatas dovile edgaras egidijus egle eimantas ernestas evaldas gabija gedas gediminas
    giedre giedrius gintaras gintare goda greta ieva ignas ilona indre inga jolita jonas juozas jurate jurga jurgita
    justas justina kazys karolis kestutis kotryna kristijonas laima lina linas liudas loreta lukas mantas margarita
    martynas matas mindaugas modestas nerijus neringa odeta oksana paulius petras povilas raimonda raimondas ramunas
    ramune rasa rasita ricardas rimantas rimas rolandas ruta rytis sarunas saulius sigita simonas skirmante tadas
    tautvydas tomas ugne vaidas vaidotas vaiva valdas vida vidmantas vilija vilma virginija vita vitalija vytas
    vytautas zilvinas zivile zydrunas aigars aija andris ansis arturs baiba dace edgars guntars gunta ilze inese ivars
    janis juris kaspars kristaps liga maris martins oskars peteris raimonds sandis sanita uldis valdis zane alketa
    altin andi arben ardian arjeta arjan arta artan astrit avni bashkim besa besart besim besnik blerim blerina burim
    dardan dritan drita edon edona elira elton endri enkeleda entela ermal ermira erion eriola fatbardha fatjona
    fatmir fatos flamur flora florian gazmend gentian genta gezim gjergj granit ilir ilirjana jeta jetmir jonida
    kastriot klajdi klea klodian kreshnik kujtim lirije lindita liridon lirim luan lule lulzim majlinda manjola mimoza
    mirjeta nexhat ornela petrit pranvera qemal rexhep rinor rudina sadik saimir shkelqim shpresa shqipe skender sokol
    teuta valbona valon vjollca vjosa xhevdet yllka zamira agron albana ajla amela dino edin emina goran igor jelena
    jovan lejla ljiljana marija marko mirsad nebojsa nenad senad slobodan snezana vesna vladimir vuk zeljko zoran
    alexei aleksei alexey anastasia boris dmitri dmitry ekaterina evgeny galyna ganna iryna kateryna ksenia larysa
    liudmyla lyudmila maksim mykola natalya nataliya oleg oleh oleksandr oleksii olena olga olha petro roksolana
    ruslan serhiy sergei sergey sofiia svitlana taras tetiana vadym valeriy volodymyr yaroslav yelena yevhen yulia
    yuliya yuri yuriy zoya afonso alberto alejandro alessandra alessandro alfonso alvaro ana andre angelo antonio
    armando arnaldo beatriz bruna bruno camila carlos carolina catarina celia cesare chiara clementina conceicao
    consuelo cristiano davide diego diogo domingos duarte edoardo eduardo elisa enrique enzo ernesto esperanza esteban
    federica federico felipe fernanda fernando filipa filipe francesca francesco francisca francisco giacomo giancarlo
    gianluca gianni giorgia giorgio giovanna giovanni giulia giuseppe goncalo gonzalo graca guadalupe guilherme
    guillermo gustavo henrique hernan hugo ignacio ines isabela jaime javier joana joao joaquim joaquin jorge jose
    josefa juan juana julio leonardo leonor lorenzo lourdes luca lucia luciano lucinda luigi luis luisa luiz madalena
    manuel manuela marcelo marco margarida marina mario mateo matteo mauricio mercedes miguel nuno octavio orlando
    pablo paola paolo pascal paulo pedro pilar rafael ramon raquel renato ricardo roberto rocio rodrigo rogerio rosa
    rosario rui salvador santiago sara sergio simone sofia soledad stefano susana tiago vasco vicente vinicius vitor
    ximena yolanda adele alain amelie antoine aurelie benoit camille celine chantal cedric christelle christophe
    claude corinne delphine didier dominique elodie emilie emmanuel estelle etienne fabien fabrice florent francois
    francoise frederic genevieve gilles guillaume guy helene herve isabelle jacques jeanne jerome josette julien
    karine laetitia laurent lucie luc manon marguerite mathieu maxime michel mireille monique nathalie nicolas noemie
    odette olivier pascale philippe pierre raymonde regine remi renee romain sebastien serge solange stephane sylvain
    sylvie therese thibault thierry virginie xavier yann yves anke anneke bart bas bram cees daan dirk els femke frits
    gerrit hans harm henk ingrid jaap jeroen joost joris jurgen kees klaas koen lars lotte maarten marieke marijke
    matthias niels pieter rik roel ruben ruud sander sanne saskia sjoerd sven thijs tineke uwe wim wilma wolfgang
    wouter heinz helga horst dieter gisela jutta klaus manfred ursel ahmet aslan ayse aysel ayten aylin baris berk
    berna bulent burak burcu busra can canan cem cemal cenk ceren cihan deniz derya didem dilara dilek dogan ebru ece
    ekrem elif emel emine emre engin eray erdal erdem erhan erkan ersin esra fatih fatma ferhat filiz furkan gamze
    gizem gokhan gonul gul gulay gulcan gulsen hakan halil hande hatice havva huseyin hulya ilker ilknur kadir kemal
    kerem leyla mehmet melek melike meral merve mesut mert metin murat necla nermin nesrin nihat nilgun nur nuray
    nurcan nuri okan oguz onur orhan osman ozan ozgur ozlem pinar ramazan recep sedat seda selim selin selma semra
    serap serdar serkan sevda sevgi sevim sibel sinan songul suleyman sukru taner tarik tayfun tugba tulay turgut ufuk
    ugur umit umut veli volkan yasemin yavuz yeliz yildiz yilmaz zehra zeki zeynep anh bao binh chau dung duc hai hanh
    hieu hoa hong hung huong khanh lan linh loan long mai minh my nam nga ngoc nguyet nhung phuong quang quyen quynh
    tam thanh thao thi thu thuy tien trang trinh trung tuan tuyet van vinh xuan fang feng guang haiyan hao hui jia
    jian jianhong jing jun kai lei li lihua ling mei meiling min ning ping qiang qing rong shan shu siu tao wai wei
    weiming wen xia xiaoming xin xiu yan yang ying yong yuan yue yun zhen angelito arlene arnel crisanto divina
    erlinda evangeline ferdinand imelda jhun jocelyn jomar leonora ligaya lito luzviminda maricel marites marivic
    maribel nenita ramil reynaldo rodel rogelio rommel rosalie rowena teodoro bikash bimala binod bishnu dawa dhan
    hari laxmi manju nabin pemba puja rajendra sherpa tashi tenzin vince carly kelsey hollie lois kirsten larry abbie
    bethan larissa gareth edgar loretta antonina antonino abigail ada alana alexis aliyana alisha arabella archie arlo
    austen ayla benny billie blake bradley brett brooke bryony callie carrie cassie chelsea christy clarissa clifford
    clint cody connie courtney darcy eddie edie elijah eliza elliot ellis eloise erika esme ezra fay felicity finlay
    finley freya gail gene geraint gerry gloria gus gwendoline hector herbert hettie imani indiana isla isaiah ivor
    jaden jayden jasper jenna jeremiah jodi johanna josie judi kaitlin kali kara katrina kayla keeley kendra kerri
    kimberley kimberly kirk kristen marc kurt kylie lacey leila lenny leroy lex libby lila lillian lionel lizzy lottie
    louis luther maisie marcella margot marlene marlon marnie marvin maude maya melinda merle micah milly mina minnie
    mitchell mohsin mollie monty morris nicolette nigella olive ollie otis patty penny petra pippa poppy priscilla
    quentin randy reece rhiannon roisin rory rowan rupert sadie sammy sasha seb selina serena seth sheena shelley
    shona sian sinead siobhan spencer stefanie tamara tamsin tess tessa theo theodore tilly todd tristan trudy verna
    vivienne wallace winnie yasmine zack zachary zelda ade ibukun ifeoluwa tolulope toluwani temiloluwa ayotola
    olatunde olaoluwa omotayo omoniyi abolaji tiwa tiwalade bisi bisola morenikeji adunni iyabode folorunso gbolahan
    kolade ladi niyi niran nike nkiruka ogonna onyinyechi somtochukwu uchechi
    """.split()
)

ALSO_WORDS: Final = frozenset(
    """
    amber ama angel art asha august autumn ava bart bas basil bill blessing bob bonnie buddy can carol chance
    charity chase chuck cliff clay comfort constance crystal curly dan daisy dawn dean del dev diamond dick dolly
    don drew dung duke earl eden els emerald faith fern flora florence frank gay gene georgia ginger glen glory
    goda gold grace grant guy hai hans harm harmony heath heaven hong honour hope hung hunter ike iris israel ivory
    ivy jade jay jet jimmy job jordan josh joy june jun kay ken kim king kit lance lane lee liberty li london long
    loan lot love lucky mai mali mane mark max may mei mel melody mercy merit mick miles min miracle my nam nell
    niki olive opal ola pan pansy pat patience patsy pearl peg penny per pete petal pilar ping pip prince precious
    princess prosper prudence queenie raj ram ray red reed rich rick rip rob robin rose rosemary row roy royal ruby
    rusty sage salam salt sandy serene shade shah shan shore simi skye sky sol sonny sterling stone storm summer
    sunday sunny tam tan tanner teddy titi trinity trip van victoria victory violet virtue wai wale war warren wen
    will willow win windsor winter wisdom wren yan yang yaw ying young zion la mason parker taylor dallas austin
    houston travis carson madison dawa hari cash major judge bishop gala angie alma ion nur gul ami bram hui
    """.split()
)

FAMILY: Final = frozenset(
    """
    adams aldridge allen anderson andrews armstrong atkins atkinson bailey barker barnes barnett baxter bennett
    benson bentley berry bishop booth bradley bradshaw brennan briggs brooks bryant burgess burke burns burrows
    burton butcher byrne callaghan campbell carpenter carroll carter cartwright chadwick chambers chapman clark
    clarke clayton clements cole coleman collier collins connolly connor cooke cooper corbett cox crawford
    cunningham curtis dalton daly daniels davidson davies davis davison dawson dean dempsey dixon dobson doherty
    donnelly donovan doyle duffy duncan dunn edwards elliott ellis evans farrell ferguson fernandes finch fisher
    fitzgerald fleming fletcher flynn foster fowler fox franklin fraser freeman frost fuller gallagher gardiner
    gardner garner gibbons gibbs gibson gilbert giles gill goddard goodwin gould graham grant graves green greene
    greenwood griffin griffiths hale hall hamilton hammond hancock hanson harding harper harris harrison hartley
    harvey hawkins hayes haynes heath henderson henry herbert hewitt hicks higgins hill hobbs hodgson holden
    holland holloway holmes hooper hopkins horton houghton howard howe howell hudson huggins hughes humphreys
    hunter hutchinson hyde ingram jackson jacobs jarvis jenkins jennings johnson johnston jones jordan joyce
    kavanagh kaye keane keegan kelleher kelly kemp kennedy kent kerr kirby knight knowles lambert lawson leach
    leonard lewis lloyd lowe lucas lynch macdonald mackenzie maguire maloney manning marsh marshall martin mason
    matthews mccarthy mcdonald mcgrath mckay mckenna mclean mcmahon mcnamara mellor middleton miller mills milner
    mitchell molloy montgomery moore moran moreton morgan morris morrison morton moss mullen munro murphy murray
    myers nash naylor neal newman newton nicholls nicholson nixon nolan norris norton oakley obrien oconnell
    oconnor odonnell oliver oneill osborne osullivan owens palmer parker parkes parkinson parry parsons pearce
    pearson perkins perry peters phillips pickering pollard poole porter potter powell pratt preston price prior
    pritchard quinn ramsey randall read redmond reed rees reeves regan reid reilly reynolds rhodes richards
    richardson riley roberts robertson robinson robson rogers rose ross rowe rowland russell ryan sanders sanderson
    saunders savage schofield scott sharp sharpe shaw shelton shepherd sheppard sheridan short simmons simpson sims
    sinclair skinner slater smart smith spencer stephens stephenson stevens stevenson stewart stokes stone sullivan
    summers sutherland sutton swift sykes talbot tanner taylor thomas thompson thomson thornton thorpe todd
    tomlinson townsend tucker turnbull turner tyler underwood vaughan vincent wade walker wallace wallis walsh
    walters walton ward warner warren waters watkins watson watts weaver webb webster wells west weston wheeler
    white whitehead whitehouse whittaker wilkins wilkinson williams williamson willis wilson winter wong wood woods
    woodward wright wyatt yates young adeleke abbasi abedin agarwal aggarwal ahluwalia ahmed akhtar akhter akter
    ali amin anwar arora arshad ashraf aslam atwal aziz babar bains bajwa banerjee bashir begum bhatia bhatt bhatti
    bhogal bibi biswas bose butt chakraborty chaudhary chaudhry cheema choudhury chowdhury das dasgupta datta desai
    dhaliwal dhillon dosanjh dutta gandhi ghosh gohil goswami grewal gupta haider haque hasan hashmi hoque hossain
    huq huda hussain hyder iqbal islam ivanova jadeja jahan jain javed johal joshi kaur kabir kapoor karim kazmi
    khalid khan khanam khanom khatun khatoon kumar lal latif madan mahmood mahmud malhotra malik mannan mehta miah
    mia mian mirza mishra mistry modi mohammed mollah mukherjee mughal munir nadeem nahar nair naqvi nawaz nazir
    nessa nisa pandey panesar parekh parmar parveen patel pathan pillai qadir qureshi rafique rahman raja rajput
    rana rao rashid rauf razzaq reddy rehman riaz roy saeed saha sahota saleem sandhu sarkar sarwar sethi shah
    shaikh sharif sharma sheikh siddiqui siddique singh sinha sohal solanki suleman sultana syed talukdar talukder
    tariq thakur trivedi uddin ullah ul vaghela varma verma virk yadav yaqub yasin younis yousaf yusuf zafar zaman
    zia sivakumar selvam nadarajah rajaratnam perera fernando silva desilva dsouza dcosta rodrigues fernandez gomes
    abiola abubakar achebe adebayo adegoke adekunle adeniyi adeniran adewale adeyemi adeyemo afolabi agyei agyeman
    agyemang ajayi akande akinola akintola alabi amadi amoah ampofo anane ansah antwi appiah arthur asante asare
    awolowo ayeni azikiwe baah babalola badmus balogun bamgbose bangura bello boadu boakye boateng bonsu botchway
    chukwu conteh danso darko dauda diallo diop donkor ebele ekwueme emenike eze ezeh fashola folarin frimpong
    gyamfi gyasi ibe ibrahim idowu igwe ikenna iwu jalloh kamara kanu koroma kuti kwarteng lawal mbeki mensah
    mohamed mutasa mwangi ndlovu ncube nkosi nnadi nwachukwu nwosu nyarko obi odukoya odunsi ofori ogunleye
    ogunbanjo ogundipe ojo okafor okeke okonkwo okoro okoye oladipo olaniyan olatunji olawale onyango opoku osei
    oseni osman otieno owusu oyelaran oyedepo oyelowo quaye sackey sankara sarpong sesay sowande tetteh turay uche
    uzoma yeboah abdi abdullahi adan farah hersi hirsi jama mohamud nur warsame mukasa okello achterberg bakker
    visser dejong jansen albu anghel badea balan barbu bucur ciobanu cojocaru constantin cretu dinu diaconu dobre
    dragan dumitru enache florea georgiev grigore iancu ilie iliev ion iordache ivanov ivascu lazar lungu lupu
    manea marin matei mihai mihaila mitrea mocanu moldovan moraru munteanu muresan neagu nicolae nistor niculae
    oprea pavel petrov popa radu rotaru rusu sandu sava serban simion stan stanciu stoica stoyanov suciu toma tudor
    ungureanu ursu vasile vlad voicu dimitrov hristov kolev nikolov todorov angelov vasilev baran dabek duda gorski
    grabowski kaczmarek kowal krol kubiak kurek lis mazur mroz nowak pawlak pietrzak sikora stepien szewczyk urban
    walczak wieczorek wojcik wozniak wrobel zajac zielinski zych adomaitis jankus petrauskas berzins kalnins ozols
    hoxha shehu dervishi gjoka gashi krasniqi berisha hasani leka kola prifti marku rama basha bytyqi ahmeti morina
    thaci zeqiri kelmendi demir kaya sahin celik yildirim ozturk aydin arslan dogan kilic aslan cetin kara koc kurt
    ozdemir simsek polat yilmaz garcia martinez lopez gonzalez hernandez perez sanchez ramirez torres flores rivera
    gomez diaz reyes cruz morales ortiz gutierrez chavez ramos ruiz alvarez mendoza vasquez castillo romero moreno
    herrera medina aguilar vargas castro mendez guzman munoz rojas santos pereira ferreira oliveira costa martins
    sousa goncalves lopes marques almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes soares
    vieira monteiro cardoso rocha coelho cunha pires rossi russo ferrari esposito bianchi romano colombo ricci
    greco conti deluca giordano mancini rizzo lombardi moretti dubois durand lefebvre moreau laurent michel garnier
    girard bonnet dupont rousseau fontaine chevalier robin gauthier muller schmidt schneider fischer weber wagner
    becker hoffmann schulz nguyen tran pham huynh hoang phan vu dang bui ngo duong chan cheung chen cheng chung
    huang lam lau leung liang lin liu lo luo ng tang wang wu xu yeung yip zhang zhao zheng zhou bautista delacruz
    dizon manalo mercado ocampo pascual salazar santiago tolentino villanueva gurung limbu magar rai shrestha
    tamang thapa kowalczuk shevchenko bondarenko tkachenko kravchenko oliynyk shevchuk koval melnyk moroz lysenko
    rudenko brown black gray grey bright rice day may long little small king bell cook page ford church moon bird
    bull field fields rivers lake lane park parks street forest rich best love good noble sweet wise strong swann
    cross bond bush steel tailor bolton cowan dale doe drew frank gay glover hood hooker lamb law lord major mann
    mayer nelson noon oakes olson ormond paine paul penn pitt plant pope pound pryor purcell quick raven salmon
    self sellers shields silver singleton snow speed spence squires stephen stern strange stubbs swan temple
    thatcher thorn thorne tower travers trent truman tyson vance vickers wainwright wall waller ware warden wash
    wheatley whittle wilde wiley wiseman wolf wolfe woodhouse worth wren wylie yorke baig bari basit begom bhuiyan
    bhuiya chaudhari dewan faruque gani hai hakim haq hossein jabbar kader karmakar kibria laskar matin mazumder
    mazumdar mollik monem moula mridha nath noor pramanik quddus quader rab rouf salam samad sattar shikdar sikder
    sobhan sufian tarafder wadud
    """.split()
)
