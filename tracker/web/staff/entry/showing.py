"""The page of the form: rows with their problems, the choices that the registry offers, and what was understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, make_response, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.registry.duplicates import Likely
from tracker.registry.models import Incident, Place, Site, Topic
from tracker.vocabulary import COUNTRIES, PlacePrecision, Status
from tracker.web.staff.context import page
from tracker.web.staff.entry.dating import Told, today, told
from tracker.web.staff.entry.fields import CountryField
from tracker.web.staff.entry.forms import FollowUpForm
from tracker.web.staff.entry.judging import Judged
from tracker.web.staff.entry.known import Answer
from tracker.web.staff.entry.patterns import FUNCTIONS, helpers
from tracker.web.staff.entry.registry import RegistryNames
from tracker.web.staff.entry.rows import Row
from tracker.web.staff.entry.sentences import at_fields
from tracker.web.staff.places.desk import place_desk
from tracker.web.translation import gettext, gettext_noop, page_locale
from tracker.web.wording import language_name, plain

LANGUAGES = ("en", "ru", "ky")
MOST_COMMON = 8
# How the names of the fields of each section begin, in the order of the page.
SECTIONS: tuple[str, ...] = (
    "same-",
    "title",
    "summary",
    "internal",
    "when",
    "place",
    "acts",
    "covering",
    "topics",
    "work",
    "verif",
)
SECTIONS += ("sources", "follow", "related", "look", "why")
NOTICES = {
    "saved": gettext_noop("Saved. Nothing has been handed in yet."),
    "carry_on": gettext_noop("These are your changes from before; they are not part of the incident yet."),
    "same_event": gettext_noop("A new incident: date, place, topics, sources and those involved are carried over."),
    "same_source": gettext_noop("A new incident: the sources and topics are carried over, and nothing else."),
    "full": gettext_noop("You keep too many unfinished forms. Hand some in, or discard them."),
}

DONE = {
    "submitted": gettext_noop("Handed in. An editor can take it up now."),
    "amended": gettext_noop("Your changes are saved."),
    "unchanged": gettext_noop("It says that already; nothing was changed."),
    "discarded": gettext_noop("What you had typed was discarded; the incident is as it was."),
}
"""What the page of an incident says after its form has led there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show besides the rows.

    Attributes:
        form_id: the id under which the form is kept.
        incident: the incident that is changed, or None.
        version: the version that the form was filled from.
        sequence: how often the form was saved.
        judged: what is wrong, where that was asked for.
        likely: incidents that may be the same, to be ruled on.
    """

    form_id: str
    incident: Incident | None = None
    version: int | None = None
    sequence: int = 0
    judged: Judged | None = None
    likely: Sequence[Likely] = ()
    rulings: Mapping[str, str] = field(default_factory=dict)
    saved_at: Any = None


def site_languages(session: Session) -> tuple[str, ...]:
    """The languages in which titles and summaries are to be given."""
    site = session.scalars(select(Site)).first()
    return tuple(site.languages) if site is not None and site.languages else LANGUAGES


def form_page(session: Session, tree: Row, shown: Shown, *, status: int = 200) -> Response:
    """The form as a page."""
    judged = shown.judged
    names = RegistryNames(session, shown.incident)
    _offer(session, tree)
    texts = {code for name in ("title", "summary") for code in tree.form[name].data}
    languages = [*site_languages(session), *sorted(texts - set(site_languages(session)))]
    # One language stands open: one in which there is a text already, and of those first that of the page.
    written = {code for name in ("title", "summary") for code in tree.form[name].given() or ()}
    languages.sort(key=lambda code: (bool(written) and code not in written, code != page_locale().language))
    values: dict[str, Any] = {
        "form": tree,
        "shown": shown,
        "wrong": at_fields(judged.wrong) if judged else {},
        "problems": _in_order(tree, judged) if judged else [],
        "questions": judged.reading.questions if judged else {},
        "dates": judged.reading.dates if judged else _dates(tree),
        "languages": languages,
        "language_names": {code: language_name(code) for code in languages},
        "cited": _cited(tree, names),
        "helpers": helpers(str(page_locale()), tuple(languages)),
        **FUNCTIONS,
        "title_of": title_of,
        "addresses": _addresses(),
        "published": shown.incident is not None and shown.incident.status == Status.PUBLISHED,
        "place": place_desk(tree, None if shown.incident else default_precision(session)),
        "action": url_for("staff.form", form_id=shown.form_id),
    }
    response = make_response(page("staff/entry/form.html", notices=NOTICES, **values), status)
    return response


def _in_order(tree: Row, judged: Judged) -> list[tuple[str, str]]:
    """What is wrong, in the order of the page."""
    names = [one.name for row in tree.walk() for one in row.form]
    places = {name: number for number, name in enumerate(names)}

    def place(where: str) -> tuple[int, int]:
        section = next((n for n, start in enumerate(SECTIONS) if where.startswith(start)), len(SECTIONS))
        return section, places.get(where, -1)

    return [(each.id, each.sentence) for each in sorted(judged.wrong, key=lambda each: place(each.id))]


def hints(likely: Sequence[Likely], answers: Sequence[Answer] = ()) -> str:
    """Incidents that may be the same, and answers for empty fields, as a piece of a page."""
    return page("staff/entry/_hints.html", likely=likely, answers=answers, addresses=_addresses(), title_of=title_of)


def _offer(session: Session, tree: Row) -> None:
    """Put what the registry knows into the fields that offer it: topics, and the countries already in use."""
    topics = session.scalars(select(Topic).order_by(Topic.key))
    tree.form.topics.choices = [(topic.key or "", plain(topic.title, topic.key or "")) for topic in topics]
    used = select(Place.country).group_by(Place.country).order_by(func.count().desc(), Place.country).limit(MOST_COMMON)
    country: CountryField = tree.form.place_country
    country.common = [code for code in session.scalars(used) if code in COUNTRIES]


def _cited(tree: Row, names: RegistryNames) -> list[tuple[str, str]]:
    """The sources of this form, for victims and follow-ups to point to."""
    found = []
    for row in tree.rows["sources"]:
        if row.removed or not row.says():
            continue
        form = row.form
        told = form.source.given() or form.title.given() or form.publisher.given() or form.url.given()
        found.append((f"#{row.number}", told or gettext("Source %(number)s", number=row.number + 1)))
    ticked = {value for row in tree.walk() for value in _pointed(row)} - {value for value, _words in found}
    names.load("source", [value for value in ticked if not value.startswith("#")])
    return found + [(value, names.name("source", value) or value) for value in sorted(ticked) if value[:1] != "#"]


def _pointed(row: Row) -> list[str]:
    field_name = "sources" if isinstance(row.form, FollowUpForm) else "name_published_in"
    return (row.form[field_name].given() or []) if field_name in row.form else []


def _dates(tree: Row) -> dict[str, Told]:
    """How the dates are understood that a form holds before it is judged."""
    return {
        row.form.when.name: told(
            row.form.when.data,
            today(),
            part_of_day=row.form.when_part_of_day.given(),
            shown=row.form.when_shown.given(),
        )
        for row in tree.walk()
        if "when" in row.form and row.form.when.given()
    }


def default_precision(session: Session) -> PlacePrecision | None:
    """How exactly places are shown in public unless somebody says otherwise; None where the site leaves it open."""
    site = session.scalars(select(Site)).first()
    return PlacePrecision(site.default_public_precision) if site and site.default_public_precision else None


def title_of(incident: Incident) -> str:
    """What an incident is called in the language of the page."""
    return plain(incident.title, incident.reference or gettext("without a title"))


def _addresses() -> dict[str, str]:
    """Addresses of other rooms, as far as they are there."""
    known = current_app.view_functions
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "suggest": ("staff.suggest", {"kind": "KIND"}),
        "sign_in": ("staff.sign_in", {}),
        "incident": ("staff.incident", {"incident_id": "ID"}),
    }
    return {name: url_for(at, **values) if at in known else "" for name, (at, values) in found.items()}
