"""Whose history is told: what incidents and the records that they refer to do not have in common."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from tracker.registry.models import Entity, Incident
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action, FieldGroup
from tracker.web.staff.context import me


class Hindered(Exception):
    """Nothing was restored.

    Attributes:
        problems: what stands against it, as the id of a place on the page and a sentence.
        status: how that is answered: 409 where the record stands against it, 422 where what was typed does.
    """

    def __init__(self, problems: Sequence[tuple[str, str]], status: int = 409) -> None:
        super().__init__("; ".join(sentence for _, sentence in problems))
        self.problems = problems
        self.status = status


class Subject(ABC):
    """Incidents, or one kind of the records that they refer to.

    Attributes:
        kind: their word in the registry.
        rule: the address of one of them below /staff.
        id_name: what its id is called in addresses.
        endpoints: the endpoints, without `staff.`, of its page (`record`) and its `history`, of one `revision` and of
            what restores it (`restore`).
        right: the right to read one of them.
    """

    kind: str
    rule: str
    id_name: str
    endpoints: Mapping[str, str]
    right: Action

    @abstractmethod
    def find(self, session: Session, record_id: str, action: Action) -> Entity:
        """The record, if whoever is signed in may do this to it as it stands; else 404 or 403."""

    @abstractmethod
    def title(self, entity: Entity) -> str:
        """What the record is called on its pages."""

    @abstractmethod
    def groups(self, session: Session, entity: Entity, snapshots: Sequence[Mapping[str, Any]]) -> set[FieldGroup]:
        """The confidential groups that hold anything in these states of the record, for the log of reading."""

    @abstractmethod
    def public_note(self, session: Session, entity: Entity) -> str | None:
        """What readers will see of it once it is restored, in a sentence; None where they see nothing of it now."""

    def may_restore(self, entity: Entity) -> bool:
        """Whether whoever is signed in may restore a revision of the record as it stands."""
        return may(me(), Action.RESTORE, entity if isinstance(entity, Incident) else None)

    def hindrance(self, session: Session, entity: Entity) -> str | None:
        """Why nothing of it can be restored as it stands, in a sentence."""
        return None

    def public_incidents(self, session: Session, entity: Entity) -> int:
        """How many public incidents restoring it can be applied to at once."""
        return 0

    def apply(self, session: Session, entity: Entity) -> None:
        """Have readers see it as it stands now. Raises `Hindered`."""
        raise NotImplementedError

    def address(self, name: str, entity: Entity, **more: Any) -> str:
        """The address of one of its endpoints."""
        parts: dict[str, Any] = {self.id_name: entity.id, **more}
        return url_for(f"staff.{self.endpoints[name]}", **parts)
