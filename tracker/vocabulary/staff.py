"""The words of the staff desk: who works there, what they may do, what is written down about it.

These lists are no part of the public methodology. What each role may do in which state stands in
`tracker.registry.permissions`, and how a record moves in `tracker.registry.workflow`.
"""

from tracker.vocabulary.base import Vocabulary


class Role(Vocabulary):
    """What somebody on the staff is there for. One person may have several roles."""

    MONITOR = ("monitor", "Monitor", "Enters incidents, and sees only those of their own.")
    EDITOR = ("editor", "Editor", "Reads, corrects, publishes and withdraws all incidents.")
    SAFETY_REVIEWER = (
        "safety_reviewer",
        "Safety reviewer",
        "Weighs before publication whether it could harm anyone; never for a text of their own.",
    )
    ADMINISTRATOR = (
        "administrator",
        "Administrator",
        "Keeps accounts and settings and reads the log; reads no incident.",
    )


class Action(Vocabulary):
    """Everything that can be done at the staff desk."""

    ENTER = ("enter", "Enter an incident", "Begin a new incident and keep it unfinished.")
    READ = ("read", "Read an incident", "Read an incident with its history, the confidential parts too.")
    WRITE = ("write", "Change an incident", "Change what an incident says.")
    SUBMIT = ("submit", "Submit", "Hand an incident in, for an editor to take up.")
    TAKE_UP = ("take_up", "Take up", "Begin to check the facts and the wording.")
    SEND_BACK = ("send_back", "Send back", "Give an incident back to whoever wrote it, with a reason.")
    ASK_SAFETY_REVIEW = (
        "ask_safety_review",
        "Ask for safety review",
        "Hand a checked incident to somebody else, who weighs whether publication could harm anyone.",
    )
    CLEAR = ("clear", "Clear for publication", "Say after weighing the risks that it may be published.")
    OBJECT = ("object", "Object", "Say after weighing the risks that it may not be published as it stands.")
    PUBLISH = ("publish", "Publish", "Put a cleared incident before the public.")
    EMBARGO = ("embargo", "Embargo", "Hold a cleared incident back until a set time.")
    LIFT = ("lift", "Lift the embargo", "Take the set time away; the incident stays cleared.")
    RESTRICT = ("restrict", "Restrict", "Make a public incident say less at once, in all its versions.")
    QUARANTINE = ("quarantine", "Quarantine", "Take an incident off the site at once, until it has been looked at.")
    REOPEN = ("reopen", "Reopen", "Bring a quarantined incident back to review.")
    WITHDRAW = ("withdraw", "Withdraw", "Take an incident back for good; a mark stays in its place.")
    RESTORE = ("restore", "Restore a revision", "Make a record of any kind say again what it said before.")
    LIST = ("list", "List incidents", "Search and list the incidents that one may read.")
    SUGGEST = ("suggest", "Look up names", "Find known outlets, people and likely duplicates while typing.")
    READ_REFERENCES = ("read_references", "Read records", "Read outlets, people, sources and topics.")
    WRITE_REFERENCES = ("write_references", "Change records", "Change and merge outlets, people, sources and topics.")
    SETTINGS = ("settings", "Change settings", "Change how the organisation presents itself, and its rules.")
    ACCOUNTS = ("accounts", "Keep accounts", "Invite staff, give roles, end sessions and close accounts.")
    AUDIT = ("audit", "Read the log", "Read who did what and when; it holds no confidential values.")
    DESK = ("desk", "Open the desk", "See what waits for oneself, and keep one's own account.")


class Outcome(Vocabulary):
    """How something ended that the log tells of."""

    DONE = ("done", "Done", "It was done.")
    REFUSED = ("refused", "Refused", "It was not allowed, or something stood against it.")


class AuditEvent(Vocabulary):
    """What the log tells of. It names people and records by their ids, and no confidential value."""

    SIGNED_IN = ("signed_in", "Signed in", "Somebody signed in with all that is asked for.")
    SIGN_IN_FAILED = ("sign_in_failed", "Sign-in failed", "A password or code was wrong, or the account unknown.")
    SIGNED_OUT = ("signed_out", "Signed out", "Somebody ended their own session.")
    CONFIRMED = ("confirmed", "Confirmed who they are", "Somebody proved once more who they are, for a grave step.")
    SESSION_ENDED = ("session_ended", "Session ended", "A session was ended from another one.")
    INVITED = ("invited", "Invited", "A link was made with which one person can join or set a new password.")
    INVITATION_REVOKED = ("invitation_revoked", "Invitation taken back", "A link was made void before it was used.")
    JOINED = ("joined", "Joined", "Somebody used their invitation.")
    PASSWORD_CHANGED = ("password_changed", "Password changed", "Somebody set a new password.")
    SECOND_FACTOR_CHANGED = (
        "second_factor_changed",
        "Second factor changed",
        "A code generator was set up or renewed.",
    )
    RECOVERY_CODE_USED = ("recovery_code_used", "Recovery code used", "Somebody signed in with a code kept for that.")
    RECOVERY_CODES_MADE = ("recovery_codes_made", "Recovery codes made", "Somebody had new codes made.")
    ROLES_CHANGED = ("roles_changed", "Roles changed", "Somebody was given other roles.")
    EMAIL_CHANGED = ("email_changed", "Address changed", "Somebody's e-mail address was changed.")
    ACCOUNT_DISABLED = ("account_disabled", "Account closed", "An account was closed; its sessions ended at once.")
    ACCOUNT_ENABLED = ("account_enabled", "Account opened again", "A closed account was opened again.")
    REFUSED = ("refused", "Not allowed", "Somebody asked for what their roles do not allow.")
    RECORDED = ("recorded", "Recorded", "A new record was made.")
    AMENDED = ("amended", "Changed", "What a record says was changed.")
    RESTORED = ("restored", "Revision restored", "A record was made to say again what it said before.")
    MOVED = ("moved", "Moved on", "An incident took a step on its way to publication, or back.")
    REVIEWED = ("reviewed", "Safety reviewed", "A safety review was decided.")
    PUBLISHED = ("published", "Published", "A record was put before the public.")
    RESTRICTED = ("restricted", "Restricted", "A public record was made to say less.")
    QUARANTINED = ("quarantined", "Quarantined", "A record was taken off the site at once.")
    WITHDRAWN = ("withdrawn", "Withdrawn", "A record was taken back for good.")
    MERGED = ("merged", "Merged", "Two records of the same outlet, person or source were made one.")
    UNMERGED = ("unmerged", "Merge undone", "A merge was undone.")
    DUPLICATE_DECIDED = ("duplicate_decided", "Duplicate decided", "Somebody said whether two records are the same.")
    READ_CONFIDENTIAL = ("read_confidential", "Read confidential parts", "Somebody was shown confidential fields.")
    SETTINGS_CHANGED = ("settings_changed", "Settings changed", "The organisation's settings were changed.")


class FieldGroup(Vocabulary):
    """What is confidential of an incident, in groups; each showing of one of them is logged."""

    INTERNAL_NOTES = ("internal_notes", "Internal notes", "What is noted for staff alone.")
    CONFIDENTIAL_SOURCE = ("confidential_source", "Confidential sources", "Who a confidential source is.")
    WITHHELD_NAME = ("withheld_name", "Withheld names", "The name of somebody who is not to be named.")
    EXACT_PLACE = ("exact_place", "Exact place", "A place known more exactly than it is shown.")
    CONSENT = ("consent", "Consent", "What somebody agreed to, purpose by purpose.")


class ReviewCheck(Vocabulary):
    """What a safety review weighs, point by point (after the guidance of OCHA, OHCHR and Every Casualty)."""

    CONSENT = (
        "consent",
        "Consent of each person",
        "Each person who is named or described agreed to that, or is named so by an open source already.",
    )
    PLACE = (
        "place",
        "Precision of the place",
        "The place that is shown leads nobody to a home, a hiding place or a cell.",
    )
    MINORS = ("minors", "Minors", "No child can be found through this record.")
    MOSAIC = (
        "mosaic",
        "Pieces that fit together",
        "Role, outlet, beat, town and day together do not give away somebody who is not named.",
    )
    DETENTION = (
        "detention",
        "Detention under way",
        "Nobody who is held now is put at greater risk, and those close to them know of the publication.",
    )
    SOURCES = ("sources", "Sources", "Nothing in the text or the list of sources leads to a confidential source.")


class ReviewAnswer(Vocabulary):
    """What a safety review says to one point of its list."""

    YES = ("yes", "Yes", "It was looked at, and it is so.")
    NO = ("no", "No", "It was looked at, and it is not so; the note says why, and what follows.")
    NOT_APPLICABLE = ("not_applicable", "Does not apply", "There is nothing here that the point could speak of.")


class ReviewDecision(Vocabulary):
    """How a safety review ended."""

    CLEARED = ("cleared", "Cleared", "It may be published as it stands.")
    OBJECTED = ("objected", "Objected", "It may not be published as it stands.")


class DuplicateDecision(Vocabulary):
    """What somebody decided about two records that look alike."""

    DIFFERENT = ("different", "Different incidents", "They are not the same, and need no link.")
    RELATED = ("related", "Related incidents", "They are not the same, but belong together.")
    SAME = ("same", "The same incident", "They are the same; one of them is to be withdrawn or given up.")


STAFF_VOCABULARIES: dict[str, type[Vocabulary]] = {
    "role": Role,
    "action": Action,
    "outcome": Outcome,
    "audit_event": AuditEvent,
    "field_group": FieldGroup,
    "review_check": ReviewCheck,
    "review_answer": ReviewAnswer,
    "review_decision": ReviewDecision,
    "duplicate_decision": DuplicateDecision,
}
"""The vocabularies of the staff desk by a stable name."""
