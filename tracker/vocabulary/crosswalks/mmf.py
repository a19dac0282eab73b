"""Mapping Media Freedom (Media Freedom Rapid Response): types of attack since 2020, and types of perpetrator."""

from tracker.phrases import Phrase, phrase
from tracker.vocabulary.crosswalks.base import (
    MUST_BE_JUDGED,
    NO_NOTE,
    NOT_DONE,
    NOT_IN_LIST,
    ONLY_THREATENED,
    THREATENED,
    Listing,
    Match,
    Origin,
    Rule,
    Scheme,
    SchemeClass,
    broader,
    exact,
    if_done,
    narrower,
    nowhere,
    only,
    to,
)
from tracker.vocabulary.perpetrators import PerpetratorType
from tracker.vocabulary.relations import Certainty
from tracker.vocabulary.victims import Harm
from tracker.vocabulary.violations import Violation

REPORT = Origin(
    "Types of attack in the MFRR monitoring report on 2021, as repeated by others",
    Certainty.REPORTED,
    "https://worldpressfreedomweek.blogspot.com/2021/12/journalists-and-media-actors-face.html",
)
METHODOLOGY = Origin(
    "Mapping Media Freedom, methodology and library: private individuals, police, government and public officials",
    Certainty.READ,
    "https://www.mappingmediafreedom.org/methodology/",
)
MEMORY = Origin("The other types of perpetrator, from memory", Certainty.UNCONFIRMED)
ENDED = Origin("The list of subtypes of censorship was not read to its end", Certainty.UNCONFIRMED)

_TYPES = {
    "physical": ("Physical attack", {"killed": "killed", "injured": "with injury", "not_injured": "without injury"}),
    "verbal": (
        "Verbal attack",
        {
            "threat": "intimidation/threatening",
            "insult": "insult/abuse",
            "discrediting": "discrediting",
            "harassment": "harassment",
            "bullying": "bullying/trolling",
        },
    ),
    "property": (
        "Attack to property",
        {
            "equipment": "equipment",
            "belongings": "personal belongings",
            "other_property": "other property, such as cars or houses",
            "hacking": "hacking/DDoS",
        },
    ),
    "legal": (
        "Legal incident",
        {
            "civil_lawsuit": "civil lawsuit",
            "arrest": "arrest/detention/imprisonment",
            "criminal_charge": "criminal charges",
            "interrogation": "interrogation",
            "legal_measures": "legal measures, such as laws",
            "surveillance": "surveillance and interception of journalistic data",
            "conviction": "conviction",
            "employment": "loss of employment",
            "defamation": "defamation",
            "anonymity": "violation of anonymity",
            "state_outlets": "expansion of state outlets",
            "bribery": "bribery/payments",
        },
    ),
    "censorship": (
        "Censorship",
        {"accreditation": "arbitrary denial of accreditation or registration, blocked access"},
    ),
}
CLASSES = tuple(
    one
    for code, (label, below) in _TYPES.items()
    for one in (
        SchemeClass(code, label, REPORT),
        *(SchemeClass(f"{code}.{part}", f"{label}: {words}", REPORT, parent=code) for part, words in below.items()),
    )
)

_WORDS = (
    Violation.DEATH_THREAT,
    Violation.THREAT,
    Violation.HARASSMENT_OFFLINE,
    Violation.HARASSMENT_ONLINE,
    Violation.POLITICAL_SMEAR,
)
_ONLY_THREATENED = to(
    narrower("verbal.threat"),
    when=(THREATENED, only("violation", *(code for code in Violation if code not in _WORDS))),
    note=ONLY_THREATENED,
)
_NOT_DONE = to(
    narrower("physical"),
    narrower("verbal.threat"),
    when=(NOT_DONE,),
    note=phrase("It was tried and did not succeed; where it counts there has to be judged."),
)
EMPTY_HANDED = phrase("Subtypes for it were not found in what we read.")


def _bodily(*matches: Match, note: Phrase = NO_NOTE) -> tuple[Rule, ...]:
    return (_NOT_DONE, *if_done(matches, note), to(narrower("physical"), note=MUST_BE_JUDGED))


RULES = {
    Violation.KILLING: _bodily(exact("physical.killed")),
    Violation.ENFORCED_DISAPPEARANCE: _bodily(narrower("physical"), narrower("legal"), note=MUST_BE_JUDGED),
    Violation.ABDUCTION: _bodily(broader("physical"), note=EMPTY_HANDED),
    Violation.TORTURE: _bodily(broader("physical"), note=EMPTY_HANDED),
    **dict.fromkeys(
        (Violation.ASSAULT, Violation.SEXUAL_VIOLENCE),
        (
            _NOT_DONE,
            *if_done((broader("physical.injured"),), NO_NOTE, only("harm", Harm.INJURED)),
            *if_done((broader("physical.not_injured"),), NO_NOTE, only("harm", Harm.NONE)),
            *if_done((broader("physical"),), phrase("Whether the victim was injured is not recorded or not known.")),
            to(narrower("physical"), note=MUST_BE_JUDGED),
        ),
    ),
    Violation.DEATH_THREAT: (to(broader("verbal.threat")),),
    Violation.THREAT: (to(broader("verbal.threat")),),
    Violation.HARASSMENT_OFFLINE: (
        to(broader("verbal"), narrower("verbal.insult"), narrower("verbal.harassment"), note=MUST_BE_JUDGED),
    ),
    Violation.HARASSMENT_ONLINE: (
        to(
            broader("verbal"),
            narrower("verbal.insult"),
            narrower("verbal.discrediting"),
            narrower("verbal.bullying"),
            note=MUST_BE_JUDGED,
        ),
    ),
    Violation.POLITICAL_SMEAR: (to(broader("verbal.discrediting")),),
    Violation.ARREST_DETENTION: (
        *if_done((broader("legal.arrest"),)),
        to(narrower("legal"), note=phrase("It was tried and did not succeed; where it counts there has to be judged.")),
    ),
    Violation.CRIMINAL_CHARGE: (to(exact("legal.criminal_charge")),),
    Violation.CONVICTION: (to(exact("legal.conviction")),),
    Violation.CIVIL_SUIT: (
        to(
            exact("legal.civil_lawsuit"),
            narrower("legal.defamation"),
            note=phrase("A suit for defamation counts as defamation there."),
        ),
    ),
    Violation.INTERROGATION: (to(exact("legal.interrogation")),),
    Violation.SUBPOENA_SOURCE_ORDER: (
        to(narrower("legal.surveillance"), narrower("legal.anonymity"), note=MUST_BE_JUDGED),
    ),
    Violation.SURVEILLANCE_SPYWARE: (to(broader("legal.surveillance")),),
    Violation.SEARCH_SEIZURE: (to(narrower("property"), narrower("legal"), note=MUST_BE_JUDGED),),
    Violation.EQUIPMENT_ROBBERY: (
        to(broader("property"), narrower("property.equipment"), narrower("property.belongings"), note=MUST_BE_JUDGED),
    ),
    Violation.PROPERTY_DAMAGE: (
        to(
            broader("property"),
            narrower("property.equipment"),
            narrower("property.belongings"),
            narrower("property.other_property"),
            note=MUST_BE_JUDGED,
        ),
    ),
    Violation.PREMISES_ATTACK: (to(narrower("property.other_property"), narrower("physical"), note=MUST_BE_JUDGED),),
    Violation.CYBERATTACK: (to(broader("property.hacking")),),
    Violation.ACCESS_DENIAL: (
        to(
            broader("censorship"),
            narrower("censorship.accreditation"),
            note=phrase("Under this subtype only where the denial was arbitrary."),
        ),
    ),
    **dict.fromkeys(
        (Violation.REPORTING_OBSTRUCTION, Violation.EDITORIAL_COERCION, Violation.CENSORSHIP_ORDER),
        (to(broader("censorship"), note=EMPTY_HANDED, origin=ENDED),),
    ),
    Violation.BORDER_REFUSAL: (to(narrower("legal"), narrower("censorship"), note=MUST_BE_JUDGED),),
    Violation.NETWORK_DISRUPTION: (to(narrower("censorship"), note=MUST_BE_JUDGED, origin=ENDED),),
    Violation.LICENCE_CLOSURE_REGULATORY: (
        to(narrower("legal.legal_measures"), narrower("censorship"), note=MUST_BE_JUDGED),
    ),
    Violation.ECONOMIC_PRESSURE: (
        to(
            narrower("legal.employment"),
            narrower("legal"),
            note=phrase("Dismissal is loss of employment there."),
        ),
    ),
    Violation.RESTRICTIVE_LAW: (to(broader("legal.legal_measures")),),
    Violation.IMPUNITY_FAILURE: (nowhere(NOT_IN_LIST),),
    Violation.OTHER: (nowhere(phrase("Which class fits has to be judged from the summary.")),),
}

_ACTORS = (
    ("police", "Police / State security", METHODOLOGY),
    ("official", "Government / Public official", METHODOLOGY),
    ("private_individual", "Private individual", METHODOLOGY),
    ("judicial", "Judicial", MEMORY),
    ("party", "Political party / Politician", MEMORY),
    ("criminal", "Criminal organisation", MEMORY),
    ("company", "Company", MEMORY),
    ("private_security", "Private security", MEMORY),
    ("media", "Another media", MEMORY),
    ("demonstrators", "Demonstrators", MEMORY),
    ("unknown", "Unknown", MEMORY),
)
_KIND = PerpetratorType
ACTOR_RULES = {
    _KIND.POLICE: to(broader("police")),
    _KIND.MILITARY: to(narrower("police"), note=MUST_BE_JUDGED, origin=MEMORY),
    _KIND.INTELLIGENCE: to(broader("police"), origin=MEMORY),
    _KIND.EXECUTIVE_OFFICIAL: to(broader("official")),
    _KIND.LEGISLATOR_PARTY: to(narrower("party"), narrower("official"), note=MUST_BE_JUDGED),
    _KIND.JUDICIARY_PROSECUTOR: to(exact("judicial")),
    _KIND.ELECTORAL_OFFICIAL: to(broader("official"), origin=MEMORY),
    _KIND.STATE_ENTERPRISE: to(narrower("company"), narrower("official"), note=MUST_BE_JUDGED),
    _KIND.FOREIGN_STATE: to(narrower("official"), narrower("police"), note=MUST_BE_JUDGED, origin=MEMORY),
    _KIND.PARAMILITARY_PROXY: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.POLITICAL_SUPPORTERS: to(narrower("demonstrators"), narrower("private_individual"), note=MUST_BE_JUDGED),
    _KIND.CROWD_PROTESTER: to(broader("demonstrators")),
    _KIND.ARMED_OPPOSITION: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.ORGANISED_CRIME: to(exact("criminal")),
    _KIND.CORPORATE: to(exact("company")),
    _KIND.PRIVATE_SECURITY: to(exact("private_security")),
    _KIND.VOLUNTEER_PATROL: to(narrower("private_individual"), note=MUST_BE_JUDGED, origin=MEMORY),
    _KIND.MEDIA_PEER: to(exact("media")),
    _KIND.PRIVATE_INDIVIDUAL: to(exact("private_individual")),
    _KIND.UNKNOWN: to(exact("unknown")),
}

MMF = Scheme(
    code="mmf",
    name="Mapping Media Freedom",
    short="MMF",
    keeper="European Centre for Press and Media Freedom, Media Freedom Rapid Response",
    url="https://www.mappingmediafreedom.org/",
    about=phrase(
        "Alerts about violations of press freedom in member states and candidate countries of the European Union. An "
        "alert can hold several types of attack, in five main types with subtypes."
    ),
    caution=phrase(
        "Alerts are verified and classed by the staff of Mapping Media Freedom. The subtypes are those of their report "
        "on 2021; the list may have changed since."
    ),
    acts=Listing(column="violation", classes=CLASSES, rules=RULES, origin=REPORT, first=(_ONLY_THREATENED,)),
    actors=Listing(
        column="perpetrator",
        classes=tuple(SchemeClass(code, label, origin) for code, label, origin in _ACTORS),
        rules={kind: (rule,) for kind, rule in ACTOR_RULES.items()},
        origin=MEMORY,
    ),
)
