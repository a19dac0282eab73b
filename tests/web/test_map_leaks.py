"""No exact place can be had from the site: not as digits, not by searching boxes, not by sorting or counting.

Two registers are made that differ in nothing but what the public may not know: exact places, which lie elsewhere in the
same public cell or belong to incidents that are not public, and who it is whose name is withheld. Whatever the public
can ask, both must answer alike.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.support.asking import every_address, said, without_chance
from tests.support.drafts import NOON, Raw, incident, minimal, record, settle, victim
from tests.support.leaks import public_dump
from tests.support.shared import application, database_of
from tracker import publication
from tracker.dataset import releases
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry.models import Incident
from tracker.settings import Settings

Point = tuple[float, float]

# By incident: an exact place in one register, and another one in the same public cell in the other.
EXACT: dict[str, tuple[Point, Point]] = {
    "town": ((42.8764317, 74.6038129), (42.8112693, 74.6891271)),
    "province": ((40.5137319, 72.8161837), (40.9871233, 72.1112947)),
    "country": ((41.4287133, 75.9912387), (39.6671339, 71.1139877)),
    "draft": ((42.5226713, 72.2427931), (41.1193877, 74.4437719)),
    "quarantined": ((41.8429773, 71.9722319), (42.6633917, 77.1183929)),
    "withdrawn": ((40.2277139, 74.0137721), (41.7712937, 73.3391177)),
    "restricted": ((42.4913377, 78.3911273), (42.4311937, 78.3123719)),
}
# By register: whose name is withheld at the incident in town, and what nobody may read of them.
WITHHELD = (("aida", "Testova", "Тестова"), ("bakyt", "Proberov", "Проберов"))
SHOWN_AS = {"town": "locality", "province": "admin1", "country": "country"}


def _raw(key: str, exact: Point, which: int, **place: str) -> Raw:
    latitude, longitude = exact
    somebody = victim(WITHHELD[which][0], naming="withheld", name_published_in=[])
    acts = [{"violation": "assault", "victims": [somebody]}]
    there = {"country": "KG", "precision": "site", "latitude": latitude, "longitude": longitude, **place}
    return minimal(key, title={"en": f"An incident, {key}"}, place=there, acts=acts)


def fill(database: Database, which: int) -> None:
    """The register with the first (0) or the second (1) exact place and person of each incident."""
    raws = {
        key: _raw(key, points[which], which, **({"public_precision": SHOWN_AS[key]} if key in SHOWN_AS else {}))
        for key, points in EXACT.items()
    }
    with database.write() as session:
        settle(session)
        made = dict(zip(raws, record(session, *raws.values(), minimal("plain")), strict=False))
        going = [one for key, one in made.items() if key != "draft"]
        Gate(session, by="editor", at=NOON).publish(going)
    with database.write() as session:
        for key, verb in (("quarantined", publication.quarantine), ("withdrawn", publication.withdraw)):
            verb(session, session.get_one(Incident, made[key].id), by="editor", why="safety")
        restricted = session.get_one(Incident, made["restricted"].id)
        coarser = _raw("restricted", EXACT["restricted"][which], which, public_precision="locality")
        publication.restrict(session, restricted, incident(coarser), by="editor", why="safety")


@dataclass(frozen=True)
class Two:
    """The two registers, each with a reader."""

    databases: tuple[Database, Database]
    readers: tuple[FlaskClient, FlaskClient]

    def answers(self, address: str) -> tuple[str, str]:
        """What both answer, without the time of publication and the random ids."""
        one, other = (without_chance(said(reader, address)) for reader in self.readers)
        return one, other

    def everything(self) -> list[str]:
        """Every address of the site, and more questions about places; both sites name the same."""
        addresses, others = ([*every_address(reader, (1, 2), records=2), *_places()] for reader in self.readers)
        assert addresses == others
        return addresses


@pytest.fixture
def two(tmp_path: Path, backend: str, new_database: Callable[[str, str], str]) -> Iterator[Two]:
    """Two registers on each kind of database that differ in exact places and withheld persons alone."""
    databases = []
    settings = []
    for which in (0, 1):
        url = new_database(backend, f"leaks_{which}")
        settings.append(Settings(instance=tmp_path / str(which), database_url=url, secret_key="only for tests"))
        databases.append(database_of(settings[-1]))
        fill(databases[-1], which)
        releases.create(databases[-1], settings[-1].releases, "2026.1")
    readers = [application(one, database).test_client() for one, database in zip(settings, databases, strict=True)]
    yield Two((databases[0], databases[1]), (readers[0], readers[1]))
    for database in databases:
        database.dispose()


def _boxes(halves: Iterable[float]) -> Iterator[str]:
    """Boxes whose edges lie at, before and behind each exact place, and around it ever closer."""
    for points in EXACT.values():
        for latitude, longitude in points:
            for half in halves:
                yield f"{longitude - half:.5f},{latitude - half:.5f},{longitude + half:.5f},{latitude + half:.5f}"
            yield f"60,35,{longitude:.5f},50"
            yield f"{longitude:.5f},35,90,50"
            yield f"60,35,90,{latitude:.5f}"


def _places() -> Iterator[str]:
    yield from ("/incidents?placed=point", "/map.json?placed=country")
    for zoom in (0, 5, 9, 14, 18):
        for points in EXACT.values():
            latitude, longitude = points[0]
            box = f"{longitude - 0.001:.5f},{latitude - 0.001:.5f},{longitude + 0.001:.5f},{latitude + 0.001:.5f}"
            yield f"/map.json?box={box}&zoom={zoom}"
    for points in EXACT.values():
        for latitude, longitude in points:
            yield f"/map/spot?lat={latitude}&lon={longitude}"
            yield f"/map/spot?lat={latitude}&lon={longitude}&part=list"


def test_both_registers_answer_every_question_alike_and_without_a_digit_of_an_exact_place(two: Two) -> None:
    asked = two.everything()
    assert {"/acts.csv", "/incidents.zip", "/summary.json", "/releases/2026.1/incidents.xlsx", "/ru/"} <= set(asked)
    # The same lines stand on many pages.
    lines: set[str] = set()
    for address in asked:
        one, other = two.answers(address)
        assert one == other, address
        if "lat=" not in address:
            lines.update(one.splitlines())
    answers = "\n".join(lines)
    dump = "".join(public_dump(database) for database in two.databases)
    for which, points in ((which, points) for which in (0, 1) for points in EXACT.values()):
        for number in points[which]:
            # What is stored for the map has five decimals without a point.
            for digits in (f"{number:.4f}", str(round(number * 100_000)), str(round(number * 1e5) // 10)):
                assert digits not in answers
                assert digits not in dump
    for name in (name for _, *names in WITHHELD for name in names):
        assert name not in answers
        assert name.casefold() not in dump.casefold()


def test_no_box_tells_the_registers_apart(two: Two, backend: str) -> None:
    # The filter is translated alike for both databases; the slower one is asked for the turning points.
    halves = (5.0, 0.5, 0.1, 0.05, 0.01, 0.001, 0.00001) if backend == "sqlite" else (0.05, 0.00001)
    for box in _boxes(halves):
        for address in (f"/map/box?box={box}&part=list", f"/incidents.json?within={quote(box)}"):
            one, other = two.answers(address)
            assert one == other, address
        counts = [reader.get(f"/map.json?within={box}").get_json() for reader in two.readers]
        assert [found["counts"] for found in counts] == [counts[0]["counts"]] * 2


def test_a_search_by_ever_smaller_boxes_ends_at_the_middle_of_the_public_cell(two: Two) -> None:
    for reader in two.readers:
        west, south, east, north = 74.5, 42.75, 74.75, 42.95
        for _ in range(40):
            if east - west >= north - south:
                middle = (west + east) / 2
                found = _count(reader, west, south, middle, north)
                west, east = (west, middle) if found else (middle, east)
            else:
                middle = (south + north) / 2
                found = _count(reader, west, south, east, middle)
                south, north = (south, middle) if found else (middle, north)
        assert (round(south, 3), round(west, 3)) == (42.85, 74.65)


def _count(reader: FlaskClient, west: float, south: float, east: float, north: float) -> int:
    box = f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"
    return int(reader.get(f"/map.json?within={box}").get_json()["counts"]["matching"])


@pytest.mark.usefixtures("backend")
def test_a_gate_with_a_hole_would_be_noticed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the exact point is let through, the two registers differ: the tests above can fail."""

    def exact(latitude: float, longitude: float, _degrees: float) -> tuple[float, float]:
        return latitude, longitude

    monkeypatch.setattr("tracker.publication.places.cell_centre", exact)
    pair: Two = request.getfixturevalue("two")
    one, other = pair.answers("/map.json")
    assert one != other
