"""The monitoring report: its page, its PDF, and that both say what the figures say."""

import io
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from pypdf import PdfReader
from sqlalchemy import select
from weasyprint.urls import FatalURLFetchingError

from tests.dataset.samples import START, act, by, incident, publish, source, victim
from tests.dataset.statistics import invented
from tests.support.shared import application
from tests.web.reading import links, words
from tracker.dataset import store
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports.shelf import Busy, Recipe, Shelf
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicVersion
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Verification
from tracker.web.public.context import reading
from tracker.web.public.report import contents, pdf, views
from tracker.web.public.report.document import data_url

HOSTILE = "</td></table><script>alert(1)</script>\"'><img src=https://evil.example/x.png onerror=x> & <b>"
OUTSIDE = {"url": "https://news.example/a", "publisher": "News", "title": "Beaten"}


@pytest.fixture
def reports(settings: Settings, database: Database) -> FlaskClient:
    """A client over invented incidents and two that say who, to whom and by which sources."""
    police = act("assault", [victim(outlet="kloop", harm="injured")], [by("police"), by("military", "helped_victim")])
    shared = source(2, **OUTSIDE, independence_group="a")
    told = [
        incident(
            "KGZ-2020-0901",
            "2020-10-05",
            acts=[police],
            title={"en": HOSTILE},
            sources=[source(1, publisher="Radio", independence_group="a"), shared],
            confidential_sources=2,
            follow_ups=[
                {"kind": "investigation", "date": None, "by": "Prosecutor", "text": {"en": "Opened."}, "sources": [2]}
            ],
        ),
        incident("KGZ-2020-0902", "2020-10-06", sources=[{**shared, "number": 1, "independence_group": None}]),
    ]
    publish(database, *invented.others(), *invented.incidents(40), *told)
    return application(settings, database).test_client()


def _hide(database: Database, reference: str) -> None:
    with database.write() as session:
        record = session.scalars(select(PublicVersion.record_id).where(PublicVersion.key == reference)).one()
        version = store.next_version(session, START + timedelta(days=2))
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record)


def _pdf(client: FlaskClient, address: str) -> tuple[PdfReader, str]:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(response.data))
    return reader, re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def _headline(said: str, label: str) -> str:
    found = re.search(re.escape(label) + r" ([\d,]+) ?(?:\( ?([\d,]+) ?\))?", said)
    assert found is not None, label
    return found[1]


def test_the_page_counts_what_the_summaries_count(reports: FlaskClient) -> None:
    query = "from=2020-10-01&to=2020-12-31&country=KG"
    response = reports.get(f"/report?{query}")
    said = words(response)
    for unit, by_, label in (("incidents", "verification", "Incidents"), ("acts", "violation", "against one victim")):
        total = reports.get(f"/summary.json?unit={unit}&by={by_}&{query}").get_json()["total"]
        counted = total.get("possible") if "possible" in total else next(iter(total.values()))["possible"]
        assert _headline(said.partition("Headline figures")[2].partition("Headline figures")[2], label) == str(counted)
    # Each number of the page leads to a list of as many incidents.
    body = response.get_data(as_text=True).replace("&amp;", "&").partition('id="figures"')[2]
    found = re.findall(r'<a href="(/incidents\?[^"]*)">\s*([\d,]+)\s*</a>', body)
    assert len(found) > 10
    for address, number in found:
        listed = reports.get(address.replace("/incidents?", "/incidents.json?", 1))
        assert listed.headers["X-Row-Count"] == number.replace(",", ""), address


def test_sources_stand_once_and_incidents_name_them(reports: FlaskClient) -> None:
    # Of the same two incidents: the shared one has number 2 in both, and shares its origin with the other in one.
    response = reports.get("/report?q=KGZ-2020-0901")
    body = response.get_data(as_text=True)
    assert 'id="source-2"' in body
    assert 'id="source-3"' not in body
    said = words(response)
    assert "(and 2 confidential sources)" in said
    assert "Besides these, 2 confidential sources, not described to protect them." in said
    assert "Shares its origin with source 1." in said
    assert "With an official response" not in said
    assert "Investigation, Prosecutor." in said
    assert "Incidents with an official response on record here: 1 ." in said
    both = reports.get("/report?from=2020-10-05&to=2020-10-06&when=certain")
    assert {"KGZ-2020-0901", "KGZ-2020-0902"} <= set(re.findall(r"KGZ-2020-\d{4}", words(both)))
    assert both.get_data(as_text=True).count("https://news.example/a") == 1


def test_the_levels_of_verification_stand_apart(reports: FlaskClient) -> None:
    body = reports.get("/report?q=KGZ-2020-0901").get_data(as_text=True)
    levels = re.search(r"<dt>Verification</dt>.*?</dd>", body, re.DOTALL)
    assert levels is not None
    assert levels[0].count("<b>") == len(Verification)
    assert not re.search(r"\S<b>", levels[0])


def test_the_pdf_says_the_same_as_the_page_and_can_be_heard(reports: FlaskClient) -> None:
    query = "violation=assault&from=2020-10-01&to=2020-10-31"
    said = words(reports.get(f"/report?{query}"))
    reader, printed = _pdf(reports, f"/report.pdf?{query}")
    for label in ("Acts, each against one victim", "Outlets hit"):
        assert _headline(said, label) == _headline(printed, label), label
    references = set(re.findall(r"KGZ-2020-\d{4}", said))
    assert "KGZ-2020-0901" in references
    assert set(re.findall(r"KGZ-2020-\d{4}", printed)) == references
    assert "alert(1)" in printed
    catalogue: Any = reader.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("en", True)
    assert 'pdfuaid:part="1"' in catalogue["/Metadata"].get_data().decode()
    assert str(reader.metadata.title if reader.metadata else "").startswith("Attacks on the press")
    figures, cells = _structure(catalogue["/StructTreeRoot"])
    assert figures
    assert all(figures)
    assert cells
    assert all(cells)
    assert len(reader.outline) >= 1


def _structure(root: Any) -> tuple[list[str], list[bool]]:
    """The alternative texts of all figures, and whether each cell of a table names its headers."""
    alternatives: list[str] = []
    headed: list[bool] = []
    waiting = [root]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            if element.get("/S") == "/Figure":
                alternatives.append(str(element.get("/Alt", "")))
            if element.get("/S") == "/TD":
                headed.append(bool(element["/A"].get("/Headers")))
            if "/K" in element and element.get("/Type") != "/OBJR":
                waiting.append(element["/K"])
    return alternatives, headed


def test_the_same_version_and_filter_give_the_same_bytes(reports: FlaskClient, tmp_path: Path) -> None:
    with reports.application.test_request_context("/report.pdf?q=KGZ-2020-0902"):
        wanted = DatasetFilter.parse([("q", "KGZ-2020-0902")])
        with reading() as session:
            edition = dataset_version(session, wanted)
        recipe = views.pdf_recipe(wanted, edition)
        assert recipe.make(tmp_path).read_bytes() == recipe.make(tmp_path).read_bytes()


def test_hostile_words_stay_words_and_nothing_is_fetched(reports: FlaskClient) -> None:
    body = reports.get("/report?q=KGZ-2020-0901").get_data(as_text=True)
    assert "<script>alert" not in body
    assert "<img" not in body
    with pytest.raises(FatalURLFetchingError):
        pdf.pdf_of('<html lang="en"><title>x</title><img alt="x" src="file:///etc/passwd"></html>')
    with pytest.raises(FatalURLFetchingError):
        pdf.pdf_of('<html lang="en"><title>x</title><link rel=stylesheet href="https://evil.example/x.css"></html>')


def test_a_picture_in_a_report_holds_nothing_that_xml_cannot() -> None:
    assert b64decode(data_url("<text>\x0b</text>").rpartition(",")[2]).decode() == "<text>\ufffd</text>"


def test_what_a_report_does_not_take_is_refused_with_the_form(reports: FlaskClient) -> None:
    for asked in (
        "limit=3",
        "fields=reference",
        "violation=slap",
        "colour=red",
        "as_of=9999-01-01",
        "outlet=none-such",
    ):
        for path in ("/report", "/ru/report", "/report.pdf"):
            assert reports.get(f"{path}?{asked}").status_code == 400, (path, asked)
        assert reports.get(f"/report?{asked}", headers={"Accept": "application/json"}).is_json
    assert 'action="/report"' in reports.get("/report?limit=3").get_data(as_text=True)


def test_a_report_of_nothing_is_a_report(reports: FlaskClient) -> None:
    said = words(reports.get("/report?country=ZW"))
    assert "none is on record here, not that none happened" in said
    assert "Attacks on the press: Zimbabwe" in said
    assert "none is on record here" in _pdf(reports, "/report.pdf?country=ZW")[1]


def test_a_report_before_anything_is_published_says_so(empty_client: FlaskClient) -> None:
    assert "Nothing has been published yet." in words(empty_client.get("/report"))
    assert "Nothing has been published yet." in _pdf(empty_client, "/report.pdf")[1]


def test_a_long_report_lists_the_latest_and_says_where_all_are(
    reports: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_INCIDENTS", 5)
    response = reports.get("/report?country=KG")
    total = int(reports.get("/incidents.json?country=KG").headers["X-Row-Count"])
    assert f"The latest 5 of {total} incidents" in words(response)
    assert "/incidents?country=KG" in links(response)
    rows = re.findall(r'<th scope="row"\s+class="whole">', response.get_data(as_text=True))
    assert len(rows) == 5


def test_an_earlier_version_is_reported_as_it_was_without_what_was_restricted(
    settings: Settings, database: Database
) -> None:
    publish(database, incident("KGZ-2020-0001", title={"en": "The first"}), incident("KGZ-2020-0003"))
    publish(database, incident("KGZ-2020-0002", title={"en": "The second"}), at=START + timedelta(days=1))
    client = application(settings, database).test_client()
    assert "The second" not in words(client.get("/report?dataset=1"))
    assert "The first" in _pdf(client, "/report.pdf?dataset=1")[1]
    _hide(database, "KGZ-2020-0001")
    said = words(client.get("/report?dataset=1"))
    assert "The first" not in said
    assert "The first" not in _pdf(client, "/report.pdf?dataset=1")[1]
    assert "no longer available and is not in this report" in said


def test_without_the_library_there_is_no_link_and_a_plain_answer(
    reports: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/report.pdf?country=KG" in links(reports.get("/report?country=KG"))
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    assert not [link for link in links(reports.get("/report?country=KZ")) if ".pdf" in link]
    refused = reports.get("/report.pdf?country=KG")
    assert (refused.status_code, "makes no PDFs" in words(refused)) == (501, True)


def test_a_pdf_is_made_once_and_sent_whole_or_in_parts(
    reports: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/report.pdf?verification=confirmed"
    first = reports.get(address, buffered=True)
    assert first.headers["X-SHA256"] == sha256(first.data).hexdigest()
    monkeypatch.setattr(pdf, "pdf_of", lambda _: pytest.fail("made again"))
    assert reports.get(address, buffered=True).data == first.data
    rest = reports.get(address, headers={"Range": "bytes=1000-", "If-Range": first.headers["ETag"]}, buffered=True)
    assert (rest.status_code, rest.data) == (206, first.data[1000:])
    told = reports.head(address)
    assert (told.status_code, told.data, told.content_length) == (200, b"", len(first.data))
    assert reports.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    # Another process finds it on the shelf.
    [kept] = settings.exports.rglob("*.file")
    assert kept.read_bytes() == first.data


def test_another_language_site_or_way_of_asking_is_another_pdf(reports: FlaskClient) -> None:
    made = [
        reports.get(address, headers={"Host": host}, buffered=True).data
        for address, host in (
            ("/report.pdf?country=ZW", "localhost"),
            ("/ru/report.pdf?country=ZW", "localhost"),
            ("/report.pdf?country=ZW", "other.example"),
            ("/report.pdf?country=ZW&dataset=1", "localhost"),
        )
    ]
    assert len(set(made)) == len(made)


def test_a_pdf_goes_with_the_next_publication_whoever_meets_it(
    reports: FlaskClient, settings: Settings, database: Database
) -> None:
    assert "KGZ-2020-0902" in _pdf(reports, "/report.pdf?q=KGZ-2020-0902")[1]
    assert list(settings.exports.rglob("*.file"))
    _hide(database, "KGZ-2020-0902")
    assert reports.get("/about").status_code == 200
    assert not list(settings.exports.rglob("*.file"))
    assert "none is on record here" in _pdf(reports, "/report.pdf?q=KGZ-2020-0902")[1]


def test_what_is_taken_back_while_a_pdf_is_made_is_in_none(
    reports: FlaskClient, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, documents = pdf.pdf_of, []

    def pdf_of(html: str) -> bytes:
        documents.append(html)
        if len(documents) == 1:
            _hide(database, "KGZ-2020-0902")
        return really(html)

    monkeypatch.setattr(pdf, "pdf_of", pdf_of)
    printed = _pdf(reports, "/report.pdf?from=2020-10-05&to=2020-10-06")[1]
    assert ["KGZ-2020-0902" in html for html in documents] == [True, False]
    assert "KGZ-2020-0902" not in printed
    assert len(list(settings.exports.rglob("*.file"))) == 1


def test_what_is_published_before_a_pdf_is_begun_makes_it_ask_anew(
    reports: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, asked = views.pdf_recipe, []

    def pdf_recipe(wanted: DatasetFilter, edition: Edition) -> Recipe:
        asked.append(edition.version)
        recipe = really(wanted, edition)
        if len(asked) == 1:
            publish(database, incident("KGZ-2020-0903", "2020-10-06"), at=START + timedelta(days=1))
        return recipe

    monkeypatch.setattr(views, "pdf_recipe", pdf_recipe)
    response = reports.get("/report.pdf?from=2020-10-05&to=2020-10-06", buffered=True)
    assert response.headers["X-Dataset-Version"] == str(asked[-1])
    assert len(asked) == 2
    printed = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(response.data)).pages)
    assert "KGZ-2020-0903" in printed


def test_who_comes_while_other_files_are_made_is_told_so(reports: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(Shelf, "get", busy)
    refused = reports.get("/report.pdf")
    assert (refused.status_code, refused.mimetype) == (503, "text/html")
    assert refused.headers["Retry-After"] == "10"
    assert "Other files are being made just now" in words(refused)


def test_a_report_in_russian_is_in_russian(reports: FlaskClient) -> None:
    response = reports.get("/ru/report?country=KG&from=2020-10-01&to=2020-10-31")
    said = words(response)
    assert "Кыргызстан" in said
    assert "октябрь 2020" in said.lower()
    assert not [link for link in links(response) if link.startswith("/incidents")]
    assert _pdf(reports, "/ru/report.pdf?violation=killing")[0].trailer["/Root"]["/Lang"] == "ru"  # type: ignore[index]


@pytest.mark.parametrize(("width", "colours"), [(390, "dark"), (1280, "light")])
def test_the_page_is_for_everyone_and_prints(
    site: str,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    width: int,
    colours: str,
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=colours)
    page.goto(f"{site}/report?country=KG")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.map-svg").count() == 1
    if width == 1280:
        printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
        text = " ".join(one.extract_text() for one in printed.pages)
        assert "Monitoring report" in text
        # The site around it stays off the paper.
        assert "Skip to the content" not in text
        assert "set no cookies" not in text
