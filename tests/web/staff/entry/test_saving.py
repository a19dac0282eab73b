"""Unfinished forms at the desk: kept as typed, brought back, carried on, thrown away; rows without JavaScript."""

import pytest
from flask.testing import FlaskClient

from tests.web.staff.conftest import Signed
from tests.web.staff.entry.forms import blank_form, fields_on, hand_in, typed
from tracker.vocabulary.staff import Role


@pytest.fixture
def desk(as_staff: Signed) -> FlaskClient:
    return as_staff(Role.MONITOR)


def test_a_form_comes_back_as_it_was_typed_even_where_it_is_wrong(desk: FlaskClient) -> None:
    address = blank_form(desk)
    odd = typed(when="sometime", acts__0__victims__0__count_least="many", title__ky="Кыргызча <b>&amp;</b>")
    odd["summary-en"] = "Two\r\n\r\nparagraphs"
    saved = desk.post(f"{address}/save", data=odd | {"sequence": "1"})
    assert saved.json == {"saved": True, "sequence": 1}
    shown = dict(fields_on(desk.get(address)))
    for name in ("when", "acts-0-victims-0-count_least", "title-ky", "summary-en", "acts-0-method"):
        assert shown[name].replace("\r\n", "\n") == odd[name].replace("\r\n", "\n")


def test_a_late_save_never_overwrites_a_newer_one(desk: FlaskClient) -> None:
    address = blank_form(desk)
    desk.post(f"{address}/save", data=typed(title__en="newer", sequence="2"))
    late = desk.post(f"{address}/save", data=typed(title__en="older", sequence="1"))
    assert (late.status_code, late.json["why"]) == (409, "outrun")  # type: ignore[index]
    assert dict(fields_on(desk.get(address)))["title-en"] == "newer"


def test_nobody_else_finds_the_form(desk: FlaskClient, as_staff: Signed) -> None:
    address = blank_form(desk)
    desk.post(f"{address}/save", data=typed(sequence="1"))
    other = as_staff(Role.EDITOR)
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/save", data=typed(sequence="5")).status_code == 404
    assert other.post(f"{address}/discard").status_code == 404
    assert hand_in(other, address, typed()).status_code == 404
    assert hand_in(desk, "/staff/forms/made-up", typed(), do="save").status_code == 404


def test_a_discarded_form_is_gone(desk: FlaskClient) -> None:
    address = blank_form(desk)
    desk.post(f"{address}/save", data=typed(sequence="1"))
    assert desk.post(f"{address}/discard").status_code == 303
    assert desk.get(address).status_code == 404


def test_rows_are_added_removed_and_brought_back_without_javascript(desk: FlaskClient) -> None:
    address = blank_form(desk)
    added = hand_in(desk, address, typed(), do="add:acts-0-victims")
    assert added.location == f"{address}#acts-0-victims-1"
    page = desk.get(address)
    assert "problem-summary" not in page.text
    fields = dict(fields_on(page)) | {"acts-0-victims-1-description": "a colleague"}
    hand_in(desk, address, fields, do="remove:acts-0-victims-1")
    page = desk.get(address)
    assert 'value="undo:acts-0-victims-1"' in page.text
    assert dict(fields_on(page))["acts-0-victims-1-removed"] == "yes"
    hand_in(desk, address, fields_on(page), do="undo:acts-0-victims-1")
    after = dict(fields_on(desk.get(address)))
    assert (after["acts-0-victims-1-removed"], after["acts-0-victims-1-description"]) == ("", "a colleague")
    assert after["acts-0-victims-0-person"] == "Nurlan Sluchaev"


def test_an_ambiguous_date_is_settled_by_one_press(desk: FlaskClient) -> None:
    address = blank_form(desk)
    hand_in(desk, address, typed(when="05/10/2020"), do="pick:when:2020-10-05")
    assert dict(fields_on(desk.get(address)))["when"] == "5 October 2020"


def test_checking_says_what_is_wrong_and_hands_nothing_in(desk: FlaskClient) -> None:
    address = blank_form(desk)
    checked = hand_in(desk, address, typed(when="sometime"), do="check")
    assert checked.location == f"{address}?check=1"
    assert 'id="when-problem"' in desk.get(checked.location).text


def test_dates_are_said_back_while_they_are_typed(desk: FlaskClient) -> None:
    told = desk.post("/staff/forms/date", data={"typed": "night of 5-6 October 2020"}).json
    assert told is not None
    assert (told["edtf"], told["words"]) == ("[2020-10-05..2020-10-06]", "night of 5–6 October 2020")
    asked = desk.post("/staff/forms/date", data={"typed": "05/10/2020"}).json
    assert asked is not None
    assert [each["edtf"] for each in asked["readings"]] == ["2020-10-05", "2020-05-10"]


def test_the_number_of_a_save_is_one_of_ours(desk: FlaskClient) -> None:
    for number in ("²", "-1", "9" * 30, "1.0"):
        assert desk.post(f"{blank_form(desk)}/save", data=typed(sequence=number)).status_code == 400
