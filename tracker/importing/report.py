"""What an import did with each record of its file."""

from dataclasses import dataclass, field
from enum import StrEnum

from tracker.importing.drafts import Entry


class Fate(StrEnum):
    """What became of a record of the file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass
class Report:
    """What an import did: how many records of each kind met which fate, and what it published.

    Attributes:
        kept: the records that were left alone because a person had edited or recorded them.
        for_staff: the records that were left alone because the staff have them in their workflow, or restricted them.
        pins_kept: the incidents whose point a person had set by hand, so that the file's was not taken.
        held_back: the incidents that were not published because of where the staff have put them, with that stage.
        published: how many public records were made, in dataset versions up to `version`.
        restrictions: how many of those say less than before, so that their past had to be removed.
    """

    counts: dict[tuple[str, Fate], int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    for_staff: list[str] = field(default_factory=list)
    pins_kept: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    published: int = 0
    restrictions: int = 0
    version: int | None = None

    def add(self, entry: Entry, fate: Fate, *, for_staff: bool = False) -> None:
        """Count one record; `for_staff` tells why it was kept."""
        self.counts[entry.kind, fate] = self.counts.get((entry.kind, fate), 0) + 1
        if fate is Fate.KEPT:
            (self.for_staff if for_staff else self.kept).append(f"{entry.kind} {entry.key}")

    def total(self, fate: Fate) -> int:
        """How many records of all kinds met this fate."""
        return sum(count for (_kind, met), count in self.counts.items() if met is fate)

    @property
    def nothing_changed(self) -> bool:
        """Whether the import left registry and dataset as they were."""
        return not (self.total(Fate.CREATED) or self.total(Fate.UPDATED) or self.published)
