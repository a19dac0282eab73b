"""What becomes of a record: its way to publication, what is published about it, and under which licence."""

from tracker.vocabulary.base import Vocabulary


class FollowUpKind(Vocabulary):
    """What happened after the incident, as a step towards justice or away from it."""

    COMPLAINT = (
        "complaint",
        "Complaint",
        "The victim or someone for them complained to an authority or asked it to act.",
    )
    INVESTIGATION = ("investigation", "Investigation", "An authority opened, continued or closed an inquiry.")
    CHARGE = ("charge", "Charge", "Someone was charged with the act.")
    TRIAL = ("trial", "Trial", "A court began or held proceedings over the act.")
    OUTCOME = ("outcome", "Outcome", "A verdict, sanction, apology, compensation or another end was reached.")
    STATE_REPLY = (
        "state_reply",
        "Reply of the state",
        "A state answered an alert or inquiry about the incident.",
    )
    DENIAL = (
        "denial",
        "Denial",
        "Someone who is held responsible, or their side, rejected what was reported.",
    )


OFFICIAL_RESPONSES = frozenset(
    {
        FollowUpKind.INVESTIGATION,
        FollowUpKind.CHARGE,
        FollowUpKind.TRIAL,
        FollowUpKind.OUTCOME,
        FollowUpKind.STATE_REPLY,
    }
)
"""Those that are a step or an answer of the authorities. A complaint is the victim's step, and a denial is none."""


class Response(Vocabulary):
    """Whether the record of an incident holds an official response.

    That is an inquiry, a charge, a trial, an outcome or a reply of the state, recorded with the incident itself.

    Where none is recorded there may still have been one: the record says what is known here.
    """

    RECORDED = (
        "recorded",
        "Official response on record",
        "An authority opened an inquiry, brought a charge, held a trial, reached an outcome or answered.",
    )


class Nature(Vocabulary):
    """Why a new version of a published record was made.

    Earlier versions stay open to anyone who asks for the data as of a past day, except after a restriction,
    which removes their content everywhere and is counted instead.
    """

    ADDITION = (
        "addition",
        "Addition",
        "The record was published for the first time, or again after it was away.",
    )
    CORRECTION = ("correction", "Correction", "The record was corrected, completed or brought up to date.")
    RESTRICTION = (
        "restriction",
        "Restriction",
        "Something was taken out of public view, such as a name, an exact place or the whole record.",
    )


class WithdrawalReason(Vocabulary):
    """Why a published record was withdrawn."""

    FALSE_REPORT = (
        "false_report",
        "False report",
        "It turned out that the incident did not happen as recorded.",
    )
    MERGED = ("merged", "Merged", "The same incident is recorded under another reference, which is named.")
    UNDISCLOSED = (
        "undisclosed",
        "No reason given",
        "The record is no longer available, and no reason is given.",
    )


class Status(Vocabulary):
    """Where a record stands on its way from a monitor's desk to the public and back.

    Only published records can be seen by the public; all others answer as if they did not exist.
    """

    DRAFT = ("draft", "Draft", "Being written, not yet handed in.")
    SUBMITTED = ("submitted", "Submitted", "Handed in by a monitor and waiting for an editor.")
    IN_REVIEW = ("in_review", "In review", "An editor is checking facts and wording.")
    SAFETY_REVIEW = (
        "safety_review",
        "Safety review",
        "It is being weighed whether publication could harm anyone.",
    )
    APPROVED = ("approved", "Approved", "Ready to be published.")
    EMBARGOED = ("embargoed", "Embargoed", "Approved, and held back until a set time.")
    PUBLISHED = ("published", "Published", "Open to the public.")
    QUARANTINED = (
        "quarantined",
        "Quarantined",
        "Taken out of public view at once while a concern is examined.",
    )
    WITHDRAWN = ("withdrawn", "Withdrawn", "Taken out of public view for good; its reference stays taken.")
    ERASED = ("erased", "Erased", "Its content has been deleted here too, and it cannot be imported again.")


class Licence(Vocabulary):
    """The terms under which the published data may be used."""

    url: str

    def __init__(self, _code: str, _label: str, _definition: str, url: str) -> None:
        self.url = url

    CC_BY_4_0 = (
        "cc_by_4_0",
        "Creative Commons Attribution 4.0 International",
        "Anyone may use, change and share the data for any purpose if they name where it comes from.",
        "https://creativecommons.org/licenses/by/4.0/",
    )
    CC_BY_SA_4_0 = (
        "cc_by_sa_4_0",
        "Creative Commons Attribution-ShareAlike 4.0 International",
        "Anyone may use, change and share the data for any purpose if they name where it comes from and pass "
        "on what they make of it under the same licence.",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    )
    CC0_1_0 = (
        "cc0_1_0",
        "Creative Commons Zero 1.0 Universal",
        "The data is given to the public domain as far as the law allows, and anyone may use it without conditions.",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    )

    @property
    def name_(self) -> str:
        """The full name of the licence, which is also its label."""
        return self.label
