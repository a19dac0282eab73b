"""Where imported records came from: what stood in the file, and what people have done with them since."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.importing.drafts import Entry
from tracker.registry.directory import KEYS_AT_ONCE
from tracker.registry.mapping import KINDS
from tracker.registry.models import Entity, ImportOrigin, Revision
from tracker.registry.operations import CHANGES_WORDS, ONLY_RENAMES

IMPORTER = "import:"
"""How revisions name those who import; what anybody else did, the staff did."""

RESTRICTED = "restrict"

# What says of a record only what its words are; all other actions move it on its way, or make it say less.
_ONLY_WORDS = (CHANGES_WORDS | ONLY_RENAMES | {"record"}) - {RESTRICTED}


class Origins:
    """The origins of the records of one kind, for as long as one transaction lasts."""

    def __init__(self, session: Session, kind: str, keys: Sequence[str]) -> None:
        self._session = session
        self._found: dict[str, ImportOrigin] = {}
        self._edited: set[str] = set()
        self._moved: set[str] = set()
        for some in _chunks(keys):
            of_kind = (ImportOrigin.entity_kind == kind, ImportOrigin.key.in_(some))
            self._found |= {origin.key: origin for origin in session.scalars(select(ImportOrigin).where(*of_kind))}
            edited = (
                select(Revision.entity_id)
                .join(ImportOrigin, ImportOrigin.entity_id == Revision.entity_id)
                .where(*of_kind, Revision.number > ImportOrigin.revision, Revision.action.in_(CHANGES_WORDS))
            )
            self._edited.update(session.scalars(edited))
            self._moved.update(self._moved_by_staff(kind, some))

    def _moved_by_staff(self, kind: str, keys: Sequence[str]) -> Iterable[str]:
        """The ids of the records with which the staff went on since the last import, or that they ever restricted."""
        table = KINDS[kind][1]
        imported = func.coalesce(ImportOrigin.revision, 0)
        wanted = (
            select(Revision.entity_id)
            .join(table, table.id == Revision.entity_id)
            .outerjoin(ImportOrigin, ImportOrigin.entity_id == Revision.entity_id)
            .where(table.key.in_(keys), Revision.action.not_in(_ONLY_WORDS))
            .where(Revision.actor.not_like(f"{IMPORTER}%"))
            .where(or_(Revision.number > imported, Revision.action == RESTRICTED))
        )
        return self._session.scalars(wanted)

    def belongs_to_the_staff(self, entity: Entity) -> bool:
        """Whether the staff took a record into their workflow since the last import, or ever made it say less.

        What they review, hold back, take off the site or withhold is no longer the file's to say or to publish.
        """
        return entity.id in self._moved

    def was_touched(self, entity: Entity) -> bool:
        """Whether anybody changed a record since the last import, in its words or by where it stands."""
        return entity.id in self._edited or entity.id in self._moved

    def belongs_to_a_person(self, entry: Entry, entity: Entity) -> bool:
        """Whether a person recorded this, or changed its words since the last import."""
        return entry.key not in self._found or entity.id in self._edited

    def says_the_same(self, entry: Entry) -> bool:
        """Whether the file says what it said at the last import."""
        origin = self._found.get(entry.key)
        return origin is not None and origin.digest == entry.digest()

    def remember(self, entry: Entry, entity: Entity) -> None:
        """Note what the file says of a record, now that the record says the same."""
        origin = self._found.get(entry.key)
        if origin is None:
            origin = ImportOrigin(entity_kind=entry.kind, key=entry.key, entity_id=entity.id)
            self._session.add(origin)
            self._found[entry.key] = origin
        origin.digest = entry.digest()
        origin.revision = entity.version
        origin.imported_at = utc_now()


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + KEYS_AT_ONCE] for start in range(0, len(keys), KEYS_AT_ONCE))
