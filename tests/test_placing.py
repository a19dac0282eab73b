"""Filling in missing points: only what has one answer, never over a person's work, and never past the review."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.support import nominatim
from tests.support.drafts import Raw, incident, minimal, publish, record, settle
from tests.support.nominatim import Service, body, osh, places
from tracker.cli import main
from tracker.db import Database
from tracker.geocoding.anywhere import locate_anywhere
from tracker.geocoding.remote import Remote
from tracker.geocoding.turns import Pace
from tracker.placing import Report, Result, fill_places
from tracker.publication.gate import Gate
from tracker.registry import audit, operations
from tracker.registry.models import Incident, Revision
from tracker.settings import RemoteGeocoder, Settings
from tracker.vocabulary import Status

IN_OSH: Raw = {"country": "KG", "locality": "Osh"}
FILLED = (40.5139, 72.8161)


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows Osh, and for which everything is Osh."""
    with nominatim.serving(places(osh())) as running:
        yield running


def fill(database: Database, service: Service, **choices: Any) -> Report:
    remote = Remote(RemoteGeocoder("nominatim", service.url), database, Pace(pause=0.0))
    look_up = partial(locate_anywhere, gazetteer=None, remote=remote, confidential=False)
    return fill_places(database, look_up, **choices)


def settled(database: Database, *known: Raw) -> list[str]:
    """Record incidents with these places; returns their ids in the order of the places."""
    with database.write() as session:
        settle(session)
        made = record(session, *(minimal(f"i{number}", place=place) for number, place in enumerate(known)))
        return [each.id for each in made]


def one(database: Database, incident_id: str) -> Incident:
    with database.read() as session:
        found = session.get_one(Incident, incident_id)
        assert found.place is not None
        return found


def point(database: Database, incident_id: str) -> tuple[float | None, float | None]:
    place = one(database, incident_id).place
    return place.latitude, place.longitude


def results(report: Report) -> dict[str | None, Result]:
    return {each.key: each.result for each in report.places}


def test_a_place_with_one_answer_is_filled_in_with_where_it_comes_from(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH)
    report = fill(database, service)
    assert results(report) == {"i0": Result.FILLED}
    found = one(database, made)
    assert point(database, made) == FILLED
    place = found.place
    assert (place.placed_by, place.entry, place.matched) == ("geocoder", "osm:N27539876", "Osh")
    assert (place.precision, place.placed_by_whom, place.placed_at) == (
        "locality",
        "machine:nominatim",
        found.updated_at,
    )
    with database.read() as session:
        last = session.scalars(select(Revision).order_by(Revision.id.desc())).first()
        assert last is not None
        assert (last.entity_id, last.actor, last.action) == (made, "machine:nominatim", "amend")
        (entry, *_) = audit.entries(session, audit.Wanted(actor="machine:nominatim"))
        assert (entry.event, entry.object_id, entry.detail["fields"]) == ("amended", made, ["place"])


def test_a_second_run_has_nothing_left_to_do(database: Database, service: Service) -> None:
    settled(database, IN_OSH)
    fill(database, service)
    assert fill(database, service).places == []


@pytest.mark.parametrize(
    "place",
    [
        IN_OSH | {"latitude": 40.0, "longitude": 72.0, "placed_by": "hand"},
        IN_OSH | {"latitude": 40.0, "longitude": 72.0},
        {"country": "KG"},
        {"country": "KG", "venue": "Old Square", "as_reported": "at the house of somebody"},
        {"country": "KG", "locality": "Osh", "precision": "online"},
    ],
    ids=["by hand", "already there", "a country", "no town", "online"],
)
def test_what_has_a_point_or_can_have_none_is_not_looked_at(database: Database, service: Service, place: Raw) -> None:
    (made,) = settled(database, place)
    before = one(database, made).version
    assert fill(database, service).places == []
    assert (service.asked, one(database, made).version) == ([], before)


def test_a_confidential_place_is_neither_asked_for_nor_filled_in(database: Database, service: Service) -> None:
    hidden = IN_OSH | {"precision": "site", "public_precision": "admin1"}
    (made,) = settled(database, hidden)
    report = fill(database, service)
    assert results(report) == {"i0": Result.KEPT}
    assert "confidential" in (report.places[0].why or "")
    assert (service.asked, point(database, made)) == ([], (None, None))


def test_buildings_and_the_words_of_the_source_are_never_sent(database: Database, service: Service) -> None:
    settled(database, IN_OSH | {"venue": "house of Aida", "as_reported": "at Aida's house in Osh"})
    fill(database, service)
    assert [each.query["q"] for each in service.asked] == ["Osh"]


def test_a_building_whose_town_is_found_is_known_as_the_town_from_then_on(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH | {"venue": "town hall", "precision": "site", "public_precision": "site"})
    assert results(fill(database, service)) == {"i0": Result.FILLED}
    place = one(database, made).place
    assert (place.precision, place.public_precision, place.venue) == ("locality", "locality", "town hall")


def test_what_is_found_more_exactly_than_it_is_known_is_left_to_people(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH | {"precision": "admin1"})
    assert results(fill(database, service)) == {"i0": Result.KEPT}
    assert point(database, made) == (None, None)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (places(osh(), osh(osm_id=2, lat="42.0", lon="75.0")), Result.AMBIGUOUS),
        (places(), Result.NOT_FOUND),
        (body("", status=500), Result.FAILED),
        (places(osh(addresstype="country")), Result.NOT_FOUND),
    ],
    ids=["several", "none", "failure", "a country"],
)
def test_whatever_is_no_single_answer_is_reported_and_not_written(
    database: Database, service: Service, answer: nominatim.Answering, result: Result
) -> None:
    service.answer = answer
    (made,) = settled(database, IN_OSH)
    assert results(fill(database, service)) == {"i0": result}
    assert point(database, made) == (None, None)


def test_a_rehearsal_writes_nothing(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH)
    assert results(fill(database, service, dry_run=True)) == {"i0": Result.FILLED}
    assert point(database, made) == (None, None)


def test_the_country_and_the_number_can_be_limited(database: Database, service: Service) -> None:
    settled(database, *[IN_OSH] * 3, {"country": "DE", "locality": "Osh"})
    report = fill(database, service, country="KG", limit=2)
    assert [each.result for each in report.places] == [Result.FILLED] * 2
    assert len(fill(database, service, country="KG", limit=2).places) == 1


def test_a_person_who_is_quicker_keeps_their_pin(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH)

    def meanwhile(handler: object) -> None:
        with database.write() as session:
            by_hand = minimal("i0", place=IN_OSH | {"latitude": 40.5, "longitude": 72.7, "placed_by": "hand"})
            operations.amend(session, session.get_one(Incident, made), incident(by_hand), by="staff:aida")
        places(osh())(handler)  # type: ignore[arg-type]

    service.answer = meanwhile
    assert results(fill(database, service)) == {"i0": Result.KEPT}
    assert point(database, made) == (40.5, 72.7)


# Nothing reaches the public by a machine alone.


def test_a_public_incident_goes_to_review_and_stays_as_it_is_for_readers(database: Database, service: Service) -> None:
    (made,) = settled(database, IN_OSH)
    with database.write() as session:
        publish(session, session.get_one(Incident, made))
    assert results(fill(database, service)) == {"i0": Result.FILLED}
    found = one(database, made)
    assert (found.status, found.amendment) == (Status.PUBLISHED, Status.IN_REVIEW)
    with database.read() as session:
        public = Gate(session, by="reader").standing([session.get_one(Incident, made)])[made]
    assert (public["place"]["latitude"], public["place"]["longitude"]) == (None, None)


@pytest.mark.parametrize("status", [Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED])
def test_an_incident_that_is_being_weighed_is_left_alone(database: Database, service: Service, status: Status) -> None:
    (made,) = settled(database, IN_OSH)
    with database.write() as session:
        session.get_one(Incident, made).status = status
    assert results(fill(database, service)) == {"i0": Result.KEPT}
    assert (service.asked, one(database, made).status) == ([], status)


@pytest.mark.parametrize("status", [Status.QUARANTINED, Status.WITHDRAWN, Status.ERASED])
def test_what_was_taken_back_is_not_looked_at(database: Database, service: Service, status: Status) -> None:
    (made,) = settled(database, IN_OSH)
    with database.write() as session:
        session.get_one(Incident, made).status = status
    assert fill(database, service).places == []
    assert service.asked == []


# The command.


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation of its own whose operator has chosen the service."""
    for name, value in {
        "TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url, "TRACKER_GEOCODER": "nominatim",
        "TRACKER_GEOCODER_URL": service.url,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return Database(Settings(instance=tmp_path, database_url=sqlite_url))


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["geocode-places", *words])


def test_the_command_tells_what_it_did(environment: Database) -> None:
    settled(environment, IN_OSH, IN_OSH | {"precision": "site", "public_precision": "locality"})
    done = run("--country", "kg")
    assert done.exit_code == 0, done.output
    assert "i0: filled Osh, Osh Region, Kyrgyzstan (osm:N27539876)" in done.output
    assert "i1: kept: The place is confidential." in done.output
    assert "2 places without a point: 1 filled, 0 ambiguous, 0 not found, 0 failed, 1 kept." in done.output
    environment.dispose()


def test_the_command_speaks_json_and_rehearses(environment: Database) -> None:
    (made,) = settled(environment, IN_OSH)
    told = json.loads(run("--dry-run", "--json").output)
    assert (told["dry_run"], told["counts"]["filled"], told["places"][0]["incident_id"]) == (True, 1, made)
    assert point(environment, made) == (None, None)
    environment.dispose()


@pytest.mark.parametrize("words", [["--country", "Kyrgyzstan"], ["--limit", "0"], ["--limit", "many"]])
def test_the_command_says_what_is_typed_wrongly(environment: Database, words: list[str]) -> None:
    assert run(*words).exit_code == 2
    environment.dispose()
