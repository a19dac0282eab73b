"""The names behind keys: histories and comparisons refer to other records by key, and readers know them by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.registry.mapping import KINDS
from tracker.registry.models import Entity, Incident, Outlet, Person, Source, Topic

REFERS = {
    "person": "person",
    "outlet": "outlet",
    "source": "source",
    "sources": "source",
    "name_published_in": "source",
    "topics": "topic",
    "related": "incident",
}
"""Fields that hold keys of other records, and of which kind."""

AT_ONCE = 500


def keys_in(value: Any, name: str = "") -> set[tuple[str, str]]:
    """Every key of another record in a snapshot or a part of one, with its kind; `name` is the field of the part."""
    if isinstance(value, dict):
        return {found for field, part in value.items() for found in keys_in(part, field)}
    if isinstance(value, list):
        return {found for part in value for found in keys_in(part, name)}
    return {(REFERS[name], value)} if name in REFERS and isinstance(value, str) else set()


def names_of(session: Session, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """What records are called, by kind and key; a key of nothing is left out."""
    wanted: dict[str, set[str]] = {}
    for kind, key in keys:
        wanted.setdefault(kind, set()).add(key)
    found: dict[tuple[str, str], str] = {}
    for kind, some in wanted.items():
        model, listed = KINDS[kind][1], sorted(some)
        for start in range(0, len(listed), AT_ONCE):
            chunk = model.key.in_(listed[start : start + AT_ONCE])
            found |= {(kind, each.key or ""): name_of(each) for each in session.scalars(select(model).where(chunk))}
    return found


def name_of(entity: Entity) -> str:
    """What a record is called at the desk."""
    if isinstance(entity, Person | Outlet):
        return entity.name
    if isinstance(entity, Source):
        return ", ".join(part for part in (entity.publisher, entity.title) if part) or entity.url or entity.key or ""
    if isinstance(entity, Topic | Incident):
        title = entity.title.get("en") or next(iter(entity.title.values()), "")
        return title or getattr(entity, "reference", None) or entity.key or entity.id
    return entity.key or entity.id
