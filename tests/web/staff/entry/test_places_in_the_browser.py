"""The place of the form in a real browser: candidates while typing, the pin by mouse and keyboard, what readers see."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import drafts
from tests.web.staff.conftest import DeskSite, SignedPage
from tracker.settings import Settings
from tracker.vocabulary.staff import Role

NEW = "/staff/incidents/new"
# The map fetches its outlines first.
PATIENCE = 30_000


@pytest.fixture
def desk(desk_site: DeskSite, list_of_places: Path) -> DeskSite:
    """A running desk with the world on record and a small list of places."""
    settings: Settings = desk_site.app.extensions["tracker_settings"]
    if not settings.gazetteer.exists():
        shutil.copyfile(list_of_places, settings.gazetteer)
        with desk_site.database.write() as session:
            drafts.settle(session)
    return desk_site


@pytest.mark.usefixtures("desk")
def test_a_place_is_typed_chosen_moved_and_shown_as_readers_will_see_it(
    signed_page: SignedPage, axe: Callable[[Page], list[str]]
) -> None:
    page = signed_page(Role.EDITOR)
    page.goto(NEW)
    point, by = page.locator("#place_point"), page.locator("#place_placed_by")
    shown = page.locator("[data-place-shown]")
    page.locator("#place_locality").press_sequentially("Springfield")
    answer = page.locator("[data-place-answer]")
    expect(answer.locator("li")).to_have_count(3)
    expect(answer).to_contain_text("Several places may be meant")
    # Candidates stand on the map too, and nothing is chosen by itself.
    expect(page.locator(".map-candidate")).to_have_count(3, timeout=PATIENCE)
    expect(point).to_have_value("")
    page.locator("#place_locality").fill("Ош")
    expect(answer.locator("li").first).to_contain_text("Osh")
    page.get_by_role("button", name="Choose: Osh").first.click()
    expect(point).to_have_value("40.53, 72.8")
    expect(by).to_have_value("gazetteer")
    expect(page.locator("#place_country")).to_have_value("KG")
    expect(shown).to_contain_text("Shown as: Ош, within 10 km.")
    pin = page.locator(".map-pin")
    expect(pin).to_be_visible(timeout=PATIENCE)
    pin.focus()
    pin.press("ArrowRight")
    expect(by).to_have_value("hand")
    expect(page.locator("[name=place_entry]")).to_have_value("")
    moved = point.input_value()
    assert re.fullmatch(r"40\.5\d*, 72\.\d+", moved)
    assert moved != "40.53, 72.8"
    page.locator("#place_precision").select_option("site")
    page.locator("#place_public_precision").select_option("admin1")
    expect(shown).to_contain_text(re.compile(r"Shown as: Osh Region, within \d+ km\."))
    page.locator("#place_public_precision").select_option("")
    expect(shown).to_contain_text("within 100 m.")
    assert axe(page) == []


@pytest.mark.usefixtures("desk")
def test_a_found_point_goes_with_the_name_that_it_was_found_by(signed_page: SignedPage) -> None:
    page = signed_page(Role.EDITOR)
    page.goto(NEW)
    page.locator("#place_locality").fill("Osh")
    page.get_by_role("button", name="Choose: Osh").first.click()
    expect(page.locator("#place_point")).to_have_value("40.53, 72.8")
    expect(page.locator("[data-place-origin]")).to_have_text("The point was found by the name “Osh”.")
    page.locator("#place_locality").fill("Talas")
    expect(page.locator("#place_point")).to_have_value("")
    expect(page.locator("#place_admin1")).to_have_value("")
    expect(page.locator("[name=place_entry]")).to_have_value("")
    expect(page.locator("[data-place-answer] li").first).to_contain_text("Talas")


@pytest.mark.usefixtures("desk")
def test_a_pin_of_a_person_is_not_moved_by_choosing_before_they_say_so(signed_page: SignedPage) -> None:
    page = signed_page(Role.EDITOR)
    page.goto(NEW)
    page.locator("summary", has_text="More about the place").click()
    point = page.locator("#place_point")
    point.fill("40,51; 72,79")
    point.press("Tab")
    expect(point).to_have_value("40.51, 72.79")
    expect(page.locator("#place_placed_by")).to_have_value("hand")
    page.locator("#place_locality").fill("Osh")
    page.locator("#place_country").select_option("KG")
    page.get_by_role("button", name=re.compile("Choose: Osh")).first.click()
    expect(page.locator(".place-asked")).to_contain_text("Coordinates: “40.51, 72.79” stands in the form")
    expect(point).to_have_value("40.51, 72.79")
    page.get_by_role("button", name="Take over what the list says").click()
    expect(point).to_have_value("40.53, 72.8")
    point.fill("91, 74")
    point.press("Tab")
    expect(page.locator("#place_point-problem")).to_contain_text("A latitude lies between")


@pytest.mark.usefixtures("desk")
def test_without_a_script_a_place_is_found_and_chosen_and_nothing_is_lost(signed_page: SignedPage) -> None:
    page = signed_page(Role.EDITOR, name="plain", java_script_enabled=False)
    page.goto(NEW)
    page.get_by_label("Title in English").fill("Somebody is followed home")
    page.locator("#place_locality").fill("Talas")
    page.locator("#place_country").select_option("KG")
    page.get_by_role("button", name="Find the place").click()
    expect(page.locator("#place_locality")).to_have_value("Talas")
    page.locator("[name=take-place]").first.check()
    page.get_by_role("button", name="Take the chosen place").click()
    expect(page.locator("[data-place-shown]")).to_contain_text("Shown as: Talas, within")
    expect(page.locator(".place-picture")).to_be_visible()
    assert page.locator("[name=place_entry]").input_value()
    expect(page.get_by_label("Title in English")).to_have_value("Somebody is followed home")
