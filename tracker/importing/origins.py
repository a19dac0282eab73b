"""Where imported records came from: what stood in the file, and whether a person has edited them since."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.importing.drafts import Entry
from tracker.registry.directory import KEYS_AT_ONCE
from tracker.registry.models import Entity, ImportOrigin, Revision
from tracker.registry.operations import CHANGES_WORDS


class Origins:
    """The origins of the records of one kind, for as long as one transaction lasts."""

    def __init__(self, session: Session, kind: str, keys: Sequence[str]) -> None:
        self._session = session
        self._found: dict[str, ImportOrigin] = {}
        self._edited: set[str] = set()
        for some in _chunks(keys):
            of_kind = (ImportOrigin.entity_kind == kind, ImportOrigin.key.in_(some))
            self._found |= {origin.key: origin for origin in session.scalars(select(ImportOrigin).where(*of_kind))}
            edited = (
                select(Revision.entity_id)
                .join(ImportOrigin, ImportOrigin.entity_id == Revision.entity_id)
                .where(*of_kind, Revision.number > ImportOrigin.revision, Revision.action.in_(CHANGES_WORDS))
            )
            self._edited.update(session.scalars(edited))

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
