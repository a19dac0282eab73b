"""The map: the page, its picture, its data, the lists behind its marks, and embedding."""

import dataclasses
import json
import logging
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, as_publications, publish
from tests.web.reading import links, tags, words
from tracker.app import create_app
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings

SPOT = "/map/spot?lat=42.87&lon=74.59"
BOX = "/map/box?box=69,39,81,44"
ANSWERS = ("/", "/map.json", "/map.svg", SPOT, BOX, "/embed/map")
MARK = "{http://www.w3.org/2000/svg}"


def pairs(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """The links of the drawn map: what each is called, and where it leads."""
    drawn = ElementTree.fromstring(client.get(address).data)
    return [(str(a.get("aria-label")), str(a.get("href"))) for a in drawn.iter(f"{MARK}a")]


def marks(client: FlaskClient, address: str) -> dict[str, str]:
    """The same by name, where no two are called alike."""
    found = pairs(client, address)
    assert len(dict(found)) == len(found)
    return dict(found)


def test_the_map_says_what_it_shows_and_what_it_cannot_show(client_on_both: FlaskClient) -> None:
    said = words(client_on_both.get("/"))
    assert "5 incidents ." in said
    shown = "2 of 5 shown on the map ; 3 placed only by country ; 0 online ; 0 without place"
    assert shown in said
    assert "Kyrgyzstan, place not known nearer 3" in said
    for placed, count in (("point", 2), ("country", 3), ("online", 0), ("nowhere", 0)):
        assert f"/incidents?placed={placed}" in links(client_on_both.get("/"))
        assert f"{count} incidents" in words(client_on_both.get(f"/incidents?placed={placed}"))


def test_every_place_is_a_link_with_a_name_and_leads_to_its_incidents(client_on_both: FlaskClient) -> None:
    found = marks(client_on_both, "/map.svg")
    assert found == {
        "Bishkek: 1 incident": "/map/spot?lat=42.87&lon=74.59",
        "Osh: 1 incident": "/map/spot?lat=40.53&lon=72.79",
    }
    response = client_on_both.get(found["Osh: 1 incident"])
    assert "Incidents in: Osh, Kyrgyzstan" in words(response)
    assert "/incidents/KGZ-2020-0001" in links(response)
    assert "/incidents/KGZ-2020-0003" not in links(response)
    # The very same links stand in the page, where they can be reached without JavaScript and by the keyboard.
    assert set(found.values()) <= set(links(client_on_both.get("/")))


def test_a_place_known_only_roughly_is_drawn_as_an_area_and_never_as_a_point(client: FlaskClient) -> None:
    drawn = ElementTree.fromstring(client.get("/map.svg").data)
    circles = [circle for link in drawn.iter(f"{MARK}a") for circle in link.iter(f"{MARK}circle")]
    assert [circle.get("class") for circle in circles] == ["area", "area"]
    assert all(float(str(circle.get("r"))) >= 8 for circle in circles)


def test_cities_are_named_in_the_language_of_the_page_and_beside_their_marks(client: FlaskClient) -> None:
    for address, names in (("/map.svg", {"Bishkek", "Osh"}), ("/ru/map.svg", {"Бишкек", "Ош"})):
        drawn = ElementTree.fromstring(client.get(address).data)
        assert names <= {text.text for text in drawn.iter(f"{MARK}text")}


def test_an_exact_place_is_drawn_in_the_shape_of_its_gravest_group(
    client: FlaskClient, sqlite_database: Database
) -> None:
    exact = records.an_incident(
        "KGZ-2020-0030",
        "Exact",
        place=records.a_place(country="KG", latitude=41.5, longitude=75.5, precision="site", uncertainty_m=100),
        acts=[records.an_act("threat", [], []), records.an_act("arrest_detention", [], [])],
    )
    publish(sqlite_database, [an_incident_to_publish(exact)])
    drawn = ElementTree.fromstring(client.get("/map.svg?placed=point&q=Exact").data)
    (link,) = list(drawn.iter(f"{MARK}a"))
    assert "g-detention" in str(link.get("class"))
    assert [path.get("class") for path in link.iter(f"{MARK}path")] == ["square"]


def test_the_filter_of_the_list_is_the_filter_of_the_map(client: FlaskClient) -> None:
    query = "violation=assault&from=2020-10-05"
    said = words(client.get(f"/?{query}"))
    assert "2 incidents : date: possibly from 5 October 2020; violation: physical assault." in said
    assert "1 of 2 shown on the map" in said
    assert "/incidents?from=2020-10-05&violation=assault&placed=country" not in links(client.get(f"/?{query}"))
    assert "/incidents?from=2020-10-05&placed=point&violation=assault" in links(client.get(f"/?{query}"))
    assert list(marks(client, f"/map.svg?{query}")) == ["Bishkek: 1 incident"]
    assert client.get(f"/map.json?{query}").get_json()["counts"]["matching"] == 2
    # A chip leads back to the map without its choice.
    assert "/?from=2020-10-05" in links(client.get(f"/?{query}"))


def test_a_refused_filter_of_the_map_keeps_the_form(client: FlaskClient) -> None:
    for address in ("/?from=2020-13-01", "/?limit=5", "/?fields=title", "/?within=1,2,3", "/?placed=somewhere"):
        response = client.get(address)
        assert response.status_code == 400, address
        assert "This filter cannot be used" in words(response)
        assert [form["action"] for form in tags(response, "form")] == ["/"]


def test_the_data_of_the_map_has_its_parts(client_on_both: FlaskClient) -> None:
    found = client_on_both.get("/map.json").get_json()
    assert found["counts"] == {"matching": 5, "shown": 2, "country_only": 3, "online": 0, "without_place": 0}
    assert found["countries"] == [["KG", 5]]
    assert found["by_country"] == [["KG", 3]]
    assert found["months"] == [["2020-10", 4, 4]]
    assert found["undated"] == 1
    assert (found["mode"], found["box"], found["zoom"], found["clusters"]) == ("spots", None, None, [])
    assert found["spots"] == {
        "lat": [40.53, 42.87],
        "lon": [72.79, 74.59],
        "metres": [10000, 10000],
        "count": [1, 1],
        "group": [3, 0],
    }
    assert found["meta"]["rows"] == 5
    assert found["meta"]["filter"] == []
    narrowed = client_on_both.get("/map.json?box=74,42,75,43&zoom=9&violation=assault").get_json()
    assert narrowed["spots"]["lat"] == [42.87]
    assert narrowed["counts"]["matching"] == 2
    west, south, east, north = narrowed["box"]
    assert west <= 74 <= 75 <= east
    assert south <= 42 <= 43 <= north


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/map.json?box=1,2,3,4", ["zoom"]),
        ("/map.json?zoom=4", ["box"]),
        ("/map.json?box=0,0,1,1&zoom=-1", ["zoom"]),
        ("/map.json?box=0,0,1,1&zoom=99", ["zoom"]),
        ("/map.json?box=nan,0,1,1&zoom=3", ["box"]),
        ("/map.json?box=0,0,1,91&zoom=3", ["box"]),
        ("/map.json?box=0,0,1,91&zoom=x", ["box", "zoom"]),
        ("/map.json?box=-180,-80,180,80&zoom=18", ["box"]),
        ("/map.json?box=0,0,1,1&box=0,0,1,1&zoom=1", ["box"]),
        ("/map.json?colour=red", ["colour"]),
        ("/map.json?limit=5", ["limit"]),
        ("/map.json?fields=title", ["fields"]),
        ("/map.json?lat=1", ["lat"]),
        ("/map/spot", ["lat", "lon"]),
        ("/map/spot?lat=91&lon=0", ["lat"]),
        ("/map/spot?lat=nan&lon=74.59", ["lat"]),
        ("/map/spot?lat=42,87&lon=74.59", ["lat"]),
        ("/map/spot?lat=42.87&lon=181", ["lon"]),
        ("/map/spot?lat=42.87&lon=74.59&part=all", ["part"]),
        ("/map/box", ["box"]),
        ("/map/box?box=0,1,0,-1", ["box"]),
        ("/map/box?box=0,0,1,1&within=5,5,6,6", ["box"]),
        ("/map/box?box=0,0,1,1&zoom=3", ["zoom"]),
        ("/embed/map?zoom=3", ["zoom"]),
        ("/map.svg?limit=3", ["limit"]),
    ],
)
def test_bad_input_is_refused_with_what_is_allowed(client: FlaskClient, address: str, names: list[str]) -> None:
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.status_code == 400
    problems = response.get_json()["error"]["problems"]
    assert [problem["name"] for problem in problems] == names
    assert client.get(address).status_code == 400


def test_the_list_behind_a_mark_comes_as_a_page_or_alone(client_on_both: FlaskClient) -> None:
    whole = client_on_both.get(BOX)
    assert len(tags(whole, "main")) == 1
    part = client_on_both.get(f"{BOX}&part=list")
    assert [section["class"] for section in tags(part, "section")] == ["map-found"]
    assert tags(part, "html") == []
    for response in (whole, part):
        assert "2 incidents" in words(response)
        assert {"/incidents/KGZ-2020-0001", "/incidents/KGZ-2020-0003"} <= set(links(response))
        assert "/incidents?within=69%2C39%2C81%2C44" in links(response)
    assert client_on_both.get("/incidents.json?within=69,39,81,44").get_json()["meta"]["rows"] == 2


def test_the_list_behind_a_mark_goes_on_from_page_to_page(client: FlaskClient) -> None:
    first = client.get(f"{BOX}&limit=1")
    (older,) = [link for link in links(first) if "after=" in link and link.startswith("/map/box")]
    second = client.get(older)
    found = [{link for link in links(page) if link.startswith("/incidents/KGZ")} for page in (first, second)]
    assert found == [{"/incidents/KGZ-2020-0003"}, {"/incidents/KGZ-2020-0001"}]


def test_a_box_across_the_antimeridian_finds_both_sides(client: FlaskClient, sqlite_database: Database) -> None:
    for number, longitude in ((41, 179.5), (42, -179.5)):
        there = records.a_place(country="FJ", latitude=-17.0, longitude=longitude, precision="site")
        one = records.an_incident(f"FJI-2020-00{number}", "In Fiji", place=there)
        publish(sqlite_database, [an_incident_to_publish(one)])
    assert "2 incidents" in words(client.get("/map/box?box=179,-18,-179,-16"))
    assert "1 incident" in words(client.get("/map/box?box=179,-18,180,-16"))


def test_a_month_of_the_time_line_leads_to_the_map_of_its_period(client: FlaskClient) -> None:
    response = client.get("/?violation=assault")
    assert "/?from=2020-10-01&to=2020-10-31&violation=assault" in links(response)
    bars = [link["aria-label"] for link in tags(response, "a") if "from=2020-10-01" in str(link["href"])]
    assert bars == ["October 2020: 2 certainly, 2 possibly"]


@pytest.mark.parametrize("address", ANSWERS)
def test_a_reader_who_holds_the_map_gets_304_until_the_next_publication(
    client: FlaskClient, sqlite_database: Database, address: str
) -> None:
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    with sqlite_database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=records.RUBBER_BULLET["id"])
    after = client.get(address, headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert records.RUBBER_BULLET["reference"] not in after.get_data(as_text=True)
    assert client.get("/map.json").get_json()["spots"]["lat"] == [40.53]


def test_the_map_alone_may_stand_in_frames_of_other_sites(client: FlaskClient) -> None:
    framed = client.get("/embed/map?violation=assault")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert framed.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert framed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for attributes in tags(framed, "a"):
        assert attributes["target"] == "_blank", attributes
    assert "/?violation=assault" in links(framed)
    for address in ("/", "/map.json", "/map.svg", SPOT, "/incidents", "/embed/nothing"):
        assert "frame-ancestors 'none'" in client.get(address).headers["Content-Security-Policy"]


def test_the_page_offers_lines_that_embed_its_map(client: FlaskClient) -> None:
    snippet = re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get("/?country=KG&q=a").get_data(as_text=True))
    assert snippet is not None
    assert "http://localhost/embed/map?q=a&amp;amp;country=KG" in snippet[1]


def test_the_map_before_anything_is_published_says_so(empty_client: FlaskClient) -> None:
    assert "No incident has been published yet." in words(empty_client.get("/"))
    assert empty_client.get("/map.json").get_json()["spots"]["lat"] == []
    assert marks(empty_client, "/map.svg") == {}
    assert empty_client.get("/embed/map").status_code == 200


def test_the_map_needs_no_style_or_script_in_the_page(client: FlaskClient) -> None:
    for address in ("/", "/embed/map", "/map.svg", SPOT):
        text = client.get(address).get_data(as_text=True)
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"\son\w+=", text)
        for script in tags(client.get(address), "script"):
            assert script.get("src") or script["type"] == "application/json"


def test_markup_in_a_place_is_text_on_the_map(client: FlaskClient, sqlite_database: Database) -> None:
    payload = "</title></svg><script>alert(1)</script>\"'>"
    there = records.a_place(locality=payload, country="KG", latitude=41.0, longitude=75.0, precision="site")
    publish(sqlite_database, [an_incident_to_publish(records.an_incident("KGZ-2020-0044", payload, place=there))])
    assert f"{payload}: 1 incident" in marks(client, "/map.svg")
    for address in ("/", "/map/spot?lat=41&lon=75", "/embed/map"):
        assert "<script>alert" not in client.get(address).get_data(as_text=True)


def test_a_place_that_xml_cannot_hold_leaves_the_picture_whole(client: FlaskClient, sqlite_database: Database) -> None:
    there = records.a_place(
        locality="A \x0b \uffff town", country="KG", latitude=41.0, longitude=75.0, precision="site"
    )
    publish(sqlite_database, [an_incident_to_publish(records.an_incident("KGZ-2020-0044", "Odd", place=there))])
    assert "A \ufffd \ufffd town: 1 incident" in marks(client, "/map.svg")


def test_a_large_map_comes_as_clusters_and_its_picture_counts_all(
    client: FlaskClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidents = [
        records.an_incident(
            f"KGZ-2021-{number:04}",
            "One of many",
            place=records.a_place(
                country="KG", latitude=40 + number % 7 * 0.4, longitude=71 + number % 11 * 0.7, precision="site"
            ),
        )
        for number in range(90)
    ]
    publish(sqlite_database, [an_incident_to_publish(one) for one in incidents])
    spots = pairs(client, "/map.svg?q=many")
    monkeypatch.setattr("tracker.dataset.map.answer.MOST_SPOTS", 10)
    assert client.get("/map.json?q=MANY").get_json()["mode"] == "clusters"
    # Asked for in another way, since what was counted before is remembered.
    clustered = pairs(client, "/map.svg?q=MANY")
    for found in (spots, clustered):
        counts = [int(label.rpartition(": ")[2].split()[0]) for label, _ in found]
        assert sum(counts) == 90
        for label, address in found:
            assert label.rpartition(": ")[2] in words(client.get(address)), label


def test_the_world_is_shaded_by_raw_counts_and_says_so(client: FlaskClient, sqlite_database: Database) -> None:
    for number, (code, latitude, longitude) in enumerate(
        (("BR", -12.0, -48.0), ("RU", 56.0, 60.0), ("RU", 60.0, 90.0))
    ):
        there = records.a_place(country=code, latitude=latitude, longitude=longitude, precision="site")
        one = records.an_incident(f"BRA-2020-000{number}", "Far away", place=there)
        publish(sqlite_database, [an_incident_to_publish(one)])
    found = marks(client, "/map.svg")
    assert found["Brazil: 1 incident"] == "/incidents?country=BR"
    assert found["Russian Federation: 2 incidents"] == "/incidents?country=RU"
    assert found["Kyrgyzstan: 5 incidents"] == "/incidents?country=KG"
    assert "as raw counts" in words(client.get("/"))


def test_the_front_page_is_small(client: FlaskClient) -> None:
    import gzip

    assert len(gzip.compress(client.get("/").data)) < 100_000


SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"iso": "kg", "label": [75, 41]},
            "geometry": {"type": "Polygon", "coordinates": [[[69, 39], [80, 39], [80, 43], [69, 43], [69, 39]]]},
        }
    ],
}


def test_an_operators_own_base_map_is_drawn_and_served(
    sqlite_settings: Settings, sqlite_database: Database, tmp_path: Path
) -> None:
    publish(sqlite_database, as_publications())
    path = tmp_path / "base.geojson"
    path.write_text(json.dumps(SQUARE))
    client = create_app(dataclasses.replace(sqlite_settings, base_map=path), sqlite_database).test_client()
    (address,) = {tag["data-base"] for tag in tags(client.get("/"), "div") if "data-base" in tag}
    response = client.get(str(address))
    assert "immutable" in response.headers["Cache-Control"]
    corners = [6900, 3900, 1100, 0, 0, 400, -1100, 0, 0, -400]
    assert response.get_json() == {"step": 0.01, "countries": [["KG", [75.0, 41.0], [[corners]]]]}
    assert client.get("/map/base.json?v=other").headers["Cache-Control"] == "no-cache"
    drawn = ElementTree.fromstring(client.get("/map.svg").data)
    land = next(group for group in drawn if group.get("class") == "land")
    assert len(list(land)) == 1
    plain = create_app(sqlite_settings, sqlite_database).test_client()
    assert plain.get("/map/base.json").status_code == 404
    assert plain.get("/").headers["ETag"] != client.get("/").headers["ETag"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("", "not JSON"),
        ('{"type": "FeatureCollection", "features"', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"type": "Topology"}', "not a GeoJSON FeatureCollection"),
        ('{"features": []}', "holds no polygon"),
        ('{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "holds no polygon"),
        ('{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3]]]}}]}', "Feature 1"),
        (
            '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [500, 3], [1, 3], [1, 2]]]}}]}',
            "Fe",
        ),
        (
            '{"features": [{"geometry": {"type": "Polygon", "coordinates": [[[NaN, 2], [1, 3], [2, 3], [1, 2]]]}}]}',
            "Fe",
        ),
        ('{"features": [7]}', "Feature 1"),
    ],
)
def test_a_broken_base_map_is_named_in_the_log_and_the_site_still_serves(
    sqlite_settings: Settings,
    sqlite_database: Database,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    content: str | None,
    said: str,
) -> None:
    publish(sqlite_database, as_publications())
    path = tmp_path / "broken.geojson"
    if content is not None:
        path.write_text(content)
    with caplog.at_level(logging.ERROR):
        client = create_app(dataclasses.replace(sqlite_settings, base_map=path), sqlite_database).test_client()
    assert "TRACKER_BASE_MAP cannot be used" in caplog.text
    assert said in caplog.text
    page = client.get("/")
    assert page.status_code == 200
    assert "broken" not in page.get_data(as_text=True)
    assert client.get("/map/base.json").status_code == 404
    assert "Bishkek: 1 incident" in marks(client, "/map.svg")
