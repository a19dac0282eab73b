"""What an outlet is: by which medium it reaches people and who owns it."""

from tracker.vocabulary.base import Vocabulary


class Medium(Vocabulary):
    """By which means an outlet reaches its public; several may hold."""

    PRINT = ("print", "Print", "A newspaper or magazine on paper.")
    ONLINE = (
        "online",
        "Online",
        "A news site or another publication on the internet with an editorial office.",
    )
    RADIO = ("radio", "Radio", "A radio station or programme.")
    TELEVISION = ("television", "Television", "A television station or programme.")
    AGENCY = ("agency", "News agency", "A service that supplies news to other outlets.")
    BLOG = ("blog", "Blog", "A site on which one person or a few publish without an editorial office.")
    SOCIAL_MEDIA = (
        "social_media",
        "Social media",
        "A channel or account on a social network or messaging service.",
    )
    OTHER = ("other", "Other medium", "A means that fits none of the other codes.")


class Ownership(Vocabulary):
    """Who owns or pays for the outlet and could steer it."""

    STATE = ("state", "State", "Owned by a state and directed by its government.")
    PUBLIC = (
        "public",
        "Public service",
        "Paid for by the public and set up to be independent of the government.",
    )
    PRIVATE = ("private", "Private", "Owned by private persons or companies of the country.")
    COMMUNITY = (
        "community",
        "Community or non-profit",
        "Owned by an association, foundation or local community.",
    )
    FOREIGN = (
        "foreign",
        "Foreign",
        "Owned or paid for from another country, by its state or by private means.",
    )
    PARTY = ("party", "Party", "Owned by a political party or movement.")
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known who owns the outlet.")
