"""The U.S. Press Freedom Tracker: its categories of incidents, and its kinds of actors."""

from tracker.phrases import phrase
from tracker.vocabulary.crosswalks.base import (
    MUST_BE_JUDGED,
    NOT_DONE,
    NOT_IN_LIST,
    ONLY_THREATENED,
    THREATENED,
    Listing,
    Origin,
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
from tracker.vocabulary.violations import Violation

PROGRAM = Origin(
    "The program of the U.S. Press Freedom Tracker: titles of categories, kinds of actors",
    Certainty.READ,
    "https://github.com/freedomofpress/pressfreedomtracker.us",
)
DEFINITIONS = Origin("Definitions of categories that we did not read", Certainty.UNCONFIRMED)

CLASSES = tuple(
    SchemeClass(code, label, PROGRAM)
    for code, label in (
        ("arrest", "Arrest / Criminal Charge"),
        ("assault", "Assault"),
        ("border_stop", "Border Stop"),
        ("chilling_statement", "Chilling Statement"),
        ("denial_of_access", "Denial of Access"),
        ("equipment_damage", "Equipment Damage"),
        ("equipment_search", "Equipment Search or Seizure"),
        ("leak_case", "Leak Case"),
        ("prior_restraint", "Prior Restraint"),
        ("subpoena", "Subpoena / Legal Order"),
        ("other_incident", "Other Incident"),
    )
)

_OTHER = (to(narrower("other_incident"), note=MUST_BE_JUDGED, origin=DEFINITIONS),)
_NOT_DONE = to(
    narrower("other_incident"),
    narrower("chilling_statement"),
    when=(NOT_DONE,),
    note=phrase("It was tried and did not succeed; where it counts there has to be judged."),
    origin=DEFINITIONS,
)


_WORDS = (
    Violation.DEATH_THREAT,
    Violation.THREAT,
    Violation.HARASSMENT_OFFLINE,
    Violation.HARASSMENT_ONLINE,
    Violation.POLITICAL_SMEAR,
)
_ONLY_THREATENED = to(
    narrower("chilling_statement"),
    narrower("other_incident"),
    when=(THREATENED, only("violation", *(code for code in Violation if code not in _WORDS))),
    note=ONLY_THREATENED,
    origin=DEFINITIONS,
)
_BODILY_PERHAPS = to(narrower("assault"), note=MUST_BE_JUDGED, origin=DEFINITIONS)


RULES = {
    Violation.KILLING: (nowhere(phrase("There is no category for killings."), origin=DEFINITIONS),),
    Violation.ENFORCED_DISAPPEARANCE: (nowhere(NOT_IN_LIST, origin=DEFINITIONS),),
    Violation.ABDUCTION: (nowhere(NOT_IN_LIST, origin=DEFINITIONS),),
    Violation.TORTURE: (_NOT_DONE, _BODILY_PERHAPS),
    Violation.ASSAULT: (_NOT_DONE, *if_done((broader("assault"),)), _BODILY_PERHAPS),
    Violation.SEXUAL_VIOLENCE: (
        _NOT_DONE,
        to(narrower("assault"), narrower("other_incident"), note=MUST_BE_JUDGED, origin=DEFINITIONS),
    ),
    **dict.fromkeys(
        (Violation.DEATH_THREAT, Violation.THREAT),
        (to(narrower("other_incident"), narrower("chilling_statement"), note=MUST_BE_JUDGED, origin=DEFINITIONS),),
    ),
    Violation.HARASSMENT_OFFLINE: _OTHER,
    Violation.HARASSMENT_ONLINE: _OTHER,
    Violation.POLITICAL_SMEAR: (to(broader("chilling_statement"), origin=DEFINITIONS),),
    Violation.ARREST_DETENTION: (
        _NOT_DONE,
        *if_done((broader("arrest"),)),
        to(narrower("arrest"), note=MUST_BE_JUDGED),
    ),
    Violation.CRIMINAL_CHARGE: (to(broader("arrest"), narrower("leak_case"), note=MUST_BE_JUDGED),),
    Violation.CONVICTION: (
        to(
            broader("arrest"),
            narrower("leak_case"),
            note=phrase("There it is a later state of the case of the charge, not a case of its own."),
        ),
    ),
    Violation.CIVIL_SUIT: _OTHER,
    Violation.INTERROGATION: (
        to(
            narrower("border_stop"),
            narrower("other_incident"),
            note=phrase("Questioning at a border is a border stop there."),
            origin=DEFINITIONS,
        ),
    ),
    Violation.SUBPOENA_SOURCE_ORDER: (
        to(broader("subpoena"), note=phrase("Subpoenas that private parties ask for are not counted there.")),
    ),
    Violation.SURVEILLANCE_SPYWARE: (
        to(
            narrower("subpoena"),
            narrower("other_incident"),
            note=phrase("Under legal orders there if an order stands behind it."),
            origin=DEFINITIONS,
        ),
    ),
    Violation.SEARCH_SEIZURE: (
        to(
            narrower("equipment_search"),
            note=phrase("Only equipment that law enforcement searched or seized in the course of the work."),
        ),
    ),
    Violation.EQUIPMENT_ROBBERY: (to(narrower("equipment_damage"), narrower("other_incident"), note=MUST_BE_JUDGED),),
    Violation.PROPERTY_DAMAGE: (
        to(narrower("equipment_damage"), note=phrase("Only equipment of journalists, not homes or cars.")),
    ),
    Violation.PREMISES_ATTACK: (
        to(narrower("equipment_damage"), narrower("other_incident"), note=MUST_BE_JUDGED, origin=DEFINITIONS),
    ),
    Violation.CYBERATTACK: _OTHER,
    Violation.ACCESS_DENIAL: (to(broader("denial_of_access"), origin=DEFINITIONS),),
    Violation.REPORTING_OBSTRUCTION: (
        to(narrower("denial_of_access"), narrower("other_incident"), note=MUST_BE_JUDGED, origin=DEFINITIONS),
    ),
    Violation.EDITORIAL_COERCION: _OTHER,
    Violation.BORDER_REFUSAL: (to(broader("border_stop")),),
    Violation.CENSORSHIP_ORDER: (
        to(
            narrower("prior_restraint"),
            note=phrase("Orders to take down what is published already may be counted apart."),
            origin=DEFINITIONS,
        ),
    ),
    Violation.NETWORK_DISRUPTION: (nowhere(NOT_IN_LIST, origin=DEFINITIONS),),
    Violation.LICENCE_CLOSURE_REGULATORY: _OTHER,
    Violation.ECONOMIC_PRESSURE: _OTHER,
    Violation.RESTRICTIVE_LAW: _OTHER,
    Violation.IMPUNITY_FAILURE: (nowhere(NOT_IN_LIST, origin=DEFINITIONS),),
    Violation.OTHER: _OTHER,
}

_KIND = PerpetratorType
_NO = nowhere(NOT_IN_LIST)
_OFFICIAL = to(narrower("politician"), narrower("public_figure"), note=MUST_BE_JUDGED)
ACTOR_RULES = {
    _KIND.POLICE: to(broader("law_enforcement")),
    _KIND.MILITARY: to(narrower("law_enforcement"), note=MUST_BE_JUDGED),
    _KIND.INTELLIGENCE: to(narrower("law_enforcement"), note=MUST_BE_JUDGED),
    _KIND.EXECUTIVE_OFFICIAL: _OFFICIAL,
    _KIND.LEGISLATOR_PARTY: _OFFICIAL,
    _KIND.JUDICIARY_PROSECUTOR: to(narrower("public_figure"), note=MUST_BE_JUDGED),
    _KIND.ELECTORAL_OFFICIAL: to(narrower("public_figure"), note=MUST_BE_JUDGED),
    _KIND.STATE_ENTERPRISE: _NO,
    _KIND.FOREIGN_STATE: _NO,
    _KIND.PARAMILITARY_PROXY: _NO,
    _KIND.POLITICAL_SUPPORTERS: to(broader("private_individual")),
    _KIND.CROWD_PROTESTER: to(broader("private_individual")),
    _KIND.ARMED_OPPOSITION: _NO,
    _KIND.ORGANISED_CRIME: to(narrower("private_individual"), note=MUST_BE_JUDGED),
    _KIND.CORPORATE: _NO,
    _KIND.PRIVATE_SECURITY: to(exact("private_security")),
    _KIND.VOLUNTEER_PATROL: to(broader("private_individual")),
    _KIND.MEDIA_PEER: to(narrower("private_individual"), narrower("public_figure"), note=MUST_BE_JUDGED),
    _KIND.PRIVATE_INDIVIDUAL: to(broader("private_individual")),
    _KIND.UNKNOWN: to(exact("unknown")),
}
ONLY_SOME = phrase("Kinds of actors are recorded there for assaults and damage to equipment only.")
_WITH_ACTORS = (
    Violation.ASSAULT,
    Violation.SEXUAL_VIOLENCE,
    Violation.TORTURE,
    Violation.PROPERTY_DAMAGE,
    Violation.EQUIPMENT_ROBBERY,
    Violation.PREMISES_ATTACK,
)

PFT = Scheme(
    code="pft",
    name="U.S. Press Freedom Tracker",
    short="PFT",
    keeper="Freedom of the Press Foundation",
    url="https://pressfreedomtracker.us/",
    about=phrase("Incidents in the United States, each in one or more of eleven categories."),
    caution=phrase(
        "The Tracker covers the United States alone and its categories follow U.S. law; for other countries the "
        "mapping shows only where a like incident would stand."
    ),
    acts=Listing(column="violation", classes=CLASSES, rules=RULES, origin=PROGRAM, first=(_ONLY_THREATENED,)),
    actors=Listing(
        column="perpetrator",
        classes=tuple(
            SchemeClass(code, label, PROGRAM)
            for code, label in (
                ("law_enforcement", "law enforcement"),
                ("private_security", "private security"),
                ("politician", "politician"),
                ("public_figure", "public figure"),
                ("private_individual", "private individual"),
                ("unknown", "unknown"),
            )
        ),
        rules={kind: (rule,) for kind, rule in ACTOR_RULES.items()},
        origin=PROGRAM,
        first=(nowhere(ONLY_SOME, only("violation", *(code for code in Violation if code not in _WITH_ACTORS))),),
        note=ONLY_SOME,
    ),
)
