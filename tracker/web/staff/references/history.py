"""The history of an outlet, person, source or topic. What is restored reaches readers as any change of it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from tracker.publication import affected
from tracker.registry.models import Entity
from tracker.registry.operations import Refused
from tracker.registry.permissions import may
from tracker.vocabulary.staff import Action, FieldGroup
from tracker.web.staff.context import me
from tracker.web.staff.history import pages
from tracker.web.staff.history.subject import Hindered, Subject
from tracker.web.staff.objects import record_for
from tracker.web.staff.references.kinds import Kind, name_of
from tracker.web.staff.references.publishing import against, apply_to_public
from tracker.web.staff.references.showing import groups_in, public_side
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext


class Records(Subject):
    """One kind of record that incidents refer to."""

    id_name = "record_id"
    right = Action.READ_REFERENCES

    def __init__(self, kind: Kind) -> None:
        self.kind = kind.kind
        self.rule = f"/{kind.plural}/<record_id>"
        self.endpoints = {
            "record": kind.kind,
            "history": f"{kind.kind}_history",
            "revision": f"{kind.kind}_revision",
            "restore": f"restore_{kind.kind}",
        }
        self._model = kind.model

    def find(self, session: Session, record_id: str, action: Action) -> Entity:
        """The record, if whoever is signed in may do this; else 404."""
        return record_for(session, self._model, record_id) if may(me(), action) else abort(404)

    def title(self, entity: Entity) -> str:
        """Its name."""
        return name_of(entity)

    def groups(self, session: Session, entity: Entity, snapshots: Sequence[Mapping[str, Any]]) -> set[FieldGroup]:
        """The confidential groups that hold anything in these states of the record."""
        return groups_in(session, entity, snapshots)

    def hindrance(self, session: Session, entity: Entity) -> str | None:
        """That it was merged: what named it names another record, which it would not change."""
        if getattr(entity, "merged_into", None) is None:
            return None
        return gettext(
            "This record was merged into another one, and nothing of it can be restored. Undo the merge first, on the "
            "page of the other record."
        )

    def public_note(self, session: Session, entity: Entity) -> str | None:
        """That readers see what is restored only when it is applied."""
        public = public_side(session, entity)
        if not (public.there or public.incidents):
            return None
        return gettext("What readers see stays as it is until the restored record is applied.")

    def public_incidents(self, session: Session, entity: Entity) -> int:
        """How many public incidents name it."""
        return len(affected(session, entity))

    def apply(self, session: Session, entity: Entity) -> None:
        """Have everything that is public of it, or names it, follow. Raises `Hindered`."""
        try:
            apply_to_public(session, entity)
        except Refused as refused:
            raise Hindered([("restore", against(problem)) for problem in refused.problems]) from refused


def routes_of(kind: Kind) -> list[Route]:
    """The addresses of the histories of a kind of record."""
    return pages.routes_of(Records(kind))
