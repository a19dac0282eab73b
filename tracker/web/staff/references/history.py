"""How an outlet, person, source or topic became what it is: each revision in words, who made it and why."""

from sqlalchemy import select

from tracker.registry.accounts.people import staff_names
from tracker.registry.models import Revision
from tracker.vocabulary.staff import Action
from tracker.web.staff.context import page, reading
from tracker.web.staff.differences import readable
from tracker.web.staff.objects import record_for
from tracker.web.staff.references.kinds import Kind, name_of
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext_noop

MOST_SHOWN = 200
ACTIONS = {
    "record": gettext_noop("Recorded"),
    "amend": gettext_noop("Changed"),
    "merge": gettext_noop("Merged"),
    "unmerge": gettext_noop("Merge undone"),
    "restrict": gettext_noop("Restricted"),
    "restore": gettext_noop("Restored"),
}


def history(kind: Kind, record_id: str) -> str:
    """The revisions of a record, the latest first."""
    with reading() as session:
        entity = record_for(session, kind.model, record_id)
        wanted = select(Revision).where(Revision.entity_id == entity.id).order_by(Revision.number.desc())
        revisions = session.scalars(wanted.limit(MOST_SHOWN)).all()
        names = staff_names(session)
    told = [
        (each, ACTIONS.get(each.action, each.action), names.get(each.actor, each.actor), _lines(kind, each))
        for each in revisions
    ]
    return page("staff/references/history.html", kind=kind, record=entity, name=name_of(entity), revisions=told)


def _lines(kind: Kind, revision: Revision) -> list[object]:
    changes = [change for change in revision.changes if change["path"] != "merged_into"]
    return list(readable(changes, kind=kind.kind))


def routes_of(kind: Kind) -> list[Route]:
    """The address of the history of a record."""

    def view(record_id: str) -> str:
        return history(kind, record_id)

    return [Route(f"/{kind.plural}/<record_id>/history", f"{kind.kind}_history", view, Action.READ_REFERENCES)]
