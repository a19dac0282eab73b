"""One point with the land around it, for pages that are not the map: a small drawing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from tracker.settings import STATIC
from tracker.web.public.maps import basemap
from tracker.web.public.maps.basemap import CITIES
from tracker.web.public.maps.frames import HEIGHT, METRES_PER_DEGREE, WIDTH, Frame, fitted, outlines
from tracker.web.public.maps.marks import AREA_FROM
from tracker.web.translation import page_locale

# How far around a point a drawing shows at least, in degrees: enough for a reader to know the country.
AROUND = 2.5
# An area fills at most so much of the drawing.
LEAST_RADIUS, POINT_RADIUS = 9.0, 6.0
MOST_CITIES = 8
LETTER, LINE = 9.0, 22.0


@dataclass(frozen=True, slots=True)
class Town:
    """A city that is named in a drawing."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of 800 by 500: paths of land, towns, and the one mark; `is_area` where it is known only roughly."""

    land: tuple[str, ...]
    towns: tuple[Town, ...]
    x: float
    y: float
    radius: float
    is_area: bool


class Ground:
    """The ground under a point, as the public map draws it."""

    def picture(self, latitude: float, longitude: float, metres: int | None) -> Picture:
        """A drawing of one point, or of the area of this radius around it."""
        reach = max(AROUND, 2.5 * (metres or 0) / METRES_PER_DEGREE)
        frame = fitted((longitude - reach, latitude - reach / 2, longitude + reach, latitude + reach / 2))
        x, y = frame.at(latitude, longitude)
        is_area = metres is not None and metres > AREA_FROM
        radius = max(LEAST_RADIUS, frame.radius(metres or 0, latitude)) if is_area else POINT_RADIUS
        return Picture(
            land=tuple(outline.path for outline in outlines(basemap.base_map(near=True), frame)),
            towns=_towns(frame),
            x=round(x, 1),
            y=round(y, 1),
            radius=round(radius, 1),
            is_area=is_area,
        )

    def addresses(self) -> dict[str, str]:
        """Where a browser finds the outlines and the names of cities."""
        cities = url_for("static", filename=CITIES) if (STATIC / CITIES).is_file() else ""
        return {"base": basemap.address(near=False), "near": basemap.address(near=True), "cities": cities}


def _towns(frame: Frame) -> tuple[Town, ...]:
    """The most important cities in a frame whose names do not touch each other."""
    found: list[Town] = []
    for city in basemap.cities():
        if not frame.holds(city.latitude, city.longitude):
            continue
        x, y = frame.at(city.latitude, city.longitude)
        town = Town(round(x, 1), round(y, 1), city.called(page_locale().language))
        if _fits(town) and not any(_touch(town, other) for other in found):
            found.append(town)
        if len(found) == MOST_CITIES:
            break
    return tuple(found)


def _fits(town: Town) -> bool:
    return bool(town.name) and town.x + len(town.name) * LETTER < WIDTH and LINE < town.y < HEIGHT - LINE


def _touch(one: Town, other: Town) -> bool:
    left, right = sorted((one, other), key=lambda town: town.x)
    return abs(one.y - other.y) < LINE and right.x - left.x < len(left.name) * LETTER + LINE
