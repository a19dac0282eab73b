"""The feed: valid Atom, the latest first, with pages, and silent about everything that was taken out for a reason."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree

from tests.support.run import PROJECT
from tests.web import records
from tests.web.conftest import FIRST_DAY, SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import tags
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.dataset.filters import EVERYTHING
from tracker.dataset.paging import PageToken
from tracker.db import Database
from tracker.vocabulary import Nature, WithdrawalReason
from tracker.web.public.answers import xml

SCHEMA = etree.RelaxNG(etree.parse(Path(PROJECT) / "tests" / "support" / "atom.rng"))
NAMES = {"atom": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
THIRD_DAY = SECOND_DAY + timedelta(days=1)


def feed(client: FlaskClient, address: str = "/incidents.atom") -> Any:
    """The feed at an address, checked against the schema."""
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.content_type == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(response.data)
    SCHEMA.assertValid(root)
    # RFC 4287, 4.2.6: no two entries share an id; RFC 6721: what is deleted is no entry.
    ids = found(root, "atom:entry/atom:id/text()") + found(root, "at:deleted-entry/@ref")
    assert len(set(ids)) == len(ids)
    return root


def found(root: Any, path: str) -> list[str]:
    return [str(one) for one in root.xpath(path, namespaces=NAMES)]


def references(root: Any) -> list[str]:
    return [one.rpartition("/")[2] for one in found(root, "atom:entry/atom:id/text()")]


def link(root: Any, relation: str) -> str | None:
    href = found(root, f"atom:link[@rel='{relation}']/@href")
    return href[0] if href else None


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def revised(incident: records.Record, day: str, **changes: Any) -> records.Record:
    return incident | {"revision": incident["revision"] + 1, "revised_on": day} | changes


def test_what_was_published_or_updated_last_comes_first(client_on_both: FlaskClient, database: Database) -> None:
    before = feed(client_on_both)
    assert references(before) == [record["reference"] for record in reversed(records.INCIDENTS)]
    assert found(before, "atom:updated/text()") == [f"{records.RUBBER_BULLET['revised_on']}T00:00:00Z"]
    corrected = revised(records.STONE, "2026-11-22")
    publish(database, [an_incident_to_publish(corrected, Nature.CORRECTION)], SECOND_DAY)
    after = feed(client_on_both)
    assert references(after)[0] == "KGZ-2020-0004"
    assert len(references(after)) == len(records.INCIDENTS)
    entry = after.find("atom:entry", NAMES)
    assert found(entry, "atom:updated/text()") == ["2026-11-22T00:00:00Z"]
    assert found(entry, "atom:published/text()") == ["2026-11-20T00:00:00Z"]
    assert "correction" in found(entry, "atom:category/@term")
    assert found(after, "atom:updated/text()") == ["2026-11-22T00:00:00Z"]
    # The same entry keeps its name, so that a reader knows it again.
    assert found(before, "atom:entry/atom:id/text()")[-2] == found(entry, "atom:id/text()")[0]


def test_an_entry_says_what_happened_in_its_own_language_and_where_to_read_it(client: FlaskClient) -> None:
    root = feed(client, "/incidents.atom?q=Мобилдик")
    title = root.find("atom:entry/atom:title", NAMES)
    assert (title.get(LANGUAGE), title.text) == ("ky", records.UNDATED["title"]["ky"])
    assert found(root, "atom:entry/atom:link/@href") == [
        "http://localhost/incidents/KGZ-2020-0017",
        "http://localhost/incidents/KGZ-2020-0017.json",
    ]
    assert found(root, "atom:entry/atom:category/@term") == ["addition", "network_disruption"]
    assert found(root, "atom:rights/text()")[0].startswith("Creative Commons Attribution 4.0")


def test_the_pages_of_a_feed_hold_every_entry_once_at_one_version(
    client_on_both: FlaskClient, database: Database
) -> None:
    first = feed(client_on_both, "/incidents.atom?limit=2")
    publish(database, [an_incident_to_publish(revised(records.STONE, "2026-11-21"), Nature.CORRECTION)], SECOND_DAY)
    pages, here = [first], link(first, "next")
    while here:
        pages.append(feed(client_on_both, path_of(here)))
        here = link(pages[-1], "next")
    seen = [reference for one in pages for reference in references(one)]
    assert seen == [record["reference"] for record in reversed(records.INCIDENTS)]
    assert {link(one, "first") for one in pages} == {"http://localhost/incidents.atom?limit=2"}
    assert path_of(str(link(pages[1], "self"))) == path_of(str(link(first, "next")))


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40])
def test_a_page_below_a_number_that_no_database_holds_is_refused(client_on_both: FlaskClient, number: int) -> None:
    forged = PageToken.of_feed(1, EVERYTHING.digest(), number)
    answer = client_on_both.get(f"/incidents.atom?after={forged}")
    assert answer.status_code == 400
    assert client_on_both.get(f"/incidents.atom?after={forged}&limit=5").status_code == 400


def test_a_page_of_the_list_is_no_page_of_the_feed_nor_of_another_filter(client: FlaskClient) -> None:
    of_feed = path_of(str(link(feed(client, "/incidents.atom?limit=2"), "next")))
    listed = client.get("/incidents.json?limit=2").get_json()["meta"]["next"]
    for address in (
        of_feed.replace(".atom", ".json"),
        f"/incidents.atom?limit=2&after={listed}",
        f"{of_feed}&violation=assault",
    ):
        response = client.get(address)
        assert response.status_code == 400, address
        assert response.get_json()["error"]["problems"][0]["name"] == "after"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=1000000000", "colour=red", "fields=reference", "after=x"]
)
def test_a_strange_parameter_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/incidents.atom?{query}")
    assert response.status_code == 400
    assert response.get_json()["error"]["problems"][0]["allowed"]


def test_a_withdrawal_is_a_deleted_entry_without_a_reason(client_on_both: FlaskClient, database: Database) -> None:
    kept = references(feed(client_on_both))
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.withdraw(
            session,
            dataset_version=version,
            kind=Kind.INCIDENT,
            record_id=records.STONE["id"],
            reason=WithdrawalReason.UNDISCLOSED,
            at=SECOND_DAY,
        )
    root = feed(client_on_both)
    assert references(root) == [one for one in kept if one != "KGZ-2020-0004"]
    (gone,) = root.findall("at:deleted-entry", NAMES)
    assert dict(gone.attrib) == {"ref": gone.get("ref"), "when": "2026-11-21T00:00:00Z"}
    assert gone.get("ref").endswith("incidents/KGZ-2020-0004")
    assert "undisclosed" not in etree.tostring(root, encoding="unicode")
    # On pages, each withdrawal stands once.
    first = feed(client_on_both, "/incidents.atom?limit=3")
    second = feed(client_on_both, path_of(str(link(first, "next"))))
    assert len(found(first, "at:deleted-entry") + found(second, "at:deleted-entry")) == 1


def test_what_is_hidden_goes_without_a_word_and_what_is_restricted_looks_like_any_update(
    client_on_both: FlaskClient, database: Database
) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=records.STONE["id"])
    root = feed(client_on_both)
    assert "KGZ-2020-0004" not in etree.tostring(root, encoding="unicode")
    less = revised(records.RUBBER_BULLET, "2026-11-22", summary={})
    publish(database, [an_incident_to_publish(less, Nature.RESTRICTION)], THIRD_DAY)
    restricted = etree.tostring(feed(client_on_both), encoding="unicode")
    publish(database, [an_incident_to_publish(less, Nature.CORRECTION)], THIRD_DAY)
    corrected = etree.tostring(feed(client_on_both), encoding="unicode")
    assert restricted == corrected
    assert "restriction" not in restricted


def test_hostile_texts_stay_texts(client: FlaskClient, sqlite_database: Database) -> None:
    hostile = "</title><script>alert(1)</script> & ]]> \x00\x0b\ufffe\ufdd0 \U0001f469\u200d\U0001f680 \u202e"
    incident = records.STONE | {"title": {"en": hostile}, "summary": {"ar": "\x1b[31m<b>نص</b>"}}
    publish(sqlite_database, [an_incident_to_publish(incident, Nature.CORRECTION)], SECOND_DAY)
    entry = feed(client).find("atom:entry", NAMES)
    assert entry.find("atom:title", NAMES).text == xml(hostile)
    assert "\x00" not in xml(hostile)
    assert "<script>" in xml(hostile)
    assert entry.find("atom:summary", NAMES).text == "\N{REPLACEMENT CHARACTER}[31m<b>نص</b>"
    assert xml("\ud800 fine") == "\N{REPLACEMENT CHARACTER} fine"


def test_a_feed_says_in_its_headers_where_it_comes_from(client: FlaskClient) -> None:
    asked = "/incidents.atom?violation=assault&limit=1"
    for accepted in ("identity", "gzip"):
        answer = client.get(asked, headers={"Accept-Encoding": accepted})
        assert answer.headers["X-Filter"] == "violation: physical assault"
        assert (answer.headers["X-Row-Count"], answer.headers["X-Unit"]) == ("1", "incidents")
        assert (answer.headers["X-Dataset-Version"], answer.headers["X-Unavailable"]) == ("1", "0")
        assert answer.headers["X-SHA256"] == sha256(client.get(asked).data).hexdigest()
    following = client.get(f"{asked}&after={answer.headers['X-Next']}")
    assert "X-Next" not in following.headers


def test_an_empty_feed_is_valid_too(empty_client: FlaskClient, client: FlaskClient) -> None:
    assert references(feed(client, "/incidents.atom?violation=killing")) == []


def test_a_feed_before_anything_is_published_is_valid(empty_client: FlaskClient) -> None:
    root = feed(empty_client)
    assert references(root) == []
    assert found(root, "atom:updated/text()") == ["1970-01-01T00:00:00Z"]


def test_pages_lead_to_the_feed_of_what_they_show(client: FlaskClient) -> None:
    expected = {
        "/incidents?violation=assault&limit=2": "/incidents.atom?violation=assault",
        f"/topics/{records.CRISIS}": f"/incidents.atom?topic={records.CRISIS}",
        "/outlets/kloop": "/incidents.atom?outlet=kloop",
        "/ru/incidents": "/incidents.atom",
    }
    for page, address in expected.items():
        feeds = [one for one in tags(client.get(page), "link") if one.get("type") == "application/atom+xml"]
        assert [one["href"] for one in feeds] == [address], page
        feed(client, address)


def test_a_past_feed_is_that_of_its_version(client: FlaskClient, sqlite_database: Database) -> None:
    publish(
        sqlite_database, [an_incident_to_publish(revised(records.STONE, "2026-11-21"), Nature.CORRECTION)], SECOND_DAY
    )
    assert references(feed(client, f"/incidents.atom?as_of={FIRST_DAY.date()}"))[0] == "KGZ-2020-0017"
    assert references(feed(client, "/incidents.atom?dataset=2"))[0] == "KGZ-2020-0004"
