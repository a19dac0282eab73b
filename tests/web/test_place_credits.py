"""Whoever owns the place data of a public point is named wherever it is shown, and nobody else is."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import links, words
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database

OSM = "© OpenStreetMap contributors (ODbL 1.0)"
ADDRESS = "https://www.openstreetmap.org/copyright"
PAGES = ("/", "/embed/map", "/data", "/about", "/report", "/incidents/KAZ-2021-0001")
DATA = ("/incidents.json", "/map.json", "/incidents.csv", "/incidents.geojson", "/map.svg")


def _found_outside(reference: str = "KAZ-2021-0001", credit: str = "openstreetmap") -> records.Record:
    point = {"latitude": 43.25, "longitude": 76.95, "precision": "site", "uncertainty_m": 100}
    place = records.a_place(country="KZ", credit=credit, **point)
    date = records.a_date("2021-01-03", "2021-01-03", "2021-01-03", "day")
    return records.an_incident(reference, "Incident", place=place, date=date, acts=[records.an_act("threat", [], [])])


def _credited(client: FlaskClient, path: str) -> str | None:
    """Whom the headers name; what is written while it is sent is let go."""
    with client.get(path) as answer:
        return answer.headers.get("X-Place-Credits")


def test_openstreetmap_is_named_as_soon_as_a_point_of_its_data_is_public_and_no_longer(
    client_on_both: FlaskClient, database: Database
) -> None:
    for path in (*PAGES[:-1], *DATA):
        assert OSM not in client_on_both.get(path).text, path
        assert _credited(client_on_both, path) is None, path
    incident = _found_outside()
    publish(database, [an_incident_to_publish(incident)], at=SECOND_DAY)
    for path in PAGES:
        assert OSM in words(client_on_both.get(path)), path
    for path in PAGES[:-1]:
        assert ADDRESS in links(client_on_both.get(path)), path
    for path in DATA:
        assert "OpenStreetMap" in (_credited(client_on_both, path) or ""), path
    assert client_on_both.get("/map.json").get_json()["meta"]["place_credits"] == [OSM]
    assert client_on_both.get("/incidents.json").get_json()["meta"]["place_credits"] == [OSM]
    assert OSM in "".join(ElementTree.fromstring(client_on_both.get("/map.svg").data).itertext())
    # Before it was public nobody had to be named.
    assert OSM not in client_on_both.get("/?dataset=1").text
    with database.write() as session:
        version = store.next_version(session, datetime(2022, 5, 5, tzinfo=UTC))
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=incident["id"])
    for path in (*PAGES[:-1], *DATA):
        assert "OpenStreetMap" not in client_on_both.get(path).text, path


def test_each_record_says_whose_data_its_own_point_is(client: FlaskClient, sqlite_database: Database) -> None:
    publish(sqlite_database, [an_incident_to_publish(_found_outside())], at=SECOND_DAY)
    found = {one["reference"]: one["place"]["credit"] for one in client.get("/incidents.json").get_json()["incidents"]}
    assert found["KAZ-2021-0001"] == "openstreetmap"
    assert set(found.values()) == {"openstreetmap", None}
    head, *lines = client.get("/incidents.csv?fields=reference,place_credit").text.split("\r\n")
    assert head == "reference,place_credit"
    assert "KAZ-2021-0001,openstreetmap" in lines
    features = client.get("/incidents.geojson").get_json()["features"]
    assert {one["properties"]["place_credit"] for one in features} == {"openstreetmap", None}


def test_simplemaps_is_named_with_a_link_where_a_point_is_of_its_data(
    client: FlaskClient, sqlite_database: Database
) -> None:
    incident = _found_outside(credit="simplemaps")
    publish(sqlite_database, [an_incident_to_publish(incident)], at=SECOND_DAY)
    for path in PAGES:
        assert "Place data © SimpleMaps (CC BY 4.0)" in words(client.get(path)), path
    for path in PAGES[:-1]:
        assert "https://simplemaps.com/data/world-cities" in links(client.get(path)), path
    for path in DATA:
        assert "SimpleMaps" in (_credited(client, path) or ""), path


@pytest.mark.parametrize("path", ["/ru/", "/ru/data", "/ru/about", "/ru/incidents/KAZ-2021-0001"])
def test_it_is_named_on_the_pages_of_every_language(client: FlaskClient, sqlite_database: Database, path: str) -> None:
    publish(sqlite_database, [an_incident_to_publish(_found_outside())], at=SECOND_DAY)
    assert "OpenStreetMap" in words(client.get(path))
