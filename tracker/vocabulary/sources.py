"""How we know: sources, what they support, how far they are trusted, and how well an incident is verified."""

from tracker.vocabulary.base import Vocabulary


class Verification(Vocabulary):
    """How well it is established that the incident happened as recorded.

    The word stands for the incident as a whole, and each detail has its own sources beside it.
    """

    REPORTED = (
        "reported",
        "Reported",
        "At least one source reports it, or several that draw on one another, and we have not checked it ourselves.",
    )
    CORROBORATED = (
        "corroborated",
        "Corroborated",
        "At least two groups of sources that do not draw on one another report it.",
    )
    CONFIRMED = (
        "confirmed",
        "Confirmed",
        "Our own inquiry, as with victims, witnesses, documents or recordings, found that it happened.",
    )
    DISPUTED = (
        "disputed",
        "Disputed",
        "A source denies that it happened or contradicts it in a point that matters, and this is not settled.",
    )


class WorkRelatedness(Vocabulary):
    """How sure it is that the act was connected with journalistic work."""

    CONFIRMED = (
        "confirmed",
        "Confirmed",
        "The victim was at work, or those who acted or the evidence show that the work was the reason.",
    )
    LIKELY = (
        "likely",
        "Likely",
        "The circumstances point to the work as the reason and to no other reason as strongly.",
    )
    UNCLEAR = ("unclear", "Unclear", "The work may have been the reason, and so may something else.")


class SourceType(Vocabulary):
    """What kind of document or statement a source is."""

    NGO_REPORT = (
        "ngo_report",
        "Report of an organisation",
        "A report or update by a non-governmental organisation.",
    )
    NGO_STATEMENT = (
        "ngo_statement",
        "Statement of an organisation",
        "A statement, alert or appeal by a non-governmental organisation, shorter than a report.",
    )
    MEDIA_REPORT = ("media_report", "Media report", "A report published by an outlet.")
    WIRE_REPORT = (
        "wire_report",
        "News agency report",
        "A report by a news agency, which others may reprint.",
    )
    OFFICIAL_STATEMENT = (
        "official_statement",
        "Official statement",
        "A statement, reply or publication by an authority or official, other than a document of a court.",
    )
    COURT_DOCUMENT = (
        "court_document",
        "Court document",
        "A judgement, indictment, complaint, warrant or case file.",
    )
    INTERVIEW = (
        "interview",
        "Interview",
        "Answers that someone gave to questions, by us or published by others.",
    )
    TESTIMONY = (
        "testimony",
        "Testimony",
        "The account of a victim or witness in their own words, given for the record.",
    )
    SOCIAL_MEDIA = ("social_media", "Social media", "A post on a social network, blog or messaging channel.")
    VIDEO = ("video", "Video", "A recording in moving pictures of the act or of its traces.")
    PHOTO = ("photo", "Photograph", "A still picture of the act or of its traces.")
    OWN_MONITORING = (
        "own_monitoring",
        "Own monitoring",
        "Notes of our own monitors on what they saw, heard or checked themselves.",
    )
    OTHER = ("other", "Other source", "A source that fits none of the other codes.")


class Fact(Vocabulary):
    """Which facts of the record a citation supports."""

    WHAT = ("what", "What happened", "The acts, how far they went and how they were done.")
    DATE = ("date", "Date", "When it happened.")
    PLACE = ("place", "Place", "Where it happened.")
    VICTIMS = ("victims", "Victims", "Who or what it was done to, and their work.")
    PERPETRATORS = ("perpetrators", "Perpetrators", "Who did it, and their part in it.")
    HARM = ("harm", "Harm", "Injuries, deaths, damage and losses.")
    FOLLOW_UP = ("follow_up", "Follow-up", "What happened afterwards.")


class Reliability(Vocabulary):
    """How far a source can be trusted in general, as a letter from A to F.

    The letter judges the source by its record, apart from what it says this time.
    """

    A = ("a", "A: reliable", "The source has been right whenever we could check it.")
    B = ("b", "B: usually reliable", "The source has been right in most cases, with minor doubts.")
    C = ("c", "C: fairly reliable", "The source has often been right, with doubts in some cases.")
    D = ("d", "D: not usually reliable", "The source has often been wrong and has sometimes been right.")
    E = ("e", "E: unreliable", "The source has been wrong in most cases or has deceived.")
    F = ("f", "F: cannot be judged", "There is no record by which to judge the source.")


class Credibility(Vocabulary):
    """How far to believe what a source says in this case, as a number from 1 to 6.

    The number judges the statement, apart from the record of the one who makes it.
    """

    CONFIRMED = ("1", "1: confirmed", "Other, independent sources say the same.")
    PROBABLE = ("2", "2: probably true", "Not confirmed, but it fits well with what is known.")
    POSSIBLE = ("3", "3: possibly true", "Not confirmed, and it agrees in part with what is known.")
    DOUBTFUL = ("4", "4: doubtful", "Not confirmed, possible, but nothing that is known speaks for it.")
    IMPROBABLE = ("5", "5: improbable", "What is known speaks against it.")
    CANNOT_BE_JUDGED = ("6", "6: cannot be judged", "There is nothing to compare it with.")
