"""What every page of the desk has at hand: who is there, transactions, the navigation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask, abort, current_app, g, render_template, request, url_for
from sqlalchemy.orm import Session

from tracker.db import Database
from tracker.registry.models import Incident, StaffMember, StaffSession
from tracker.registry.permissions import actor_of, may
from tracker.settings import Settings
from tracker.vocabulary.staff import STAFF_VOCABULARIES, Action
from tracker.web.translation import gettext


def database() -> Database:
    """The database of this application."""
    opened: Database = current_app.extensions["tracker_database"]
    return opened


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["tracker_settings"]
    return found


@contextmanager
def reading() -> Iterator[Session]:
    """One short reading transaction over both houses."""
    with database().read() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction, committed at its end. Who asks is looked up anew in it, and must still be let in."""
    with database().write() as session:
        if "staff_session" in g:
            mine = session.get(StaffSession, g.staff_session.id, with_for_update={"read": True})
            staff = session.get(StaffMember, g.staff_session.staff_id)
            if mine is None or mine.ended_at is not None or staff is None or staff.disabled_at is not None:
                abort(404)
            g.staff_now = staff
        try:
            yield session
        except BaseException:
            # What was read in a transaction that is rolled back can be read no more; the page of the error needs it.
            g.pop("staff_now", None)
            raise


def me() -> StaffMember:
    """Who is signed in: as read in the present writing transaction, or else at the beginning of the request."""
    return cast(StaffMember, g.get("staff_now") or g.staff_session.staff)


def signed_in() -> bool:
    """Whether somebody is signed in with everything that is asked for."""
    return "staff_session" in g


def actor() -> str:
    """How revisions and the log name whoever is signed in."""
    return actor_of(me())


def page(template: str, *, notices: Mapping[str, str] | None = None, **values: Any) -> str:
    """A page of the desk; `notices` are the sentences that it can be asked to open with, by their codes (`?done=`)."""
    sentence = (notices or {}).get(request.args.get("done", ""))
    return render_template(template, notice=gettext(sentence) if sentence else None, **values)


def staff_label(code: str | None, vocabulary: str) -> str:
    """The word for a code of a vocabulary of the desk; silence has none."""
    return gettext(STAFF_VOCABULARIES[vocabulary](code).label) if code else ""


def staff_definition(code: str, vocabulary: str) -> str:
    """What a code of a vocabulary of the desk means, in one sentence."""
    return gettext(STAFF_VOCABULARIES[vocabulary](code).definition)


def _navigation() -> list[tuple[str, str]]:
    """The pages that every page of the desk leads to, of those that one may open and that are there."""
    pages = [
        (Action.DESK, "staff.desk", gettext("Desk")),
        (Action.LIST, "staff.incidents", gettext("Incidents")),
        (Action.ENTER, "staff.new_incident", gettext("New incident")),
        (Action.READ_REFERENCES, "staff.outlets", gettext("Outlets")),
        (Action.READ_REFERENCES, "staff.people", gettext("People")),
        (Action.READ_REFERENCES, "staff.sources", gettext("Sources")),
        (Action.READ_REFERENCES, "staff.topics", gettext("Topics")),
        (Action.SETTINGS, "staff.settings", gettext("Settings")),
        (Action.ACCOUNTS, "staff.accounts", gettext("Accounts")),
        (Action.AUDIT, "staff.audit", gettext("Log")),
    ]
    known = current_app.view_functions
    return [(endpoint, label) for action, endpoint, label in pages if endpoint in known and may(me(), action)]


def address_for_me(incident: Incident) -> str:
    """Where whoever is signed in reads an incident: at the desk, or on the site if it is not theirs."""
    if may(me(), Action.READ, incident) or incident.reference is None:
        return url_for("staff.incident", incident_id=incident.id)
    return url_for("public.incident", reference=incident.reference)


def init_app(app: Flask) -> None:
    """Give these values to the templates of the desk."""
    app.jinja_env.filters.update(staff_label=staff_label, staff_definition=staff_definition, address=address_for_me)

    @app.context_processor
    def _desk() -> dict[str, Any]:
        if not signed_in():
            return {"me": None, "desk_navigation": []}
        return {"me": me(), "desk_navigation": _navigation(), "may": lambda action, *of: may(me(), Action(action), *of)}
