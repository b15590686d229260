"""What the words of a question ask for that no key says: "where ... live" asks for a home, "older" for an age.

Written for this reader from the ways in which English asks for the kinds of facts that people note down.
"""

FRAMES: tuple[tuple[str, str], ...] = (
    (
        r"where .*\b(?:live|lives|lived|living|reside)\b",
        "live home residence address city town village living location",
    ),
    (r"where .*\b(?:work|works|employed)\b", "workplace work employer company clinic office workshop"),
    (r"where .*\b(?:born)\b", "birthplace birth_location birth_city"),
    (r"where .*\b(?:from|grow up|grew up)\b", "hometown home_town birthplace origin native"),
    (
        r"where .*\b(?:study|studied|graduate|educated|school)\b",
        "graduated university college education studied school",
    ),
    (r"where\b", "location place headquarters based located address city town village situated where"),
    (
        r"(?:town|city|village|country|place|region)\b",
        "town city village location place based headquarters living home",
    ),
    (r"when .*\b(?:born|birthday)\b|how old|what age", "birthday birth born"),
    (r"when .*\b(?:open|opens|opening)\b", "opening_hours opening opens open hours"),
    (r"when .*\b(?:due|finished|ready)\b", "deadline due"),
    (r"when .*\b(?:start|started|join|joined|begin|began|hired)\b", "started start joined hired since begin"),
    (r"when .*\b(?:end|ends|expire|expires|over)\b|(?:until when)", "ends end until expires expiry deadline"),
    (r"when .*\b(?:visit|visited|visiting)\b", "visiting_hours visiting visits"),
    (r"when .*\b(?:leave|leaves|depart|sail|sails|go|goes)\b", "departure departs departures leaves sails timetable"),
    (r"when .*\b(?:close|closes|shut|shuts|shutting)\b", "closing closes closed hours"),
    (r"when .*\b(?:founded|established|formed)\b", "founded established formed foundation"),
    (r"when .*\b(?:work|works)\b", "working_days working_hours shift schedule"),
    (
        r"(?:what .*\b(?:do|does)|what .*\b(?:do|does) .*\bfor a living|what .*\bjob)$",
        "occupation job profession role position title",
    ),
    (
        r"what .*\bfor (?:fun|pleasure)$|what .*\bin (?:their|her|his|my) (?:free|spare) time$",
        "hobbies hobby interests pastime",
    ),
    (r"what .*\bfor (?:a living|work)$", "occupation job profession role position title"),
    (r"how .*\b(?:reach|contact|call)\b.*", "phone telephone mobile email pager extension"),
    (r"how much .*\b(?:cost|costs|charge|pay|pays)\b", "price cost fee rent"),
    (r"what .*\b(?:needs? doing|todo|left to do|to be done|be done)\b", "todo task chore"),
    (r"how much .*\b(?:earn|earns|make|makes)\b", "salary income wage earnings pay"),
    (r"how (?:big|large)\b|(?:size)\b", "size area acres hectares acreage members employees"),
    (r"how (?:tall|high)\b", "height altitude elevation tall"),
    (r"how heavy\b|how much .*\bweigh", "weight mass heavy"),
    (r"how long .*\b(?:last|take)", "duration takes minutes length life"),
    (r"how long .*\b(?:job|experience)\b", "years_of_experience experience"),
    (r"how many people .*\b(?:work|employ|employed)\b", "employees staff workforce personnel"),
    (r"what .*\b(?:want|wants|wish|complain)$", "problem request complaint wish reason concern"),
    (r"who .*\bmarried\b", "spouse wife husband married partner"),
    (r"who .*\b(?:seeing|dating|going out with)$", "partner boyfriend girlfriend spouse fiance fiancee"),
    (r"what .*\b(?:reading|studying|study|studies)\b", "subject course degree major studies studying field"),
    (
        r"what (?:pills?|tablets?|drugs?)\b|what .*\btake for\b",
        "medication medicine medicines pills tablets prescription",
    ),
    (r"how many .*\b(?:fit|carry|hold|take|seat|sit|sleep)\b", "capacity seats berths passengers holds places"),
)
"""A regular expression on the marked question, and the keys that may answer it, the likeliest first."""

BIGGER, SMALLER = 1, -1
DEALINGS: tuple[tuple[str, str, str], ...] = (
    (r"rent|rents|rented|lease|leases|leased|hire|hires|hired", "from", "landlord"),
    (r"buy|buys|bought|get|gets|got|order|orders|ordered", "from", "supplier"),
    (r"buy|buys|bought", "from", "seller"),
    (r"borrow|borrows|borrowed", "from", "lender"),
    (r"learn|learns|learnt|learned|take lessons|takes lessons", "from", "teacher"),
    (r"work|works|worked", "for|under", "boss"),
    (r"work|works|worked", "for|at|in", "employer"),
    (r"report|reports", "to", "supervisor"),
    (r"sell|sells|sold|deliver|delivers|let|lets", "to", "customer"),
    (r"rent|rents|rented|let|lets", "to", "tenant"),
    (r"bank|banks|insure|insures|insured", "with", "insurer"),
    (r"study|studies", "under|with", "supervisor"),
)
"""What is done with somebody, by verb and preposition, and what they are called for it."""

IN_CHARGE = ("manager", "director", "captain", "chair", "foreman", "leader", "keeper", "caretaker", "warden")
"""What those are called who are in charge of something."""

DIMENSIONS: tuple[tuple[str, str, str], ...] = (
    ("old older oldest", "age", "birthday birth born built founded established founded_in year since"),
    (
        "young younger youngest new newer newest",
        "birthday birth born built founded established founded_in year since",
        "age",
    ),
    ("tall taller tallest high higher highest", "height altitude elevation", ""),
    ("long longer longest", "length distance duration", "since"),
    ("short shorter shortest", "", "length distance height duration"),
    ("heavy heavier heaviest", "weight mass", ""),
    ("light lighter lightest", "", "weight mass"),
    ("large larger largest big bigger biggest", "size area capacity members employees seats hectares population", ""),
    ("small smaller smallest", "", "size area capacity members employees seats hectares population"),
    (
        "expensive dear dearer dearest pricey pricier priciest costly costlier costliest",
        "price cost fee rent budget",
        "",
    ),
    ("cheap cheaper cheapest", "", "price cost fee rent budget"),
    ("fast faster fastest quick quicker quickest", "speed", "time best"),
    ("powerful strong stronger strongest", "horsepower power strength", ""),
    ("deep deeper deepest", "depth", ""),
    ("wide wider widest", "width", ""),
    ("far farther farthest further", "distance", ""),
    ("hot hotter hottest warm warmer warmest", "temperature", ""),
    ("rich richer richest", "salary income budget", ""),
    ("late later latest last", "deadline due date start started joined built founded established year", ""),
    (
        "early earlier earliest first before",
        "",
        "deadline due date start started joined born birthday built founded established year",
    ),
)
"""Adjectives, the keys of which they mean more, and the keys of which they mean less."""

CONVERSES: tuple[tuple[str, str], ...] = (
    ("spouse", "spouse"),
    ("sibling", "sibling"),
    ("friend", "friend"),
    ("neighbour", "neighbour"),
    ("colleague", "colleague"),
    ("child", "parent"),
    ("employer", "employee"),
    ("teacher", "student"),
    ("buys", "sells"),
    ("teaches", "learns"),
    ("treats", "doctor"),
)
"""Relations that are each other's other end."""

ANY_KIND = frozenset(
    [
        "person",
        "people",
        "someone",
        "somebody",
        "one",
        "who",
        "company",
        "organization",
        "organisation",
        "place",
        "thing",
        "things",
        "device",
        "devices",
        "location",
        "entity",
        "what",
        "man",
        "woman",
        "member",
        "members",
        "colleague",
    ]
)
"""Words for a note of no particular kind."""
