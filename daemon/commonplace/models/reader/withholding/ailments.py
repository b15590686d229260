"""What tells of somebody's health in prose, where no key says so: "she broke her hip and takes oxycodone".

Written for this reader, for recall: what a rule about health forbids is rather kept back once too often. Names of
medicines are known by the stems that the WHO's list of nonproprietary names gives to their classes.
"""

_BODY = (
    "head|skull|neck|throat|shoulder|arm|elbow|wrist|hand|finger|thumb|back|spine|rib|hip|leg|thigh|knee|shin|ankle|foot"
    "|toe|heart|lung|liver|kidney|stomach|bowel|bladder|brain|skin|ear|eye|nose|jaw|tooth|teeth|bone|joint|muscle|tendon"
)
_AILING = "bad|weak|sore|broken|fractured|failing|swollen|artificial|replaced|dodgy"
TELLS_OF_HEALTH: tuple[str, ...] = (
    rf"\b(?:br(?:oke|eaks?|oken|eaking)|fractur\w+|sprain\w*|tor[en]|twist\w*|injur\w+|hurt\w*|dislocat\w+|replac\w+"
    rf"|operat\w+ on) (?:\w+ ){{0,2}}(?:{_BODY})s?\b",
    rf"\b(?:{_AILING}) (?:{_BODY})s?\b",
    rf"\b(?:{_BODY})s? (?:\w+ )?(?:is|are|was|were|has been|have been) (?:\w+ )?(?:{_AILING})\b",
    r"\bnew (?:hip|knee|heart|liver|kidney|lung|teeth)s?\b",
    r"\b(?:ill|unwell|sick|poorly|ailing|infected|feverish|pregnan\w+|miscarr\w+|bedridden|disabled|blind|deaf"
    r"|rehab\w*|depress\w+|anxi\w+|addict\w+|sober|dementia|suicid\w+|in remission|terminal\w*|off work with)\b",
    r"\b(?:suffer\w*|diagnos\w+|recover\w+|treat(?:ed|ment\w*)|prescri\w+|symptom\w*|vaccinat\w+|jabs?|inject\w+"
    r"|surger\w+|surgical|operation|transplant\w*|dialysis|chemo\w*|radio ?therapy|physio\w*|psych(?:iat|other|olog)\w+"
    r"|therap(?:y|ies)|biops\w+|x-rays?|blood (?:test|pressure|sugar|count|type)\w*|pacemaker|stent"
    r"|hearing aid\w*|wheelchair|insulin|inhaler\w*|pills?|painkillers?|antibiotics?|medic(?:ine|ation|ament)s?"
    r"|dos(?:e|es|age)|check-?ups?)\b",
    r"\b(?:pains?|aches?|headaches?|migraines?|fevers?|coughs?|seizures?|strokes?|tumou?rs?|cancer\w*|leuk\w+|diabet\w+"
    r"|asthma\w*|eczema|epilep\w+|alzheimer\w*|parkinson\w*|autis\w+|adhd|arthrit\w+|gout|flu|influenza|covid\w*"
    r"|pneumon\w+|angina|heart (?:attack|failure|disease|condition|trouble)|an?emi\w+|hiv|hernias?|ulcers?|glaucoma"
    r"|cataracts?|coeliac|celiac|crohn\w*|lupus|shingles|chickenpox|measles|concuss\w+|lump|rash|allerg\w+|intoleran\w+"
    r"|diseases?|illness\w*|disorders?|syndromes?|bipolar|burn-?out)\b",
    r"\b\w{3,}(?:itis|osis|[ao]emia|ectomy|otomy|oscopy|plasty|algia|opathy|phobia)\b(?<!hypnosis)(?<!diagnosis)",
    r"\b\w{3,}(?:mab|tinib|pril|statin|sartan|olol|dipine|azole|mycin|micin|cillin|cycline|floxacin|vir|profen|codone|morphone"
    r"|gliptin|gliflozin|parin|xaban|farin|azepam|zolam|oxetine|traline|setron|triptan|formin|thyroxine|cortisone"
    r"|prednisolone|caine|lukast|terol|barbital|olanzapine|tiapine|peridone)\b",
)
"""Patterns, read without regard to case, of which one in a statement makes it one about health."""
