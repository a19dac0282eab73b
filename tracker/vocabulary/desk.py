"""The words of the list and of what waits at the staff desk; like `staff`, no part of the public methodology."""

from tracker.vocabulary.base import Vocabulary


class Only(Vocabulary):
    """What an incident may want for, or wait for."""

    WITHOUT_PLACE = ("without_place", "Without a place", "No coordinates and no town, or the place is not known.")
    WITHOUT_SECOND_SOURCE = (
        "without_second_source",
        "Without a second source",
        "Fewer than two sources are cited.",
    )
    OVERDUE = ("overdue", "To be looked at again", "The day has come on which somebody should look at it again.")
    AMENDED = ("amended", "Public, with changes waiting", "What the public sees is an older text than this one.")
    REVIEW_AGAIN = (
        "review_again",
        "Safety review to be repeated",
        "The day has come on which its safety review should be done again.",
    )
    NOT_MINE = ("not_mine", "Not written by me", "Somebody else wrote what is not public yet.")


class Sort(Vocabulary):
    """The order of the list."""

    CHANGE = ("change", "Last change", "What was changed last comes first.")
    DATE = ("date", "Date of the incident", "The newest incident comes first.")
    STATUS = ("status", "Status", "In the order of the way to publication.")
    REFERENCE = ("reference", "Reference", "The last reference comes first; those without one come last.")


class QueueName(Vocabulary):
    """What waits at the desk."""

    SENT_BACK = ("sent_back", "Sent back to me", "An editor has a question or wants something changed.")
    SUBMITTED = ("submitted", "To take up", "Handed in, and nobody has begun to check it.")
    IN_REVIEW = ("in_review", "In review", "Somebody checks the facts and the wording.")
    SAFETY_REVIEW = (
        "safety_review",
        "To review for safety",
        "Checked, and not written by you: could publication harm anyone?",
    )
    APPROVED = ("approved", "Cleared", "May be published, or held back until a set time.")
    EMBARGOED = ("embargoed", "Under embargo", "Goes out at its time, if it is still cleared then.")
    AMENDED = ("amended", "Public, with changes waiting", "The public sees an older text than the one in the registry.")
    QUARANTINED = ("quarantined", "Quarantined", "Taken off the site, to be looked at.")
    OVERDUE = ("overdue", "To be looked at again", "The day set for it has come.")
    REVIEW_AGAIN = ("review_again", "Safety review to be repeated", "The day set for it has come.")
    ON_THE_WAY = ("on_the_way", "Mine, on the way", "Handed in by you and not public yet.")
    WITHOUT_PLACE = ("without_place", "Without a place", "No coordinates and no town, or the place is not known.")
    WITHOUT_SECOND_SOURCE = ("without_second_source", "Without a second source", "Fewer than two sources are cited.")
