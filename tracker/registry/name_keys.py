"""Keys to look records up by: every spelling of each, from each of its words on, in its own script and in Latin.

They are written with the record, in the same transaction, and stand in a table of their own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from tracker import text
from tracker.registry.mapping import kind_of
from tracker.registry.models import Entity, Incident, NameKey, Outlet, Person, Source, Topic

LONGEST_TYPED = 100
LONGEST_WHOLE = 300
MOST_WORDS = 20
# Sentences are many and long, so less of them is kept than of names.
LONGEST_KEY = {"incident": 40, "source": 60}
AT_ONCE = 400


def latin(words: str) -> str:
    """A text in Latin letters, in which the usual ways to write a Cyrillic name come out the same.

    Юлия, Yuliya, Yulia and Iuliia give one key. What a text begins with gives what its key begins with.
    """
    # Its tables of every script stay out of the memory of whoever looks nobody up.
    from text_unidecode import unidecode  # type: ignore[import-untyped]

    plain = text.fold(re.sub("['`\"]", "", unidecode(text.fold(words))))
    # The letters that romanisations use for й, ы, ю and я, and кс.
    return re.sub("i+", "i", plain.translate(_ROMANISATIONS))


_ROMANISATIONS = str.maketrans({"y": "i", "j": "i", "x": "ks"})


def keys_of(words: str) -> list[str]:
    """The keys under which a text is stored and looked up: its own letters, and Latin ones where these differ."""
    return [key for key in dict.fromkeys((text.fold(words), latin(words))) if key]


def spellings(entity: Entity) -> list[str]:
    """Everything by which somebody may look for a record."""
    if isinstance(entity, Outlet | Person):
        return [entity.name, *(other["name"] for other in entity.other_names if other.get("name"))]
    if isinstance(entity, Source):
        return [found for found in (entity.title, entity.publisher, entity.key) if found]
    if isinstance(entity, Topic):
        return [*entity.title.values(), *([entity.key] if entity.key else [])]
    if isinstance(entity, Incident):
        return [*entity.title.values(), *([entity.reference] if entity.reference else [])]
    return []


def reindex(session: Session, entity: Entity) -> None:
    """Write the keys of one record anew, in the transaction that changed it."""
    reindex_many(session, [entity])


def reindex_many(session: Session, entities: Iterable[Entity], *, fresh: bool = False) -> None:
    """Write the keys of records anew; `fresh` ones have none yet."""
    listed = list(entities)
    for start in range(0, 0 if fresh else len(listed), AT_ONCE):
        ids = [entity.id for entity in listed[start : start + AT_ONCE]]
        session.execute(delete(NameKey).where(NameKey.entity_id.in_(ids)))
    rows = [row for entity in listed for row in _rows(entity)]
    if rows:
        session.execute(insert(NameKey), rows)


def add_references(session: Session, incidents: Iterable[Incident]) -> None:
    """Write the keys of the references that incidents were just given."""
    rows = [row for incident in incidents for row in _rows_of(incident, [incident.reference or ""])]
    if rows:
        session.execute(insert(NameKey), rows)


def _rows(entity: Entity) -> Iterator[dict[str, Any]]:
    yield from _rows_of(entity, spellings(entity))
    if isinstance(entity, Source) and entity.url:
        yield _row(entity, address_key(entity.url), whole=True)


def _rows_of(entity: Entity, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    longest = LONGEST_KEY.get(kind_of(entity), LONGEST_TYPED)
    found: dict[str, bool] = {}
    for key in (key for words in texts for key in keys_of(words)):
        found[key[:LONGEST_WHOLE]] = True
        starts = [match.start() for match in re.finditer(r"(?<= )\S", key)]
        for start in starts[: MOST_WORDS - 1]:
            found.setdefault(key[start : start + longest].rstrip(), False)
    yield from (_row(entity, words, whole=whole) for words, whole in found.items())


def _row(entity: Entity, words: str, *, whole: bool) -> dict[str, Any]:
    return {"entity_kind": kind_of(entity), "entity_id": entity.id, "words": words, "whole": whole}


def address_key(url: str) -> str:
    """The key of a web address, which is found with and without its scheme."""
    return text.fold(re.sub(r"^https?://(www\.)?", "", url.strip()))[:LONGEST_WHOLE]


def reindex_everything(session: Session) -> int:
    """Write the keys of all records of a database that has none; returns how many records there were."""
    if session.scalar(select(NameKey.id).limit(1)) is not None:
        return 0
    done = 0
    for table in (Outlet, Person, Source, Topic, Incident):
        last = ""
        while batch := session.scalars(select(table).where(table.id > last).order_by(table.id).limit(AT_ONCE)).all():
            reindex_many(session, batch, fresh=True)
            last, done = batch[-1].id, done + len(batch)
            session.expunge_all()
    return done
