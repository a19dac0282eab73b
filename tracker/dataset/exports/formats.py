"""What a kind of file is: the one description behind its address, its command, its line on the data page, its tests."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.dataset.editions import Edition
from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.meta import UNIT, Export, prepare
from tracker.dataset.filters import DatasetFilter

PIECE = 1 << 18

Writing = Callable[[Sessions, Export], Iterator[bytes]]
"""Gives a file in pieces, in constant memory, while it is sent."""

Making = Callable[[Sessions, Export, Path], Path]
"""Makes a file in an empty folder, together with whatever it needs there meanwhile, and says where it is."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes:
        name: what it is called on the command line.
        label: what readers call it.
        stem, ending: the name of the file and of its address, before and after the dot.
        media_type: what it is to browsers, with its parameters.
        purpose: what it is for and what it holds, as a sentence or two.
        unit: what is counted where its rows are counted.
        writing: how it is written while it is sent; None for a file that is made whole before.
        making: how it is made whole, to be kept and served; None for one that is written while it is sent.
        columns: the columns that can be chosen with `fields`; none where there is no choice, nor hashtags.
    """

    name: str
    label: str
    stem: str
    ending: str
    media_type: str
    purpose: str
    unit: str = UNIT
    writing: Writing | None = None
    making: Making | None = None
    columns: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its address on the site."""
        return f"/{self.stem}.{self.ending}"

    @property
    def endpoint(self) -> str:
        """The name of that address in the program."""
        return f"{self.stem}_{self.ending}"

    @property
    def hash_path(self) -> str:
        """Where its hash is asked for, if it is written while it is sent."""
        return f"{self.path}.sha256"

    @property
    def is_stored(self) -> bool:
        """Whether it is made whole and kept, rather than written while it is sent."""
        return self.making is not None

    def prepare(
        self, session: Session, wanted: DatasetFilter, *, site: str | None = None, edition: Edition | None = None
    ) -> Export:
        """Decide what such a file will hold; see `meta.prepare`. Pages are for what is written while it is sent."""
        paged = not self.is_stored
        return prepare(session, wanted, columns=self.columns, unit=self.unit, paged=paged, site=site, edition=edition)

    def write(self, sessions: Sessions, export: Export, *, within: Path | None = None) -> Iterator[bytes]:
        """The file in pieces, whichever way it is made. Raises `OSError` where there is no room to make it.

        What is made meanwhile lies in a folder `within` another one, such as a `workroom`; among the temporary files by
        default, where nobody clears it away should the program be killed.
        """
        if self.writing is not None:
            yield from self.writing(sessions, export)
            return
        assert self.making is not None
        with (
            tempfile.TemporaryDirectory(dir=within) as folder,
            self.making(sessions, export, Path(folder)).open("rb") as made,
        ):
            while piece := made.read(PIECE):
                yield piece
