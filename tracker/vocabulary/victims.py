"""To whom it was done: victims, their work, what it did to them and their equipment, and their consent."""

from tracker.vocabulary.base import Vocabulary


class VictimKind(Vocabulary):
    """What a victim is in an act."""

    PERSON = ("person", "Person", "One person, named or not.")
    GROUP = (
        "group",
        "Group of persons",
        "Several persons who are not told apart, such as the crew of an outlet.",
    )
    OUTLET = ("outlet", "Outlet", "An outlet as an organisation, its premises or its means of publishing.")
    CLASS = (
        "class",
        "Class of persons",
        "People addressed as a kind rather than as individuals, such as all journalists of a minority.",
    )
    PUBLIC = (
        "public",
        "The public",
        "Everyone in an area, where the means of reporting or of being informed are hit.",
    )


class Naming(Vocabulary):
    """Whether the record gives the victim's name, and if not, why."""

    NAMED = (
        "named",
        "Named",
        "The name is published because it is public already or because the person agreed.",
    )
    WITHHELD = ("withheld", "Name withheld", "The name is known to us and is not published.")
    NOT_NAMED_IN_SOURCE = (
        "not_named_in_source",
        "Not named in the source",
        "No source that we hold gives the name.",
    )


class Custody(Vocabulary):
    """Whether a victim is held, as far as the record tells the first and the last day in custody.

    Where no end is recorded the person may have been released without a word of it reaching the record.
    """

    OPEN = ("open", "Held, no end recorded", "The record has a first day in custody and no last day.")
    ENDED = ("ended", "Held and released", "The record has the last day in custody.")


class VictimRole(Vocabulary):
    """What the victim did in or for the media when the act happened.

    Media workers, support staff and those who momentarily do a journalist's work belong here too, as they do
    in the metadata of SDG indicator 16.10.1; outlets, sources, relatives and audiences have codes of their
    own. How someone was employed is recorded separately.
    """

    JOURNALIST = ("journalist", "Journalist", "Someone whom a source calls a journalist without saying more.")
    REPORTER = ("reporter", "Reporter", "Someone who gathers and reports news, mostly from the scene.")
    CORRESPONDENT = (
        "correspondent",
        "Correspondent",
        "Someone who reports for an outlet from a place or on a subject.",
    )
    PRESENTER = ("presenter", "Presenter", "Someone who presents or hosts a broadcast, stream or podcast.")
    CAMERA_OPERATOR = ("camera_operator", "Camera operator", "Someone who films for an outlet.")
    PHOTOGRAPHER = ("photographer", "Photographer", "Someone who takes still pictures for the news.")
    EDITOR = (
        "editor",
        "Editor",
        "Someone who decides on or edits what an outlet publishes, chief editors included.",
    )
    PRODUCER = (
        "producer",
        "Producer",
        "Someone who prepares and directs the making of a report or programme.",
    )
    CREW = (
        "crew",
        "Crew",
        "A team sent out by an outlet, recorded as a group without telling its members apart.",
    )
    MEDIA_MANAGER = (
        "media_manager",
        "Media manager or owner",
        "Someone who directs or owns an outlet as a business.",
    )
    FIXER = ("fixer", "Fixer", "A local helper who arranges contacts, access or travel for journalists.")
    TRANSLATOR = (
        "translator",
        "Translator or interpreter",
        "Someone who translates or interprets for journalists.",
    )
    DRIVER = ("driver", "Driver", "Someone who drives for journalists or an outlet.")
    SECURITY_GUARD = ("security_guard", "Security guard", "Someone who guards journalists or an outlet.")
    SUPPORT_STAFF = (
        "support_staff",
        "Other support staff",
        "A technician or another worker of an outlet who does not make its content.",
    )
    CITIZEN_JOURNALIST = (
        "citizen_journalist",
        "Citizen journalist",
        "Someone who documents and reports events to the public without working for an outlet.",
    )
    BLOGGER = (
        "blogger",
        "Blogger",
        "Someone who publishes regularly under their own name or title on the internet.",
    )
    OUTLET = ("outlet", "Outlet", "The victim is an outlet and not a person.")
    SOURCE = (
        "source",
        "Journalist's source",
        "Someone who gave or was taken to give information to journalists.",
    )
    FAMILY_MEMBER = (
        "family_member",
        "Family member",
        "A relative or partner of someone who works in the media.",
    )
    AUDIENCE = (
        "audience",
        "Audience",
        "People kept from receiving information, or attacked for receiving it.",
    )
    OTHER = ("other", "Other role", "A part in or for the media that fits none of the other codes.")
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known what the victim did in the media.")


class Employment(Vocabulary):
    """How the victim was employed when the act happened."""

    STAFF = ("staff", "Staff", "Employed by an outlet.")
    FREELANCE = ("freelance", "Freelance", "Self-employed and free to work for several outlets.")
    STRINGER = (
        "stringer",
        "Stringer",
        "Not employed, but working regularly for one outlet, paid by the piece.",
    )
    VOLUNTEER = ("volunteer", "Volunteer", "Working for an outlet or for the public without pay.")
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known how the victim was employed.")


class Gender(Vocabulary):
    """The victim's gender, only where a source states it or the person told us."""

    WOMAN = ("woman", "Woman", "The victim is described as a woman.")
    MAN = ("man", "Man", "The victim is described as a man.")
    NON_BINARY = ("non_binary", "Non-binary", "The victim is described as neither a woman nor a man.")
    UNKNOWN = ("unknown", "Unknown", "A source says that the victim's gender is not known.")


class Harm(Vocabulary):
    """What the act did to the victim's body."""

    NONE = ("none", "No bodily harm", "A source says that the victim was not hurt.")
    INJURED = ("injured", "Injured", "The victim suffered a bodily injury, however slight, and survived it.")
    KILLED = ("killed", "Killed", "The victim died of the act.")
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known whether the victim was hurt.")


class EquipmentItem(Vocabulary):
    """What equipment or material of the victim was affected."""

    PHONE = ("phone", "Telephone", "A mobile or other telephone.")
    CAMERA = ("camera", "Camera", "A camera for film or pictures, with its lenses, lights and tripod.")
    MICROPHONE = ("microphone", "Microphone", "A microphone, with its stand and cables.")
    COMPUTER = ("computer", "Computer", "A computer, tablet or server.")
    RECORDER = ("recorder", "Sound recorder", "A device that records sound only.")
    STORAGE = ("storage", "Storage medium", "A memory card, disk or drive, or the recordings on it.")
    VEHICLE = ("vehicle", "Vehicle", "A car or another vehicle used for work.")
    DOCUMENTS = ("documents", "Documents", "Papers, notes, identity papers or press cards.")
    OTHER = ("other", "Other equipment", "Equipment or material that fits none of the other codes.")


class EquipmentFate(Vocabulary):
    """What happened to the equipment."""

    DAMAGED = (
        "damaged",
        "Damaged",
        "It was broken or harmed and could still be used or mended, as far as is known.",
    )
    DESTROYED = ("destroyed", "Destroyed", "It was broken or erased beyond use.")
    SEIZED = ("seized", "Seized", "Authorities took it away.")
    SEARCHED = ("searched", "Searched", "Authorities looked through it or copied it, without keeping it.")
    ROBBED = ("robbed", "Robbed", "Persons who were not acting as authorities took it away.")


class Returned(Vocabulary):
    """Whether what was taken came back to its owner."""

    YES = ("yes", "Returned", "All of it was given back.")
    NO = ("no", "Not returned", "None of it was given back, as far as the sources reach.")
    PARTLY = ("partly", "Partly returned", "Some of it was given back, or it came back without its content.")
    UNKNOWN = ("unknown", "Unknown", "A source says that it is not known whether it was given back.")


class Consequence(Vocabulary):
    """What followed for the victim after the act; several may hold."""

    LEFT_SCENE = ("left_scene", "Left the scene", "The victim went away from the place because of the act.")
    STOPPED_COVERING = (
        "stopped_covering",
        "Stopped covering",
        "The victim broke off or gave up the reporting that the act was about, staying in the profession.",
    )
    SOUGHT_PROTECTION = (
        "sought_protection",
        "Sought protection",
        "The victim asked authorities, volunteers or others for protection.",
    )
    HOSPITALISED = (
        "hospitalised",
        "Treated in hospital",
        "The victim was treated in a hospital or by an ambulance.",
    )
    RELOCATED = (
        "relocated",
        "Moved within the country",
        "The victim moved to another place in the same country.",
    )
    LEFT_COUNTRY = ("left_country", "Left the country", "The victim went into another country for safety.")
    LEFT_PROFESSION = ("left_profession", "Left the profession", "The victim gave up working in the media.")
    RESUMED_WORK = ("resumed_work", "Resumed work", "The victim took up the interrupted work again.")
    OTHER = (
        "other",
        "Other consequence",
        "Something else followed for the victim and is told in the summary.",
    )


class Consent(Vocabulary):
    """What the person said to one particular use of their data.

    Consent is asked for each purpose apart, and anything but a given consent means that the use is refused.
    """

    UNKNOWN = ("unknown", "Unknown", "The person could not be asked, or their answer is not known.")
    REFUSED = ("refused", "Refused", "The person was asked and said no.")
    GIVEN = ("given", "Given", "The person was asked and said yes.")
    WITHDRAWN = ("withdrawn", "Withdrawn", "The person said yes and later took it back.")
