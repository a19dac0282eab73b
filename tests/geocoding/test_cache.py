"""What services answered is kept for as long as it is believed, and a failure never is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tests.support import nominatim
from tests.support.nominatim import Service, body, osh, places
from tracker.db import Database, utc_now
from tracker.geocoding import Outcome, Wanted
from tracker.geocoding.cache import KEPT, key_of
from tracker.geocoding.models import GeocoderAnswer
from tracker.geocoding.remote import Remote
from tracker.geocoding.turns import Pace
from tracker.settings import RemoteGeocoder

QUICK = Pace(pause=0.0)
OSH = Wanted(locality="Osh", country="KG")


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows Osh."""
    with nominatim.serving(places(osh())) as running:
        yield running


@pytest.fixture
def remote(database: Database, service: Service) -> Remote:
    """That service, asked without a pause."""
    return Remote(RemoteGeocoder("nominatim", service.url), database, QUICK)


def grow_older(database: Database, by: timedelta) -> None:
    """Let so much time pass for all answers that are kept."""
    with database.write() as session:
        for row in session.scalars(select(GeocoderAnswer)):
            row.answered_at, row.expires_at = row.answered_at - by, row.expires_at - by


def test_what_was_answered_is_not_asked_again(remote: Remote, service: Service) -> None:
    first = remote.candidates(OSH, confidential=False)
    assert remote.candidates(OSH, confidential=False) == first
    assert remote.candidates(Wanted(locality=" Osh ", country="kg"), confidential=False) == first
    assert len(service.asked) == 1


def test_another_question_or_another_service_is_another_matter(
    database: Database, remote: Remote, service: Service
) -> None:
    remote.candidates(OSH, confidential=False)
    remote.candidates(Wanted(locality="Osh"), confidential=False)
    Remote(RemoteGeocoder("nominatim", f"{service.url}/other"), database, QUICK).candidates(OSH, confidential=False)
    assert len(service.asked) == 3


@pytest.mark.parametrize(("found", "days"), [(True, 90), (False, 7)])
def test_a_place_is_believed_for_longer_than_that_there_is_none(
    database: Database, remote: Remote, service: Service, found: bool, days: int
) -> None:
    service.answer = places(osh()) if found else places()
    remote.candidates(OSH, confidential=False)
    grow_older(database, timedelta(days=days, minutes=-5))
    remote.candidates(OSH, confidential=False)
    assert len(service.asked) == 1
    grow_older(database, timedelta(minutes=10))
    remote.candidates(OSH, confidential=False)
    assert len(service.asked) == 2


def test_a_failure_is_not_kept_and_hides_no_answer(database: Database, remote: Remote, service: Service) -> None:
    service.answer = body("", status=500)
    assert remote.candidates(OSH, confidential=False).outcome is Outcome.FAILED
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(GeocoderAnswer)) == 0
    service.answer = places(osh())
    assert remote.candidates(OSH, confidential=False).outcome is Outcome.FOUND
    service.answer = body("", status=500)
    assert remote.candidates(OSH, confidential=False).outcome is Outcome.FOUND
    assert Outcome.FAILED not in KEPT


def test_answers_that_are_too_old_are_cleared_away(database: Database, remote: Remote) -> None:
    remote.candidates(OSH, confidential=False)
    with database.write() as session:
        session.execute(update(GeocoderAnswer).values(expires_at=utc_now() - timedelta(seconds=1)))
    remote.candidates(Wanted(locality="Talas"), confidential=False)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(GeocoderAnswer)) == 1


def test_no_word_of_the_question_stands_in_the_database(database: Database, remote: Remote, service: Service) -> None:
    service.answer = places()
    remote.candidates(Wanted(locality="Qaxwtown"), confidential=False)
    with database.read() as session:
        row = session.scalars(select(GeocoderAnswer)).one()
        assert "qaxw" not in str(vars(row)).casefold()
    assert row.key == key_of(f"nominatim {service.url}", Wanted(locality="Qaxwtown"))


def test_the_credit_is_kept_with_the_answer(remote: Remote) -> None:
    remote.candidates(OSH, confidential=False)
    assert remote.candidates(OSH, confidential=False).attribution == nominatim.LICENCE
