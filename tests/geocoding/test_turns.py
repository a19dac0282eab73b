"""One turn for all: threads and processes never ask a service more often than it allows, and leave it in peace."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support import nominatim
from tests.support.nominatim import Service, body, osh, places
from tests.support.run import PROJECT
from tracker.db import Database, utc_now
from tracker.geocoding import Outcome, Wanted
from tracker.geocoding.models import GeocoderTurn
from tracker.geocoding.remote import Remote
from tracker.geocoding.turns import USUAL_PACE, NoTurn, Pace, Turns
from tracker.settings import RemoteGeocoder, Settings

PAUSE = 0.2
# Long enough for any machine on which these tests run.
PATIENT = Pace(pause=PAUSE, patience=120.0, lease=60.0)


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows Osh."""
    with nominatim.serving(places(osh())) as running:
        yield running


def remote(database: Database, service: Service, pace: Pace) -> Remote:
    return Remote(RemoteGeocoder("nominatim", service.url), database, pace)


def row(database: Database) -> GeocoderTurn:
    with database.read() as session:
        return session.scalars(select(GeocoderTurn)).one()


def test_the_usual_pace_is_one_request_a_second_and_ten_minutes_of_peace_after_five_failures() -> None:
    assert (USUAL_PACE.pause, USUAL_PACE.failures, USUAL_PACE.rest) == (1.0, 5, 600.0)
    assert USUAL_PACE.lease > 5


ASK = """
import sys
from pathlib import Path
from tracker.db import Database
from tracker.geocoding import Wanted
from tracker.geocoding.remote import Remote
from tracker.geocoding.turns import Pace
from tracker.settings import RemoteGeocoder, Settings
folder, database, url, name, times, pause = sys.argv[1:]
opened = Database(Settings(instance=Path(folder), database_url=database))
remote = Remote(RemoteGeocoder("nominatim", url), opened, Pace(pause=float(pause), patience=120.0, lease=60.0))
for number in range(int(times)):
    print(remote.candidates(Wanted(locality=f"{name} {number}"), confidential=False).outcome)
"""


def test_threads_and_processes_share_one_turn(settings: Settings, database: Database, service: Service) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(settings.instance), settings.database_url, service.url, f"P{n}", "3",
             str(PAUSE)],
            stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=os.environ,
        )
        for n in range(2)
    ]  # fmt: skip
    asking = remote(database, service, PATIENT)
    outcomes: list[Outcome] = []

    def ask(name: str) -> None:
        outcomes.extend(asking.candidates(Wanted(locality=f"{name} {n}"), confidential=False).outcome for n in range(2))

    threads = [threading.Thread(target=ask, args=(f"T{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        said, _ = process.communicate(timeout=120)
        assert said.split() == ["ambiguous"] * 3
    assert outcomes == [Outcome.AMBIGUOUS] * 6
    assert len(service.asked) == 12
    assert min(service.gaps) >= PAUSE


def test_the_pause_begins_when_the_answer_is_there(database: Database, service: Service) -> None:
    service.answer = nominatim.slowly(0.15, places(osh()))
    asking = remote(database, service, PATIENT)
    for name in ("A", "B"):
        asking.candidates(Wanted(locality=name), confidential=False)
    assert min(service.gaps) >= PAUSE + 0.15


def test_two_who_ask_the_same_thing_at_once_ask_it_once(database: Database, service: Service) -> None:
    service.answer = nominatim.slowly(0.2, places(osh()))
    asking = remote(database, service, PATIENT)
    wanted = Wanted(locality="Osh")
    threads = [threading.Thread(target=asking.candidates, args=(wanted,), kwargs={"confidential": False})] * 1
    threads += [threading.Thread(target=asking.candidates, args=(wanted,), kwargs={"confidential": False})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.asked) == 1
    assert row(database).holder is None


def test_whoever_waits_too_long_is_told_so_and_nothing_is_held_against_the_service(
    database: Database, service: Service
) -> None:
    asking = remote(database, service, Pace(pause=30.0, patience=0.1, lease=15.0))
    assert asking.candidates(Wanted(locality="Osh"), confidential=False).outcome is Outcome.FOUND
    answer = asking.candidates(Wanted(locality="Talas"), confidential=False)
    assert answer.outcome is Outcome.FAILED
    assert "Too many places" in (answer.problem or "")
    assert (len(service.asked), row(database).failures) == (1, 0)


def test_a_turn_whose_holder_has_died_goes_on_to_another(database: Database, service: Service) -> None:
    turns = Turns(database, "nominatim http://x", Pace(lease=0.3, patience=60.0, pause=0.0))
    turns.take("died")
    turns.take("next")
    assert row(database).holder == "next"
    with database.write() as session:
        turns.give_back(session, "died", failed=False)
        assert session.scalars(select(GeocoderTurn)).one().holder == "next", "the dead one comes back and takes nothing"


def test_no_transaction_is_open_while_the_service_is_asked(database: Database, service: Service) -> None:
    written: list[bool] = []

    def while_asked(handler: object) -> None:
        with database.write() as session:
            written.append(session.scalars(select(GeocoderTurn)).one().holder is not None)
        places(osh())(handler)  # type: ignore[arg-type]

    service.answer = while_asked
    assert remote(database, service, PATIENT).candidates(Wanted(locality="Osh"), confidential=False).best is not None
    assert written == [True]


# A service that fails is left in peace.

FAST = Pace(pause=0.0)


def fail(asking: Remote, times: int) -> list[str]:
    return [str(asking.candidates(Wanted(locality=f"Town {n}"), confidential=False).problem) for n in range(times)]


def test_after_five_failures_nobody_asks_for_ten_minutes(database: Database, service: Service) -> None:
    service.answer = body("", status=500)
    told = fail(remote(database, service, FAST), 7)
    assert len(service.asked) == 5
    assert ["left in peace" in each for each in told] == [False] * 5 + [True] * 2
    rest = row(database).open_until
    assert rest is not None
    assert 590 < (rest - utc_now()).total_seconds() <= 600
    # Another worker, with an object of its own, knows of it too.
    service.answer = places(osh())
    assert "left in peace" in fail(remote(database, service, FAST), 1)[0]
    assert len(service.asked) == 5


def _later(database: Database, by: timedelta) -> None:
    with database.write() as session:
        found = session.scalars(select(GeocoderTurn)).one()
        assert found.open_until is not None
        found.open_until -= by


def test_after_its_rest_a_service_is_tried_once_and_trusted_again_when_it_answers(
    database: Database, service: Service
) -> None:
    asking = remote(database, service, FAST)
    service.answer = body("", status=500)
    fail(asking, 5)
    _later(database, timedelta(minutes=11))
    fail(asking, 3)
    assert len(service.asked) == 6, "one more failure is enough to leave it again"
    _later(database, timedelta(minutes=11))
    service.answer = places(osh())
    assert asking.candidates(Wanted(locality="Osh"), confidential=False).outcome is Outcome.FOUND
    assert (row(database).failures, row(database).open_until) == (0, None)


def test_an_answer_in_between_begins_the_count_anew(database: Database, service: Service) -> None:
    asking = remote(database, service, FAST)
    for number in range(3):
        service.answer = body("", status=500)
        fail(asking, 4)
        service.answer = places()
        asking.candidates(Wanted(locality=f"There {number}"), confidential=False)
    assert len(service.asked) == 15


@pytest.mark.parametrize(("status", "after", "seconds"), [(429, "900", 900), (429, "999999", 3_600), (403, "", 600)])
def test_a_service_that_wants_no_more_is_left_at_once_for_as_long_as_it_says(
    database: Database, service: Service, status: int, after: str, seconds: int
) -> None:
    service.answer = body("", status=status, **({"Retry_After": after} if after else {}))
    fail(remote(database, service, FAST), 2)
    assert len(service.asked) == 1
    rest = row(database).open_until
    assert rest is not None
    assert seconds - 10 < (rest - utc_now()).total_seconds() <= seconds


def test_a_question_that_is_not_understood_says_nothing_about_the_service(database: Database, service: Service) -> None:
    service.answer = body("", status=400)
    told = fail(remote(database, service, FAST), 7)
    assert len(service.asked) == 7
    assert set(told) == {"The geocoding service reported an error."}


def test_a_clock_that_is_put_back_holds_nobody_up_for_hours(database: Database, service: Service) -> None:
    asking = remote(database, service, FAST)
    asking.candidates(Wanted(locality="Osh"), confidential=False)
    with database.write() as session:
        found = session.scalars(select(GeocoderTurn)).one()
        found.free_at = utc_now() + timedelta(hours=2)
        found.open_until = utc_now() + timedelta(hours=2)
    assert asking.candidates(Wanted(locality="Talas"), confidential=False).outcome is not Outcome.FAILED


def test_services_do_not_wait_for_one_another(database: Database, service: Service) -> None:
    pace = Pace(pause=30.0, patience=0.1)
    assert remote(database, service, pace).candidates(Wanted(locality="Osh"), confidential=False).best is not None
    other = Remote(RemoteGeocoder("nominatim", f"{service.url}/other"), database, pace)
    assert other.candidates(Wanted(locality="Osh"), confidential=False).best is not None


def test_a_turn_that_cannot_be_had_is_refused_in_words(database: Database) -> None:
    turns = Turns(database, "x", Pace(patience=0.1, lease=15.0))
    turns.take("first")
    with pytest.raises(NoTurn, match="Too many places"):
        turns.take("second")
