"""Which words say little, and which say the same: the tables behind ``words``.

Written for this reader from the kinds of facts that people keep in personal notes; forms that stem alike
need not be listed twice.
"""

STOP_WORDS = frozenset(
    """
    a an the entity user of to in on at by for with from as and or is are was were be been being am do does did have has
    had i me my mine we our us you your it its he she his her him they them their this that these those what
    which who whom whose there here can could would will shall may might must please tell say show give know
    true false so such if then than also just about into any some since s t m ve re d ll let get got remind
    find want need currently exactly exact actually really right now myself called offer offers offered
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
"""Words that neither ask for anything nor describe anything."""

LIGHT_WORDS = frozenset(
    """
    name full kind sort number count total amount level status main primary current favorite favourite notable
    last latest recent recently previous most person someone people place facility company organization
    organisation thing object group item one location date year years time when where information detail details
    work use using conduct produce receive hold make made provide perform require undertake involve
    attend complete activity member available annual daily average yearly overall personal professional
    situation background area practice method description take takes next due coming
    """.split()  # noqa: SIM905  # as above
)
"""Words that say little beside others: half of all keys have one."""

PHRASES: tuple[tuple[str, str], ...] = (
    (r"how old", "age"),
    (r"years? old", "age"),
    (r"how many", "number"),
    (r"how (?:often|frequently)", "frequency"),
    (r"how (?:tall|high)", "height"),
    (r"how long", "duration length"),
    (r"how wide", "width"),
    (r"how much", "amount"),
    (r"how (?:big|large)", "size"),
    (r"how heavy", "weight"),
    (r"how deep", "depth"),
    (r"how far", "distance range"),
    (r"how fast", "speed"),
    (r"how hot|how cold|how warm", "temperature"),
    (r"made (?:of|from|out of)", "material"),
    (r"what do i do(?: for (?:a living|work))?(?=\W*$)", "what occupation"),
    (r"(?:for|earn) (?:a|my) living", "occupation"),
    (r"where do i work|who do i work for", "employer"),
    (r"date of birth|birth ?date|birth ?day", "birthday"),
    (r"place of birth|birth ?place|birth ?location|birth city|where was i born", "birthplace"),
    (r"when was i born|what day was i born", "when birthday"),
    (r"in charge of|responsible for|looks? after|takes? care of", "manage"),
    (r"e-?mail(?: address(?:es)?)?", "email"),
    (r"gr[eo]w up|home town", "hometown"),
    (r"blood (?:group|type)", "blood bloodtype"),
    (r"brought up|comes? from", "origin"),
    (r"what time", "when"),
    (r"(?:dating|going out with|engaged to)", "partner"),
    (r"(?:needs?|left|have) (?:doing|to be done|to do)|to[ -]do", "todo"),
    (r"wi-fi", "wifi"),
    (r"belongs? to|owned by|property of", "own"),
)
"""Several words that stand for one; regular expressions on lowercase text."""

WORDINGS = """
age
job occupation profession role position title career livelihood trade
employer company firm workplace employed employment
birthday born
birthplace born hometown
hometown origin native
home address residence live reside
location where place located situate base headquarters site
date when year day time
number count total quantity amount
frequency often interval schedule
schedule timing hours pattern shift opening
spouse wife missus partner married marital
spouse husband hubby partner married marital
partner boyfriend fiance
partner girlfriend fiancee
kid child children son boy lad
kid child children daughter girl lass
parent mother mom mum mummy mam
parent father dad daddy
grandparent grandmother grandma granny gran nana
grandparent grandfather grandpa grandad granddad
sibling brother bro
sibling sister sis
aunt auntie
flatmate roommate housemate
phone telephone mobile cell number contact
email mail contact
hobby interest pastime leisure
language tongue speak spoken
certification certificate certified credential qualification licence license
education degree school university college studied alma graduate
skill ability expertise talent
specialty specialization specialisation speciality expertise specialize field
serve served service
founded founding found established establish establishment creation inception start began foundation
built build builder construction constructed
purchase bought buy acquire
install installation implementation
serviced service maintenance maintain upkeep repair
employee staff personnel worker workforce crew
manufacturer maker make made producer brand
price cost worth fee fare charge rate tariff
rent lease tenancy
landlord landlady owner
tenant lodger renter
salary pay income wage earnings
size area acres hectares acreage
capacity seats berths holds passengers
subject course major degree
grade mark score result
weight mass heavy weigh
height tall
material composition
award medal prize honor honour
supervise oversee manage lead head boss run direct
assist help support aid
work collaborate cooperate
work workplace
work employer
collaborate partner cooperate
use usage utilize operate
operate pilot drive steer
captain command skipper
study learn
talk communicate contact
own owner possess belong
teach mentor coach train tutor instruct lecture lecturer
type kind sort category
purpose use usage function mission
publication paper publish
volunteer voluntary
bin bins rubbish waste refuse trash garbage collect collected collection emptied
team crew squad group club collective association
boat ship vessel
fleet boats ships vessels
nationality citizenship citizen
doctor physician
customer client
color colour
aim goal ambition objective
illness health condition disease
maximum max
minimum min
average avg
headquarters hq base
chair chairperson chairman chairwoman president head
budget funding
annual yearly year
held hold
inspect check examine test
monitor observe watch track
supply provide deliver
grow cultivate farm
record log document
carry transport
duration length
friend buddy mate pal
pet dog
pet cat
car vehicle motor
bike bicycle
motorcycle motorbike
holiday vacation trip
password passcode
wifi wlan internet
todo task chore
ripe ripen harvest season
breed variety
flat apartment
lawyer solicitor attorney
salary budget
motto slogan
food eat diet meal feed
insure insurance insurer
drink beverage
listen music
leave left
take took taken
give gave given
pay paid
write wrote written
choose chose chosen
drive drove driven
break broke broken
fall fell fallen
drink drank drunk
lend lent
wear wore worn
grow grew grown
know knew known
begin began begun
sing sang sung
draw drew drawn
fly flew flown
swim swam swum
win won
meet met
sell sold
tell told
send sent
spend spent
lose lost
keep kept
catch caught
bring brought
find found
run ran
eat ate eaten
come came
speak spoke spoken
medicine medication drug prescription pill tablet
founder founded founding
allergic allergy intolerance intolerant
depart departure departs sail sails
arrive arrival arrives
timetable schedule
want wish request problem
nickname alias
"""
"""A line a meaning: words on one line are wordings of the same."""
