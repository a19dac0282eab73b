"""Citations as files: read back by pybtex and by the rules of CSL, they say what was cited and lead back to it."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from flask.testing import FlaskClient
from pybtex.database import Entry, parse_string

from tests.web import records
from tests.web.conftest import SECOND_DAY, an_incident_to_publish, publish
from tests.web.reading import links
from tracker.dataset import store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.vocabulary import Nature
from tracker.web.public.citations import latex

TEXT = {"type": "string", "minLength": 1}
# What the schema of CSL-JSON 1.0.2 asks of the properties that we use, written from its description.
CSL_SCHEMA: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": ["string", "number"]},
            "type": {"enum": ["dataset", "entry"]},
            "author": {
                "type": "array",
                "items": {"type": "object", "properties": {"literal": TEXT}, "additionalProperties": False},
            },
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
                    }
                },
            },
            "number": {"type": ["string", "number"]},
            **dict.fromkeys(("title", "container-title", "version", "publisher", "URL", "note", "language"), TEXT),
        },
    },
}


def bibliography(client: FlaskClient, address: str) -> tuple[str, Entry]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.content_type == "application/x-bibtex; charset=utf-8"
    ((key, entry),) = parse_string(response.get_data(as_text=True), "bibtex").entries.items()
    return key, entry


def csl(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/vnd.citationstyles.csl+json"
    document = json.loads(response.data)
    jsonschema.Draft202012Validator(CSL_SCHEMA).validate(document)
    (item,) = document
    return dict(item)


def followed(client: FlaskClient, url: str) -> str:
    """The page behind a cited address."""
    parts = urlsplit(url)
    response = client.get(f"{parts.path}?{parts.query}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_an_incident_is_cited_with_its_title_revision_and_a_pinned_address(client: FlaskClient) -> None:
    key, entry = bibliography(client, "/incidents/KGZ-2020-0003.bib")
    assert key == "KGZ-2020-0003"
    assert entry.type == "misc"
    assert entry.fields["title"] == "{" + records.RUBBER_BULLET["title"]["en"] + "}"
    assert [str(one) for one in entry.persons["author"]] == ["{Register of attacks on the press}"]
    assert (entry.fields["year"], entry.fields["month"], entry.fields["date"]) == ("2026", "November", "2026-11-21")
    assert entry.fields["url"] == "http://localhost/incidents/KGZ-2020-0003?dataset=1"
    item = csl(client, "/incidents/KGZ-2020-0003.csl.json")
    assert item["URL"] == entry.fields["url"]
    assert item["issued"] == {"date-parts": [[2026, 11, 21]]}
    assert (item["type"], item["number"]) == ("entry", "KGZ-2020-0003")
    assert item["container-title"] == "Register of attacks on the press"


def test_a_figure_can_be_found_again_from_its_citation(client_on_both: FlaskClient, database: Database) -> None:
    item = csl(client_on_both, "/incidents.csl.json?violation=assault&perpetrator=police")
    _, entry = bibliography(client_on_both, "/incidents.bib?violation=assault&perpetrator=police")
    assert item["note"].startswith("Filter: violation: physical assault; perpetrator: police. 2 incidents.")
    assert entry.fields["note"].startswith("Filter: violation: physical assault; perpetrator: police. 2 incidents.")
    assert entry.fields["url"] == item["URL"]
    calm = records.STONE | {"acts": [], "revision": 2, "revised_on": "2026-11-21"}
    publish(database, [an_incident_to_publish(calm, Nature.CORRECTION)], SECOND_DAY)
    assert "<strong>2 incidents</strong>" in followed(client_on_both, item["URL"])
    assert "1 incident." in csl(client_on_both, "/incidents.csl.json?violation=assault&perpetrator=police")["note"]
    # As of a day is pinned by the version of that day.
    assert "dataset=1" in csl(client_on_both, "/incidents.csl.json?as_of=2026-11-20")["URL"]
    assert csl(client_on_both, "/incidents.csl.json?as_of=2026-11-20")["version"] == "1"


@pytest.mark.parametrize("suffix", ["bib", "csl.json"])
def test_a_citation_says_in_its_headers_where_it_comes_from(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/incidents.{suffix}?violation=assault")
    assert answer.headers["X-Filter"] == "violation: physical assault"
    assert (answer.headers["X-Row-Count"], answer.headers["X-Unit"]) == ("2", "incidents")
    assert (answer.headers["X-Dataset-Version"], answer.headers["X-Unavailable"]) == ("1", "0")
    assert answer.headers["X-As-Of"] == "2026-11-20T09:30:00Z"
    assert answer.headers["X-Licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert answer.headers["X-SHA256"] == sha256(answer.data).hexdigest()


def test_the_organisation_is_the_author(client: FlaskClient, sqlite_database: Database) -> None:
    site = records.SITE | {"organisation": "Rights & Wrongs {e.V.}", "name": {"ru": "Реестр 100 %"}}
    publication = store.Publication(Kind.SITE, "id-site", "site", site, Nature.CORRECTION)
    publish(sqlite_database, [publication], SECOND_DAY)
    assert csl(client, "/incidents.csl.json")["author"] == [{"literal": "Rights & Wrongs {e.V.}"}]
    key, entry = bibliography(client, "/incidents.bib")
    assert key == "reestr-100-v2"
    assert str(entry.persons["author"][0]) == r"{Rights \& Wrongs \textbraceleft{}e.V.\textbraceright{}}"
    assert entry.fields["title"] == r"{Реестр 100 \%: dataset version 2}"
    assert entry.fields["language"] == "ru"


@pytest.mark.parametrize(
    "title",
    [
        r"50 % of $100 & #1_a {x} ~ ^ \write18{rm}",
        "}} @misc{forged, title = {x",
        "line\r\nbreak\tand\x00nothing",
        "Ёлка «в кавычках» 👩‍🚀 العربية",
        '"quoted" \\',
    ],
)
def test_no_title_breaks_out_of_its_field(client: FlaskClient, sqlite_database: Database, title: str) -> None:
    publish(sqlite_database, [an_incident_to_publish(records.STONE | {"title": {"en": title}})], SECOND_DAY)
    key, entry = bibliography(client, "/incidents/KGZ-2020-0004.bib")
    assert key == "KGZ-2020-0004"
    assert entry.fields["title"] == "{" + latex(title) + "}"
    assert csl(client, "/incidents/KGZ-2020-0004.csl.json")["title"] == title


def test_latex_leaves_letters_alone_and_escapes_every_command() -> None:
    assert latex("Ёж ü 漢") == "Ёж ü 漢"
    assert latex(r"$&#%_") == r"\$\&\#\%\_"
    assert latex("\\~^") == r"\textbackslash{}\textasciitilde{}\textasciicircum{}"
    assert latex("}{") == r"\textbraceright{}\textbraceleft{}"


def test_what_is_not_there_cannot_be_cited(client: FlaskClient, empty_client: FlaskClient) -> None:
    for suffix in ("bib", "csl.json"):
        assert client.get(f"/incidents/KGZ-1999-0001.{suffix}").status_code == 404
        assert client.get(f"/incidents.{suffix}?limit=3").status_code == 400
        assert client.get(f"/incidents.{suffix}?colour=red").status_code == 400
        assert client.get(f"/incidents/KGZ-2020-0003.{suffix}?violation=assault").status_code == 400


def test_before_anything_is_published_there_is_nothing_to_cite(empty_client: FlaskClient) -> None:
    assert empty_client.get("/incidents.bib").status_code == 404
    assert empty_client.get("/incidents.csl.json").status_code == 404


def test_pages_offer_the_citation_of_what_they_show(client: FlaskClient) -> None:
    assert "/incidents.bib?violation=assault" in links(client.get("/incidents?violation=assault&limit=1"))
    assert "/incidents/KGZ-2020-0003.csl.json?dataset=1" in links(client.get("/incidents/KGZ-2020-0003?dataset=1"))
    assert "/incidents.csl.json" in links(client.get("/data"))


@pytest.mark.parametrize("path", ["/incidents.bib", "/incidents.csl.json", "/crosswalk/cpj", "/crosswalk/cpj.json"])
@pytest.mark.parametrize("column", ["hxl=1", "fields=reference", "limit=5"])
def test_what_has_no_columns_and_no_pages_refuses_them(client: FlaskClient, path: str, column: str) -> None:
    # The address that a citation pins would be refused by the list.
    assert client.get(f"/incidents?{column}").status_code == (200 if column == "limit=5" else 400)
    assert client.get(f"{path}?{column}").status_code == 400
