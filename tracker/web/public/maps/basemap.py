"""The outlines of countries under the map: the files that come with the tracker, or an operator's own.

All are read once per process into one shape, that of `tracker.outlines`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for

from tracker import outlines
from tracker.outlines import FAR, NEAR, Country, Point, Ring
from tracker.settings import STATIC, Settings

logger = logging.getLogger(__name__)

CITIES = "map/cities.json"
STEP = 0.01
LARGEST_FILE = 20_000_000


class BaseMapProblem(ValueError):
    """An operator's base map that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class BaseMap:
    """One base map; `text` is the JSON that a browser gets, `mark` changes with it."""

    countries: tuple[Country, ...]
    text: str

    @property
    def mark(self) -> str:
        """Some digits that stand for the content in an address."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class City:
    """A city that can be named on the map: where it is, how important (1 is a capital), and its names by language."""

    latitude: float
    longitude: float
    rank: int
    names: dict[str, str]

    def called(self, language: str) -> str:
        """Its name in a language, else in English; empty where it has neither."""
        return self.names.get(language) or self.names.get("en") or ""


def init_app(app: Flask) -> None:
    """Read the operator's base map, if there is one; where it cannot be used, say so in the log and do without."""
    settings: Settings = app.extensions["tracker_settings"]
    app.extensions["tracker_base_map"] = None
    if settings.base_map is None:
        return
    try:
        app.extensions["tracker_base_map"] = read_geojson(settings.base_map)
        # What is drawn on another base map is another answer.
        app.extensions["tracker_representation"] = app.extensions["tracker_base_map"].mark
    except BaseMapProblem as problem:
        logger.error("TRACKER_BASE_MAP cannot be used: %s The map is drawn with the outlines of the tracker.", problem)


def own() -> BaseMap | None:
    """The operator's base map, if there is one that can be used."""
    found: BaseMap | None = current_app.extensions["tracker_base_map"]
    return found


def base_map(*, near: bool) -> BaseMap:
    """The base map for a drawing: the operator's, else the finer or the coarser one of the tracker."""
    return own() or shipped(NEAR if near else FAR)


def address(*, near: bool) -> str:
    """Where a browser finds it."""
    found = own()
    if found is not None:
        return url_for("public.base_map", v=found.mark)
    return url_for("static", filename=NEAR if near else FAR)


@cache
def shipped(name: str) -> BaseMap:
    """A base map of the tracker's own; an empty one where the file is missing, since the map can do without."""
    return BaseMap(outlines.countries_of(name), outlines.text_of(name))


@cache
def cities() -> tuple[City, ...]:
    """The cities that can be named, the most important first."""
    path = STATIC / CITIES
    if not path.is_file():
        return ()
    return tuple(City(*row) for row in json.loads(path.read_text(encoding="utf-8")))


def read_geojson(path: Path) -> BaseMap:
    """An operator's base map: a GeoJSON feature collection of polygons; raises `BaseMapProblem`.

    A feature may have a property `iso` (ISO 3166-1 alpha-2), by which counts are laid over it, and `label`
    (longitude and latitude of its name).
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BaseMapProblem(f"The file is larger than {LARGEST_FILE // 1_000_000} MB.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaseMapProblem(f"The file cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise BaseMapProblem("The file is not JSON in UTF-8.") from None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise BaseMapProblem("The file is not a GeoJSON FeatureCollection.")
    features = enumerate(content["features"], start=1)
    countries = [country for number, feature in features if (country := _feature(number, feature))]
    if not countries:
        raise BaseMapProblem("The file holds no polygon.")
    text = json.dumps({"step": STEP, "countries": [_packed(country) for country in countries]}, separators=(",", ":"))
    return BaseMap(tuple(countries), text)


def _feature(number: int, feature: Any) -> Country | None:
    try:
        geometry = feature["geometry"]
        kind, coordinates = geometry["type"], geometry["coordinates"]
        if kind not in {"Polygon", "MultiPolygon"}:
            return None
        parts = [coordinates] if kind == "Polygon" else coordinates
        polygons = tuple(tuple(_points(ring) for ring in part) for part in parts if part)
        properties = feature.get("properties") or {}
        code = properties.get("iso")
        bare = Country(str(code).upper() if code else None, (0.0, 0.0), polygons)
        west, south, east, north = bare.bounds()
        label = properties.get("label") or ((west + east) / 2, (south + north) / 2)
        return Country(bare.code, _position(label), polygons)
    except (TypeError, KeyError, ValueError, IndexError, AttributeError):
        raise BaseMapProblem(f"Feature {number} is not a polygon in degrees.") from None


def _points(ring: Any) -> Ring:
    points = tuple(_position(position) for position in ring)
    if len(points) < 4:
        raise ValueError(ring)
    return points


def _position(position: Any) -> Point:
    longitude, latitude = float(position[0]), float(position[1])
    if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise ValueError(position)
    return longitude, latitude


def _packed(country: Country) -> list[Any]:
    polygons = [[list(_packed_ring(ring)) for ring in polygon] for polygon in country.polygons]
    return [country.code, list(country.label), polygons]


def _packed_ring(ring: Ring) -> Iterator[int]:
    steps = [(round(longitude / STEP), round(latitude / STEP)) for longitude, latitude in ring]
    yield from steps[0]
    for (x, y), (next_x, next_y) in pairwise(steps):
        yield next_x - x
        yield next_y - y
