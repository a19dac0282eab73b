"""What changed, as a page for people and as the feed by which a copy follows, over HTTP."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import links, tags, words
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.vocabulary import Nature, WithdrawalReason


def correct(database: Database, record: records.Record, nature: Nature = Nature.CORRECTION, **changed: Any) -> None:
    publish(database, [an_incident_to_publish(record | changed, nature)], SECOND_DAY)


def hide(database: Database, record: records.Record) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record["id"])


def withdraw(database: Database, record: records.Record, successor: str) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.withdraw(
            session, dataset_version=version, kind=Kind.INCIDENT, record_id=record["id"],
            reason=WithdrawalReason.MERGED, successor=successor, at=SECOND_DAY,
        )  # fmt: skip


def follow(client: FlaskClient, since: str, copy: dict[tuple[str, str], Any], limit: int = 2) -> str:
    """Bring a copy up to date with nothing but the answers; returns from where to ask the next time."""
    after = ""
    while True:
        answer = client.get(f"/changes.json?since={since}&limit={limit}{after}").get_json()
        for change in answer["changes"]:
            key = (change["kind"], change["id"])
            copy.pop(key, None)
            if change["change"] in {"added", "corrected"}:
                copy[key] = change["record"]
        if answer["meta"]["next"] is None:
            return str(answer["meta"]["position"])
        after = f"&after={answer['meta']['next']}"


def test_a_copy_that_follows_the_feed_holds_exactly_what_the_downloads_hold(
    client_on_both: FlaskClient, database: Database
) -> None:
    copy: dict[tuple[str, str], Any] = {}
    position = follow(client_on_both, "0", copy)
    correct(database, records.STONE, title={"en": "Corrected"})
    correct(database, records.RUBBER_BULLET, Nature.RESTRICTION, summary={})
    hide(database, records.SPUTNIK_OFFICE)
    withdraw(database, records.STONE, successor="KGZ-2020-0003")
    follow(client_on_both, position, copy)
    held = {id: record for (kind, id), record in copy.items() if kind == "incident"}
    public = client_on_both.get("/incidents.json").get_json()["incidents"]
    assert held == {record["id"]: record for record in public}
    assert [record for (kind, _), record in copy.items() if kind == "topic"] == [records.TOPIC]
    assert [record for (kind, _), record in copy.items() if kind == "site"] == [records.SITE]


def test_the_feed_says_no_more_of_a_record_than_there_is_to_say(client: FlaskClient, sqlite_database: Database) -> None:
    correct(sqlite_database, records.RUBBER_BULLET, Nature.RESTRICTION, summary={})
    withdraw(sqlite_database, records.STONE, successor="KGZ-2020-0003")
    hide(sqlite_database, records.SPUTNIK_OFFICE)
    corrected, withdrawn, removed = client.get("/changes.json?since=1").get_json()["changes"]
    assert corrected.keys() == {"change", "dataset_version", "changed_on", "kind", "id", "record"}
    assert corrected["change"] == "corrected", "that it was a restriction is not told"
    assert withdrawn == {
        "change": "withdrawn", "dataset_version": 3, "changed_on": "2026-11-21", "kind": "incident",
        "id": records.STONE["id"], "key": "KGZ-2020-0004", "reason": "merged", "successor": "KGZ-2020-0003",
    }  # fmt: skip
    assert removed == {
        "change": "removed", "dataset_version": 4, "changed_on": "2026-11-21", "kind": "incident",
        "id": records.SPUTNIK_OFFICE["id"],
    }  # fmt: skip


def test_whoever_comes_after_a_quarantine_learns_nothing_of_the_record_from_page_or_feed(
    client_on_both: FlaskClient, database: Database
) -> None:
    gone = records.SPUTNIK_OFFICE
    hide(database, gone)
    answers = [client_on_both.get(path) for path in ("/changes", "/changes?since=1", "/changes.json", "/ru/changes")]
    for answer in answers:
        assert answer.status_code == 200
        said = answer.get_data(as_text=True)
        assert gone["reference"] not in said
        assert gone["title"]["en"] not in said
        assert gone["id"] not in said
    assert "Nothing of this version can be listed" in words(answers[0])
    assert gone["reference"] not in client_on_both.get("/changes.json?since=1").get_data(as_text=True)


def test_the_page_says_what_each_version_brought_and_leads_there(
    client: FlaskClient, sqlite_database: Database
) -> None:
    correct(sqlite_database, records.RUBBER_BULLET, title={"en": "A better title"})
    withdraw(sqlite_database, records.STONE, successor="KGZ-2020-0003")
    page = client.get("/changes")
    said = words(page)
    assert said.index("Version 3") < said.index("Version 2") < said.index("Version 1")
    assert "21 November 2026, 14:03 UTC 1 record corrected Corrected A better title KGZ-2020-0003" in said
    assert "1 record withdrawn Withdrawn KGZ-2020-0004 Merged. Continued in KGZ-2020-0003" in said
    for link in {link for link in links(page) if link.startswith("/")}:
        assert client.get(link).status_code == 200, link
    since = words(client.get("/changes?since=2"))
    assert "Version 3" in since
    assert "Version 2" not in since
    assert "Nothing has changed since then." in words(client.get("/changes?since=3"))
    assert "Version 1 " not in words(client.get("/changes?since=2026-11-21"))


def test_the_page_goes_on_to_older_versions(client: FlaskClient, sqlite_database: Database) -> None:
    for number in range(4):
        correct(sqlite_database, records.RUBBER_BULLET, title={"en": f"Title {number}"})
    page, seen = "/changes?limit=2&since=1", []
    while page:
        answer = client.get(page)
        seen += [number for number in range(1, 6) if f"Version {number} " in words(answer)]
        page = next((str(link["href"]) for link in tags(answer, "a") if link.get("rel") == "next"), "")
    assert sorted(seen) == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "query",
    ["country=KG", "since=tomorrow", "since=99", "limit=0", "after=9.9.9.9.9", "since=1&since=2", "as_of=2026-11-20"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/changes", "/changes.json"])
def test_what_cannot_be_answered_is_refused_with_what_is_allowed(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["error"]["problems"][0]["name"] == query.partition("=")[0]


def test_the_feed_of_an_empty_dataset_is_empty(empty_client: FlaskClient) -> None:
    answer = json.loads(empty_client.get("/changes.json?since=2026-01-01").data)
    assert (answer["changes"], answer["meta"]["next"], answer["meta"]["position"]) == ([], None, None)
    assert "Nothing has been published yet." in words(empty_client.get("/changes"))
