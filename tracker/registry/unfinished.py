"""Unfinished forms: what somebody has typed and not handed in, kept exactly as it was posted. Every write to them.

A form belongs to whoever types in it; nobody else can find it. It has an id before it is first kept, which the browser
carries, so that a save whose answer was lost can be repeated.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from tracker.db import utc_now
from tracker.registry.models import UnfinishedForm
from tracker.registry.models.common import ID_ALPHABET, ID_LENGTH, random_id
from tracker.text import shorten

Pairs = Sequence[tuple[str, str]]
LONGEST_TITLE = 200
MOST_FORMS = 200
_ID = re.compile(f"[{ID_ALPHABET.decode()}]{{{ID_LENGTH}}}")


class NotYours(LookupError):
    """A form of this id is not there for whoever asks, or can never be."""


class Outrun(Exception):
    """A newer save of the same form came first, whose count is `sequence`; nothing was written."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"save {sequence} came first")
        self.sequence = sequence


class OpenElsewhere(Exception):
    """The same person has changes to the same incident in another form."""


class TooMany(Exception):
    """Somebody keeps more unfinished forms than anybody needs."""


def new_id() -> str:
    """The id of a form that is about to be shown."""
    return random_id()


def save(
    session: Session,
    staff_id: str,
    form_id: str,
    pairs: Pairs,
    *,
    sequence: int,
    title: str | None = None,
    incident_id: str | None = None,
    base_version: int | None = None,
) -> UnfinishedForm:
    """Keep what was typed. Raises `Outrun`, `NotYours`, `OpenElsewhere` or `TooMany`, and then keeps nothing.

    `sequence` counts the saves of one form; one that is not greater than the last is late. For changes to an incident,
    `base_version` is the version that they were begun from.
    """
    if not _ID.fullmatch(form_id):
        raise NotYours(form_id)
    if incident_id is not None and (other := of_incident(session, staff_id, incident_id)) and other.id != form_id:
        raise OpenElsewhere(other.id)
    found = _locked(session, form_id)
    if found is None:
        if count(session, staff_id) >= MOST_FORMS:
            raise TooMany(staff_id)
        _make(session, staff_id, form_id, incident_id, base_version)
        found = _locked(session, form_id)
    if found is None or found.staff_id != staff_id or found.incident_id != incident_id:
        raise NotYours(form_id)
    if sequence <= found.sequence:
        raise Outrun(found.sequence)
    found.fields = [list(pair) for pair in pairs]
    found.sequence = sequence
    found.title = _title(title)
    found.base_version = base_version
    found.saved_at = utc_now()
    session.flush()
    return found


def find(session: Session, staff_id: str, form_id: str) -> UnfinishedForm | None:
    """Somebody's own form, or None."""
    if not _ID.fullmatch(form_id):
        return None
    found = session.get(UnfinishedForm, form_id)
    return found if found is not None and found.staff_id == staff_id else None


def of_incident(session: Session, staff_id: str, incident_id: str) -> UnfinishedForm | None:
    """Somebody's unfinished changes to an incident, or None."""
    wanted = select(UnfinishedForm).where(
        UnfinishedForm.staff_id == staff_id, UnfinishedForm.incident_id == incident_id
    )
    return session.scalar(wanted)


def mine(session: Session, staff_id: str) -> list[UnfinishedForm]:
    """Somebody's unfinished forms, the last saved first."""
    wanted = select(UnfinishedForm).where(UnfinishedForm.staff_id == staff_id)
    return list(session.scalars(wanted.order_by(UnfinishedForm.saved_at.desc(), UnfinishedForm.id)))


def count(session: Session, staff_id: str) -> int:
    """How many unfinished forms somebody has."""
    return session.scalar(select(func.count()).where(UnfinishedForm.staff_id == staff_id)) or 0


def discard(session: Session, staff_id: str, form_id: str) -> bool:
    """Throw a form away, whether it was handed in or given up; returns whether it was there."""
    found = find(session, staff_id, form_id)
    if found is None:
        return False
    session.delete(found)
    session.flush()
    return True


def _locked(session: Session, form_id: str) -> UnfinishedForm | None:
    wanted = select(UnfinishedForm).where(UnfinishedForm.id == form_id).with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def _make(session: Session, staff_id: str, form_id: str, incident_id: str | None, base_version: int | None) -> None:
    """The row of a form, unless another save of it has just made one."""
    insert_new = insert_on_postgresql if session.get_bind().dialect.name == "postgresql" else insert_on_sqlite
    row: dict[str, Any] = {
        "id": form_id,
        "staff_id": staff_id,
        "incident_id": incident_id,
        "base_version": base_version,
        "fields": [],
        "sequence": -1,
        "created_at": utc_now(),
        "saved_at": utc_now(),
    }
    session.execute(insert_new(UnfinishedForm).values(row).on_conflict_do_nothing())


def _title(title: str | None) -> str | None:
    """What the list of forms shows; a character that a database refuses is left out of it."""
    shown = "".join(character for character in title or "" if character.isprintable())
    return shorten(shown, LONGEST_TITLE) or None
