"""How a map is asked for: the filter of the list, and beside it a view, a box or a point."""

from dataclasses import replace

from tracker.dataset.boxes import Box, degrees_text, read_degrees
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map.views import View, read_view
from tracker.dataset.parameters import BOX_ALLOWED
from tracker.dataset.problems import FilterError, Problem
from tracker.phrases import phrase
from tracker.web.public.asking import pairs

PARTS = ("list",)
Taken = dict[str, str]


def _taken(*names: str) -> tuple[Taken, DatasetFilter]:
    """The values of these parameters, each given once at most, and the filter of all others."""
    taken: Taken = {}
    rest: list[tuple[str, str]] = []
    problems = []
    for name, value in pairs():
        if name not in names:
            rest.append((name, value))
        elif name in taken:
            problems.append(Problem.of(name, value, phrase("This may be given only once.")))
        else:
            taken[name] = value.strip()
    if problems:
        raise FilterError(problems)
    return taken, DatasetFilter.parse(rest)


def asked_map() -> tuple[DatasetFilter, View | None]:
    """The filter and the view of a request for the map's data; raises `FilterError`."""
    taken, wanted = _taken("box", "zoom")
    return wanted, read_view(taken.get("box"), taken.get("zoom"))


def asked_spot() -> tuple[DatasetFilter, bool]:
    """The filter of a request for one public point, and whether the list alone is wanted; raises `FilterError`."""
    taken, wanted = _taken("lat", "lon", "part")
    latitude, longitude = read_degrees(taken.get("lat", ""), 90), read_degrees(taken.get("lon", ""), 180)
    problems = [
        Problem.of(name, taken.get(name, ""), phrase("This is not a number of degrees."), (allowed,))
        for name, found, allowed in (
            ("lat", latitude, phrase("a decimal number from -90 to 90, such as 42.87")),
            ("lon", longitude, phrase("a decimal number from -180 to 180, such as 74.59")),
        )
        if found is None
    ]
    if latitude is None or longitude is None:
        raise FilterError(problems)
    where = f"{degrees_text(latitude)},{degrees_text(longitude)}"
    return _narrowed(wanted, Box.around(latitude, longitude), "lat", where), _part(taken)


def asked_box() -> tuple[DatasetFilter, bool]:
    """The filter of a request for what lies in a box, and whether the list alone is wanted; raises `FilterError`."""
    taken, wanted = _taken("box", "part")
    box = Box.read(taken.get("box", ""))
    if box is None:
        message = phrase("This is not a box of the map.")
        raise FilterError([Problem.of("box", taken.get("box", ""), message, BOX_ALLOWED)])
    return _narrowed(wanted, box, "box", str(box)), _part(taken)


def _narrowed(wanted: DatasetFilter, box: Box, name: str, value: str) -> DatasetFilter:
    if wanted.within is not None and not wanted.within.covers(box):
        message = phrase("This lies outside the box that the filter asks for.")
        raise FilterError([Problem.of(name, value, message, (str(wanted.within),))])
    return replace(wanted, within=box)


def _part(taken: Taken) -> bool:
    part = taken.get("part", "")
    if part and part not in PARTS:
        raise FilterError([Problem.of("part", part, phrase("There is no such part."), PARTS)])
    return bool(part)
