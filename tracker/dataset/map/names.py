"""What public points are called, in the words of a public record that has each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from tracker.dataset.boxes import Box
from tracker.dataset.editions import Edition
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.rows import matching
from tracker.dataset.models import PublicPoint
from tracker.dataset.queries import records
from tracker.dataset.renderings import batches

_PARTS = ("locality", "admin2", "admin1", "venue")


def place_names(session: Session, wanted: DatasetFilter, edition: Edition, points: Iterable[Box]) -> dict[Box, str]:
    """The names of public points by their boxes, as far as the incidents there that match name their place."""
    point, found = PublicPoint, {}
    for batch in batches(points):
        places = tuple_(point.latitude, point.longitude).in_([(box.south, box.west) for box in batch])
        statement = select(point.latitude, point.longitude, func.min(point.version_id)).where(
            matching(session, wanted, edition), places
        )
        rows: list[Any] = list(session.execute(statement.group_by(point.latitude, point.longitude)))
        by_id = {version_id: Box.around(latitude, longitude) for latitude, longitude, version_id in rows}
        for record in records(session, list(by_id)):
            name = _name(record.record.get("place") or {})
            if name:
                found[by_id[record.version_id]] = name
    return found


def _name(place: dict[str, Any]) -> str | None:
    return next((str(place[part]) for part in _PARTS if place.get(part)), None)
