"""Public records for the tests of the dataset: silent ones, to be filled in where a test wants something."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from tracker.dataset import store
from tracker.dataset.fields import TREES, FieldType, Kind, Tree
from tracker.dataset.models import DatasetCounter
from tracker.dates import IncidentDate
from tracker.db import Database
from tracker.vocabulary import Nature

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
_SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
_SILENT = {
    FieldType.TRANSLATIONS: dict,
    FieldType.CODES: list,
    FieldType.TEXTS: list,
    FieldType.INTEGERS: list,
    FieldType.OBJECTS: list,
}

Record = dict[str, Any]


def silent(tree: Tree) -> Record:
    """A record of the shape of `tree` in which nothing is recorded."""
    return {field.name: _SILENT.get(field.type, lambda: None)() for field in tree}


def _tree(*path: str) -> Tree:
    tree = TREES[Kind.INCIDENT]
    for name in path:
        tree = next(field.fields for field in tree if field.name == name)
    return tree


def when(edtf: str, **more: Any) -> Record:
    """The public form of a date."""
    read = IncidentDate.from_edtf(edtf, **more)
    return {
        "edtf": read.edtf,
        "earliest": read.earliest and read.earliest.isoformat(),
        "latest": read.latest and read.latest.isoformat(),
        "precision": read.precision,
        "extent": read.extent,
        "part_of_day": read.part_of_day,
        "basis": read.basis,
        "as_reported": read.as_reported,
        "ongoing": read.ongoing,
    }


def place(**given: Any) -> Record:
    """A public place."""
    return silent(_tree("place")) | {"precision": "locality", "generalised": False} | given


def victim(**given: Any) -> Record:
    """A victim; `outlet` may be given by its slug."""
    if isinstance(given.get("outlet"), str):
        given["outlet"] = {"slug": given["outlet"], "name": given["outlet"].title()}
    return silent(_tree("acts", "victims")) | {"kind": "person", "naming": "not_named_in_source"} | given


def by(perpetrator: str | None, role: str = "direct", **given: Any) -> Record:
    """An involvement."""
    return silent(_tree("acts", "involvements")) | {"role": role, "perpetrator": perpetrator} | given


def act(violation: str, victims: Iterable[Record] = (), involvements: Iterable[Record] = (), **given: Any) -> Record:
    """An act."""
    parts = {"violation": violation, "victims": list(victims), "involvements": list(involvements)}
    return silent(_tree("acts")) | parts | given


def source(number: int = 1, **given: Any) -> Record:
    """A cited source."""
    return silent(_tree("sources")) | {"number": number, "type": "ngo_report"} | given


def incident(reference: str, date_text: str = "2020-10-05", **given: Any) -> Record:
    """An incident on one day with nothing else recorded; `topics` may be given by their slugs."""
    topics = [{"slug": slug, "title": {"en": slug}} for slug in given.pop("topics", ())]
    return (
        silent(TREES[Kind.INCIDENT])
        | {
            "reference": reference,
            "id": record_id(reference),
            "title": {"en": f"Incident {reference}"},
            "date": when(date_text),
            "place": place(country="KG"),
            "verification": "reported",
            "work_related": "likely",
            "confidential_sources": 0,
            "topics": topics,
            **history(),
        }
        | given
    )


def outlet(slug: str, **given: Any) -> Record:
    """An outlet."""
    own = {"slug": slug, "id": record_id(slug), "name": slug.title(), **history()}
    return silent(TREES[Kind.OUTLET]) | own | given


def topic(slug: str, **given: Any) -> Record:
    """A topic."""
    own = {"slug": slug, "id": record_id(slug), "title": {"en": slug.title()}, **history()}
    return silent(TREES[Kind.TOPIC]) | own | given


def site(**given: Any) -> Record:
    """The site's own record."""
    return silent(TREES[Kind.SITE]) | {"name": {"en": "Tracker"}, "licence": "cc_by_4_0", **history()} | given


def history() -> Record:
    """When a record was published and revised."""
    return {"published_on": "2026-03-01", "revised_on": "2026-03-01", "revision": 1}


def record_id(key: str) -> str:
    """The same id for the same key."""
    return uuid5(_SPACE, key).hex[:26]


def publication(record: Mapping[str, Any], nature: Nature = Nature.ADDITION) -> store.Publication:
    """A record on its way into the dataset; its kind shows in its fields."""
    kind = next(kind for kind, tree in TREES.items() if {field.name for field in tree} == set(record))
    key = record.get("reference") or record.get("slug") or "site"
    return store.Publication(kind, record_id(key), key, record, nature)


def publish(
    database: Database, *records: Mapping[str, Any], nature: Nature = Nature.ADDITION, at: datetime | None = None
) -> int:
    """Publish records in one transaction, a day after the version before unless told when; returns the version."""
    with database.write() as session:
        before = session.scalars(select(DatasetCounter.version)).one()
        moment = at or START + timedelta(days=before)
        version = store.next_version(session, moment)
        going = [publication(record, nature) for record in records]
        store.put_many(session, going, dataset_version=version, at=moment)
    return version


def day(text: str | None) -> date | None:
    """A day of a public record."""
    return None if text is None else date.fromisoformat(text)
