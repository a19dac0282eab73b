"""Who did it: kinds of perpetrators, the part they had in the act, and on what basis that is said."""

from tracker.vocabulary.base import Vocabulary


class PerpetratorSide(Vocabulary):
    """Whether those who acted belong to a state.

    Every perpetrator type belongs to one side. The Council of Europe Platform also tells state from non-state.
    """

    STATE = (
        "state",
        "State",
        "Organs, officials and enterprises of a state, and armed groups that act for one, at home or abroad.",
    )
    NON_STATE = (
        "non_state",
        "Non-state",
        "Persons, crowds, companies and groups that no source shows to act for a state.",
    )
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known who acted.")


class PerpetratorType(Vocabulary):
    """What kind of person, body or group took part in the act.

    Someone who is described but not named has the type that the description gives: participants in a rally
    are a crowd. "Unknown" is used where a source says that those who acted were not identified, and nothing
    is recorded where the sources are silent.
    """

    side: PerpetratorSide

    def __init__(self, _code: str, _label: str, _definition: str, side: PerpetratorSide) -> None:
        self.side = side

    POLICE = (
        "police",
        "Police",
        "Members of the police or of another civilian law-enforcement body, riot police and prison guards included.",
        PerpetratorSide.STATE,
    )
    MILITARY = (
        "military",
        "Military",
        "Members of the armed forces or of border troops of the country itself.",
        PerpetratorSide.STATE,
    )
    INTELLIGENCE = (
        "intelligence",
        "Intelligence or security service",
        "Members of a secret, intelligence or state-security service.",
        PerpetratorSide.STATE,
    )
    EXECUTIVE_OFFICIAL = (
        "executive_official",
        "Executive official",
        "A head of state, minister, governor, mayor, civil servant or regulator, or the body that they act for.",
        PerpetratorSide.STATE,
    )
    LEGISLATOR_PARTY = (
        "legislator_party",
        "Legislator or party in office",
        "A member of a parliament or council, or the organs of a party that holds public office; plain "
        "followers of a party are political supporters.",
        PerpetratorSide.STATE,
    )
    JUDICIARY_PROSECUTOR = (
        "judiciary_prosecutor",
        "Court or prosecutor",
        "A judge, court or prosecutor's office acting in that capacity.",
        PerpetratorSide.STATE,
    )
    ELECTORAL_OFFICIAL = (
        "electoral_official",
        "Electoral official",
        "A member or head of an election commission or polling station acting in that capacity.",
        PerpetratorSide.STATE,
    )
    STATE_ENTERPRISE = (
        "state_enterprise",
        "State enterprise",
        "A company or institution that a state owns or controls, such as an operator of networks, and its staff.",
        PerpetratorSide.STATE,
    )
    FOREIGN_STATE = (
        "foreign_state",
        "Foreign state",
        "Organs or agents of a state other than the one in which the act took effect.",
        PerpetratorSide.STATE,
    )
    PARAMILITARY_PROXY = (
        "paramilitary_proxy",
        "Paramilitary or proxy group",
        "An armed group outside the regular forces that acts for a state or with its support.",
        PerpetratorSide.STATE,
    )
    POLITICAL_SUPPORTERS = (
        "political_supporters",
        "Political supporters",
        "People whom a source describes as followers of a politician, party or political camp and who hold no office.",
        PerpetratorSide.NON_STATE,
    )
    CROWD_PROTESTER = (
        "crowd_protester",
        "Crowd or protesters",
        "Participants in a rally, protest, riot or gathering whom no source ties to a particular political camp.",
        PerpetratorSide.NON_STATE,
    )
    ARMED_OPPOSITION = (
        "armed_opposition",
        "Armed opposition",
        "An armed group that fights a state, such as insurgents, or a group described as terrorist.",
        PerpetratorSide.NON_STATE,
    )
    ORGANISED_CRIME = (
        "organised_crime",
        "Organised crime",
        "A criminal group, or persons who a source says act for one.",
        PerpetratorSide.NON_STATE,
    )
    CORPORATE = (
        "corporate",
        "Company",
        "A private company or its managers and staff, other than an outlet or a security firm.",
        PerpetratorSide.NON_STATE,
    )
    PRIVATE_SECURITY = (
        "private_security",
        "Private security",
        "Hired guards, bodyguards or a security firm that are not part of a state.",
        PerpetratorSide.NON_STATE,
    )
    VOLUNTEER_PATROL = (
        "volunteer_patrol",
        "Volunteer patrol",
        "Civilians who take it on themselves to keep order or guard places, without pay and without office.",
        PerpetratorSide.NON_STATE,
    )
    MEDIA_PEER = (
        "media_peer",
        "Other media",
        "Another outlet, its owners or managers, or people who work in the media.",
        PerpetratorSide.NON_STATE,
    )
    PRIVATE_INDIVIDUAL = (
        "private_individual",
        "Private individual",
        "One person or a few who act for themselves and not as part of a crowd, company or group.",
        PerpetratorSide.NON_STATE,
    )
    UNKNOWN = (
        "unknown",
        "Unknown",
        "A source says that those who acted were not identified, and describes nothing that gives them a type.",
        PerpetratorSide.UNKNOWN,
    )


class InvolvementRole(Vocabulary):
    """What part someone had in the act.

    The idea of degrees of involvement comes from the HURIDOCS Events Standard Formats. Filters and totals by
    perpetrator take those only who acted directly, gave the order or aided; those who stood by and those who
    helped the victim are shown on the page of the incident and never counted as perpetrators.
    """

    DIRECT = ("direct", "Acted directly", "They carried the act out, or tried or threatened to.")
    ORDERED = (
        "ordered",
        "Ordered it",
        "They ordered, called for or commissioned an act that others carried out.",
    )
    AIDED = (
        "aided",
        "Aided it",
        "They knowingly helped those who carried the act out, without doing it themselves.",
    )
    PRESENT_DID_NOT_INTERVENE = (
        "present_did_not_intervene",
        "Present, did not intervene",
        "They were there, had a duty or the power to stop the act, and did nothing to stop it.",
    )
    HELPED_VICTIM = (
        "helped_victim",
        "Helped the victim",
        "They protected, freed or treated the victim, or gave back what had been taken.",
    )


COUNTED_ROLES = frozenset({InvolvementRole.DIRECT, InvolvementRole.ORDERED, InvolvementRole.AIDED})
"""The roles that make someone a perpetrator in filters and totals."""


class Basis(Vocabulary):
    """On what basis the record says that someone took part in the act.

    No basis but a conviction means that guilt is proven.
    """

    REPORTED = (
        "reported",
        "Reported",
        "A cited source says so, from its own observation or from what it was told.",
    )
    CLAIMED = ("claimed", "Claimed", "Those who acted said themselves, in public, that they did it.")
    CHARGED = (
        "charged",
        "Charged",
        "Authorities have brought charges for the act, and no court has found guilt.",
    )
    CONVICTED = ("convicted", "Convicted", "A court has found them guilty of the act.")
    INFERRED = (
        "inferred",
        "Inferred",
        "No source says so in as many words, and we conclude it from what the cited sources do say.",
    )
