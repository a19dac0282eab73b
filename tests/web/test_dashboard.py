"""The dashboard and the table of completeness over HTTP."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient

from tests.dataset.samples import act, incident, publish, victim
from tests.dataset.statistics import invented
from tests.support.shared import application
from tests.web.reading import links, words
from tracker.db import Database, utc_now
from tracker.settings import Settings
from tracker.vocabulary import Nature
from tracker.web.public.figures.shown import share_words


@pytest.fixture
def figures(settings: Settings, database: Database) -> FlaskClient:
    """A client over invented incidents, some of this year and the last."""
    year = utc_now().year
    held = victim(name="Aibol", naming="named", person="p-aibol", custody_from=f"{year - 1}-01-01", outlet="kloop")
    recent = [
        incident(f"KGZ-{year}-0001", f"{year}-01-01", acts=[act("threat", [victim(outlet="kloop")])]),
        incident(f"KGZ-{year}-0002", f"{year}", acts=[act("assault")]),
        incident(f"KGZ-{year - 1}-0001", f"{year - 1}-01-01", acts=[act("arrest_detention", [held])]),
    ]
    publish(database, *invented.others(), *invented.incidents(40), *recent)
    return application(settings, database).test_client()


def test_each_figure_of_the_dashboard_leads_to_a_list_of_as_many_incidents(figures: FlaskClient) -> None:
    body = figures.get("/dashboard").get_data(as_text=True).replace("&amp;", "&")
    found = re.findall(r'<a href="(/incidents\?[^"]*)">\s*([\d,]+)\s*</a>', body)
    assert len(found) > 15
    for address, number in found:
        # Victims are counted by their own unit; the list behind them is of incidents.
        if "custody=" in address or (address.startswith("/incidents?from") and "violation" not in address):
            continue
        listed = figures.get(address.replace("/incidents?", "/incidents.json?", 1))
        assert listed.headers["X-Row-Count"] == number.replace(",", ""), address


def test_the_page_and_its_twin_say_the_same(figures: FlaskClient) -> None:
    data = figures.get("/dashboard.json").get_json()
    said = words(figures.get("/dashboard"))
    this = data["incidents"]["this_year"]
    # One surely, one somewhen in the year, and those invented ones that have not ended or are known by their beginning.
    assert (this["possible"] >= 2, this["certain"]) == (True, 1)
    assert f"Incidents in {utc_now().year} {this['possible']} ( 1 )" in said
    assert data["held"]["longest"][-1]["name"] == "Aibol"
    assert (
        data["held"]["named"]
        == figures.get("/summary.json?unit=victims&by=harm&custody=open").get_json()["total"]["named"]["possible"]
    )
    for one in data["no_official_response"]:
        silent = figures.get(f"/incidents.json?to={one['until']}&when=certain&response=not_recorded")
        assert int(silent.headers["X-Row-Count"]) == one["unanswered"]


def test_the_dashboard_refuses_what_it_does_not_take_and_names_what_it_takes(figures: FlaskClient) -> None:
    for asked in ("violation=threat", "from=2020-01-01", "limit=3", "unit=acts", "as_of=9999-01-01"):
        response = figures.get(f"/dashboard.json?{asked}")
        assert response.status_code == 400, asked
        assert response.get_json()["error"]["problems"][0]["allowed"], asked
    assert figures.get("/dashboard?country=KG").status_code == 200


def test_an_answer_that_counts_from_today_is_known_by_its_day(
    figures: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = figures.get("/dashboard")
    again = figures.get("/dashboard", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    tomorrow = utc_now().replace(year=utc_now().year + 1)
    monkeypatch.setattr("tracker.dataset.statistics.dashboard.utc_now", lambda: tomorrow)
    assert figures.get("/dashboard", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 7, "0 %"), (1, 1000, "< 1 %"), (1, 3, "33 %"), (999, 1000, "> 99 %"), (7, 7, "100 %")],
)
def test_a_share_never_says_all_or_nothing_where_it_is_not_so(part: int, whole: int, said: str) -> None:
    assert share_words(part, whole).replace("\N{NO-BREAK SPACE}", " ") == said


def test_completeness_agrees_in_all_its_forms(figures: FlaskClient) -> None:
    for asked in ("", "?country=KG&violation=threat"):
        lines = list(csv.DictReader(io.StringIO(figures.get(f"/completeness.csv{asked}").get_data(as_text=True))))
        data = figures.get(f"/completeness.json{asked}").get_json()["completeness"]
        assert [{name: str(value) for name, value in one.items()} for one in data] == lines
        page = figures.get(f"/completeness{asked}")
        assert f"/completeness.csv{asked}" in links(page)
        verified = next(line for line in lines if line["field"] == "verification" and line["year"] == "all")
        share = round(100 * int(verified["known"]) / int(verified["of"]))
        assert f"{share} %" in words(page)
    assert figures.get("/completeness?limit=2").status_code == 400


def test_pages_of_an_earlier_version_say_how_many_records_are_gone_from_their_figures(
    figures: FlaskClient, database: Database
) -> None:
    year = utc_now().year
    publish(database, incident(f"KGZ-{year}-0001", f"{year}-01-01"), nature=Nature.RESTRICTION)
    for page in ("dashboard", "completeness", "summary"):
        assert "1 record of that version is no longer available" not in words(figures.get(f"/{page}"))
    for page in ("dashboard", "completeness"):
        then = words(figures.get(f"/{page}?dataset=1"))
        assert "1 record of that version is no longer available and is not counted." in then


def test_every_page_of_figures_works_before_anything_is_published(empty_client: FlaskClient) -> None:
    for address in ("/dashboard", "/dashboard.json", "/completeness", "/completeness.csv", "/completeness.json"):
        assert empty_client.get(address).status_code == 200, address
