"""Lists of outlets, people, sources and topics, with search by name in any script."""

from collections.abc import Sequence

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.registry import names
from tracker.registry.models import Entity, Source, Topic
from tracker.registry.names import Suggestion
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import page, reading
from tracker.web.staff.references.kinds import Kind, counted, name_of
from tracker.web.staff.references.notices import NOTICES
from tracker.web.staff.references.suggest import in_words
from tracker.web.staff.routing import Route

ON_A_PAGE = 50
LAST_PAGE = 100_000


def list_of(kind: Kind) -> str:
    """The records of a kind, page by page; or, posted, those whose names fit what was typed.

    What is looked for is posted and never part of an address, since staff search for people.
    """
    typed = request.form.get("q", "").strip()[:100]
    number = _page_number()
    with reading() as session:
        if typed:
            found = names.suggest(session, kind.kind, typed, limit=ON_A_PAGE)
            total = len(found)
        else:
            found, total = _one_page(session, kind, number)
        usage = counted(session, kind, [each.id for each in found])
    return page(
        "staff/references/list.html",
        notices=NOTICES,
        kind=kind,
        found=[in_words(each) for each in found],
        usage=usage,
        typed=typed,
        total=total,
        number=number,
        pages=max(1, -(-total // ON_A_PAGE)),
        cut=bool(typed) and total == ON_A_PAGE,
    )


def _page_number() -> int:
    given = request.args.get("page", "1")
    return min(int(given), LAST_PAGE) if given.isascii() and given.isdigit() and len(given) < 7 and int(given) else 1


def _one_page(session: Session, kind: Kind, number: int) -> tuple[list[Suggestion], int]:
    model = kind.model
    standing = [] if model is Topic else [model.merged_into.is_(None)]  # type: ignore[union-attr]
    total = session.scalar(select(func.count()).select_from(model).where(*standing)) or 0
    wanted = select(model).where(*standing).order_by(model.key).limit(ON_A_PAGE).offset((number - 1) * ON_A_PAGE)
    listed: Sequence[Entity] = session.scalars(wanted).all()
    return [_told(entity) for entity in listed], total


def _told(entity: Entity) -> Suggestion:
    country = getattr(entity, "country", None)
    note = names.CONFIDENTIAL if isinstance(entity, Source) and entity.confidential else ""
    return Suggestion(entity.id, entity.key, name_of(entity), note, country)


def routes_of(kind: Kind) -> list[Route]:
    """The address of the list of a kind."""
    return [Route(f"/{kind.plural}", kind.plural, lambda: list_of(kind), Action.READ_REFERENCES, ("GET", "POST"))]
