"""What the map needs of its own: how an incident stands on it, and the group of violations by which it is drawn."""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.vocabulary.base import Vocabulary
from tracker.vocabulary.violations import Violation as V


class Placing(Vocabulary):
    """How an incident stands on the map.

    Each incident stands under exactly one of these, so that their counts add up to all incidents.
    """

    POINT = (
        "point",
        "Shown on the map",
        "The public place has coordinates: drawn as a mark where it is known to the street, else as an area.",
    )
    COUNTRY = (
        "country",
        "Placed only by country",
        "The country is known, and nothing nearer to which the map could put a mark.",
    )
    ONLINE = ("online", "Online", "It happened on the internet, so that no place on the map would be true.")
    NOWHERE = ("nowhere", "Without place", "Neither a point nor a country is recorded.")


class ViolationGroup(Vocabulary):
    """The groups of violations by which marks on the map are coloured and shaped, the gravest first.

    An incident of several acts is drawn by the gravest of their groups in this order; all of its acts are still
    listed, counted and filtered by themselves.
    """

    violations: frozenset[str]

    def __init__(self, _code: str, _label: str, _definition: str, *violations: V) -> None:
        self.violations = frozenset(violation.value for violation in violations)

    VIOLENCE = (
        "violence",
        "Killing and physical violence",
        "Someone was killed, made to disappear, abducted, tortured, assaulted or sexually abused.",
        V.KILLING,
        V.ENFORCED_DISAPPEARANCE,
        V.ABDUCTION,
        V.TORTURE,
        V.ASSAULT,
        V.SEXUAL_VIOLENCE,
    )
    DETENTION = (
        "detention",
        "Detention and prosecution",
        "Someone was arrested, questioned, charged, convicted, sued or ordered to reveal sources.",
        V.ARREST_DETENTION,
        V.CRIMINAL_CHARGE,
        V.CONVICTION,
        V.CIVIL_SUIT,
        V.INTERROGATION,
        V.SUBPOENA_SOURCE_ORDER,
    )
    THREATS = (
        "threats",
        "Threats, harassment and surveillance",
        "Someone was threatened, harassed, smeared or watched in secret.",
        V.DEATH_THREAT,
        V.THREAT,
        V.HARASSMENT_OFFLINE,
        V.HARASSMENT_ONLINE,
        V.POLITICAL_SMEAR,
        V.SURVEILLANCE_SPYWARE,
    )
    PROPERTY = (
        "property",
        "Equipment, property and premises",
        "Equipment, belongings, rooms, accounts or websites were searched, taken, damaged or attacked.",
        V.SEARCH_SEIZURE,
        V.EQUIPMENT_ROBBERY,
        V.PROPERTY_DAMAGE,
        V.PREMISES_ATTACK,
        V.CYBERATTACK,
    )
    OBSTRUCTION = (
        "obstruction",
        "Obstruction and censorship",
        "Reporting was hindered, refused, pressed, forbidden or cut off, by hand, by order or by law.",
        V.ACCESS_DENIAL,
        V.REPORTING_OBSTRUCTION,
        V.EDITORIAL_COERCION,
        V.BORDER_REFUSAL,
        V.CENSORSHIP_ORDER,
        V.NETWORK_DISRUPTION,
        V.LICENCE_CLOSURE_REGULATORY,
        V.ECONOMIC_PRESSURE,
        V.RESTRICTIVE_LAW,
    )
    OTHER = (
        "other",
        "Other, or not recorded",
        "Authorities failed to bring an earlier attack to justice, the act fits no other code, or none is recorded.",
        V.IMPUNITY_FAILURE,
        V.OTHER,
    )


GROUP_OF: Mapping[str, ViolationGroup] = MappingProxyType(
    {violation: group for group in ViolationGroup for violation in group.violations}
)
"""The group of each violation."""
