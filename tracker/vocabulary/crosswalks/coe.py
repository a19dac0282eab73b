"""The Council of Europe's Platform to Promote the Protection of Journalism and Safety of Journalists."""

from tracker.phrases import phrase
from tracker.vocabulary.base import NOT_RECORDED
from tracker.vocabulary.conduct import ArbitraryJudgement, Completion
from tracker.vocabulary.crosswalks.base import (
    MUST_BE_JUDGED,
    Listing,
    Origin,
    Scheme,
    SchemeClass,
    broader,
    exact,
    narrower,
    nowhere,
    only,
    to,
)
from tracker.vocabulary.perpetrators import PerpetratorSide, PerpetratorType
from tracker.vocabulary.relations import Certainty
from tracker.vocabulary.violations import Violation

PLATFORM = Origin(
    "Council of Europe, explanation of the categories on the pages of alerts",
    Certainty.READ,
    "https://www.coe.int/en/web/media-freedom/detail-alert",
)
SOURCES_OF_THREAT = Origin(
    "Resource Centre on Media Freedom, which names the source of threat but not its values; the values from memory",
    Certainty.UNCONFIRMED,
    "https://www.rcmediafreedom.eu/Tools/Monitoring-tools/",
)

CLASSES = tuple(
    SchemeClass(code, label, PLATFORM, number=number)
    for code, number, label in (
        ("physical", "1", "Attacks on physical safety and integrity of journalists"),
        ("detention", "2", "Detention and imprisonment of journalists"),
        ("harassment", "3", "Harassment and intimidation of journalists"),
        ("impunity", "4", "Impunity"),
        ("other", "5", "Other acts having chilling effects on media freedom"),
    )
)

VEXATIOUS = phrase("Only where the use of the law was arbitrary, vexatious or opportunistic, or the charge fabricated.")
PRIVACY = phrase("Threats to privacy stand under harassment there, threats to the secrecy of sources under other acts.")
POWERS = phrase("Punitive use of tax or administrative powers is harassment there, censorship is under other acts.")

_PHYSICAL = (to(broader("physical")),)
_HARASSMENT = (to(broader("harassment")),)
_VEXATIOUS = (to(narrower("harassment"), note=VEXATIOUS),)
_PRIVACY = (to(narrower("harassment"), narrower("other"), note=PRIVACY),)

RULES = {
    **dict.fromkeys(
        (
            Violation.KILLING,
            Violation.ENFORCED_DISAPPEARANCE,
            Violation.ABDUCTION,
            Violation.TORTURE,
            Violation.ASSAULT,
            Violation.SEXUAL_VIOLENCE,
            Violation.DEATH_THREAT,
        ),
        _PHYSICAL,
    ),
    Violation.THREAT: (
        to(
            narrower("physical"),
            narrower("harassment"),
            note=phrase("Threats of bodily violence stand under physical safety there, all others under harassment."),
        ),
    ),
    **dict.fromkeys(
        (
            Violation.HARASSMENT_OFFLINE,
            Violation.HARASSMENT_ONLINE,
            Violation.POLITICAL_SMEAR,
            Violation.PROPERTY_DAMAGE,
        ),
        _HARASSMENT,
    ),
    Violation.ARREST_DETENTION: (
        to(
            narrower("harassment"),
            when=(only("completion", Completion.ATTEMPTED, Completion.THREATENED),),
            note=phrase("Nobody was held; it may count as intimidation there."),
        ),
        to(broader("detention"), when=(only("arbitrary", ArbitraryJudgement.ARBITRARY),)),
        nowhere(
            phrase("A cited source judges that the detention was not arbitrary."),
            only("arbitrary", ArbitraryJudgement.NOT_ARBITRARY),
        ),
        to(
            narrower("detention"),
            note=phrase("Only arbitrary, unwarranted or politically motivated detentions count there."),
            when=(only("arbitrary", NOT_RECORDED),),
        ),
        to(narrower("detention"), note=MUST_BE_JUDGED),
    ),
    Violation.CRIMINAL_CHARGE: _VEXATIOUS,
    Violation.CIVIL_SUIT: _VEXATIOUS,
    Violation.INTERROGATION: _VEXATIOUS,
    Violation.CONVICTION: (
        to(
            narrower("detention"),
            narrower("harassment"),
            note=phrase("Under detention there if it led to prison; else under harassment if the law was misused."),
        ),
    ),
    Violation.SUBPOENA_SOURCE_ORDER: (
        to(narrower("other"), note=phrase("Only where the secrecy of journalists' sources is threatened.")),
    ),
    Violation.SURVEILLANCE_SPYWARE: _PRIVACY,
    Violation.SEARCH_SEIZURE: _PRIVACY,
    Violation.CYBERATTACK: _PRIVACY,
    Violation.EQUIPMENT_ROBBERY: (
        to(narrower("harassment"), note=phrase("The category names damage to equipment and not its taking.")),
    ),
    Violation.PREMISES_ATTACK: (to(narrower("physical"), narrower("harassment"), note=MUST_BE_JUDGED),),
    Violation.ACCESS_DENIAL: (
        to(narrower("harassment"), note=phrase("Only where the denial of access was arbitrary.")),
    ),
    Violation.REPORTING_OBSTRUCTION: (to(narrower("harassment"), note=MUST_BE_JUDGED),),
    Violation.EDITORIAL_COERCION: (to(broader("other")),),
    Violation.BORDER_REFUSAL: (to(narrower("detention"), narrower("harassment"), note=MUST_BE_JUDGED),),
    Violation.CENSORSHIP_ORDER: (to(broader("other")),),
    Violation.NETWORK_DISRUPTION: (to(narrower("other"), note=MUST_BE_JUDGED),),
    Violation.LICENCE_CLOSURE_REGULATORY: (to(narrower("harassment"), narrower("other"), note=POWERS),),
    Violation.ECONOMIC_PRESSURE: (to(narrower("harassment"), narrower("other"), note=POWERS),),
    Violation.RESTRICTIVE_LAW: (to(broader("other")),),
    Violation.IMPUNITY_FAILURE: (to(exact("impunity")),),
    Violation.OTHER: (to(narrower("harassment"), narrower("other"), note=MUST_BE_JUDGED),),
}

_SIDES = {PerpetratorSide.STATE: "state", PerpetratorSide.NON_STATE: "non_state", PerpetratorSide.UNKNOWN: "unknown"}
_DIFFERENT = {
    PerpetratorType.PARAMILITARY_PROXY: to(
        narrower("state"), narrower("non_state"), note=phrase("Whether the group counts as the state has to be judged.")
    ),
    PerpetratorType.LEGISLATOR_PARTY: to(
        narrower("state"), narrower("non_state"), note=phrase("It counts as the state there only if in office.")
    ),
    PerpetratorType.STATE_ENTERPRISE: to(narrower("state"), note=MUST_BE_JUDGED),
    PerpetratorType.UNKNOWN: to(exact("unknown")),
}

COE = Scheme(
    code="coe",
    name="Council of Europe Platform to Promote the Protection of Journalism and Safety of Journalists",
    short="CoE Platform",
    keeper="Council of Europe",
    url="https://fom.coe.int/",
    about=phrase(
        "Alerts about attacks on the press in Europe, submitted by partner organisations, each in one of five "
        "categories and with a source of threat."
    ),
    caution=phrase(
        "An alert is written by a partner organisation of the Platform and put into one category; here each act is "
        "counted by itself, so that one alert there may be several acts here."
    ),
    acts=Listing(column="violation", classes=CLASSES, rules=RULES, origin=PLATFORM),
    actors=Listing(
        column="perpetrator",
        classes=tuple(
            SchemeClass(code, label, SOURCES_OF_THREAT)
            for code, label in (("state", "State"), ("non_state", "Non-state"), ("unknown", "Unknown"))
        ),
        rules={kind: (_DIFFERENT.get(kind, to(broader(_SIDES[kind.side]))),) for kind in PerpetratorType},
        origin=SOURCES_OF_THREAT,
    ),
)
