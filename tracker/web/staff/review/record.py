"""The exact public record of an incident as it would be published now, in all its forms."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from tracker import publication
from tracker.dataset import store
from tracker.dataset.canonical import canonical
from tracker.dataset.fields import Kind, csv_header
from tracker.dataset.rendering import render
from tracker.publication.gate import without_history
from tracker.registry.models import Incident
from tracker.registry.operations import changes_between
from tracker.registry.references import expected_reference
from tracker.web.staff.differences import Line, readable
from tracker.web.staff.places import ground
from tracker.web.translation import page_locale

ARTICLE = "public/_incident.html"


@dataclass(frozen=True, slots=True)
class Exact:
    """What the public would get.

    Attributes:
        record: the public record.
        topics: the public records of its topics, which are published with it.
        text: its canonical JSON, byte for byte as the gate would store it.
        pretty: the same, indented for people.
        cells: the columns of its CSV line that hold anything.
        point: longitude and latitude of its point on the map, if it has one.
        changes: what differs from what is public now, in words; all of it where nothing is public.
        is_public: whether anything of it is public now.
        is_expected: whether the reference is only the one that it would be given now.
    """

    record: dict[str, Any]
    topics: list[dict[str, Any]]
    text: str
    pretty: str
    cells: list[tuple[str, str]]
    point: tuple[float, float] | None
    changes: list[Line]
    is_public: bool
    is_expected: bool


def exact(session: Session, incident: Incident) -> Exact:
    """The record as the gate would make it now. Raises `RecordProblem` where it cannot be made."""
    record = publication.preview(session, incident) | {"reference": expected_reference(session, incident)}
    text = canonical(Kind.INCIDENT, record)
    rendered = render(text)
    cells = next(csv.reader(io.StringIO(rendered.csv, newline="")))
    geometry = json.loads(rendered.feature)["geometry"]
    public = store.current(session, Kind.INCIDENT, incident.id)
    before = without_history(public.record) if public else None
    changes = changes_between(before, without_history(json.loads(text))) if before is not None else []
    return Exact(
        record=json.loads(text),
        topics=_topics(session, incident),
        text=text,
        pretty=json.dumps(json.loads(text), ensure_ascii=False, indent=2),
        cells=[(name, cell) for name, cell in zip(csv_header(), cells, strict=True) if cell],
        point=tuple(geometry["coordinates"]) if geometry else None,
        changes=readable(changes),
        is_public=public is not None,
        is_expected=incident.reference is None,
    )


def _topics(session: Session, incident: Incident) -> list[dict[str, Any]]:
    gate = publication.Gate(session, by="preview")
    standing = gate.standing(incident.topics)
    return [gate.record(topic, standing.get(topic.id)) for topic in incident.topics]


def picture_of(made: Exact) -> Any:
    """The point of a record on the ground around it, as readers will see it; None where it has none."""
    place = made.record["place"]
    return ground.picture(place["latitude"], place["longitude"], place["uncertainty_m"])


def as_page(made: Exact) -> str:
    """The whole public page of a record, as a reader would get it in the language of this page."""
    return _rendered(made)


def as_article(made: Exact) -> Markup:
    """What the public page says, made by the public template, which has escaped every value."""
    return Markup(_rendered(made, template=ARTICLE))  # noqa: S704 - the output of our own template


def _rendered(made: Exact, **choices: str) -> str:
    render_page = current_app.extensions["tracker_public_page"]
    page: str = render_page(made.record, made.topics, language=page_locale().language, **choices)
    return page
