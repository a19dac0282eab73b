"""A day in the past on every page and in every twin: which version it means, and what is no longer available."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import FIRST_DAY, SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import words
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database, utc_now
from tracker.vocabulary import Nature, WithdrawalReason

MIDNIGHT = SECOND_DAY.replace(hour=0, minute=0, second=0)
LAST_MOMENT = MIDNIGHT - timedelta(microseconds=1)
RECORD = records.SPUTNIK_OFFICE
OWN = f"/incidents/{RECORD['reference']}"
DATA = ("/incidents.csv", "/incidents.json", "/incidents.geojson", "/map.json", f"{OWN}.json",
        f"/topics/{records.CRISIS}.json", "/outlets/kloop.json")  # fmt: skip
PAGES = ("/", "/incidents", OWN, f"/topics/{records.CRISIS}", "/outlets/kloop")
LISTS = ("/incidents.csv", "/incidents.json", "/incidents.geojson")


def change(database: Database, title: str, at: Any, nature: Nature = Nature.CORRECTION) -> None:
    publish(database, [an_incident_to_publish(RECORD | {"title": {"en": title}}, nature)], at)


def test_a_day_is_that_of_greenwich_to_its_last_moment_on_every_page_and_twin(
    client_on_both: FlaskClient, database: Database
) -> None:
    change(database, "Before midnight", LAST_MOMENT)
    change(database, "At midnight", MIDNIGHT)
    for day, version in (("2026-11-20", 2), ("2026-11-21", 3), (utc_now().date().isoformat(), 3)):
        for path in DATA:
            answer = client_on_both.get(f"{path}?as_of={day}")
            assert (answer.status_code, answer.headers["X-Dataset-Version"]) == (200, str(version)), path
        for path in PAGES:
            assert f"Dataset version {version} of" in words(client_on_both.get(f"{path}?as_of={day}")), path
        expected = "Before midnight" if version == 2 else "At midnight"
        for path in (OWN, "/incidents", f"{OWN}.json", *LISTS):
            assert expected in client_on_both.get(f"{path}?as_of={day}").get_data(as_text=True), path


@pytest.mark.parametrize("day", ["2026-11-19", "0001-01-01", "9999-12-31", "tomorrow"])
def test_a_day_before_the_first_publication_or_to_come_is_refused_everywhere_with_what_is_allowed(
    client: FlaskClient, day: str
) -> None:
    for path in (*DATA, *PAGES):
        answer = client.get(f"{path}?as_of={day}", headers={"Accept": "application/json"})
        assert answer.status_code == 400, path
        (problem,) = answer.get_json()["error"]["problems"]
        assert problem["name"] == "as_of"
        assert problem["allowed"]
    tomorrow = (utc_now() + timedelta(days=1)).date().isoformat()
    assert client.get(f"/incidents.json?as_of={tomorrow}").status_code == 400


@pytest.mark.parametrize("asked", ["as_of=2026-11-20", "dataset=1"])
def test_before_anything_is_published_a_version_is_refused_with_what_is_allowed(
    empty_client: FlaskClient, asked: str
) -> None:
    for path in (*LISTS, "/incidents", "/map.json"):
        answer = empty_client.get(f"{path}?{asked}", headers={"Accept": "application/json"})
        assert answer.status_code == 400, path
        (problem,) = answer.get_json()["error"]["problems"]
        assert (problem["name"], problem["allowed"]) == (asked.partition("=")[0], ["leave it out"])


def _restrict(database: Database) -> None:
    change(database, "Less", SECOND_DAY, Nature.RESTRICTION)


def _hide(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=RECORD["id"])


def _withdraw(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=RECORD["id"],
            reason=WithdrawalReason.FALSE_REPORT, at=SECOND_DAY,
        )  # fmt: skip


@pytest.mark.parametrize(("take_back", "own"), [(_restrict, 410), (_hide, 404), (_withdraw, 410)])
def test_what_was_taken_back_is_counted_in_answers_as_of_then_and_shown_in_none(
    client_on_both: FlaskClient, database: Database, take_back: Any, own: int
) -> None:
    change(database, "What must go", FIRST_DAY + timedelta(hours=1))
    take_back(database)
    for query in ("as_of=2026-11-20", "dataset=2", "dataset=1"):
        for path in LISTS:
            answer = client_on_both.get(f"{path}?{query}")
            assert (answer.headers["X-Unavailable"], answer.headers["X-Row-Count"]) == ("1", "4"), path
            assert b"What must go" not in answer.data
        assert client_on_both.get(f"/incidents.json?{query}").get_json()["meta"]["unavailable"] == 1
        assert "1 record of that version is no longer available" in words(client_on_both.get(f"/incidents?{query}"))
        for path in (OWN, f"{OWN}.json"):
            answer = client_on_both.get(f"{path}?{query}")
            assert answer.status_code == own
            assert b"What must go" not in answer.data
    for path in LISTS:
        assert client_on_both.get(path).headers["X-Unavailable"] == "0"
