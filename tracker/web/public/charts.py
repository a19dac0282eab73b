"""Charts drawn by the server: bars for kinds, columns for time, from zero, with every number written out.

A chart knows nothing of requests: it is given words and numbers and says where everything stands. The template
`public/figures/_chart.html` makes SVG of it, within a page or as a picture of its own. What is certain is drawn solid,
what is possible beyond that is hatched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TypeVar

WIDTH = 800
LABELS = 250
"""How much of the width the labels of bars take."""
ROW = 24
COLUMN_HEIGHT = 170
MOST_ROWS = 30
MOST_COLUMNS = 120
MOST_PANELS = 8
LONGEST_LABEL = 34
LETTERS_IN_A_LINE = 112
_TOP, _GAP, _LINE = 8, 26, 17
_LEFT, _RIGHT = 52, 12
_LETTER = 7.2
"""About how wide a digit is."""

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what it is called, how much it may be and how much of that is certain, and what is said of it."""

    label: str
    possible: int
    certain: int
    words: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one panel, under its heading; `over_time` draws columns, else bars."""

    heading: str
    values: Sequence[Value]
    over_time: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn value. Bars grow to the right, columns upwards."""

    x: float
    y: float
    width: float
    height: float
    solid_x: float
    solid_y: float
    solid_width: float
    solid_height: float
    label: str
    label_x: float
    label_y: float
    number: str
    number_x: float
    number_y: float
    words: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale with its number."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawn series."""

    heading: str
    heading_y: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    base: float
    over_time: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole chart: its title and description, its panels, and the lines of its source."""

    title: str
    description: str
    panels: tuple[Panel, ...]
    height: float
    heading: tuple[str, ...]
    source: tuple[str, ...]
    source_y: float
    left_out: int
    hatched: bool

    @property
    def width(self) -> int:
        """The width, which is always the same."""
        return WIDTH


def draw(
    title: str,
    description: str,
    series: Sequence[Series],
    source: Sequence[str],
    *,
    headed: bool,
    left_out: Callable[[int], str] | None = None,
    periods_below: bool = False,
) -> Chart:
    """Draw series one below the other on one scale; `headed` writes title and source into the picture.

    `left_out` says in words how many values are not drawn, for a picture that stands alone. `periods_below`: each
    series is a period, of which the latest are drawn; of kinds those that hold most.
    """
    shown = series[-MOST_PANELS:] if periods_below else _largest(series, MOST_PANELS, _size)
    cut = [_cut(one) for one in shown]
    most = max((value.possible for one in cut for value in one.values), default=0)
    heading = tuple(wrap(title, 70)) if headed else ()
    y: float = _TOP + len(heading) * 22
    panels = []
    for one in cut:
        panel, y = (_columns if one.over_time else _bars)(one, most, y)
        panels.append(panel)
    missing = sum(len(one.values) for one in series) - sum(len(one.values) for one in cut)
    told = [*source, left_out(missing)] if left_out and missing else source
    lines = tuple(line for text in told for line in wrap(text, LETTERS_IN_A_LINE)) if headed else ()
    hatched = any(value.possible != value.certain for one in cut for value in one.values)
    height = y + len(lines) * _LINE + (10 if lines else 0)
    return Chart(title, description, tuple(panels), round(height, 1), heading, lines, y + _LINE, missing, hatched)


def _cut(series: Series) -> Series:
    """The values that are drawn: the latest periods, or the kinds that hold most."""
    if series.over_time:
        return Series(series.heading, series.values[-MOST_COLUMNS:], True)
    some = [value for value in series.values if value.possible]
    return Series(series.heading, _largest(some, MOST_ROWS, lambda value: value.possible), False)


def _size(series: Series) -> int:
    return sum(value.possible for value in series.values)


def _largest(all_of: Sequence[Drawn], most: int, size: Callable[[Drawn], int]) -> list[Drawn]:
    """So many of the largest, in the order in which they came."""
    places = sorted(range(len(all_of)), key=lambda place: -size(all_of[place]))[:most]
    return [all_of[place] for place in sorted(places)]


def _number(value: Value) -> str:
    return str(value.possible) if value.possible == value.certain else f"{value.possible} ({value.certain})"


def _bars(series: Series, most: int, y: float) -> tuple[Panel, float]:
    heading_y = y + 14
    y += _GAP if series.heading else 0
    room = WIDTH - LABELS - 90
    scale = room / most if most else 0
    bars = []
    for value in series.values:
        width, solid = value.possible * scale, value.certain * scale
        bars.append(
            Bar(
                LABELS, round(y + 3, 1), round(width, 1), ROW - 8, LABELS, round(y + 3, 1), round(solid, 1), ROW - 8,
                _short(value.label), LABELS - 8, round(y + ROW / 2 + 3, 1),
                _number(value), round(LABELS + width + 6, 1), round(y + ROW / 2 + 3, 1), value.words, value.address,
            )
        )  # fmt: skip
        y += ROW
    return Panel(series.heading, heading_y, tuple(bars), (), y, False), y + 10


def _columns(series: Series, most: int, y: float) -> tuple[Panel, float]:
    heading_y = y + 14
    y += _GAP + 10 if series.heading else 14
    base = y + COLUMN_HEIGHT
    step = (WIDTH - _LEFT - _RIGHT) / max(len(series.values), 1)
    # A single column as wide as the page would look like a flag.
    step = min(step, 90)
    scale = COLUMN_HEIGHT / most if most else 0
    every = _every([value.label for value in series.values], step)
    bars = []
    for place, value in enumerate(series.values):
        x = _LEFT + place * step
        thick = max(step - (4 if step > 12 else 1), 1)
        high, solid = value.possible * scale, value.certain * scale
        # Counted back from the last one, which is the one that people look for.
        labelled = (len(series.values) - 1 - place) % every == 0
        number = _number(value) if value.possible and len(_number(value)) * _LETTER <= step + 2 else ""
        bars.append(
            Bar(
                round(x, 2), round(base - high, 1), round(thick, 2), round(high, 1),
                round(x, 2), round(base - solid, 1), round(thick, 2), round(solid, 1),
                value.label if labelled else "", round(_inside(x + thick / 2, value.label), 1), base + 16,
                number, round(x + thick / 2, 1), round(base - high - 4, 1), value.words, value.address,
            )
        )  # fmt: skip
    return Panel(series.heading, heading_y, tuple(bars), _ticks(most, base, scale), base, True), base + 30


def _inside(middle: float, label: str) -> float:
    """The middle of a label, moved so that it does not reach out of the picture."""
    half = len(label) * _LETTER / 2
    return min(max(middle, half), WIDTH - half)


def _every(labels: Sequence[str], step: float) -> int:
    """Each how-manieth label has room."""
    widest = max((len(label) for label in labels), default=1) * _LETTER + 8
    return max(1, -(-int(widest) // max(int(step), 1)))


def _ticks(most: int, base: float, scale: float) -> tuple[Tick, ...]:
    """Up to five lines at round numbers; counts are whole."""
    if not most:
        return (Tick(base, "0"),)
    steps = (each * 10**power for power in range(len(str(most)) + 1) for each in (1, 2, 5))
    step = next(step for step in steps if most <= 5 * step)
    return tuple(Tick(round(base - number * scale, 1), str(number)) for number in range(0, most + 1, step))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"
