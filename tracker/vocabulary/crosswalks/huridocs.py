"""The micro-thesauri of HURIDOCS (2001): types of acts (4) and types of perpetrators (24)."""

from tracker.phrases import phrase
from tracker.vocabulary.conduct import Completion
from tracker.vocabulary.crosswalks.base import (
    DONE,
    MUST_BE_JUDGED,
    NOT_IN_LIST,
    ONLY_THREATENED,
    THREATENED,
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
from tracker.vocabulary.perpetrators import PerpetratorType
from tracker.vocabulary.relations import Certainty
from tracker.vocabulary.violations import KillingKind, Violation

THESAURI = Origin(
    "HURIDOCS micro-thesauri 4 and 24, as loaded by OpenEvSys, the program of HURIDOCS",
    Certainty.READ,
    "https://github.com/huridocs/OpenEvSys",
)

_ACTS = (
    ("01", None, "Violations of the right to life"),
    ("0101", "01", "Direct actions which violate the right to life"),
    ("010101", "0101", "Deliberate killings of specific individuals"),
    ("010103", "0101", "Killings in the context of conflict"),
    ("01010501", "0101", "Killing in demonstrations, crowd control, and similar events"),
    ("010109", "0101", "Attempted killings"),
    ("02", None, "Violations against personal integrity"),
    ("0201", "02", "Direct violations against personal integrity"),
    ("020101", "0201", "Physical assaults, including domestic violence"),
    ("020102", "0201", "Sexual violations"),
    ("020103", "0201", "Psychological assault, harassment"),
    ("02010301", "020103", "Threats (not including death threats)"),
    ("02010302", "020103", "Death threats"),
    ("02010303", "020103", "Surveillance"),
    ("020111", "0201", "Violations with physical, sexual and psychological dimensions"),
    ("02011111", "020111", "Torture"),
    ("03", None, "Violations against the right to liberty"),
    ("0301", "03", "Direct actions which violate the right to liberty"),
    ("030101", "0301", "Arrest"),
    ("030102", "0301", "Detention, imprisonment"),
    ("030103", "0301", "Disappearance"),
    ("030104", "0301", "Abduction; kidnapping"),
    ("04", None, "Violations against the right to privacy"),
    ("040101", "04", "Illegal search / raid"),
    ("05", None, "Violations against the right to movement, right to residence"),
    ("050106", "05", "Restriction on travel"),
    ("09", None, "Violations of the right to information"),
    ("090101", "09", "Withholding of information"),
    ("10", None, "Violations of the right to expression"),
    ("1001", "10", "Direct actions which violate the right to expression"),
    ("100101", "1001", "Censorship"),
    ("100102", "1001", "Publication restrictions"),
    ("100103", "1001", "Banning existing materials"),
    ("1021", "10", "Violations of the right to expression in terms of legislation or policy-making"),
    ("12", None, "Violations of the right to association and assembly"),
    ("120101", "12", "Closure of an office"),
    ("13", None, "Violations of the right to own/retain property"),
    ("130101", "13", "Looting; theft"),
    ("130102", "13", "Vandalism"),
    ("130103", "13", "Destruction"),
    ("130107", "13", "Confiscation of property"),
    ("14", None, "Violations of the right to protection of reputation"),
    ("140101", "14", "Defamation"),
    ("30", None, "Labour rights violations"),
    ("35", None, "Violations of rights of accused persons"),
    ("90", None, "Other"),
)
_ACTORS = (
    ("01", None, "Governmental entities"),
    ("0101", "01", "Executive"),
    ("010101", "0101", "National-level officials"),
    ("010102", "0101", "Local government officials"),
    ("010103", "0101", "Armed forces"),
    ("010104", "0101", "Police"),
    ("010105", "0101", "Prison officials"),
    ("010106", "0101", "Intelligence agency; secret service"),
    ("0102", "01", "Legislative"),
    ("0103", "01", "Judiciary"),
    ("02", None, "Non-governmental entities"),
    ("0201", "02", "Pro-government forces"),
    ("020101", "0201", "Paramilitary forces"),
    ("020102", "0201", "Vigilante groups; death squads"),
    ("0202", "02", "Opposition forces"),
    ("0204", "02", "Private security guards"),
    ("0205", "02", "Civilian crowd or mob"),
    ("03", None, "Occupying forces"),
    ("11", None, "Private individuals/groups in a position of relative power"),
    ("21", None, "Commercial establishments"),
    ("90", None, "Others"),
    ("99", None, "Unknown"),
)
DIGITS = 12
"""How long their numbers are; the zeros at the end say nothing and are left out of our codes."""


def _classes(rows: tuple[tuple[str, str | None, str], ...]) -> tuple[SchemeClass, ...]:
    return tuple(
        SchemeClass(code, label, THESAURI, parent=parent, number=code.ljust(DIGITS, "0"))
        for code, parent, label in rows
    )


NOT_THERE_YET = phrase("The list is of 2001 and does not speak of the internet.")
_LIST_OF_2001 = (nowhere(NOT_THERE_YET),)


_ATTEMPTED = only("completion", Completion.ATTEMPTED)
_WORDS = (
    Violation.KILLING,
    Violation.DEATH_THREAT,
    Violation.THREAT,
    Violation.HARASSMENT_OFFLINE,
    Violation.HARASSMENT_ONLINE,
    Violation.POLITICAL_SMEAR,
)
_ONLY_THREATENED = to(
    narrower("02010301"),
    when=(THREATENED, only("violation", *(code for code in Violation if code not in _WORDS))),
    note=ONLY_THREATENED,
)

RULES = {
    Violation.KILLING: (
        to(broader("010109"), when=(_ATTEMPTED,)),
        to(broader("02010302"), when=(THREATENED,)),
        to(broader("010101"), when=(DONE, only("killing_kind", KillingKind.MURDER))),
        to(broader("010103"), when=(DONE, only("killing_kind", KillingKind.CROSSFIRE))),
        to(
            broader("0101"),
            narrower("01010501"),
            when=(DONE, only("killing_kind", KillingKind.DANGEROUS_ASSIGNMENT)),
            note=phrase("Under the latter only what happened in demonstrations and the like."),
        ),
        to(broader("0101"), when=(DONE,)),
        to(narrower("0101"), note=phrase("How far the act went is not recorded.")),
    ),
    Violation.ENFORCED_DISAPPEARANCE: (to(broader("030103")),),
    Violation.ABDUCTION: (to(exact("030104")),),
    Violation.TORTURE: (
        to(
            broader("0201"),
            narrower("02011111"),
            note=phrase("Our code takes in ill-treatment short of torture."),
        ),
    ),
    Violation.ASSAULT: (to(broader("020101")),),
    Violation.SEXUAL_VIOLENCE: (
        to(
            broader("0201"),
            narrower("020102"),
            narrower("020111"),
            note=phrase("Rape and sexual assault stand under the latter there."),
        ),
    ),
    Violation.DEATH_THREAT: (to(exact("02010302")),),
    Violation.THREAT: (to(exact("02010301")),),
    Violation.HARASSMENT_OFFLINE: (to(broader("020103")),),
    Violation.HARASSMENT_ONLINE: (to(broader("020103"), note=NOT_THERE_YET),),
    Violation.POLITICAL_SMEAR: (to(narrower("140101"), note=phrase("Only where the statement is slander or libel.")),),
    Violation.ARREST_DETENTION: (to(broader("0301"), narrower("030101"), narrower("030102"), note=MUST_BE_JUDGED),),
    Violation.CRIMINAL_CHARGE: (to(narrower("35"), note=phrase("Only where rights of the accused were violated.")),),
    Violation.CONVICTION: (to(narrower("35"), note=phrase("Only where rights of the accused were violated.")),),
    Violation.CIVIL_SUIT: (nowhere(NOT_IN_LIST),),
    Violation.INTERROGATION: (nowhere(NOT_IN_LIST),),
    Violation.SUBPOENA_SOURCE_ORDER: (nowhere(NOT_IN_LIST),),
    Violation.SURVEILLANCE_SPYWARE: (to(broader("02010303"), narrower("04"), note=MUST_BE_JUDGED),),
    Violation.SEARCH_SEIZURE: (
        to(
            narrower("040101"),
            narrower("130107"),
            note=phrase("The list has illegal searches and confiscations only."),
        ),
    ),
    Violation.EQUIPMENT_ROBBERY: (to(broader("130101")),),
    Violation.PROPERTY_DAMAGE: (to(broader("13"), narrower("130102"), narrower("130103"), note=MUST_BE_JUDGED),),
    Violation.PREMISES_ATTACK: (to(narrower("13"), note=MUST_BE_JUDGED),),
    Violation.CYBERATTACK: _LIST_OF_2001,
    Violation.ACCESS_DENIAL: (to(narrower("090101"), narrower("1001"), note=MUST_BE_JUDGED),),
    Violation.REPORTING_OBSTRUCTION: (to(broader("1001")),),
    Violation.EDITORIAL_COERCION: (to(broader("1001")),),
    Violation.BORDER_REFUSAL: (to(broader("05"), narrower("050106"), note=MUST_BE_JUDGED),),
    Violation.CENSORSHIP_ORDER: (
        to(broader("1001"), narrower("100101"), narrower("100102"), narrower("100103"), note=MUST_BE_JUDGED),
    ),
    Violation.NETWORK_DISRUPTION: (to(narrower("1001"), narrower("09"), note=MUST_BE_JUDGED),),
    Violation.LICENCE_CLOSURE_REGULATORY: (to(narrower("100102"), narrower("120101"), note=MUST_BE_JUDGED),),
    Violation.ECONOMIC_PRESSURE: (to(narrower("30"), note=MUST_BE_JUDGED),),
    Violation.RESTRICTIVE_LAW: (
        to(narrower("1021"), note=phrase("Only laws that are in force, and only where they concern expression.")),
    ),
    Violation.IMPUNITY_FAILURE: (nowhere(NOT_IN_LIST),),
    Violation.OTHER: (to(narrower("90"), note=MUST_BE_JUDGED),),
}

_KIND = PerpetratorType
ACTOR_RULES = {
    _KIND.POLICE: to(
        broader("0101"),
        narrower("010104"),
        narrower("010105"),
        note=phrase("Prison guards, whom our code takes in, stand apart there."),
    ),
    _KIND.MILITARY: to(exact("010103")),
    _KIND.INTELLIGENCE: to(exact("010106")),
    _KIND.EXECUTIVE_OFFICIAL: to(broader("0101"), narrower("010101"), narrower("010102"), note=MUST_BE_JUDGED),
    _KIND.LEGISLATOR_PARTY: to(narrower("0102"), note=MUST_BE_JUDGED),
    _KIND.JUDICIARY_PROSECUTOR: to(narrower("0103"), note=MUST_BE_JUDGED),
    _KIND.ELECTORAL_OFFICIAL: to(broader("01")),
    _KIND.STATE_ENTERPRISE: to(narrower("01"), narrower("21"), note=MUST_BE_JUDGED),
    _KIND.FOREIGN_STATE: to(narrower("01"), narrower("03"), note=MUST_BE_JUDGED),
    _KIND.PARAMILITARY_PROXY: to(
        broader("0201"),
        narrower("020101"),
        note=phrase("There such groups are not governmental; here they are on the side of the state."),
    ),
    _KIND.POLITICAL_SUPPORTERS: to(broader("02"), narrower("0205"), note=MUST_BE_JUDGED),
    _KIND.CROWD_PROTESTER: to(broader("0205")),
    _KIND.ARMED_OPPOSITION: to(broader("0202")),
    _KIND.ORGANISED_CRIME: to(narrower("02"), note=MUST_BE_JUDGED),
    _KIND.CORPORATE: to(broader("21")),
    _KIND.PRIVATE_SECURITY: to(exact("0204")),
    _KIND.VOLUNTEER_PATROL: to(broader("02"), narrower("020102"), note=MUST_BE_JUDGED),
    _KIND.MEDIA_PEER: to(narrower("21"), note=MUST_BE_JUDGED),
    _KIND.PRIVATE_INDIVIDUAL: to(narrower("11"), narrower("90"), note=MUST_BE_JUDGED),
    _KIND.UNKNOWN: to(exact("99")),
}

HURIDOCS = Scheme(
    code="huridocs",
    name="HURIDOCS Events Standard Formats: micro-thesauri",
    short="HURIDOCS",
    keeper="HURIDOCS",
    url="https://huridocs.org/",
    about=phrase(
        "The lists of the Events Standard Formats (2001), in which human-rights organisations document who did what to "
        "whom: types of acts by the right that they violate, and types of perpetrators."
    ),
    caution=phrase(
        "The list sorts acts by human right, so that one act can stand in several places; only the classes that "
        "acts of ours can reach are shown here."
    ),
    acts=Listing(column="violation", classes=_classes(_ACTS), rules=RULES, origin=THESAURI, first=(_ONLY_THREATENED,)),
    actors=Listing(
        column="perpetrator",
        classes=_classes(_ACTORS),
        rules={kind: (rule,) for kind, rule in ACTOR_RULES.items()},
        origin=THESAURI,
    ),
)
