"""The databases of the Committee to Protect Journalists: killed, imprisoned and missing."""

from tracker.phrases import phrase
from tracker.vocabulary.base import NOT_RECORDED
from tracker.vocabulary.crosswalks.base import (
    DONE,
    MUST_BE_JUDGED,
    NO_VICTIM,
    NOT_DONE,
    NOT_IN_LIST,
    Listing,
    Origin,
    Rule,
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
from tracker.vocabulary.victims import VictimKind, VictimRole
from tracker.vocabulary.violations import KillingKind, Violation

TERMS = Origin("CPJ, terms of the database of journalists killed", Certainty.READ, "https://cpj.org/data-terminology/")
METHODOLOGY = Origin("CPJ, methodology", Certainty.READ, "https://cpj.org/data-methodology/")
LISTED = Origin(
    "Resource Centre on Media Freedom, description of the CPJ database",
    Certainty.REPORTED,
    "https://www.rcmediafreedom.eu/Media-freedom-datasets/CPJ-Database-on-Journalists-killed",
)
MEMORY = Origin("The end of the list of suspected perpetrators, from memory", Certainty.UNCONFIRMED)

CLASSES = (
    SchemeClass("killed", "Killed", METHODOLOGY),
    SchemeClass("killed.murder", "Killed, motive confirmed: murder", TERMS, parent="killed"),
    SchemeClass("killed.crossfire", "Killed, motive confirmed: crossfire/combat", TERMS, parent="killed"),
    SchemeClass("killed.assignment", "Killed, motive confirmed: dangerous assignment", TERMS, parent="killed"),
    SchemeClass("killed.unconfirmed", "Killed, motive unconfirmed", TERMS, parent="killed"),
    SchemeClass("imprisoned", "Imprisoned (census of 1 December)", METHODOLOGY),
    SchemeClass("missing", "Missing or abducted", METHODOLOGY),
)

NOT_COUNTED = phrase("CPJ counts journalists and media workers only.")
CENSUS = phrase("Only who was in prison at midnight on 1 December counts there.")
STILL_MISSING = phrase("Who came free or was found again is no longer counted there.")
OWN_INQUIRY = phrase("CPJ confirms the motive by its own inquiry.")

_NOT_DONE = nowhere(phrase("Nobody was killed or taken."), NOT_DONE)
_KINDS = {
    KillingKind.MURDER: "killed.murder",
    KillingKind.CROSSFIRE: "killed.crossfire",
    KillingKind.DANGEROUS_ASSIGNMENT: "killed.assignment",
}
_NOTHING: tuple[Rule, ...] = (nowhere(NOT_IN_LIST),)

RULES = dict.fromkeys(Violation, _NOTHING) | {
    Violation.KILLING: (
        _NOT_DONE,
        *(
            to(exact(target), when=(DONE, only("killing_kind", kind)), note=OWN_INQUIRY)
            for kind, target in _KINDS.items()
        ),
        to(narrower("killed"), narrower("killed.unconfirmed"), note=OWN_INQUIRY),
    ),
    Violation.ENFORCED_DISAPPEARANCE: (_NOT_DONE, to(narrower("missing"), narrower("imprisoned"), note=STILL_MISSING)),
    Violation.ABDUCTION: (_NOT_DONE, to(narrower("missing"), note=STILL_MISSING)),
    Violation.ARREST_DETENTION: (_NOT_DONE, to(narrower("imprisoned"), note=CENSUS)),
    Violation.CONVICTION: (to(narrower("imprisoned"), note=CENSUS),),
    Violation.TORTURE: (nowhere(phrase("CPJ tells it in its account of a case and does not count it.")),),
}

_ACTORS = (
    ("political_groups", "Political groups", TERMS),
    ("government_officials", "Government officials", TERMS),
    ("military_officials", "Military officials", LISTED),
    ("paramilitary_groups", "Paramilitary groups", LISTED),
    ("criminal_groups", "Criminal groups", MEMORY),
    ("local_residents", "Local residents", MEMORY),
    ("mob_violence", "Mob violence", MEMORY),
    ("unknown", "Unknown fire", MEMORY),
)
_KIND = PerpetratorType
_OFFICIALS = to(broader("government_officials"), origin=MEMORY)
ACTOR_RULES = {
    _KIND.POLICE: _OFFICIALS,
    _KIND.MILITARY: to(broader("military_officials")),
    _KIND.INTELLIGENCE: _OFFICIALS,
    _KIND.EXECUTIVE_OFFICIAL: to(broader("government_officials")),
    _KIND.LEGISLATOR_PARTY: _OFFICIALS,
    _KIND.JUDICIARY_PROSECUTOR: _OFFICIALS,
    _KIND.ELECTORAL_OFFICIAL: _OFFICIALS,
    _KIND.STATE_ENTERPRISE: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.FOREIGN_STATE: to(narrower("military_officials"), narrower("government_officials"), note=MUST_BE_JUDGED),
    _KIND.PARAMILITARY_PROXY: to(broader("paramilitary_groups")),
    _KIND.POLITICAL_SUPPORTERS: to(narrower("mob_violence"), narrower("political_groups"), note=MUST_BE_JUDGED),
    _KIND.CROWD_PROTESTER: to(narrower("mob_violence"), note=MUST_BE_JUDGED),
    _KIND.ARMED_OPPOSITION: to(broader("political_groups")),
    _KIND.ORGANISED_CRIME: to(exact("criminal_groups")),
    _KIND.CORPORATE: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.PRIVATE_SECURITY: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.VOLUNTEER_PATROL: to(narrower("paramilitary_groups"), narrower("local_residents"), note=MUST_BE_JUDGED),
    _KIND.MEDIA_PEER: nowhere(NOT_IN_LIST, origin=MEMORY),
    _KIND.PRIVATE_INDIVIDUAL: to(narrower("local_residents"), note=MUST_BE_JUDGED),
    _KIND.UNKNOWN: to(exact("unknown")),
}
ONLY_MURDERS = phrase("CPJ names suspected perpetrators in cases of murder only.")

CPJ = Scheme(
    code="cpj",
    name="Committee to Protect Journalists",
    short="CPJ",
    keeper="Committee to Protect Journalists",
    url="https://cpj.org/data/",
    about=phrase(
        "Worldwide databases of journalists and media workers who were killed since 1992, are in prison on 1 December "
        "of a year, or are missing. Other attacks are told and not counted there."
    ),
    caution=phrase(
        "CPJ investigates each case itself and counts persons, not acts. A killing is in its main figure only once CPJ "
        "has confirmed that it was for the work."
    ),
    acts=Listing(
        column="violation",
        classes=CLASSES,
        rules=RULES,
        origin=METHODOLOGY,
        first=(
            nowhere(NO_VICTIM, only("kind", NOT_RECORDED)),
            nowhere(NOT_COUNTED, only("kind", VictimKind.OUTLET, VictimKind.CLASS, VictimKind.PUBLIC)),
            nowhere(
                NOT_COUNTED,
                only("role", VictimRole.OUTLET, VictimRole.SOURCE, VictimRole.FAMILY_MEMBER, VictimRole.AUDIENCE),
            ),
        ),
    ),
    actors=Listing(
        column="perpetrator",
        classes=tuple(SchemeClass(code, label, origin) for code, label, origin in _ACTORS),
        rules={kind: (rule,) for kind, rule in ACTOR_RULES.items()},
        origin=MEMORY,
        first=(
            nowhere(
                ONLY_MURDERS,
                only("violation", *(code for code in Violation if code is not Violation.KILLING)),
                origin=TERMS,
            ),
            nowhere(
                ONLY_MURDERS,
                only("killing_kind", *(kind for kind in KillingKind if kind is not KillingKind.MURDER)),
                origin=TERMS,
            ),
        ),
        note=ONLY_MURDERS,
    ),
)
