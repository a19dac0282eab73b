"""Summaries over HTTP: one truth in page, CSV, JSON and XLSX, with lists behind the numbers, and clear refusals."""

import csv
import io
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml import etree

from tests.dataset.samples import START, act, incident, outlet, victim, when
from tests.dataset.samples import publish as publish_records
from tests.dataset.statistics import brute, invented
from tests.support.shared import application
from tests.web.reading import links, tags, words
from tracker.dataset.statistics.question import DIMENSIONS, Unit
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.public.charts import MOST_PANELS

UNITS, NAMES = tuple(Unit), tuple(DIMENSIONS)
Cells = dict[tuple[str, brute.Key], tuple[int, int]]


@pytest.fixture
def figures(settings: Settings, database: Database) -> FlaskClient:
    """A client over invented incidents, on both databases."""
    publish_records(database, *invented.others(), *invented.incidents(120, 7))
    return application(settings, database).test_client()


def query(pairs: brute.Pairs) -> str:
    return urlencode(pairs)


def cells_of(lines: Iterator[Any] | list[Any]) -> Cells:
    """The cells of the long form that hold anything; what has no date stands apart."""
    found: Cells = {}
    for line in lines:
        key: brute.Key = (line["row"],) if not line.get("column") else (line["row"], line["column"])
        counted = int(line["possible"]), int(line["certain"])
        if any(counted) and "undated" not in key:
            found["" if line["measure"] in UNITS else line["measure"], key] = counted
    return found


def csv_lines(client: FlaskClient, asked: str) -> list[dict[str, str]]:
    content = client.get(f"/summary.csv?{asked}").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(content, newline="")))


def xlsx_lines(client: FlaskClient, asked: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/summary.xlsx?{asked}").data))
    rows = list(book["summary"].iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def page_numbers(client: FlaskClient, asked: str) -> list[int]:
    """The numbers in the table of the page, in the order of reading."""
    body = client.get(f"/summary?{asked}").get_data(as_text=True)
    table = body[body.index("<tbody>") : body.index("</tbody>")] if "<tbody>" in body else ""
    cells = re.findall(r'<td class="number">(.*?)</td>', table, re.S)
    return [int(found.replace(",", "")) for cell in cells for found in re.findall(r">\s*([\d,]+)\s*<", f">{cell}<")]


def check(client: FlaskClient, pairs: brute.Pairs, question: brute.Pairs) -> None:
    asked = query([*question, *pairs])
    records = client.get(f"/incidents.json?{query(pairs)}").get_json()["incidents"]
    named = dict(question)
    dimensions = tuple(named[name] for name in ("by", "then") if name in named)
    wanted = brute.Brute(records, pairs).count(named["unit"], dimensions)
    answer = client.get(f"/summary.json?{asked}")
    assert cells_of(answer.get_json()["cells"]) == wanted, asked
    lines = csv_lines(client, asked)
    assert cells_of(lines) == wanted, asked
    assert answer.headers["X-Row-Count"] == str(len(lines))
    assert answer.headers["X-Unit"] == named["unit"]
    assert cells_of(xlsx_lines(client, asked)) == wanted, asked


def test_csv_json_and_xlsx_agree_with_a_count_over_the_public_json(figures: FlaskClient) -> None:
    dice = random.Random(11)
    for _ in range(25):
        check(figures, invented.filter_pairs(dice), invented.question_pairs(dice, UNITS, NAMES))


def test_the_page_shows_the_numbers_of_the_files(figures: FlaskClient) -> None:
    for unit in UNITS:
        for by in ("violation", "year", "outlet", "country"):
            lines = [one for one in csv_lines(figures, f"unit={unit}&by={by}") if one["row"] != "undated"]
            paired = by == "year"
            expected: list[int] = []
            for line in lines:
                possible, certain = int(line["possible"]), int(line["certain"])
                expected += [possible, certain] if paired and possible else [possible]
            assert page_numbers(figures, f"unit={unit}&by={by}") == expected, (unit, by)


def _linked(client: FlaskClient, asked: str) -> Iterator[tuple[int, str]]:
    body = client.get(f"/summary?{asked}").get_data(as_text=True).replace("&amp;", "&")
    table = body[body.index("<tbody>") : body.index("</table>")]
    for address, number in re.findall(r'<a href="(/incidents[^"]*)">([\d,]+)</a>', table):
        yield int(number.replace(",", "")), address


def test_the_list_behind_a_number_of_incidents_is_as_long_as_the_number_says(figures: FlaskClient) -> None:
    dice = random.Random(5)
    seen: dict[str, int] = {}
    for _ in range(14):
        pairs = invented.filter_pairs(dice)
        question = [("unit", "incidents"), *invented.question_pairs(dice, UNITS, NAMES)[1:]]
        for number, address in _linked(figures, query([*question, *pairs])):
            seen[address] = number
    for address in dice.sample(sorted(seen), 120):
        listed = figures.get(address.replace("/incidents", "/incidents.json", 1))
        assert int(listed.headers["X-Row-Count"]) == seen[address], address
    assert any("when=certain" in address for address in seen)


def test_rows_that_overlap_say_so(figures: FlaskClient) -> None:
    found = figures.get("/summary.json?by=violation").get_json()
    assert found["overlapping"]
    added, distinct = found["sum_of_rows"]["incidents"]["possible"], found["total"]["incidents"]["possible"]
    assert added > distinct
    assert f"Rows add up to {added}; distinct incidents: {distinct}." in words(figures.get("/summary?by=violation"))
    assert not figures.get("/summary.json?by=country").get_json()["overlapping"]
    assert "Rows add up" not in words(figures.get("/summary?by=country"))


def test_a_closed_list_keeps_its_rows_of_zero_and_silence_has_a_row(figures: FlaskClient) -> None:
    rows = [line["row"] for line in csv_lines(figures, "by=violation")]
    assert "torture" in rows
    assert rows[-2:] == ["unknown", "not_recorded"]
    # A zero beside what the filter asks for would say nothing.
    assert [line["row"] for line in csv_lines(figures, "by=violation&violation=threat")] == ["threat"]


def test_months_follow_each_other_without_a_gap_and_what_has_no_date_stands_apart(figures: FlaskClient) -> None:
    lines = csv_lines(figures, "by=month")
    rows = [line["row"] for line in lines]
    assert rows[-1] == "undated"
    assert rows[:-1] == [f"{year}-{month:02}" for year in range(2019, 2023) for month in range(1, 13)][: len(rows) - 1]
    assert int(lines[-1]["possible"]) > 0
    said = words(figures.get("/summary?by=month"))
    assert f"Without a date, and so in no period: {lines[-1]['possible']}." in said


def test_what_cannot_be_asked_is_refused_with_all_that_is_allowed(figures: FlaskClient) -> None:
    response = figures.get("/summary.json?unit=people&by=colour&then=taste&limit=5&violation=slap")
    problems = {one["name"]: one for one in response.get_json()["error"]["problems"]}
    assert response.status_code == 400
    assert problems["unit"]["allowed"] == list(UNITS)
    assert problems["by"]["allowed"] == problems["then"]["allowed"] == list(NAMES)
    assert "violation" in problems
    assert figures.get("/summary?by=year&by=month").status_code == 400
    assert figures.get("/summary?by=year&then=year").status_code == 400
    assert figures.get("/summary?limit=5").status_code == 400
    assert figures.get("/summary?fields=title").status_code == 400
    page = figures.get("/summary?unit=people&by=month&violation=threat")
    assert page.status_code == 400
    said = words(page)
    assert all(unit in said for unit in UNITS)
    kept = [one for one in tags(page, "option") if "selected" in one]
    assert [one["value"] for one in kept] == ["month"]
    tomorrow, before = "9998-01-01", START.date().replace(year=2020).isoformat()
    for day in (tomorrow, before):
        for ending in ("", ".csv", ".json", ".xlsx", ".svg"):
            assert figures.get(f"/summary{ending}?as_of={day}").status_code == 400


def test_a_table_that_would_be_too_large_is_refused(settings: Settings, database: Database) -> None:
    old, new = invented.incidents(2, 3)
    publish_records(database, old | {"date": when("0002-01-01")}, new | {"date": when("9998-01-01")})
    client = application(settings, database).test_client()
    assert client.get("/summary?by=year").status_code == 200
    by_year = client.get("/summary.json?by=violation&then=year").get_json()
    assert len(by_year["cells"]) < 100, "of more than 250,000 cells those that hold anything"
    for asked in ("by=month", "by=violation&then=month"):
        response = client.get(f"/summary.json?{asked}")
        assert response.status_code == 400, asked
        assert "cells" in response.get_json()["error"]["problems"][0]["message"]
    assert client.get("/summary?by=month&from=2020-01-01&to=2020-12-31").status_code == 200


def test_an_empty_register_has_empty_summaries(empty_client: FlaskClient) -> None:
    for unit in UNITS:
        for by in NAMES:
            for then in {"", "month", "outlet", "harm", "topic"} - {by}:
                response = empty_client.get(f"/summary.json?unit={unit}&by={by}&then={then}")
                assert response.status_code == 200
                assert not any(cell["possible"] for cell in response.get_json()["cells"])
    for ending in ("", ".csv", ".xlsx", ".svg"):
        assert empty_client.get(f"/summary{ending}?by=month&then=outlet").status_code == 200


def test_a_citation_leads_to_the_same_table_of_that_version(figures: FlaskClient, database: Database) -> None:
    page = figures.get("/summary?by=violation&then=year&country=KG")
    address = re.search(r"http://localhost(/summary\?\S+)", words(page))
    assert address is not None
    assert "dataset=1" in address[1]
    before = figures.get(address[1].replace("/summary", "/summary.json")).get_json()
    publish_records(database, *invented.incidents(20, 9, first=500))
    assert figures.get(address[1].replace("/summary", "/summary.json")).get_json()["cells"] == before["cells"]
    assert figures.get("/summary.json?by=violation&then=year&country=KG").get_json()["cells"] != before["cells"]


def test_the_chart_is_a_picture_with_a_title_a_description_and_its_source(figures: FlaskClient) -> None:
    for asked in ("by=violation", "by=month", "by=outlet&then=year", "unit=victims&by=harm&then=role", "by=topic"):
        response = figures.get(f"/summary.svg?{asked}")
        assert response.mimetype == "image/svg+xml"
        drawn = etree.fromstring(response.data)
        name = "{http://www.w3.org/2000/svg}"
        assert drawn.tag == f"{name}svg"
        assert drawn.get("role") == "img"
        assert drawn.find(f"{name}title").text
        assert drawn.find(f"{name}desc").text
        text = " ".join(drawn.itertext())
        assert "dataset version 1" in text
        assert "style=" not in response.get_data(as_text=True)


def test_a_page_of_figures_links_its_files(figures: FlaskClient) -> None:
    found = links(figures.get("/summary?by=outlet&country=KG"))
    for ending in ("csv", "json", "xlsx", "svg"):
        assert f"/summary.{ending}?unit=incidents&by=outlet&country=KG" in found
    assert "/incidents?country=KG" in found


def test_a_name_that_xml_cannot_hold_leaves_the_picture_whole(settings: Settings, database: Database) -> None:
    odd = outlet("odd", name="A \x0b <&> \uffff paper")
    there = incident("KGZ-2020-0001", acts=[act("assault", [victim(outlet={"slug": "odd", "name": odd["name"]})])])
    publish_records(database, odd, there)
    picture = application(settings, database).test_client().get("/summary.svg?by=outlet")
    assert "A \ufffd <&> \ufffd paper" in "".join(etree.fromstring(picture.data).itertext())


def test_a_chart_of_periods_by_periods_draws_the_latest_and_says_how_many_it_leaves_out(figures: FlaskClient) -> None:
    table = figures.get("/summary.json?by=month&then=year").get_json()
    counted = (cell for cell in table["cells"] if cell["possible"] and cell["row"] != "undated")
    rows = list(dict.fromkeys(cell["row_label"] for cell in counted))
    assert len(rows) > MOST_PANELS, "else this test says nothing"
    drawn = etree.fromstring(figures.get("/summary.svg?by=month&then=year").data)
    headings = [element.text for element in drawn.iter() if element.get("class") == "panel-heading"]
    assert headings == rows[-MOST_PANELS:]
    assert "rows are not drawn" in " ".join(drawn.itertext())


def test_a_chart_of_nothing_says_so_by_itself(figures: FlaskClient) -> None:
    drawn = etree.fromstring(figures.get("/summary.svg?by=month&country=AQ").data)
    assert "No published incident matches this filter." in " ".join(drawn.itertext())
