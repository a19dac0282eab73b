"""The page of one record: its form, where it is named, what readers see of it, and how it became what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.publication import Gate, affected
from tracker.registry import merges
from tracker.registry.drafts import Problem
from tracker.registry.mapping import snapshot
from tracker.registry.models import Entity, Merge, Outlet, Person, Site, Source, Topic
from tracker.registry.names import withheld
from tracker.registry.operations import changes_between
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action, FieldGroup
from tracker.web.staff import reading_log
from tracker.web.staff.context import me, page, reading
from tracker.web.staff.differences import Line, readable
from tracker.web.staff.objects import record_for
from tracker.web.staff.references.forms import Raw, filled, languages_of
from tracker.web.staff.references.judging import Wrong, put_to_fields, shown
from tracker.web.staff.references.kinds import Kind, name_of, usage
from tracker.web.staff.references.notices import NOTICES

# What a public record says of itself, and not of what it is about.
ABOUT_ITSELF = frozenset({"id", "published_on", "revised_on", "revision", "slug"})


@dataclass(frozen=True, slots=True)
class Public:
    """What readers see: whether there is a page of its own, how many public incidents name it, what would change."""

    there: bool
    incidents: int
    changes: list[Line]
    can: bool


def languages(session: Session, *records: Any) -> list[str]:
    """The languages in which texts are asked for."""
    of_site = session.scalars(select(Site.languages)).first()
    return languages_of(*records, also=of_site or [])


def public_side(session: Session, entity: Entity) -> Public:
    """What readers see of a record, and what publishing it would change."""
    named = len(affected(session, entity))
    if not isinstance(entity, Outlet | Topic | Site):
        return Public(False, named, [], named > 0)
    gate = Gate(session, by="preview")
    old = gate.standing([entity]).get(entity.id)
    new = gate.record(entity, old)
    before, after = (
        {name: value for name, value in (record or {}).items() if name not in ABOUT_ITSELF} for record in (old, new)
    )
    kind = "site" if isinstance(entity, Site) else "outlet" if isinstance(entity, Outlet) else "topic"
    lines = readable(changes_between(_without_numbers(before), _without_numbers(after)), kind=kind)
    return Public(old is not None, named, lines, old is None or before != after)


def _without_numbers(record: Raw) -> Raw:
    """A public record without the numbers by which its texts refer to its sources."""
    made = {name: value for name, value in record.items() if name != "sources"}
    for name in ("timeline", "follow_ups"):
        rows = [{key: value for key, value in row.items() if key != "sources"} for row in made.get(name, [])]
        made |= {name: rows} if name in made else {}
    return made


def show(kind: Kind, record_id: str) -> str:
    """The page of a record as it stands."""
    with reading() as session:
        entity = record_for(session, kind.model, record_id)
        values = of_record(session, kind, entity, shown(session, snapshot(entity)), entity.version, [])
        groups = groups_in(session, entity, [snapshot(entity)])
    reading_log.note(entity, groups)
    return page("staff/references/record.html", notices=NOTICES, **values)


def of_record(
    session: Session, kind: Kind, entity: Entity, raw: Raw, version: int, problems: list[Problem]
) -> dict[str, Any]:
    """Everything that the page of a record shows, with this in its form."""
    spoken = languages(session, raw)
    form = filled(kind.kind, raw, spoken)
    wrong: list[Wrong] = put_to_fields(form, problems, kind.kind)
    incidents, total, public = usage(session, entity)
    into = getattr(entity, "merged_into", None)
    return {
        "kind": kind,
        "record": entity,
        "name": name_of(entity),
        "form": form,
        "languages": spoken,
        "problems": wrong,
        "version": version,
        "incidents": incidents,
        "total": total,
        "public_total": public,
        "public": public_side(session, entity),
        "may_write": may(me(), Action.WRITE_REFERENCES) and into is None,
        "merged_into": session.get(kind.model, into) if into else None,
        "merges": _merges(session, entity) if kind.mergeable else [],
        "withheld": isinstance(entity, Person) and bool(withheld(session, [entity.id])),
        "name_of": name_of,
        "titles": source_titles(session, raw),
        "just_saved": request.args.get("done") in ("saved", "restored", "unmerged"),
    }


def source_titles(session: Session, raw: Raw) -> dict[str, str]:
    """The titles of the sources that the rows of a topic name, by their keys."""
    keys = {key for name in ("timeline", "follow_ups") for row in raw.get(name, []) for key in row.get("sources", [])}
    if not keys:
        return {}
    return {source.key or "": name_of(source) for source in session.scalars(select(Source).where(Source.key.in_(keys)))}


def _merges(session: Session, entity: Entity) -> list[tuple[Merge, str]]:
    listed = [merge for merge in merges.merges_of(session, entity) if merge.kept_id == entity.id]
    return [(merge, name_of(merges.both(session, merge)[1])) for merge in listed]


def groups_in(session: Session, entity: Entity, snapshots: Sequence[Mapping[str, Any]]) -> set[FieldGroup]:
    """The confidential groups that hold anything in these states of a record, for the log of reading.

    A record that is confidential now was meant to be so at all times.
    """
    if isinstance(entity, Person):
        return {FieldGroup.WITHHELD_NAME} if withheld(session, [entity.id]) else set()
    if isinstance(entity, Source):
        kept = any(each.get("confidential") or each.get("note") for each in [snapshot(entity), *snapshots])
        return {FieldGroup.CONFIDENTIAL_SOURCE} if kept else set()
    return reading_log.groups_in(session, snapshots)
