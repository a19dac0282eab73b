"""The place in the form: looked up by name, chosen by a person, shown as the gate will publish it."""

import dataclasses
import re
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support import drafts
from tests.web.staff.conftest import Signed, member, sign_in
from tests.web.staff.entry.forms import blank_form, fields_on, form_address, hand_in, problems, typed
from tracker.app import create_app
from tracker.db import Database
from tracker.geocoding import Answer, Outcome, Wanted
from tracker.publication.places import public_place
from tracker.registry.models import AuditEntry, Incident, Place, UnfinishedForm
from tracker.settings import RemoteGeocoder, Settings
from tracker.vocabulary.staff import Role
from tracker.web.staff.places.looking import service as chosen_service

ASK = "/staff/forms/place"


@pytest.fixture
def gazetteer(desk_settings: Settings, list_of_places: Path) -> Path:
    """The list of places of the desk, where an installation has it by default."""
    desk_settings.instance.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(list_of_places, desk_settings.gazetteer))


@pytest.fixture
def desk(as_staff: Signed, desk_database: Database) -> FlaskClient:
    """An editor at the desk, with the world on record; whether there is a list of places is the test's matter."""
    with desk_database.write() as session:
        drafts.settle(session)
    return as_staff(Role.EDITOR)


def ask(client: FlaskClient, do: str = "live", **place: str) -> dict[str, Any]:
    """What the desk answers about a place: `ask(client, locality="Osh")`."""
    answer = client.post(ASK, data={"do": do} | {f"place_{name}": value for name, value in place.items()})
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.get_json()
    return content


def values(response: Any) -> dict[str, str]:
    """The fields of the place on a page."""
    return {name: value for name, value in fields_on(response) if name.startswith("place_")}


def look_for(client: FlaskClient, fields: Mapping[str, str]) -> Any:
    """The page after the button "Find the place"."""
    found = hand_in(client, blank_form(client), dict(fields), do="place:find")
    assert found.status_code == 200, found.text
    return found


def take(client: FlaskClient, page: Any, entry: str, **more: str) -> Any:
    """The page after one of the places that were found was chosen on it."""
    fields = [*fields_on(page), ("take-place", entry), *more.items()]
    answer = hand_in(client, form_address(page), fields, do="place:take")
    assert answer.status_code == 303
    return client.get(answer.headers["Location"])


def only_place(database: Database) -> Place:
    with database.read() as session:
        return session.scalars(select(Place)).one()


def only_places(database: Database) -> list[Place]:
    with database.read() as session:
        return list(session.scalars(select(Place)))


# Candidates -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("gazetteer")
def test_a_typed_town_is_answered_with_what_it_would_fill_in(desk: FlaskClient) -> None:
    found = ask(desk, locality="Бишкек")["answer"]
    best = found["candidates"][0]
    assert (found["outcome"], best["label"]) == ("found", "Bishkek, Bishkek Shaary, Kyrgyzstan")
    assert best["fills"] == {
        "place_admin1": "Bishkek Shaary",
        "place_country": "KG",
        "place_point": "42.87, 74.59",
        "place_pinned": "42.87, 74.59",
        "place_named": "",
        "place_placed_by": "gazetteer",
        "place_entry": best["entry"],
        "place_matched": "Бишкек",
        "place_precision": "locality",
    }
    assert (best["over"], best["differences"]) == ({}, [])
    assert "Town or village" in best["words"]
    assert "GeoNames" in found["attribution"]


@pytest.mark.usefixtures("gazetteer")
def test_an_ambiguous_name_leaves_the_choice_to_a_person(desk: FlaskClient) -> None:
    found = ask(desk, locality="Springfield")["answer"]
    assert (found["outcome"], len(found["candidates"])) == ("ambiguous", 3)
    page = look_for(desk, {"place_locality": "Springfield"})
    assert "Several places may be meant" in page.text
    assert not re.search(r'name="take-place"[^>]*checked', page.text)
    assert values(page)["place_point"] == ""


@pytest.mark.usefixtures("gazetteer")
def test_a_country_never_becomes_a_pin(desk: FlaskClient) -> None:
    best = ask(desk, as_reported="Kyrgyzstan")["answer"]["candidates"][0]
    assert best["latitude"] is None
    assert best["fills"] == {"place_country": "KG", "place_precision": "country"}


@pytest.mark.usefixtures("gazetteer")
def test_without_a_script_a_place_is_found_chosen_and_recorded_with_where_it_comes_from(
    desk: FlaskClient, desk_database: Database
) -> None:
    reported = "в Оше, у рынка"
    page = look_for(desk, typed(place_locality="Ош", place_country="KG", place_as_reported=reported))
    entry = re.search(r'name="take-place"\s+value="([^"]+)"', page.text)
    assert entry
    taken = take(desk, page, entry[1])
    shown = values(taken)
    assert (shown["place_point"], shown["place_placed_by"]) == ("40.53, 72.8", "gazetteer")
    assert (shown["place_locality"], shown["place_as_reported"]) == ("Ош", reported)
    assert dict(fields_on(taken))["title-en"] == typed()["title-en"]
    assert "The point was found by the name “Ош”." in taken.text
    assert hand_in(desk, form_address(taken), fields_on(taken)).status_code == 303
    place = only_place(desk_database)
    assert (place.latitude, place.longitude, place.entry, place.matched) == (40.53, 72.8, entry[1], "Ош")
    assert (place.precision, place.placed_by, place.as_reported) == ("locality", "gazetteer", reported)


def test_on_either_database_a_place_is_looked_up_recorded_and_corrected(
    staff_app: Flask, staff_settings: Settings, database: Database, list_of_places: Path
) -> None:
    staff_settings.instance.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(list_of_places, staff_settings.gazetteer)
    desk = sign_in(staff_app, database, member(database, Role.EDITOR))
    with database.write() as session:
        drafts.settle(session)
    page = look_for(desk, typed(place_locality="Ош", place_country="KG"))
    taken = take(desk, page, "geonames:101")
    with database.read() as session:
        assert session.scalars(select(Place)).all() == []
    assert hand_in(desk, form_address(taken), fields_on(taken)).status_code == 303
    place = only_place(database)
    assert (place.latitude, place.longitude, place.entry, place.placed_by) == (40.53, 72.8, "geonames:101", "gazetteer")
    with database.read() as session:
        incident_id = session.scalars(select(Incident.id)).one()
    page = desk.get(f"/staff/incidents/{incident_id}/edit")
    refused = dict(fields_on(page)) | {"place_point": "74.59, 42.87"}
    own = {"incident": incident_id, "version": "1"}
    answer = hand_in(desk, form_address(page), refused | own)
    assert (answer.status_code, [where for where, _said in problems(answer)]) == (422, ["place_point"])
    assert hand_in(desk, form_address(page), refused | own | {"place_point": "40,52; 72,81"}).status_code == 303
    place = only_place(database)
    assert (place.latitude, place.longitude, place.entry, place.placed_by) == (40.52, 72.81, None, "hand")


@pytest.mark.usefixtures("gazetteer")
def test_without_a_script_a_found_point_does_not_stay_when_another_town_is_named(
    desk: FlaskClient, desk_database: Database
) -> None:
    page = look_for(desk, typed(place_locality="Osh", place_country="KG"))
    entry = re.search(r'name="take-place"\s+value="([^"]+)"', page.text)
    assert entry
    taken = take(desk, page, entry[1])
    moved = _with(fields_on(taken), place_locality="Talas")
    refused = hand_in(desk, form_address(taken), moved)
    assert refused.status_code == 422
    assert "These coordinates were found by the name “Osh”, and another place is named now." in refused.text
    # Saving what is not finished yet forgets nothing of that.
    saved = hand_in(desk, form_address(taken), moved, do="save")
    again = desk.get(saved.headers["Location"])
    assert hand_in(desk, form_address(again), fields_on(again)).status_code == 422
    assert only_places(desk_database) == []
    # A person may vouch for the point, take it away, or find the place again.
    assert hand_in(desk, form_address(taken), _with(moved, place_placed_by="hand")).status_code == 303
    assert [(place.locality, place.placed_by) for place in only_places(desk_database)] == [("Talas", "hand")]


@pytest.mark.usefixtures("gazetteer")
def test_a_found_point_stays_when_more_is_said_of_the_same_place(desk: FlaskClient, desk_database: Database) -> None:
    page = look_for(desk, typed(place_locality="Ош", place_country="KG"))
    entry = re.search(r'name="take-place"\s+value="([^"]+)"', page.text)
    assert entry
    taken = take(desk, page, entry[1])
    more = _with(fields_on(taken), place_venue="The market", place_admin2="Osh city")
    assert hand_in(desk, form_address(taken), more).status_code == 303
    assert only_place(desk_database).latitude == 40.53


def _with(fields: Iterable[tuple[str, str]], **changed: str) -> list[tuple[str, str]]:
    return [*(pair for pair in fields if pair[0] not in changed), *changed.items()]


@pytest.mark.usefixtures("gazetteer")
def test_places_are_called_in_the_language_of_the_desk(as_staff: Signed) -> None:
    desk = as_staff(Role.EDITOR, language="ru")
    found = ask(desk, locality="Osh")["answer"]["candidates"][0]
    assert found["label"] == "Osh, Osh Region, Кыргызстан"
    why = ask(desk, as_reported="Tashkent, Uzbekistan", country="KG")["answer"]["why"]
    assert "Узбекистан" in why
    assert "Кыргызстан" in why


@pytest.mark.usefixtures("gazetteer")
def test_what_stands_in_the_form_is_written_over_only_when_that_is_said(desk: FlaskClient) -> None:
    page = look_for(desk, {"place_locality": "Osh", "place_country": "KG", "place_admin1": "Osh oblast"})
    found = ask(desk, locality="Osh", country="KG", admin1="Osh oblast")["answer"]["candidates"][0]
    assert found["over"] == {"place_admin1": "Osh Region"}
    assert values(take(desk, page, found["entry"]))["place_admin1"] == "Osh oblast"
    page = look_for(desk, {"place_locality": "Osh", "place_country": "KG", "place_admin1": "Osh oblast"})
    over = {"take-place-over": "yes"}
    assert values(take(desk, page, found["entry"], **over))["place_admin1"] == "Osh Region"


@pytest.mark.usefixtures("gazetteer")
def test_a_pin_that_was_set_by_hand_stays_until_a_person_says_otherwise(desk: FlaskClient) -> None:
    mine = {"locality": "Osh", "country": "KG", "point": "40.51, 72.79", "placed_by": "hand", "precision": "site"}
    found = ask(desk, **mine)["answer"]["candidates"][0]
    assert "place_point" not in found["fills"]
    assert found["over"]["place_point"] == "40.53, 72.8"
    page = look_for(desk, {f"place_{name}": value for name, value in mine.items()})
    kept = values(take(desk, page, found["entry"]))
    assert (kept["place_point"], kept["place_placed_by"], kept["place_precision"]) == ("40.51, 72.79", "hand", "site")


@pytest.mark.usefixtures("gazetteer")
def test_a_town_is_known_no_more_exactly_than_as_a_town(desk: FlaskClient) -> None:
    fills = ask(desk, locality="Osh", country="KG", precision="site", public_precision="street")["answer"]
    assert fills["candidates"][0]["fills"]["place_precision"] == "locality"
    assert fills["candidates"][0]["fills"]["place_public_precision"] == "locality"
    coarse = ask(desk, locality="Osh", country="KG", precision="admin1")["answer"]["candidates"][0]["fills"]
    assert coarse["place_precision"] == "admin1"


# Coordinates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["42.87, 74.59", "42,87; 74,59", "42°52′12″N 74°35′24″E", "74.59 E, 42.87 N"])
def test_coordinates_are_read_as_people_paste_them(desk: FlaskClient, desk_database: Database, written: str) -> None:
    assert ask(desk, "show", point=written)["point"] == {"latitude": 42.87, "longitude": 74.59}
    fields = typed(place_point=written, place_pinned="none", place_precision="site")
    assert hand_in(desk, blank_form(desk), fields).status_code == 303
    place = only_place(desk_database)
    assert (place.latitude, place.longitude, place.placed_by) == (42.87, 74.59, "hand")


@pytest.mark.parametrize("written", ["91, 74", "nan, 74", "42.87", "42,87", "74.59, 42.87", "0x10, 1", "9" * 10_000])
def test_coordinates_that_are_none_are_refused_at_their_field_and_kept(desk: FlaskClient, written: str) -> None:
    assert ask(desk, "show", point=written, country="KG", pinned="none")["problem"]
    address = blank_form(desk)
    answer = hand_in(desk, address, typed(place_point=written, place_pinned="none"))
    assert answer.status_code == 422
    assert [where for where, _said in problems(answer)] == ["place_point"]
    assert values(answer)["place_point"] == written
    assert values(desk.get(address))["place_point"] == written


def test_a_point_typed_over_a_found_one_is_by_hand_and_no_record_of_a_gazetteer(
    desk: FlaskClient, desk_database: Database
) -> None:
    found = {"place_placed_by": "gazetteer", "place_entry": "geonames:100", "place_matched": "Bishkek"}
    fields = typed(place_point="42.8765, 74.6038", place_pinned="42.87, 74.59", place_precision="site", **found)
    assert hand_in(desk, blank_form(desk), fields).status_code == 303
    place = only_place(desk_database)
    assert (place.placed_by, place.entry, place.matched) == ("hand", None, None)


def test_a_point_that_was_not_touched_keeps_every_digit(as_staff: Signed, desk_database: Database) -> None:
    desk = as_staff(Role.EDITOR)
    exact = {"country": "KG", "latitude": 42.87654321012345, "longitude": 7.459e-05, "precision": "site"}
    with desk_database.write() as session:
        drafts.settle(session)
        one = drafts.record(session, drafts.minimal(place=exact | {"placed_by": "gazetteer", "entry": "geonames:1"}))
        incident_id = one[0].id
    page = desk.get(f"/staff/incidents/{incident_id}/edit")
    fields = [(name, "Another reason" if name == "internal_notes" else value) for name, value in fields_on(page)]
    own = [("incident", incident_id), ("version", "1")]
    assert hand_in(desk, form_address(page), [*fields, *own]).status_code == 303
    place = only_place(desk_database)
    assert (place.latitude, place.longitude) == (42.87654321012345, 7.459e-05)
    assert (place.placed_by, place.entry) == ("gazetteer", "geonames:1")


# What readers will see ------------------------------------------------------------------------------------------


def test_what_readers_will_see_is_what_the_gate_would_publish(desk: FlaskClient) -> None:
    place = {"locality": "Bishkek", "country": "KG", "point": "42.87654, 74.60387", "precision": "site"}
    shown = ask(desk, "show", **place, public_precision="locality", as_reported="by the old bazaar")["shown"]
    gate = public_place(
        Place(locality="Bishkek", country="KG", latitude=42.87654, longitude=74.60387, precision="site",
              public_precision="locality", as_reported="by the old bazaar")
    )  # fmt: skip
    assert (shown["latitude"], shown["longitude"], shown["metres"]) == (
        gate.latitude, gate.longitude, gate.uncertainty_m
    )  # fmt: skip
    assert (shown["latitude"], shown["longitude"]) != (42.87654, 74.60387)
    assert shown["words"] == "Shown as: Bishkek, within 8 km."
    assert "bazaar" not in str(shown)
    exact = ask(desk, "show", **place, as_reported="by the old bazaar")["shown"]
    assert (exact["words"], exact["latitude"]) == ("Shown as: Bishkek, within 100 m.", 42.87654)
    assert "by the old bazaar" in exact["note"]


def test_a_place_is_never_shown_more_exactly_than_it_is_known(desk: FlaskClient) -> None:
    place = {"locality": "Bishkek", "country": "KG", "point": "42.87, 74.59", "precision": "locality"}
    shown = ask(desk, "show", **place, public_precision="site")["shown"]
    assert shown["problem"] == "The place cannot be shown more exactly than it is known."
    assert shown["words"] == "Shown as: Bishkek, within 10 km."


def test_the_page_says_and_draws_what_readers_will_see_without_a_script(desk: FlaskClient) -> None:
    place = {"place_locality": "Bishkek", "place_country": "KG", "place_point": "42.87654, 74.60387"}
    address = blank_form(desk)
    hand_in(desk, address, place | {"place_precision": "site", "place_public_precision": "admin1"}, do="save")
    page = desk.get(address)
    assert re.search(r"<strong>Shown as: Kyrgyzstan, within \d+ km\.</strong>", page.text)
    drawn = page.text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "place-area" in drawn
    assert "Drawn as an area" in drawn


def test_the_review_draws_the_public_point_and_the_incident_tells_how_it_was_placed(
    as_staff: Signed, desk_database: Database
) -> None:
    desk = as_staff(Role.EDITOR)
    pin = {"latitude": 42.87, "longitude": 74.59, "placed_by": "gazetteer", "entry": "geonames:1528675"}
    place = {"country": "KG", "locality": "Bishkek", "precision": "locality", "matched": "Бишкек"} | pin
    with desk_database.write() as session:
        drafts.settle(session)
        incident_id = drafts.record(session, drafts.minimal(place=place), by="staff:gone")[0].id
    page = desk.get(f"/staff/incidents/{incident_id}").text
    assert "Record geonames:1528675, found by the name “Бишкек”." in page
    assert "Place data © GeoNames (CC BY 4.0)" in page
    assert "Recorded by staff:gone" in page
    review = desk.get(f"/staff/incidents/{incident_id}/review").text
    assert "place-area" in review
    assert "true size" in review


def test_the_incident_names_whose_record_its_point_is(as_staff: Signed, desk_database: Database) -> None:
    desk = as_staff(Role.EDITOR)
    pin = {"latitude": 42.16, "longitude": 77.6, "placed_by": "gazetteer", "entry": "simplemaps:1417800599"}
    place = {"country": "KG", "locality": "Barskoon", "precision": "locality"} | pin
    with desk_database.write() as session:
        drafts.settle(session)
        incident_id = drafts.record(session, drafts.minimal(place=place), by="staff:gone")[0].id
    page = desk.get(f"/staff/incidents/{incident_id}").text
    assert "Record simplemaps:1417800599." in page
    assert "Place data © SimpleMaps (CC BY 4.0)" in page
    assert "GeoNames" not in page


# When nothing can be looked up, and other hardships --------------------------------------------------------------


def _missing(path: Path) -> None:
    path.unlink()


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _older(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60:64] = (0).to_bytes(4, "big")
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [_missing, _cut_short, _older])
def test_without_a_list_of_places_the_form_says_so_once_and_saves(
    as_staff: Signed, desk: FlaskClient, gazetteer: Path, spoil: Any
) -> None:
    spoil(gazetteer)
    page = desk.get("/staff/incidents/new").text
    assert page.count("Places cannot be looked up at the moment.") == 1
    assert "tracker gazetteer build" not in page
    answer = ask(desk, locality="Osh")["answer"]
    assert (answer["outcome"], answer["why"]) == ("failed", "")
    assert look_for(desk, typed()).status_code == 200
    assert hand_in(desk, blank_form(desk), typed()).status_code == 303
    both = as_staff(Role.EDITOR, Role.ADMINISTRATOR, name="both")
    assert "tracker gazetteer build" in both.get("/staff/incidents/new").text


@pytest.mark.usefixtures("gazetteer")
@pytest.mark.parametrize("text", ["Ош " * 3_334, "🎈" * 10_000, "!?…" * 3_000, "بيشكيك ‏القديمة", "\x00\u202e", "٤٢"])
def test_any_text_is_answered_at_once(desk: FlaskClient, text: str) -> None:
    ask(desk, locality="Osh")
    begun = time.process_time()
    answer = ask(desk, locality=text, as_reported=text)["answer"]
    assert time.process_time() - begun < 0.5
    assert answer["outcome"] in ("not_found", "ambiguous", "found")
    if answer["outcome"] == "not_found":
        assert answer["sentence"]


# Rights, and what leaves the house ------------------------------------------------------------------------------


@pytest.mark.usefixtures("gazetteer", "desk")
def test_whoever_cannot_make_an_incident_cannot_ask_and_learns_of_none(
    as_staff: Signed, desk_database: Database
) -> None:
    with desk_database.write() as session:
        of_others = drafts.record(session, drafts.minimal())[0].id
    monitor = as_staff(Role.MONITOR)
    asked = {"do": "live", "place_locality": "Osh"}
    assert monitor.post(ASK, data=asked).status_code == 200
    about = asked | {"incident": of_others, "version": "1"}
    unknown = asked | {"incident": "z" * 26, "version": "1"}
    assert [monitor.post(ASK, data=each).status_code for each in (about, unknown)] == [404, 404]
    for role in (Role.SAFETY_REVIEWER, Role.ADMINISTRATOR):
        assert as_staff(role).post(ASK, data=asked).status_code == 404
    assert monitor.get(ASK, query_string=asked).status_code == 404
    assert monitor.post(ASK, data={"do": "anything"}).status_code == 400


@pytest.mark.usefixtures("gazetteer")
def test_asking_writes_nothing_and_finding_keeps_the_form(desk: FlaskClient, desk_database: Database) -> None:
    ask(desk, "full", locality="Osh")
    with desk_database.read() as session:
        assert session.scalars(select(UnfinishedForm)).all() == []
        before = len(session.scalars(select(AuditEntry)).all())
    look_for(desk, typed(place_locality="Osh"))
    with desk_database.read() as session:
        kept = session.scalars(select(UnfinishedForm)).one()
        assert ["place_locality", "Osh"] in [list(pair) for pair in kept.fields]
        assert len(session.scalars(select(AuditEntry)).all()) == before


class Service:
    """An outside service that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def candidates(self, wanted: Wanted, *, confidential: bool) -> Answer:
        self.asked.append(wanted.locality)
        return Answer(Outcome.NOT_FOUND)


@pytest.mark.usefixtures("gazetteer")
def test_nobody_outside_is_asked_while_somebody_types_or_where_the_place_is_confidential(
    desk: FlaskClient, desk_app: Flask, desk_database: Database
) -> None:
    service = Service()
    desk_app.extensions["tracker_remote_geocoder"] = service
    unknown = {"place_locality": "Nowhere-on-Sea", "place_precision": "locality"}
    desk.post(ASK, data={"do": "live", **unknown})
    assert service.asked == []
    hidden = [
        {"place_public_precision": "admin1"},
        {"sources-0-confidential": "yes", "sources-0-url": "https://example.org/x"},
    ]
    with desk_database.write() as session:
        coarse = {"country": "KG", "locality": "Osh", "precision": "locality", "public_precision": "admin1"}
        incident = drafts.record(session, drafts.minimal(place=coarse))[0]
        hidden.append({"incident": incident.id, "version": "1"})
    for more in hidden:
        assert desk.post(ASK, data={"do": "full", **unknown, **more}).status_code == 200
    assert service.asked == []
    desk.post(ASK, data={"do": "full", **unknown})
    assert service.asked == ["Nowhere-on-Sea"]


def test_no_service_is_there_unless_the_operator_chose_one(desk_app: Flask, desk_settings: Settings) -> None:
    with desk_app.app_context():
        assert chosen_service() is None
    chosen = dataclasses.replace(
        desk_settings, geocoder=RemoteGeocoder("photon", "http://127.0.0.1:9", "a@example.org")
    )
    with create_app(chosen, desk_app.extensions["tracker_database"]).app_context():
        assert chosen_service() is not None


def test_an_incident_without_a_point_tells_of_no_placing(desk: FlaskClient, desk_database: Database) -> None:
    with desk_database.write() as session:
        incident = drafts.record(session, drafts.minimal())[0]
        incident_id = incident.id
    assert "How it came to its point" not in desk.get(f"/staff/incidents/{incident_id}").text
    with desk_database.read() as session:
        assert session.get(Incident, incident_id) is not None
