"""What the map counts: always all incidents of the filter, on both databases, at every version."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.dataset.samples import act, by, incident, place, publication, publish, record_id
from tracker.dataset import queries, store
from tracker.dataset.boxes import UNIT, Box
from tracker.dataset.editions import dataset_version
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.map import answer as answers
from tracker.dataset.map.answer import MapAnswer, map_answer
from tracker.dataset.map.clusters import SEVERAL_POINTS, clusters
from tracker.dataset.map.memory import Memory
from tracker.dataset.map.points import GROUPS, month_of
from tracker.dataset.map.views import View
from tracker.db import Database
from tracker.vocabulary import GROUP_OF, Nature, Placing, Violation, ViolationGroup

DATES = ("2020-10-05", "2020-10-05/2020-11-02", "2020", "[..2020-10-06]", "[2021-01-05..]", "XXXX-XX-XX", "2019-12")
FILTERS = (
    "", "country=KG", "country=FJ", "violation=assault", "violation=assault&perpetrator=police", "from=2020-10-01",
    "from=2020-10-01&to=2020-10-31&when=certain", "q=incident", "placed=point", "placed=country&placed=online",
    "placed=nowhere", "within=70,40,76,44", "within=170,-30,-170,0", "within=0,0,0,0&country=KG", "country=unknown",
)  # fmt: skip


def _place(dice: random.Random) -> dict[str, Any]:
    country, latitude, longitude = dice.choice((("KG", 42.8, 74.6), ("KG", 40.5, 72.8), ("FJ", -17.8, 179.99)))
    point = {
        "latitude": round(latitude + dice.choice((0, 0.05, 0.0001)), 5),
        "longitude": round(longitude - dice.choice((0, 0.05, 359.98 if country == "FJ" else 0.0002)), 5),
    }
    return dice.choice(
        [
            place(country=country, locality="Town", precision="locality", uncertainty_m=10_000, **point),
            place(country=country, precision="site", **point),
            place(country=country, precision="site", uncertainty_m=100, **point),
            place(country=country, precision="locality", locality="Unplaced"),
            place(country=country, precision="country"),
            place(country=dice.choice((country, None)), precision="online"),
            place(country=None, precision="unknown"),
        ]
    )


def many(count: int, seed: int = 4) -> list[dict[str, Any]]:
    """Incidents in all kinds of place and time."""
    dice = random.Random(seed)
    return [
        incident(
            f"KGZ-2020-{number:04}",
            dice.choice(DATES),
            place=_place(dice),
            acts=[
                act(violation, involvements=[by(dice.choice(("police", "unknown")))])
                for violation in dice.sample(Violation.codes(), dice.randint(0, 3))
            ],
        )
        for number in range(1, count + 1)
    ]


def parsed(query: str) -> DatasetFilter:
    return DatasetFilter.parse([tuple(pair.split("=", 1)) for pair in query.split("&") if pair])  # type: ignore[misc]


def the_map(database: Database, query: str = "", view: View | None = None) -> MapAnswer:
    with database.public() as session:
        return map_answer(session, parsed(query), view)


def listed(database: Database, query: str) -> int:
    with database.public() as session:
        return queries.incident_page(session, parsed(query)).total


def drawn(answer: MapAnswer) -> int:
    """How many incidents the marks of an answer stand for."""
    if answer.spots is not None:
        return sum(spot.incidents for spot in answer.spots)
    return sum(cluster.incidents for cluster in answer.clusters or ())


def test_the_counts_of_every_filter_add_up_to_what_the_list_counts(database: Database) -> None:
    publish(database, *many(200))
    for query in FILTERS:
        answer = the_map(database, query)
        counts = answer.summary.counts()
        assert counts["matching"] == listed(database, query), query
        assert sum(counts.values()) == 2 * counts["matching"], query
        assert drawn(answer) == counts["shown"], query
        for placing in Placing:
            both = "&".join(part for part in (query, f"placed={placing}") if part)
            if "placed" not in query:
                assert listed(database, both) == answer.summary.placings[placing], both


def test_clusters_stand_for_as_many_incidents_as_spots_at_every_zoom(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *many(200))
    shown = the_map(database).summary.counts()["shown"]
    monkeypatch.setattr(answers, "MOST_SPOTS", 10)
    for zoom in range(19):
        # Boxes around all the towns, the last one across the antimeridian.
        wide = 0.2 if zoom > 8 else 20
        found = []
        for west, south in ((74.6 - wide, 42.8 - wide), (72.8 - wide, 40.5 - wide), (179.95 - wide, -17.8 - wide)):
            east = west + 2 * wide
            box = Box.read(f"{west:.5f},{south:.5f},{east - 360 if east > 180 else east:.5f},{south + 2 * wide:.5f}")
            assert box is not None
            view = View.of(box, min(zoom, 11) if wide < 1 else zoom)
            answer = the_map(database, "", view)
            assert answer.clusters is not None
            found += [cluster for cluster in answer.clusters if cluster not in found]
        assert sum(cluster.incidents for cluster in found) == shown, zoom


def test_the_box_of_a_cluster_holds_just_the_incidents_that_it_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *many(150))
    monkeypatch.setattr(answers, "MOST_SPOTS", 10)
    box = Box.read("-180,-85,180,85")
    assert box is not None
    for zoom in (0, 2, 4):
        for cluster in the_map(database, "country=KG", View.of(box, zoom)).clusters or ():
            west, south, east, north = cluster[3:7]
            assert listed(database, f"within={west:.5f},{south:.5f},{east:.5f},{north:.5f}&country=KG") == (
                cluster.incidents
            )
            assert (cluster.metres == SEVERAL_POINTS) == ((west, south) != (east, north))


def test_every_spot_leads_to_a_list_of_as_many_incidents(database: Database) -> None:
    publish(database, *many(120))
    for query in ("", "violation=assault"):
        at: dict[tuple[int, int], int] = {}
        for spot in the_map(database, query).spots or ():
            at[spot.latitude, spot.longitude] = at.get((spot.latitude, spot.longitude), 0) + spot.incidents
        for (latitude, longitude), count in at.items():
            assert listed(database, f"within={Box.around(latitude, longitude)}{'&' if query else ''}{query}") == count


def test_spots_are_narrowed_to_a_view_and_the_counts_are_not(database: Database) -> None:
    publish(database, *many(150))
    box = Box.read("179.9,-18,-179.9,-17.7")
    assert box is not None
    whole, part = the_map(database), the_map(database, "", View.of(box, 10))
    assert part.summary == whole.summary
    assert 0 < drawn(part) < drawn(whole)
    assert {abs(spot.longitude) // UNIT for spot in part.spots or ()} <= {179}


def test_months_count_as_the_filter_by_period_does(database: Database) -> None:
    publish(database, *many(150))
    answer = the_map(database)
    periods = {period.number: period for period in answer.summary.periods()}
    assert answer.summary.undated == sum("XXXX" in one["date"]["edtf"] for one in many(150))
    for first in (date(2019, 12, 1), date(2020, 2, 1), date(2020, 10, 1), date(2020, 11, 1), date(2020, 12, 1)):
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        period = periods[month_of(first.toordinal())]
        query = f"from={first}&to={last}"
        assert period.possible == listed(database, query)
        assert period.certain == listed(database, f"{query}&when=certain")
    years = {period.number: period for period in answer.summary.periods(12)}
    assert years[2020].possible == listed(database, "from=2020-01-01&to=2020-12-31")
    assert years[2020].certain == listed(database, "from=2020-01-01&to=2020-12-31&when=certain")


def test_an_incident_is_drawn_by_its_gravest_group(database: Database) -> None:
    publish(
        database,
        incident(
            "KGZ-2020-0001",
            place=place(country="KG", latitude=42.87, longitude=74.59),
            acts=[act("censorship_order"), act("threat"), act("arrest_detention")],
        ),
        incident("KGZ-2020-0002", place=place(country="KG", latitude=40.0, longitude=72.0)),
    )
    groups = {spot.latitude: GROUPS[spot.group] for spot in the_map(database).spots or ()}
    assert groups == {42_87000: ViolationGroup.DETENTION, 40_00000: ViolationGroup.OTHER}


def test_every_violation_belongs_to_one_group() -> None:
    assert set(GROUP_OF) == set(Violation.codes())
    assert sum(len(group.violations) for group in ViolationGroup) == len(Violation)


def test_the_map_of_a_past_version_is_that_of_its_day(database: Database) -> None:
    before, after = many(60), many(60, seed=5)
    first = publish(database, *before, at=datetime(2026, 3, 1, tzinfo=UTC))
    then = the_map(database)
    publish(database, *after, nature=Nature.CORRECTION, at=datetime(2026, 3, 5, tzinfo=UTC))
    assert the_map(database).summary != then.summary
    for query in (f"dataset={first}", "as_of=2026-03-02"):
        past = the_map(database, query)
        assert past.summary == then.summary
        assert list(past.spots or ()) == list(then.spots or ())


def test_a_quarantined_incident_leaves_the_map_at_once_and_every_past_version_of_it(database: Database) -> None:
    lonely = incident("KGZ-2020-0900", place=place(country="KG", latitude=41.23456, longitude=75.65432))
    first = publish(database, *many(30), lonely)
    assert 41_23456 in {spot.latitude for spot in the_map(database).spots or ()}
    with database.write() as session:
        version = store.next_version(session, datetime(2026, 4, 1, tzinfo=UTC))
        going = publication(lonely)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id("KGZ-2020-0900"))
        assert going.key == "KGZ-2020-0900"
    for query in ("", f"dataset={first}", "within=75.65432,41.23456,75.65432,41.23456"):
        answer = the_map(database, query)
        assert 41_23456 not in {spot.latitude for spot in answer.spots or ()}
        assert drawn(answer) == answer.summary.counts()["shown"]


def test_nothing_is_remembered_past_a_publication(database: Database) -> None:
    publish(database, *many(5))
    kept = Memory(most=1_000)
    with database.public() as session:
        old = dataset_version(session)
    assert kept.get(old, ("key",), lambda: "old", len) == "old"
    assert kept.get(old, ("key",), lambda: "newer", len) == "old"
    publish(database, incident("KGZ-2020-0800"))
    with database.public() as session:
        new = dataset_version(session)
    assert kept.get(new, ("key",), lambda: "new", len) == "new"
    # Somebody who still reads the old version gets a right answer too, and leaves nothing of it behind.
    assert kept.get(old, ("key",), lambda: "old again", len) == "old again"
    assert kept.get(new, ("key",), lambda: "made anew", len) == "made anew"


def test_what_is_remembered_is_bounded(database: Database) -> None:
    publish(database, *many(5))
    kept = Memory(most=100)
    with database.public() as session:
        edition = dataset_version(session)
    made: list[int] = []

    def make(number: int) -> str:
        made.append(number)
        return "x" * 40

    for number in (1, 2, 1, 3, 1, 2):
        kept.get(edition, (number,), lambda number=number: make(number), len)  # type: ignore[misc]
    # The second was the longest unused when the third came; what is larger than everything is never kept.
    assert made == [1, 2, 3, 2]
    for _ in range(2):
        kept.get(edition, ("large",), lambda: make(9) * 10, len)
    assert made[-2:] == [9, 9]


def test_clusters_from_nearby_are_those_of_their_tiles_alone(database: Database) -> None:
    publish(database, *many(100))
    box = Box.read("74.5,42.7,74.7,42.9")
    assert box is not None
    with database.public() as session:
        found = clusters(session, parsed(""), dataset_version(session), View.of(box, 12))
    assert found
    assert all(42 < cluster.latitude < 43.5 and 74 < cluster.longitude < 75 for cluster in found)
