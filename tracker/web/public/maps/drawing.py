"""The map as the server draws it: countries, marks that are links, names, and what its legend has to say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from tracker.dataset.boxes import UNIT, Box, degrees_text
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.answer import MapAnswer, map_answer
from tracker.dataset.map.memory import memory
from tracker.dataset.map.names import place_names
from tracker.dataset.map.points import GROUPS
from tracker.dataset.map.views import View
from tracker.web.public.choosing import with_query
from tracker.web.public.maps import basemap
from tracker.web.public.maps.basemap import BaseMap, City
from tracker.web.public.maps.frames import THE_WORLD, WIDTH, Bounds, Frame, fitted, outlines
from tracker.web.public.maps.marks import Mark, at, brought_together, points_of
from tracker.web.public.maps.shapes import SHAPES, shape_path
from tracker.web.translation import gettext, ngettext, page_locale
from tracker.web.wording import country, number

MOST_CITIES = 14
FEW_COUNTRIES = 2
WIDEST_COUNTRIES = 40.0
"""Up to this many degrees of longitude a map of one or two countries shows them whole."""
FAR_FROM_A_CITY = 3.0
MOST_COVERED = 24.0
"""The names of cities that lie in areas larger than this stay where they are."""


@dataclass(frozen=True, slots=True)
class Area:
    """A country in the drawing: its path, its class of shading (0 is none), and where its link leads, if it is one."""

    path: str
    shade: int
    address: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark in the drawing: where, how large, in which shape, the number in it, and the link with its name."""

    x: float
    y: float
    size: float
    shape: str
    group: str
    text: str
    address: str
    words: str

    @property
    def path(self) -> str:
        """The outline of a shape that is no circle."""
        return shape_path(self.shape, self.x, self.y, self.size)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the drawing, of a country or of a city: with a dot of its own, unless a mark lies on the city."""

    x: float
    y: float
    words: str
    is_city: bool
    has_dot: bool = False


@dataclass(frozen=True, slots=True)
class Shade:
    """A class of shading and the counts that it stands for."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture; `view` is what it shows (west, south, east, north)."""

    areas: tuple[Area, ...]
    signs: tuple[Sign, ...]
    names: tuple[Name, ...]
    shades: tuple[Shade, ...]
    view: str
    words: str


def drawing(session: Session, wanted: DatasetFilter, answer: MapAnswer, *, path: str) -> Drawing:
    """The picture of a filter; `path` is that of the page, whose base map and language it is drawn with."""
    base = basemap.own()
    key = ("drawing", wanted.selection(), str(page_locale()), path, base.mark if base else "")
    return memory.get(answer.edition, key, lambda: _draw(session, wanted, answer), _weight)


def _weight(made: Drawing) -> int:
    return 4_000 + 500 * len(made.signs) + sum(len(area.path) for area in made.areas)


def _draw(session: Session, wanted: DatasetFilter, answer: MapAnswer) -> Drawing:
    counts = dict(answer.summary.countries)
    frame = fitted(_bounds(answer, counts))
    if answer.clusters is not None and frame.zoom > 2:
        # Seen from nearer, the same incidents lie in finer cells.
        edges = (round(edge * UNIT) for edge in frame.edges())
        answer = map_answer(session, wanted, View.of(Box(*edges), frame.zoom))
    marks = brought_together(points_of(answer), frame)
    base = basemap.base_map(near=not frame.is_world_wide)
    steps = _steps(counts.values()) if frame.is_world_wide else []
    signs = tuple(_signs(session, wanted, answer, marks, frame))
    return Drawing(
        areas=tuple(_areas(base, frame, counts, steps, wanted)),
        signs=signs,
        names=tuple(_names(base, frame, signs)),
        shades=tuple(_shades(steps)),
        view=",".join(f"{edge:g}" for edge in frame.edges()),
        words=gettext("Map: %(count)s", count=in_words(answer.summary.counts()["shown"])),
    )


def in_words(incidents: int) -> str:
    """How many incidents."""
    return ngettext("%(count)s incident", "%(count)s incidents", incidents, count=number(incidents))


def _bounds(answer: MapAnswer, counts: dict[str, int]) -> Bounds:
    """What the frame has to hold: all points, and the whole of the country where there are one or two of them."""
    boxes = [
        tuple(edge / UNIT for edge in (m.box.west, m.box.south, m.box.east, m.box.north)) for m in points_of(answer)
    ]
    if 0 < len(counts) <= FEW_COUNTRIES:
        near = basemap.base_map(near=True)
        boxes_of = [found.bounds() for found in near.countries if found.code in counts]
        if boxes_of and max(box[2] - box[0] for box in boxes_of) <= WIDEST_COUNTRIES:
            boxes += boxes_of
    if not boxes:
        return THE_WORLD
    edges = list(zip(*boxes, strict=True))
    return min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])


def _steps(counts: Iterable[int]) -> list[int]:
    """From which counts on the darker shades begin: 1, and up to three more, each about as many times as the last."""
    most = max(counts, default=0)
    return sorted({math.ceil(most ** (part / 4)) for part in range(4)}) if most else []


def _shades(steps: Sequence[int]) -> Iterator[Shade]:
    for index, least in enumerate(steps):
        if index + 1 == len(steps):
            yield Shade(index + 1, gettext("%(least)s or more", least=number(least)))
        elif steps[index + 1] - 1 == least:
            yield Shade(index + 1, number(least))
        else:
            yield Shade(index + 1, f"{number(least)}\N{EN DASH}{number(steps[index + 1] - 1)}")


def _areas(
    base: BaseMap, frame: Frame, counts: dict[str, int], steps: Sequence[int], wanted: DatasetFilter
) -> Iterator[Area]:
    for outline in outlines(base, frame):
        count = counts.get(outline.code or "", 0)
        if not steps or not count:
            yield Area(outline.path, 0)
            continue
        code = str(outline.code)
        there = with_query("public.incidents", wanted.query_string(country=code))
        words = gettext("%(place)s: %(count)s", place=country(code), count=in_words(count))
        yield Area(outline.path, sum(count >= step for step in steps), there, words)


def _signs(
    session: Session, wanted: DatasetFilter, answer: MapAnswer, marks: Sequence[Mark], frame: Frame
) -> Iterator[Sign]:
    points = [mark.best[1] for mark in marks if mark.best[1].is_point]
    named = place_names(session, wanted, answer.edition, points)
    for mark in marks:
        x, y = at(mark, frame)
        group = GROUPS[mark.group].value if mark.group >= 0 else "mixed"
        shape = "area" if mark.is_area else SHAPES.get(group, "circle") if mark.is_point else "cluster"
        name = _name(mark, named)
        yield Sign(
            x=round(x, 1),
            y=round(y, 1),
            size=round(mark.size(frame), 1),
            shape=shape,
            group=group,
            text=_short(mark.incidents) if mark.incidents > 1 else "",
            address=_list_of(mark, wanted),
            words=gettext("%(place)s: %(count)s", place=name, count=in_words(mark.incidents)),
        )


def _short(count: int) -> str:
    return str(count) if count < 10_000 else f"{count // 1000}k"


def _name(mark: Mark, named: dict[Box, str]) -> str:
    name = named.get(mark.best[1])
    if name and mark.is_point:
        return name
    near = name or _nearest(mark)
    if near:
        return gettext("%(place)s and around", place=near)
    return gettext(
        "Around %(latitude)s, %(longitude)s", latitude=f"{mark.latitude:.1f}", longitude=f"{mark.longitude:.1f}"
    )


def _nearest(mark: Mark) -> str | None:
    def far(city: City) -> float:
        return math.hypot(city.latitude - mark.latitude, city.longitude - mark.longitude)

    nearest = min(basemap.cities(), key=far, default=None)
    return nearest.called(page_locale().language) if nearest and far(nearest) < FAR_FROM_A_CITY else None


def _list_of(mark: Mark, wanted: DatasetFilter) -> str:
    if mark.is_point:
        where = [("lat", degrees_text(mark.box.south)), ("lon", degrees_text(mark.box.west))]
        return with_query("public.map_spot", urlencode([*where, *wanted.pairs()]))
    return with_query("public.map_box", urlencode([("box", str(mark.box)), *wanted.pairs()], safe=","))


def _names(base: BaseMap, frame: Frame, signs: Sequence[Sign]) -> Iterator[Name]:
    """Names of cities, and nearby of countries, where they cover neither a mark nor one another."""
    taken = [(sign.x - sign.size, sign.y - sign.size, sign.x + sign.size, sign.y + sign.size) for sign in signs]
    if frame.is_world_wide:
        return
    for name in (*_country_names(base, frame), *(_beside_mark(name, signs) for name in _city_names(frame))):
        long = len(name.words) * (6.2 if name.is_city else 8.0)
        left = name.x + 5 if name.is_city else name.x - long / 2
        box = (left, name.y - 7, left + long, name.y + 7)
        if left < 0 or left + long > WIDTH or any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        yield name


def _beside_mark(name: Name, signs: Sequence[Sign]) -> Name:
    """The name of a city on which a mark lies, moved to the right of the mark."""
    for sign in signs:
        if math.hypot(name.x - sign.x, name.y - sign.y) <= sign.size <= MOST_COVERED:
            return Name(round(sign.x + sign.size, 1), sign.y, name.words, is_city=True)
    return name


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _country_names(base: BaseMap, frame: Frame) -> Iterator[Name]:
    for outline in base.countries:
        longitude, latitude = outline.label
        if outline.code and frame.holds(latitude, longitude):
            x, y = frame.at(latitude, longitude)
            yield Name(round(x, 1), round(y, 1), country(outline.code), is_city=False)


def _city_names(frame: Frame) -> list[Name]:
    found = [city for city in basemap.cities() if frame.holds(city.latitude, city.longitude)][:MOST_CITIES]
    language = page_locale().language
    places = [(frame.at(city.latitude, city.longitude), city.called(language)) for city in found]
    return [Name(round(x, 1), round(y, 1), words, is_city=True, has_dot=True) for (x, y), words in places if words]
