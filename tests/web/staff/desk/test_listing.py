"""The list of incidents at the desk: filters are posted and kept, names are kept back, wrong ones are refused."""

import pytest
from flask.testing import FlaskClient

from tests.support import drafts
from tests.web.staff.conftest import Signed
from tests.web.staff.desk.conftest import record
from tracker.db import Database
from tracker.registry.models import SavedFilter
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role

LIST = "/staff/incidents"


def text(client: FlaskClient, address: str = LIST, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def ask(client: FlaskClient, **pairs: str) -> str:
    answer = client.post(LIST, data=pairs)
    assert (answer.status_code, answer.location) == (303, LIST)
    return text(client)


def test_a_posted_filter_is_kept_and_stands_in_no_address(as_staff: Signed, rich_incident: str) -> None:
    client = as_staff(Role.EDITOR)
    assert "Crew beaten at a rally" in ask(client, q="Proberov", violation="assault")
    page = ask(client, q="Nobody Knows")
    assert "Crew beaten at a rally" not in page
    assert "No incident that you may read fits this filter." in page
    assert 'value="Nobody Knows"' in text(client)
    assert "Crew beaten at a rally" in text(as_staff(Role.EDITOR, name="other"))


def test_a_name_that_is_kept_back_is_marked_and_not_shown(as_staff: Signed, rich_incident: str) -> None:
    page = text(as_staff(Role.EDITOR))
    assert "Aida Testova" in page
    assert "1 name withheld" in page
    assert "Proberov" not in page


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("status", "gone", "Allowed: Draft, Submitted"),
        ("since", "5 October", "This is not a day."),
        ("outlet", "The Heral", "No outlet is called so. Allowed: The Herald"),
        ("q", "\0", "Control characters are not allowed"),
        ("role", "administrator", "There is no such filter."),
    ],
)
def test_a_wrong_value_is_refused_at_its_field_and_applies_to_nothing(
    as_staff: Signed, desk_database: Database, rich_incident: str, name: str, value: str, sentence: str
) -> None:
    client = as_staff(Role.EDITOR)
    answer = client.post(LIST, data={name: value, "country": "KG"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert sentence in page
    assert "Crew beaten at a rally" not in page
    with desk_database.read() as session:
        assert session.query(SavedFilter).count() == 0


def test_a_filter_gets_a_name_is_used_again_and_thrown_away(as_staff: Signed, rich_incident: str) -> None:
    client = as_staff(Role.EDITOR)
    ask(client, q="beaten")
    saved = client.post("/staff/filters", data={"name": "  Beaten   crews "})
    assert saved.location == f"{LIST}?done=filter-saved"
    assert "The filter is saved." in text(client, saved.location)
    ask(client, q="nothing")
    page = text(client)
    assert "Beaten crews" in page
    there = page.split("/apply")[0].rpartition("/staff/filters/")[2]
    assert as_staff(Role.EDITOR, name="other").post(f"/staff/filters/{there}/apply").status_code == 404
    assert as_staff(Role.EDITOR, name="other").post(f"/staff/filters/{there}/delete").status_code == 404
    client.post(f"/staff/filters/{there}/apply")
    assert "Crew beaten at a rally" in text(client)
    client.post(f"/staff/filters/{there}/delete")
    assert "Beaten crews" not in text(client)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b"], ids=["empty", "blank", "long", "nul"])
def test_a_filter_without_a_usable_name_is_not_saved(as_staff: Signed, desk_database: Database, name: str) -> None:
    answer = as_staff(Role.EDITOR).post("/staff/filters", data={"name": name})
    assert answer.status_code == 400
    with desk_database.read() as session:
        assert session.query(SavedFilter).count() == 0


@pytest.mark.parametrize(
    ("role", "name", "sees"),
    [(Role.EDITOR, None, True), (Role.MONITOR, None, True), (Role.MONITOR, "other", False)],
    ids=["editor", "author", "another monitor"],
)
def test_a_search_finds_only_what_one_may_read(
    as_staff: Signed, rich_incident: str, role: Role, name: str | None, sees: bool
) -> None:
    page = ask(as_staff(role, name=name), q="hides with relatives")
    assert ("Crew beaten at a rally" in page) is sees
    assert ('id="filter-author"' in page) is (role is Role.EDITOR)


def test_a_queue_of_the_desk_is_a_list_of_its_own(as_staff: Signed, desk_database: Database) -> None:
    record(desk_database, drafts.minimal("one", title={"en": "Sent back"}), status=Status.DRAFT)
    record(desk_database, drafts.minimal("two", title={"en": "In review now"}), status=Status.IN_REVIEW)
    client = as_staff(Role.EDITOR)
    page = text(client, f"{LIST}?queue=in_review")
    assert "In review now" in page
    assert "Sent back" not in page
    assert "Sent back" in text(client)
    for unknown in ("nothing", "safety_review", "IN_REVIEW"):
        text(client, f"{LIST}?queue={unknown}", status=404)


def test_pages_lead_on(as_staff: Signed, desk_database: Database) -> None:
    record(desk_database, *(drafts.minimal(f"n-{n}", title={"en": f"Number {n:03}"}) for n in range(52)))
    client = as_staff(Role.EDITOR)
    first, second = text(client), text(client, f"{LIST}?page=2")
    assert "52 incidents" in first
    assert "Page 1 of 2" in first
    assert first.count("Number 0") == 50
    assert second.count("Number 0") == 2
    for wrong in ("0", "-1", "x", "²", "9" * 30, ""):
        assert "Page 1 of 2" in text(client, f"{LIST}?page={wrong}") or wrong == "9" * 30
    assert "Page 2 of 2" in text(client, f"{LIST}?page=999999")


def test_the_list_says_so_where_there_is_nothing(as_staff: Signed) -> None:
    assert "There is no incident yet that you may read." in text(as_staff(Role.MONITOR))


def test_a_kept_filter_that_no_longer_holds_is_told_and_not_applied_in_part(
    as_staff: Signed, desk_database: Database, rich_incident: str
) -> None:
    client = as_staff(Role.EDITOR)
    ask(client, topic="election", country="KG")
    with desk_database.write() as session:
        session.query(SavedFilter).one().query = [["topic", "gone"], ["country", "KG"]]
    page = text(client, status=400)
    assert "There is no such topic." in page
    assert "Crew beaten at a rally" not in page
