"""The files of other projects that are served to readers: they are the ones that the manifest names, and no others."""

import hashlib
import json
from typing import Any

import pytest

from tracker.settings import STATIC
from tracker.vocabulary.countries import COUNTRIES

VENDOR = STATIC / "vendor"
MAP = STATIC / "map"
MANIFEST: dict[str, dict[str, dict[str, Any]]] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
LIBRARIES, DATA = MANIFEST["libraries"], MANIFEST["data"]


def points(ring: list[int], step: float) -> list[tuple[float, float]]:
    """A ring of the base map in degrees (longitude, latitude)."""
    x = y = 0
    found = []
    for across, up in zip(ring[::2], ring[1::2], strict=True):
        x, y = x + across, y + up
        found.append((x * step, y * step))
    return found


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_every_vendored_file_is_the_one_that_its_project_published(library: str) -> None:
    entry = LIBRARIES[library]
    assert entry["version"]
    assert entry["package"]
    assert entry["licence"]
    for name, sha256 in entry["files"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sha256, name


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_the_licence_of_every_vendored_library_lies_beside_it(library: str) -> None:
    entry = LIBRARIES[library]
    for name in entry["licence_files"]:
        assert name in entry["files"]
        assert "Copyright" in (VENDOR / name).read_text(encoding="utf-8")


def test_no_file_lies_among_the_vendored_ones_that_the_manifest_does_not_name() -> None:
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert there == {"manifest.json"} | {name for entry in LIBRARIES.values() for name in entry["files"]}


@pytest.mark.parametrize("name", sorted(DATA))
def test_what_was_made_from_the_data_of_others_is_as_it_was_made(name: str) -> None:
    assert DATA[name]["licence"]
    assert (STATIC.parent / DATA[name]["made_by"]).is_file()
    for path, sha256 in DATA[name]["files"].items():
        assert hashlib.sha256((STATIC / path).read_bytes()).hexdigest() == sha256, path


@pytest.mark.parametrize("name", ["world-110m.json", "world-50m.json"])
def test_the_base_map_closes_its_lines_and_crosses_no_edge_of_the_world(name: str) -> None:
    world = json.loads((MAP / name).read_text(encoding="utf-8"))
    for iso, (longitude, latitude), polygons in world["countries"]:
        assert iso is None or iso in COUNTRIES
        assert -180 <= longitude <= 180
        assert -60 < latitude < 85
        for ring in (ring for polygon in polygons for ring in polygon):
            line = points(ring, world["step"])
            assert line[0] == line[-1], iso
            assert all(-180 <= x <= 180 and -60 <= y <= 85 for x, y in line), iso


@pytest.mark.parametrize("name", ["world-110m.json", "world-50m.json"])
def test_the_base_map_has_every_country_once(name: str) -> None:
    codes = [iso for iso, *_ in json.loads((MAP / name).read_text(encoding="utf-8"))["countries"] if iso]
    assert len(codes) == len(set(codes))
    assert {"KG", "XK", "EH", "PS", "SS", "TL"} <= set(codes)
    assert "AQ" not in codes


def test_the_cities_of_the_map_have_names_and_ranks() -> None:
    cities = json.loads((MAP / "cities.json").read_text(encoding="utf-8"))
    assert [rank for _, _, rank, _ in cities] == sorted(rank for _, _, rank, _ in cities)
    by_name = {names["en"]: (latitude, longitude, names) for latitude, longitude, _, names in cities}
    assert len(by_name) > 400
    assert by_name["Bishkek"][2]["ru"] == "Бишкек"
    assert by_name["Bishkek"][:2] == (42.87, 74.59)
    assert by_name["Osh"][2]["ru"] == "Ош"
    assert all(-90 <= latitude <= 90 and -180 <= longitude <= 180 for latitude, longitude, _ in by_name.values())


def test_nothing_that_is_served_is_loaded_from_elsewhere() -> None:
    # What stands in texts and comments is no request; an import, a fetch or a style sheet would be.
    for path in (*MAP.glob("*.js"), *MAP.glob("*.css")):
        text = path.read_text(encoding="utf-8")
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), path.name
        assert "https://" not in text, path.name
        assert "eval(" not in text, path.name
        assert "innerHTML" not in text, path.name


def test_every_script_of_the_map_can_be_read_at_one_go() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in MAP.glob("*.js")}
    assert "map.js" in lengths
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}
