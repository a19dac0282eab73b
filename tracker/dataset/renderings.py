"""Where the renderings of incident versions are kept, closed and removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from tracker.dataset import search, tallies
from tracker.dataset.models import (
    OPEN,
    PublicFacet,
    PublicIncident,
    PublicIncidentTopic,
    PublicKnown,
    PublicLine,
    PublicPoint,
)
from tracker.dataset.rendering import fingerprint, render

BATCH = 500
Item = TypeVar("Item")
RENDERED = (PublicFacet, PublicIncidentTopic, PublicKnown, PublicPoint, PublicLine, PublicIncident)


@dataclass(frozen=True, slots=True)
class Span:
    """An incident version as its renderings know it: its id, from when until when it is public, and its JSON."""

    version_id: int
    valid_from: int
    valid_to: int | None
    json: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> Span:
        """The version in a row of these four columns whose content was not removed."""
        return cls(*row)


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items in lists of at most `size`, since databases limit the parameters of one statement."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def store(session: Session, versions: Sequence[Span]) -> None:
    """Make and store the renderings of incident versions that have none."""
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in reversed(RENDERED)}
    words: list[tuple[int, str]] = []
    for version in versions:
        made = render(version.json)
        key = {"version_id": version.version_id}
        open_ended = OPEN if version.valid_to is None else version.valid_to
        span = {**key, "valid_from": version.valid_from, "valid_to": open_ended}
        rows[PublicIncident].append({**span, **made.columns, "rendered_with": fingerprint()})
        rows[PublicLine].append({**span, "csv": made.csv, "feature": made.feature})
        rows[PublicPoint].append({**span, **made.point})
        rows[PublicIncidentTopic] += [{**key, "topic": topic} for topic in made.topics]
        rows[PublicKnown].append({**key, "bits": made.known})
        rows[PublicFacet] += [{**span, **facet._asdict()} for facet in made.facets]
        words.append((version.version_id, made.words))
    for table, found in rows.items():
        if found:
            # Plain rows of a table, which need none of the care that goes into objects.
            session.execute(insert(table.__table__), found)
    search.add_documents(session, words)
    for batch in batches([version.version_id for version in versions if version.valid_to is None]):
        tallies.change(session, batch, 1)


def close(session: Session, version_ids: Sequence[int], dataset_version: int) -> None:
    """Let incident versions end with `dataset_version`."""
    for batch in batches(version_ids):
        tallies.change(session, batch, -1)
        for table in (PublicIncident, PublicLine, PublicFacet, PublicPoint):
            session.execute(
                update(table).where(table.version_id.in_(batch)).values(valid_to=dataset_version),
                execution_options={"synchronize_session": False},
            )


def remove(session: Session, version_ids: Sequence[int]) -> None:
    """Remove everything that was rendered of incident versions."""
    for batch in batches(version_ids):
        tallies.change(session, batch, -1)
        for table in RENDERED:
            session.execute(
                delete(table).where(table.version_id.in_(batch)),
                execution_options={"synchronize_session": False},
            )
        search.remove_documents(session, batch)
