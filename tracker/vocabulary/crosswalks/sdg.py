"""SDG indicator 16.10.1: candidate cases, never the indicator itself."""

from tracker.phrases import phrase
from tracker.vocabulary.base import NOT_RECORDED
from tracker.vocabulary.conduct import ArbitraryJudgement
from tracker.vocabulary.crosswalks.base import (
    DONE,
    MUST_BE_JUDGED,
    NO_VICTIM,
    NOT_DONE,
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
from tracker.vocabulary.perpetrators import PerpetratorSide, PerpetratorType
from tracker.vocabulary.relations import Certainty
from tracker.vocabulary.victims import VictimKind, VictimRole
from tracker.vocabulary.violations import KillingKind, Violation

METADATA = Origin(
    "Metadata of SDG indicator 16.10.1, 8 June 2018",
    Certainty.READ,
    "https://worldbank.github.io/sdg-metadata/metadata/en/16-10-1",
)
GUIDANCE = Origin("OHCHR guidance note on SDG indicator 16.10.1: its definitions", Certainty.UNCONFIRMED)

NOT_A_PERSON = phrase("The indicator counts persons, not outlets or the public.")
NOT_A_JOURNALIST = phrase(
    "The indicator counts journalists and media workers, trade unionists and human rights defenders; whether a "
    "source, a relative or a reader is one of these has to be judged."
)
NOT_AIMED = phrase("Whether a killing counts that was not aimed at the victim has to be judged by the custodian.")
NOT_COMPLETED = phrase("It was not carried out, or nothing says that it was; it may count among the other acts.")
OUTSIDE = phrase("The indicator does not count it by itself.")

CLASSES = tuple(
    SchemeClass(code, label, METADATA)
    for code, label in (
        ("killing", "Killing"),
        ("enforced_disappearance", "Enforced disappearance"),
        ("torture", "Torture"),
        ("arbitrary_detention", "Arbitrary detention"),
        ("kidnapping", "Kidnapping"),
        ("other_harmful_acts", "Other harmful acts"),
    )
)

_NOT_DONE = to(narrower("other_harmful_acts"), when=(NOT_DONE,), note=NOT_COMPLETED, origin=GUIDANCE)
_HARMFUL = (to(broader("other_harmful_acts"), note=MUST_BE_JUDGED, origin=GUIDANCE),)
_PERHAPS_HARMFUL = (to(narrower("other_harmful_acts"), note=MUST_BE_JUDGED, origin=GUIDANCE),)
_OUTSIDE = (nowhere(OUTSIDE),)


def _perhaps(target: str) -> Rule:
    """What remains of a code when the clear cases are taken out: nothing says how far it went, or by whom."""
    return to(narrower(target), note=MUST_BE_JUDGED, origin=GUIDANCE)


_STATE = only("side", PerpetratorSide.STATE)
_NON_STATE = only("side", PerpetratorSide.NON_STATE)

RULES = {
    Violation.KILLING: (
        to(exact("killing"), when=(DONE, only("killing_kind", KillingKind.MURDER))),
        _NOT_DONE,
        to(narrower("killing"), note=NOT_AIMED, origin=GUIDANCE),
    ),
    Violation.ENFORCED_DISAPPEARANCE: (
        to(exact("enforced_disappearance"), when=(DONE, _STATE), origin=GUIDANCE),
        _NOT_DONE,
        to(
            narrower("enforced_disappearance"),
            narrower("kidnapping"),
            when=(_NON_STATE,),
            note=phrase("Without the support or consent of a state it is a kidnapping there."),
            origin=GUIDANCE,
        ),
        _perhaps("enforced_disappearance"),
    ),
    Violation.ABDUCTION: (
        _NOT_DONE,
        to(
            narrower("kidnapping"),
            narrower("enforced_disappearance"),
            when=(_STATE,),
            note=phrase("Where a state stands behind it, it may be an enforced disappearance there."),
            origin=GUIDANCE,
        ),
        to(exact("kidnapping"), when=(DONE, _NON_STATE), origin=GUIDANCE),
        _perhaps("kidnapping"),
    ),
    Violation.TORTURE: (
        _NOT_DONE,
        to(
            narrower("torture"),
            narrower("other_harmful_acts"),
            note=phrase("Our code takes in ill-treatment, which may count among the other acts there."),
            origin=GUIDANCE,
        ),
    ),
    Violation.ARREST_DETENTION: (
        _NOT_DONE,
        to(exact("arbitrary_detention"), when=(DONE, only("arbitrary", ArbitraryJudgement.ARBITRARY))),
        nowhere(
            phrase("A cited source judges that the detention was not arbitrary."),
            only("arbitrary", ArbitraryJudgement.NOT_ARBITRARY),
        ),
        to(
            narrower("arbitrary_detention"),
            note=phrase("Only arbitrary detentions count, and no source that we cite has judged this one."),
            when=(only("arbitrary", NOT_RECORDED),),
        ),
        _perhaps("arbitrary_detention"),
    ),
    **dict.fromkeys((Violation.ASSAULT, Violation.SEXUAL_VIOLENCE, Violation.DEATH_THREAT), _HARMFUL),
    **dict.fromkeys(
        (Violation.THREAT, Violation.HARASSMENT_OFFLINE, Violation.HARASSMENT_ONLINE, Violation.OTHER),
        _PERHAPS_HARMFUL,
    ),
    **dict.fromkeys(
        (
            Violation.POLITICAL_SMEAR,
            Violation.CRIMINAL_CHARGE,
            Violation.CONVICTION,
            Violation.CIVIL_SUIT,
            Violation.INTERROGATION,
            Violation.SUBPOENA_SOURCE_ORDER,
            Violation.SURVEILLANCE_SPYWARE,
            Violation.SEARCH_SEIZURE,
            Violation.EQUIPMENT_ROBBERY,
            Violation.PROPERTY_DAMAGE,
            Violation.PREMISES_ATTACK,
            Violation.CYBERATTACK,
            Violation.ACCESS_DENIAL,
            Violation.REPORTING_OBSTRUCTION,
            Violation.EDITORIAL_COERCION,
            Violation.BORDER_REFUSAL,
            Violation.CENSORSHIP_ORDER,
            Violation.NETWORK_DISRUPTION,
            Violation.LICENCE_CLOSURE_REGULATORY,
            Violation.ECONOMIC_PRESSURE,
            Violation.RESTRICTIVE_LAW,
            Violation.IMPUNITY_FAILURE,
        ),
        _OUTSIDE,
    ),
}

NO_ACTORS = phrase(
    "The metadata of the indicator hold no list of perpetrators that we could read. Whether a state stands behind an "
    "act decides here between enforced disappearance and kidnapping."
)

SDG = Scheme(
    code="sdg",
    name="SDG indicator 16.10.1",
    short="SDG 16.10.1",
    keeper="OHCHR, UNESCO, ILO",
    url="https://unstats.un.org/sdgs/metadata/",
    about=phrase(
        "The number of verified cases of killing, kidnapping, enforced disappearance, arbitrary detention and torture "
        "of journalists, associated media personnel, trade unionists and human rights advocates in the previous 12 "
        "months. The classes are those of the refined wording of 2018, which adds other harmful acts."
    ),
    caution=phrase(
        "These are candidate cases and not the indicator. OHCHR, with UNESCO and ILO, are its custodians: they verify "
        "each case by their own rules, count other groups of people too, and a case counts only once they have taken "
        "it up. Give them these cases with their sources; never present the numbers as the indicator."
    ),
    acts=Listing(
        column="violation",
        classes=CLASSES,
        rules=RULES,
        origin=METADATA,
        first=(
            nowhere(NO_VICTIM, only("kind", NOT_RECORDED)),
            nowhere(NOT_A_PERSON, only("kind", VictimKind.OUTLET, VictimKind.CLASS, VictimKind.PUBLIC)),
            nowhere(NOT_A_PERSON, only("role", VictimRole.OUTLET)),
            nowhere(NOT_A_JOURNALIST, only("role", VictimRole.SOURCE, VictimRole.FAMILY_MEMBER, VictimRole.AUDIENCE)),
        ),
    ),
    actors=Listing(
        column="perpetrator",
        classes=(),
        rules=dict.fromkeys(PerpetratorType, (nowhere(),)),
        origin=METADATA,
        note=NO_ACTORS,
    ),
)
