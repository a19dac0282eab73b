"""Which public texts name a record that was taken off the site by its reference, for the people who can amend them.

The gate takes a reference out of what it wrote itself. What people wrote it leaves to them: it only tells them where.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.dataset import past, store
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.publication.checks import texts_of
from tracker.registry.drafts import Path
from tracker.registry.models import Incident
from tracker.vocabulary import Status

REFERENCE = re.compile(r"(?<![0-9a-z])[a-z]{3}-(?:[0-9]{4}|nd)-[0-9]{4,}(?![0-9a-z])", re.IGNORECASE)
# What the gate writes there is no text of anybody.
OF_THE_GATE = frozenset({"reference", "related"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A public record whose texts name records that are not on the site.

    Attributes:
        kind, record_id, key: which one; the key is what it is called in addresses now, None where it is public no more.
        references: the references that it names.
        places: where they stand in what is public now.
        in_past: whether one stands in an earlier version that can still be asked for.
    """

    kind: Kind
    record_id: str
    key: str | None
    references: tuple[str, ...]
    places: tuple[Path, ...]
    in_past: bool


def references_in(record: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each reference in the texts of a public record, with its place."""
    for path, words in texts_of(record):
        if path[0] not in OF_THE_GATE:
            yield from ((path, found.upper()) for found in REFERENCE.findall(words))


def off_the_site(session: Session, among: Collection[str] | None = None) -> list[str]:
    """The references of records that were public and answer as unknown ones now; `among` some, or all there are."""
    wanted: list[ColumnElement[bool]] = [
        Incident.reference.is_not(None),
        Incident.status.not_in({Status.PUBLISHED, Status.WITHDRAWN}),
    ]
    if among is not None:
        wanted.append(Incident.reference.in_(set(among)))
    return sorted(filter(None, session.scalars(select(Incident.reference).where(*wanted))))


def named_off_the_site(session: Session, record: dict[str, Any]) -> list[str]:
    """The references of records that are not on the site, in the texts of a public record."""
    named = {reference for _path, reference in references_in(record)}
    return off_the_site(session, named) if named else []


def mentions(session: Session, references: Collection[str]) -> list[Mention]:
    """The public records whose texts name one of these references, now or in an earlier version.

    All versions that still have their content are read for it.
    """
    versions: dict[Kind, dict[str, list[past.Version]]] = {}
    for version in past.holding(session, references):
        versions.setdefault(version.kind, {}).setdefault(version.record_id, []).append(version)
    found = [
        _mention(kind, record_id, now[record_id].key if record_id in now else None, of_it, set(references))
        for kind, of_kind in versions.items()
        for now in [store.current_many(session, kind, of_kind)]
        for record_id, of_it in of_kind.items()
    ]
    return sorted(filter(None, found), key=lambda each: (each.kind, each.key or "", each.record_id))


def _mention(
    kind: Kind, record_id: str, key: str | None, versions: Iterable[past.Version], wanted: set[str]
) -> Mention | None:
    named: set[str] = set()
    places: list[Path] = []
    in_past = False
    for version in versions:
        told = [(path, each) for path, each in references_in(json.loads(version.json)) if each in wanted]
        named |= {each for _path, each in told}
        places += [path for path, _each in told] if version.is_open else []
        in_past = in_past or (bool(told) and not version.is_open)
    return Mention(kind, record_id, key, tuple(sorted(named)), tuple(dict.fromkeys(places)), in_past) if named else None


_kept: tuple[tuple[str, tuple[str, ...]], list[Mention]] | None = None


def all_mentions(session: Session) -> list[Mention]:
    """The mentions of all records that are not on the site; kept until something else is published or taken away."""
    global _kept
    references = off_the_site(session)
    if not references:
        return []
    asked = (dataset_version(session).stamp, tuple(references))
    kept = _kept
    if kept is None or kept[0] != asked:
        _kept = kept = (asked, mentions(session, references))
    return kept[1]
