"""Our own list first; an outside service only where it knows no answer, and never against it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import nominatim
from tests.support.nominatim import Service, body, osh, places
from tracker.db import Database
from tracker.geocoding import Answer, Candidate, Gazetteer, Outcome, Wanted
from tracker.geocoding.anywhere import locate_anywhere, put_together
from tracker.geocoding.remote import Remote
from tracker.geocoding.turns import Pace
from tracker.settings import RemoteGeocoder, Settings
from tracker.vocabulary import PlacePrecision

OSH = Wanted(locality="Osh", country="KG")
HERE = Candidate(
    "Osh", ("Osh Region",), 40.52828, 72.7985, PlacePrecision.LOCALITY, "KG", "Osh Region", None, 1.0,
    "gazetteer", "geonames:1527534", "Osh",
)  # fmt: skip
FAR = replace(HERE, latitude=42.0, longitude=75.0, entry="geonames:1", score=0.9)
OUTSIDE = replace(HERE, provider="nominatim", entry="osm:N1", latitude=40.51, longitude=72.81)

NONE = Answer(Outcome.NOT_FOUND)
FAILED = Answer(Outcome.FAILED, problem="It failed.")
SEVERAL = Answer(Outcome.AMBIGUOUS, (HERE, FAR), attribution="Place data © GeoNames")
ONE = Answer(Outcome.FOUND, (OUTSIDE,), attribution="© OpenStreetMap")


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database for turns and answers."""
    opened = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    yield opened
    opened.dispose()


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows Osh."""
    with nominatim.serving(places(osh())) as running:
        yield running


@pytest.fixture
def remote(database: Database, service: Service) -> Remote:
    """That service, asked without a pause."""
    return Remote(RemoteGeocoder("nominatim", service.url), database, Pace(pause=0.0))


def test_without_a_list_and_without_a_service_nothing_is_found_and_that_is_said() -> None:
    answer = locate_anywhere(OSH, None, None, confidential=False)
    assert answer.outcome is Outcome.FAILED
    assert "gazetteer build" in (answer.problem or "")


def test_a_list_that_is_not_there_leaves_it_to_the_service(remote: Remote, service: Service, tmp_path: Path) -> None:
    missing = Gazetteer(tmp_path / "none.sqlite")
    assert locate_anywhere(OSH, missing, None, confidential=False).outcome is Outcome.FAILED
    assert locate_anywhere(OSH, missing, remote, confidential=False).best is not None
    assert len(service.asked) == 1


def test_a_confidential_place_is_looked_up_in_our_own_list_alone(
    remote: Remote, service: Service, tmp_path: Path
) -> None:
    missing = Gazetteer(tmp_path / "none.sqlite")
    for gazetteer in (missing, None):
        assert locate_anywhere(OSH, gazetteer, remote, confidential=True).outcome is Outcome.FAILED
    assert service.asked == []


def test_a_service_that_fails_hides_nothing(remote: Remote, service: Service) -> None:
    service.answer = body("", status=500)
    answer = locate_anywhere(OSH, None, remote, confidential=False)
    assert (answer.outcome, answer.candidates) == (Outcome.FAILED, ())


@pytest.mark.parametrize(
    ("offline", "online", "together"),
    [
        (NONE, ONE, ONE),
        (NONE, NONE, NONE),
        (NONE, FAILED, FAILED),
        (SEVERAL, NONE, SEVERAL),
        (SEVERAL, FAILED, replace(SEVERAL, problem="It failed.")),
        (SEVERAL, ONE, ONE),
        (FAILED, NONE, NONE),
        (FAILED, replace(FAILED, problem="It too."), FAILED),
        (FAILED, ONE, ONE),
    ],
)
def test_two_answers_make_one(offline: Answer, online: Answer, together: Answer) -> None:
    assert put_together(offline, online) == together


def test_an_answer_from_outside_that_agrees_with_none_of_ours_is_for_a_person_to_judge() -> None:
    elsewhere = Answer(Outcome.FOUND, (replace(OUTSIDE, latitude=39.0),), attribution="© OpenStreetMap")
    answer = put_together(SEVERAL, elsewhere)
    assert answer.outcome is Outcome.AMBIGUOUS
    assert [each.entry for each in answer.candidates] == ["geonames:1527534", "osm:N1", "geonames:1"]
    assert answer.attribution == "© OpenStreetMap; Place data © GeoNames"


def test_an_answer_from_outside_between_two_of_ours_decides_nothing() -> None:
    close = Answer(Outcome.AMBIGUOUS, (HERE, replace(HERE, latitude=40.54, entry="geonames:2")))
    assert put_together(close, ONE).outcome is Outcome.AMBIGUOUS
