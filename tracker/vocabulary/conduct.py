"""How an act was done: how far it went, by what means, on what ground, and how a detention was judged."""

from tracker.vocabulary.base import Vocabulary


class Completion(Vocabulary):
    """How far the act went."""

    COMPLETED = ("completed", "Completed", "The act was carried out.")
    ATTEMPTED = (
        "attempted",
        "Attempted",
        "Someone began to carry the act out, and it failed or was stopped.",
    )
    THREATENED = (
        "threatened",
        "Threatened",
        "The act was announced or warned of, and no source says that anyone began to carry it out.",
    )


class Method(Vocabulary):
    """By what means the act was done; the means that mattered most, if there were several."""

    BEATING = ("beating", "Beating or manhandling", "Blows, kicks, pushing, dragging or seizing by the body.")
    THROWN_OBJECT = ("thrown_object", "Thrown object", "A stone, bottle or other thing thrown by hand.")
    FIREARM = ("firearm", "Firearm", "A weapon firing live ammunition.")
    KINETIC_PROJECTILE = (
        "kinetic_projectile",
        "Rubber bullet or similar",
        "A rubber, plastic or other projectile meant to strike without penetrating, as fired in crowd control.",
    )
    STUN_GRENADE = (
        "stun_grenade",
        "Stun grenade",
        "A device that bursts with a flash and a bang to disorient people.",
    )
    TEAR_GAS = ("tear_gas", "Tear gas", "Tear gas, pepper spray or another chemical irritant.")
    WATER_CANNON = ("water_cannon", "Water cannon", "A jet of water under pressure aimed at people.")
    BLADE = ("blade", "Knife or blade", "A knife or another weapon that cuts or stabs.")
    VEHICLE = ("vehicle", "Vehicle", "A vehicle driven at, into or in the way of someone.")
    ARSON = ("arson", "Arson", "Fire that is set on purpose.")
    EXPLOSIVE = ("explosive", "Explosive", "A bomb, shell, mine or other explosive meant to destroy.")
    RESTRAINT = (
        "restraint",
        "Holding or restraining",
        "Holding fast, tying, handcuffing or shutting in, without blows.",
    )
    SPOKEN_WORDS = (
        "spoken_words",
        "Spoken words",
        "Words or gestures in the presence of the victim or of an audience.",
    )
    PHONE_CALL = ("phone_call", "Phone call", "Words by telephone or by another live call.")
    MESSAGE = (
        "message",
        "Private message",
        "A letter, text message, e-mail or other message sent to the victim rather than to the public.",
    )
    ONLINE_POST = (
        "online_post",
        "Online post",
        "Something posted on the internet where the public or a group of people can read it.",
    )
    CROWD_PRESSURE = (
        "crowd_pressure",
        "Pressure of a crowd",
        "Surrounding, blocking, shouting down or entering by the weight of numbers, without blows.",
    )
    TECHNICAL_MEASURE = (
        "technical_measure",
        "Technical measure",
        "Intrusion, blocking, throttling, jamming or another interference with devices, networks or data.",
    )
    LEGAL_PROCESS = (
        "legal_process",
        "Legal or administrative process",
        "An order, warrant, charge, suit or decision in the forms of the law.",
    )
    OTHER = (
        "other",
        "Other means",
        "Means that fit none of the other codes and are told in the description.",
    )
    UNKNOWN = ("unknown", "Unknown", "A source says that the means are not known.")


class Ground(Vocabulary):
    """On what ground, beyond the victim's work, the act was done, where a source says that there was one.

    Grounds are sensitive and are recorded only where they explain the act.
    """

    GENDER = (
        "gender",
        "Gender",
        "The act was aimed at the victim as a woman, a man or a person of another gender.",
    )
    ETHNICITY = (
        "ethnicity",
        "Ethnicity",
        "The act was aimed at the victim's ethnic group, descent or colour, real or supposed.",
    )
    NATIONALITY = (
        "nationality",
        "Nationality",
        "The act was aimed at the victim's citizenship or country of origin rather than at an ethnic group.",
    )
    LANGUAGE = (
        "language",
        "Language",
        "The act was aimed at the language that the victim speaks or publishes in.",
    )
    RELIGION = ("religion", "Religion", "The act was aimed at the victim's faith, or at having none.")
    POLITICAL_OPINION = (
        "political_opinion",
        "Political opinion",
        "The act was aimed at a political view or allegiance ascribed to the victim.",
    )
    SEXUAL_ORIENTATION = (
        "sexual_orientation",
        "Sexual orientation",
        "The act was aimed at the victim's sexual orientation, real or supposed.",
    )
    DISABILITY = (
        "disability",
        "Disability",
        "The act was aimed at or made use of a disability of the victim.",
    )
    OTHER = ("other", "Other ground", "A ground that a source names and that fits none of the other codes.")


class ArbitraryJudgement(Vocabulary):
    """Whether a deprivation of liberty was arbitrary, where a source made that judgement.

    The judgement stands apart from the act because SDG indicator 16.10.1 counts arbitrary detentions only.
    """

    ARBITRARY = (
        "arbitrary",
        "Judged arbitrary",
        "A cited source judges that the detention had no sufficient ground or process in law.",
    )
    NOT_ARBITRARY = (
        "not_arbitrary",
        "Judged not arbitrary",
        "A cited source judges that the detention had a sufficient ground and process in law.",
    )
