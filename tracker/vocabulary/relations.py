"""How our codes stand to the classes of other lists, and how surely that is known."""

from tracker.vocabulary.base import Vocabulary


class Relation(Vocabulary):
    """How a class of another list stands to a code of ours.

    The relation is said from our side, as in SKOS: "broader" means that their class is broader than our code. It also
    says what may be counted. What is exact or broader belongs to their class by its definition; what is narrower may
    belong to it, and a person has to judge each act.
    """

    EXACT = (
        "exact",
        "Exact",
        "Their class and our code mean the same acts, so that all of ours belong to it and nothing else does.",
    )
    BROADER = (
        "broader",
        "Broader",
        "Their class is broader: all our acts of this kind belong to it, and it takes in other acts too.",
    )
    NARROWER = (
        "narrower",
        "Narrower",
        "Their class is narrower or only overlaps: some of our acts of this kind belong to it, which ones a person "
        "has to judge.",
    )
    NONE = ("none", "None", "No class of theirs takes in our acts of this kind.")

    @property
    def rank(self) -> int:
        """How strong the relation is, the strongest with the smallest number."""
        return tuple(Relation).index(self)


class Certainty(Vocabulary):
    """How surely it is known what another list says.

    That a class of theirs stands in the relation that we state is our own comparison in every case: none of those who
    keep the other lists has confirmed it.
    """

    READ = ("read", "Read", "We read it in the list's own text, or in the program of those who keep it.")
    REPORTED = ("reported", "Reported", "We read it in a page by others that repeats or quotes the list.")
    UNCONFIRMED = (
        "unconfirmed",
        "Unconfirmed",
        "We hold it from memory or infer it, and have not read it where it would have to stand.",
    )

    @property
    def doubt(self) -> int:
        """How doubtful it is, the surest with the smallest number."""
        return tuple(Certainty).index(self)
