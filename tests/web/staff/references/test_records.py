"""Outlets, people, sources and topics: listed, made, changed, and brought before the public."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.drafts import found, publish, record, rich, settle, victim, with_victims
from tests.web.staff.conftest import Signed
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry.mapping import snapshot
from tracker.registry.models import AuditEntry, Entity, Incident, Outlet, Person, Source, Topic
from tracker.vocabulary.staff import Role

E, S = Role.EDITOR, Role.SAFETY_REVIEWER
ADDRESSES = {Outlet: "outlets", Person: "people", Source: "sources", Topic: "topics"}
EVIL = ["<script>alert(1)</script>", "\x00", "x" * 21_000, "a\nb", "\u202eabc", "=1+1", "'\"><img src=x>"]


@pytest.fixture(autouse=True)
def world(desk_database: Database) -> None:
    """A rich incident is public, with its outlet and topic."""
    with desk_database.write() as session:
        settle(session)
        publish(session, *record(session, rich()))


@pytest.fixture
def editor(as_staff: Signed) -> FlaskClient:
    """Somebody who may change records."""
    return as_staff(E)


def stored(database: Database, model: type[Entity], key: str) -> tuple[str, int, dict[str, Any]]:
    """Id, version and content of a record."""
    with database.read() as session:
        entity = found(session, model, key)
        return entity.id, entity.version, snapshot(entity)


def post(client: FlaskClient, database: Database, model: type[Entity], of: str, **fields: Any) -> TestResponse:
    """Save a record with these fields, over the version that stands."""
    record_id, version, _ = stored(database, model, of)
    data = {"version": version, "do": "save", **fields}
    return client.post(f"/staff/{ADDRESSES[model]}/{record_id}", data=data)


def words(answer: TestResponse) -> str:
    """The text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.mark.parametrize("address", ["outlets", "people", "sources", "topics"])
def test_each_list_names_its_records_and_how_many_incidents_name_them(editor: FlaskClient, address: str) -> None:
    names = {"outlets": "The Herald", "people": "Bakyt Proberov", "sources": "A leaflet", "topics": "An election"}
    said = words(editor.get(f"/staff/{address}"))
    assert names[address] in said
    assert re.search(rf"{names[address]}.*?{0 if address == 'sources' else 1}", said)


@pytest.mark.parametrize("typed", ["herald", "вестн"])
def test_lists_are_searched_in_any_script_and_what_is_typed_is_in_no_address(editor: FlaskClient, typed: str) -> None:
    answer = editor.post("/staff/outlets", data={"q": typed})
    assert (answer.status_code, "The Herald" in words(answer)) == (200, True)
    assert "No name fits" in words(editor.post("/staff/outlets", data={"q": "zzzz"}))


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30, "999999"])
def test_a_page_that_cannot_be_is_answered_all_the_same(editor: FlaskClient, page: str) -> None:
    assert editor.get(f"/staff/outlets?page={page}").status_code == 200


@pytest.mark.parametrize(
    ("address", "model", "fields", "expected"),
    [
        (
            "outlets",
            Outlet,
            {
                "name": "Новый голос",
                "other_names-0-name": "New Voice",
                "other_names-0-language": "en",
                "other_names-1-name": "",
                "media": ["online", "print"],
                "ownership": "private",
                "country": "KG",
                "website": "https://voice.example.org",
            },
            {
                "key": "novyi-golos",
                "name": "Новый голос",
                "other_names": [{"name": "New Voice", "language": "en"}],
                "media": ["online", "print"],
                "ownership": "private",
                "country": "KG",
                "website": "https://voice.example.org",
            },
        ),
        ("people", Person, {"name": "Aida Testova"}, {"key": "aida-testova", "name": "Aida Testova"}),
        (
            "sources",
            Source,
            {"type": "wire_report", "title": "A title", "confidential": "y", "published_on": "2020-10-06", "key": "k"},
            {"key": "k", "type": "wire_report", "title": "A title", "confidential": True, "published_on": "2020-10-06"},
        ),
        (
            "topics",
            Topic,
            {
                "title__en": "A crisis",
                "title__ky": "Кризис",
                "timeline-0-date": "5 October 2020",
                "timeline-0-text__en": "It began.",
                "timeline-0-disagreement__ru": "Не все согласны.",
                "timeline-0-sources-0": "Crews attacked in the capital",
                "timeline-0-sources-1": "https://example.org/report",
                "follow_ups-0-kind": "denial",
                "follow_ups-0-text__en": "They deny it.",
                "follow_ups-0-sources-0": "wire",
            },
            {
                "key": "a-crisis",
                "title": {"en": "A crisis", "ky": "Кризис"},
                "timeline": [
                    {
                        "date": {"edtf": "2020-10-05"},
                        "text": {"en": "It began."},
                        "disagreement": {"ru": "Не все согласны."},
                        "sources": ["report", "wire"],
                    }
                ],
                "follow_ups": [{"kind": "denial", "text": {"en": "They deny it."}, "sources": ["wire"]}],
            },
        ),
    ],
    ids=["outlet", "person", "source", "topic"],
)
def test_a_new_record_says_what_was_typed(
    editor: FlaskClient,
    desk_database: Database,
    address: str,
    model: type[Entity],
    fields: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    answer = editor.post(f"/staff/{address}/new", data={**fields, "do": "save", "version": "7", "merged_into": "x"})
    assert answer.status_code == 303
    record_id = answer.headers["Location"].rpartition("/")[2].partition("?")[0]
    with desk_database.read() as session:
        made = session.get(model, record_id)
        assert made is not None
        assert snapshot(made) == expected
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "recorded")).one()
        assert (entry.object_id, entry.detail) == (record_id, {})
    assert "Recorded." in words(editor.get(answer.headers["Location"]))


def test_a_key_that_is_taken_is_refused_and_one_that_is_made_up_is_free(editor: FlaskClient) -> None:
    assert editor.post("/staff/people/new", data={"name": "Aida", "key": "aida"}).status_code == 422
    answers = [editor.post("/staff/people/new", data={"name": "Aida"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]


@pytest.mark.parametrize("address", ["outlets", "people", "sources", "topics"])
def test_an_empty_form_is_answered_with_everything_that_is_missing(editor: FlaskClient, address: str) -> None:
    answer = editor.post(f"/staff/{address}/new", data={"do": "save"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    for field_id in re.findall(r'<li>\s*<a href="#([^"]+)"', page):
        assert f'id="{field_id}"' in page
    assert 'aria-invalid="true"' in page or address == "sources"


@pytest.mark.parametrize("value", EVIL, ids=range(len(EVIL)))
@pytest.mark.parametrize("address", ["outlets", "people", "sources", "topics"])
def test_hostile_values_are_shown_as_text_or_refused_clearly(editor: FlaskClient, address: str, value: str) -> None:
    names = ["name", "title", "title__en", "website", "url", "country", "language", "published_on", "key", "media"]
    names += ["other_names-0-name", "other_names-0-language", "timeline-0-date", "timeline-0-text__en", "type"]
    names += ["timeline-0-sources-0", "timeline-999999999-date", "title__zz", "note", "archive_sha256", "ownership"]
    answer = editor.post(f"/staff/{address}/new", data=dict.fromkeys(names, value))
    assert answer.status_code in (303, 422, 413)
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_changes_are_saved_in_one_revision_and_told_without_values(
    editor: FlaskClient, desk_database: Database
) -> None:
    answer = post(editor, desk_database, Outlet, "herald", **{"name": "The Messenger", "country": "KZ", "key": "other"})
    assert (answer.status_code, answer.headers["Location"][-11:]) == (303, "?done=saved")
    record_id, version, said = stored(desk_database, Outlet, "herald")
    assert (version, said) == (2, {"key": "herald", "name": "The Messenger", "country": "KZ"})
    with desk_database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "amended")).one()
        assert entry.detail == {"fields": ["country", "media", "name", "other_names", "ownership", "website"]}
    assert "The Herald" in words(editor.get(f"/staff/outlets/{record_id}/history"))


def test_a_form_that_is_saved_as_it_was_shown_changes_nothing(editor: FlaskClient, desk_database: Database) -> None:
    for model, key in [(Outlet, "herald"), (Person, "aida"), (Source, "report"), (Topic, "election")]:
        record_id, version, before = stored(desk_database, model, key)
        page = editor.get(f"/staff/{ADDRESSES[model]}/{record_id}").get_data(as_text=True)
        answer = editor.post(f"/staff/{ADDRESSES[model]}/{record_id}", data=fields_of(page))
        assert answer.headers["Location"].endswith("?done=unchanged"), model
        assert stored(desk_database, model, key)[1:] == (version, before)


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would post of the form of a record."""
    form = page[page.index('id="form"') : page.index("<aside")]
    fields: dict[str, Any] = {"do": "save"}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and not (kind and kind[1] in ("checkbox", "radio") and "checked" not in tag):
            fields.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        fields[name] = [unescape(inner).strip()]
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = re.findall(r'<option selected value="([^"]*)"', inner)
    return fields


@pytest.mark.parametrize(
    ("do", "dates"),
    [
        ("add:timeline", ["2020-10-04", "2020-10-05", ""]),
        ("remove:timeline:0", ["2020-10-05"]),
        ("down:timeline:0", ["2020-10-05", "2020-10-04"]),
        ("up:timeline:1", ["2020-10-05", "2020-10-04"]),
        ("up:timeline:0", ["2020-10-04", "2020-10-05"]),
        ("remove:timeline:77", ["2020-10-04", "2020-10-05"]),
        ("remove:timeline:²", ["2020-10-04", "2020-10-05"]),
        ("up:key:0", ["2020-10-04", "2020-10-05"]),
    ],
)
def test_rows_are_added_moved_and_removed_without_script(
    editor: FlaskClient, desk_database: Database, do: str, dates: list[str]
) -> None:
    fields = {"title__en": "T", "timeline-0-date": "2020-10-04", "timeline-1-date": "2020-10-05"}
    answer = post(editor, desk_database, Topic, "election", **fields, do=do)
    assert answer.status_code == 200
    shown = re.findall(r'name="timeline-\d+-date"[^>]*value="([^"]*)"', answer.get_data(as_text=True))
    assert shown == dates
    assert stored(desk_database, Topic, "election")[1] == 1


def test_missing_languages_are_shown_as_missing(editor: FlaskClient, desk_database: Database) -> None:
    record_id = stored(desk_database, Topic, "election")[0]
    assert words(editor.get(f"/staff/topics/{record_id}")).count("missing") >= 4


def test_an_outdated_save_shows_theirs_mine_and_what_was_before(editor: FlaskClient, desk_database: Database) -> None:
    record_id, _, _ = stored(desk_database, Outlet, "herald")
    post(editor, desk_database, Outlet, "herald", name="Their name", country="KG", website="https://theirs.example.org")
    mine = {"name": "My name", "country": "KG", "version": "1", "other_names-0-name": "Mine too", "do": "save"}
    answer = editor.post(f"/staff/outlets/{record_id}", data=mine)
    said = words(answer)
    assert answer.status_code == 409
    for word in ("Their name", "My name", "Before: The Herald", "Mine too"):
        assert word in said
    assert stored(desk_database, Outlet, "herald")[2]["name"] == "Their name"
    page = answer.get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    undecided = editor.post(f"/staff/outlets/{record_id}/conflict", data=hidden)
    assert undecided.status_code == 409
    places = set(re.findall(r'name="(choice:[^"]*)"', page))
    choices = {place: "theirs" if "website" in place or "media" in place else "mine" for place in places}
    saved = editor.post(f"/staff/outlets/{record_id}/conflict", data={**hidden, **choices})
    assert saved.status_code == 303
    now = stored(desk_database, Outlet, "herald")[2]
    assert (now["name"], now["website"]) == ("My name", "https://theirs.example.org")
    assert [other["name"] for other in now["other_names"]] == ["Mine too"]


def test_what_was_typed_is_kept_when_something_is_wrong(editor: FlaskClient, desk_database: Database) -> None:
    answer = post(editor, desk_database, Outlet, "herald", name="Kept <b>words</b>", website="nowhere")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in page
    assert re.search(r'aria-invalid="true"[^>]*id="website"|id="website"[^>]*aria-invalid="true"', page)
    assert 'href="#website"' in page


def test_the_safety_reviewer_may_look_and_not_change(as_staff: Signed, desk_database: Database) -> None:
    record_id = stored(desk_database, Outlet, "herald")[0]
    assert as_staff(S).get(f"/staff/outlets/{record_id}").status_code == 200
    assert post(as_staff(S), desk_database, Outlet, "herald", name="X").status_code == 404
    assert as_staff(Role.MONITOR).get(f"/staff/outlets/{record_id}").status_code == 404


def test_reading_a_withheld_name_or_a_confidential_source_is_logged(
    editor: FlaskClient, desk_database: Database
) -> None:
    for model, key in [(Person, "bakyt"), (Person, "aida"), (Source, "insider"), (Source, "wire")]:
        editor.get(f"/staff/{ADDRESSES[model]}/{stored(desk_database, model, key)[0]}")
    with desk_database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "read_confidential")).all()
    assert [entry.detail["groups"] for entry in entries] == [["withheld_name"], ["confidential_source"]]


Published = Callable[[type[Entity], str], dict[str, Any]]


@pytest.fixture
def public(desk_database: Database) -> Published:
    """What is public of a record."""

    def standing(model: type[Entity], key: str) -> dict[str, Any]:
        with desk_database.read() as session:
            entity = found(session, model, key)
            return Gate(session, by="t").standing([entity])[entity.id]

    return standing


@pytest.mark.parametrize(
    ("model", "key", "fields"),
    [(Outlet, "herald", {"name": "New name"}), (Topic, "election", {"title__en": "New name"})],
)
def test_a_change_reaches_readers_only_when_it_is_published(
    editor: FlaskClient,
    desk_database: Database,
    public: Published,
    model: type[Entity],
    key: str,
    fields: dict[str, str],
) -> None:
    before = public(model, key)
    assert post(editor, desk_database, model, key, **fields).status_code == 303
    assert public(model, key) == before
    record_id = stored(desk_database, model, key)[0]
    assert "New name" in words(editor.get(f"/staff/{ADDRESSES[model]}/{record_id}"))
    answer = editor.post(f"/staff/{ADDRESSES[model]}/{record_id}/publish")
    assert answer.headers["Location"].endswith("?done=published")
    assert "New name" in str(public(model, key))
    assert "New name" in str(public(Incident, "rich")) or model is Topic


def test_making_a_source_confidential_is_applied_to_public_incidents_at_once_where_wanted(
    editor: FlaskClient, desk_database: Database, public: Published
) -> None:
    fields = {
        "type": "wire_report",
        "publisher": "Agency",
        "title": "Crews attacked in the capital",
        "confidential": "y",
    }
    record_id = stored(desk_database, Source, "wire")[0]
    assert "Save and apply to 1 public incident now" in words(editor.get(f"/staff/sources/{record_id}"))
    answer = post(editor, desk_database, Source, "wire", **fields, do="apply")
    assert answer.headers["Location"].endswith("?done=applied")
    assert "Crews attacked" not in str(public(Incident, "rich"))
    assert "Crews attacked" not in str(public(Topic, "election"))


def test_what_stands_against_publishing_is_shown_and_nothing_is_written(
    editor: FlaskClient, desk_database: Database
) -> None:
    with desk_database.write() as session:
        publish(
            session, *record(session, with_victims(victim("bakyt", naming="withheld"), key="w", topics=["election"]))
        )
    fields = {"title__en": "Bakyt Proberov and the vote"}
    answer = post(editor, desk_database, Topic, "election", **fields, do="apply")
    assert answer.status_code == 422
    assert stored(desk_database, Topic, "election")[1] == 1


def test_a_record_nobody_has_answers_as_one_that_cannot_be(editor: FlaskClient) -> None:
    for address in ("/staff/outlets/abc", "/staff/outlets/%00", "/staff/people/" + "x" * 300, "/staff/topics/../x"):
        assert editor.get(address).status_code == 404
    assert editor.post("/staff/outlets/abc", data={"version": "x"}).status_code in (400, 404)


def test_who_changed_what_stands_in_the_history(editor: FlaskClient, desk_database: Database) -> None:
    post(editor, desk_database, Outlet, "herald", name="Once more")
    said = words(editor.get(f"/staff/outlets/{stored(desk_database, Outlet, 'herald')[0]}/history"))
    assert "Editor" in said
    assert "Once more" in said


def test_entries_of_a_topic_are_folded_under_date_and_first_words_but_where_something_is_wrong(
    editor: FlaskClient, desk_database: Database
) -> None:
    fields = {"title__en": "T", "timeline-0-date": "5 October 2020", "timeline-0-text__en": "Voters elect the 120."}
    fields |= {"timeline-1-date": "never", "timeline-1-text__en": "The results are annulled."}
    answer = post(editor, desk_database, Topic, "election", **fields)
    assert answer.status_code == 422
    first, second = re.findall(r"<details\s*(\w*)>\s*<summary>(.*?)</summary>", answer.get_data(as_text=True), re.S)
    assert (first[0], second[0]) == ("", "open")
    for told in ("Entry 1", "5 October 2020", "Voters elect the 120."):
        assert told in first[1]
    added = post(editor, desk_database, Topic, "election", **fields, do="add:timeline:0:sources")
    assert re.findall(r"<details\s*(\w*)>", added.get_data(as_text=True))[0] == "open"


def test_russian_has_another_word_for_the_name_of_an_outlet_than_for_that_of_a_person(
    as_staff: Signed, desk_database: Database
) -> None:
    client = as_staff(E, name="russian", language="ru")
    for model, key, words, others in ((Outlet, "herald", "Название", "Имя"), (Person, "aida", "Имя", "Название")):
        record_id = stored(desk_database, model, key)[0]
        for page in ("", "/history/1"):
            text = client.get(f"/staff/{ADDRESSES[model]}/{record_id}{page}").get_data(as_text=True)
            assert words in text
            assert others not in text
