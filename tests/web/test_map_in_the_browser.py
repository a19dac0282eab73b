"""The map in a real browser: with mouse, keyboard and finger, in light and dark, and where something fails.

Every page that these tests open is watched: a breach of the content security policy, an error in the console or a
request to another host fails the test.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.support.browser import MILLISECONDS_TO_WAIT, PageWatch
from tests.support.run import Run
from tests.web import records
from tests.web.conftest import an_incident_to_publish, as_publications, publish, served
from tracker.app import create_app
from tracker.db import Database
from tracker.settings import Settings

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

Opener = Callable[..., Page]

expect.set_options(timeout=MILLISECONDS_TO_WAIT)


def placed(number: int, latitude: float, longitude: float, metres: int | None = 100) -> records.Record:
    """An incident at a point."""
    place = records.a_place(
        country="KZ", latitude=latitude, longitude=longitude, precision="site", uncertainty_m=metres
    )
    date = records.a_date(f"2021-{number:02}-03", f"2021-{number:02}-03", f"2021-{number:02}-03", "day")
    acts = [records.an_act("threat" if number % 2 else "assault", [], [])]
    return records.an_incident(f"KAZ-2021-{number:04}", f"Incident {number}", place=place, date=date, acts=acts)


SQUARE = [placed(number, 43.25, 76.95) for number in (1, 2, 3)]
TOWN = [placed(number, 43.2 + number / 1000, 76.9 + number / 900) for number in range(4, 9)]
ROUGH = [placed(9, 51.17, 71.43, metres=10_000)]
REFERENCES = {one["reference"] for one in (*SQUARE, *TOWN, *ROUGH)} | {"KGZ-2020-0001", "KGZ-2020-0003"}


@pytest.fixture(scope="module")
def site(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server over the small dataset and more incidents that have a place."""
    folder = tmp_path_factory.mktemp("map")
    path = folder / "tracker.sqlite"
    path.write_bytes(run.migrated_sqlite().read_bytes())
    settings = Settings(instance=folder, database_url=f"sqlite:///{path}", secret_key="only for tests")
    database = Database(settings)
    publish(database, as_publications())
    publish(database, [an_incident_to_publish(one) for one in (*SQUARE, *TOWN, *ROUGH)])
    with served(create_app(settings, database)) as address:
        yield address
    database.dispose()


def open_map(page: Page, address: str) -> None:
    """Open a page and wait for the script to have taken the map over."""
    page.goto(address)
    expect(page.locator(".map-drawn .map-sheet")).to_have_count(3)
    expect(page.locator("#map-in-view")).to_be_attached()


def press_until(page: Page, key: str, found: str) -> None:
    """Press a key until the element that has the focus fulfils an expression."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(f"(one => {found})(document.activeElement)"):
            return
    raise AssertionError(f"{key} never led to {found}")


def listed(page: Page) -> set[str]:
    """The references of the incidents that are listed beside the map."""
    found = page.locator(".map-opened .map-found")
    expect(found).to_be_visible()
    links = found.locator("a[href*='/incidents/']").evaluate_all("all => all.map(one => one.pathname)")
    return {str(link).rpartition("/")[2] for link in links}


def test_the_keyboard_reaches_every_incident_on_the_map(site: str, page: Page) -> None:
    open_map(page, site)
    expect(page.locator(".map-row").first).to_be_visible()
    rows = page.locator(".map-row").count()
    press_until(page, "Tab", "one.matches('.map-row')")
    reached: set[str] = set()
    for number in range(rows):
        said = page.evaluate("document.activeElement.querySelector('b').textContent")
        page.keyboard.press("Enter")
        found = listed(page)
        assert said == page.locator(".map-opened .count strong").inner_text(), "a mark counts what its list holds"
        assert not reached & found, "no incident stands behind two marks"
        reached |= found
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('.map-row')"), "the focus comes back to the list"
        if number + 1 < rows:
            page.keyboard.press("Tab")
    assert reached == REFERENCES


def test_arrow_keys_and_plus_move_the_map_and_what_is_listed_follows(site: str, page: Page) -> None:
    open_map(page, site)
    everywhere = page.locator(".map-row").count()
    page.locator(".map-drawing").focus()
    for _ in range(5):
        page.keyboard.press("+")
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    expect(page.locator(".map-row")).to_have_count(0)
    expect(page.locator(".map-in-view .note")).to_have_text("No incident on this part of the map.")
    page.get_by_role("button", name="Show all that is found").click()
    expect(page.locator(".map-row")).to_have_count(everywhere)


def test_a_mark_lies_where_the_server_drew_it_and_opens_all_incidents_of_its_spot(site: str, page: Page) -> None:
    open_map(page, f"{site}/?q=incident&violation=threat&country=KZ&from=2021-01-01&to=2021-03-31")
    sign = page.locator(".map > svg a.spot")
    expect(sign).to_have_count(1)
    box = sign.locator("circle, path").first.evaluate("one => one.getBoundingClientRect().toJSON()")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert listed(page) == {"KAZ-2021-0001", "KAZ-2021-0003"}
    expect(page.locator(".map-opened")).to_contain_text("Incident 3")
    expect(page.locator(".map-opened")).to_contain_text("3 March 2021")


def test_a_filter_changes_map_and_page_and_the_way_back_undoes_it(site: str, page: Page) -> None:
    open_map(page, site)
    page.evaluate("window.stayed = true")
    expect(page.locator("#map-count")).to_contain_text("14 incidents")
    page.locator("#map-filter summary", has_text="Violation").click()
    page.get_by_label("Threat", exact=True).check()
    page.get_by_role("button", name="Show incidents").click()
    expect(page.locator("#map-count")).to_contain_text("violation: threat")
    page.wait_for_url("**/?*violation=threat*")
    expect(page.locator("#map-months")).to_contain_text("2021")
    filtered = page.locator("#map-count").inner_text()
    page.get_by_role("link", name="Remove the filter").click()
    expect(page.locator("#map-count")).to_contain_text("14 incidents")
    page.go_back()
    expect(page.locator("#map-count")).to_have_text(filtered)
    expect(page.get_by_label("Threat", exact=True)).to_be_checked()
    page.go_back()
    expect(page.locator("#map-count")).to_contain_text("14 incidents")
    assert page.evaluate("window.stayed"), "all this happened on one page"


def test_the_time_line_filters_by_period(site: str, page: Page) -> None:
    open_map(page, site)
    page.locator(".map-period").get_by_label("From", exact=True).select_option("2021-02")
    page.wait_for_url("**/?*from=2021-02-01*")
    page.locator(".map-period").get_by_label("To", exact=True).select_option("2021-04")
    page.wait_for_url("**/?*to=2021-04-30*")
    expect(page.locator("#map-count")).to_contain_text("3 incidents")
    page.get_by_role("button", name="Whole time").click()
    expect(page.locator("#map-count")).to_contain_text("14 incidents")


@pytest.mark.parametrize(
    ("size", "colours"),
    [
        pytest.param(PHONE, "dark", id="dark phone"),
        pytest.param(DESK, "light", id="light desk"),
        pytest.param(PHONE, "light", id="light phone", marks=pytest.mark.deep),
        pytest.param(DESK, "dark", id="dark desk", marks=pytest.mark.deep),
    ],
)
def test_the_map_is_accessible_and_fits_its_window(
    site: str, open_page: Opener, axe: Callable[[Page], list[str]], size: dict[str, int], colours: str
) -> None:
    page = open_page(viewport=size, color_scheme=colours)
    open_map(page, site)
    expect(page.locator(".map-row").first).to_be_visible()
    assert axe(page) == []
    page.locator(".map-row").first.click()
    listed(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_one_finger_scrolls_past_the_map_and_is_told_how_to_move_it(site: str, open_page: Opener) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_map(page, site)
    assert "pan-y" in page.evaluate("getComputedStyle(document.querySelector('.map-drawing')).touchAction")
    page.evaluate(
        """() => {
          const target = document.querySelector(".map-drawing");
          const touch = new Touch({identifier: 1, target, clientX: 100, clientY: 300});
          target.dispatchEvent(new TouchEvent("touchmove", {touches: [touch], bubbles: true}));
        }"""
    )
    expect(page.get_by_text("Move the map with two fingers.")).to_be_visible()


def test_the_map_works_in_a_frame_without_rights_on_another_host(
    site: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    frame = f'<iframe src="{site}/embed/map" sandbox="allow-scripts" title="Map" width="900" height="700"></iframe>'
    with stranger(f"<!DOCTYPE html><html lang=en><title>Elsewhere</title><h1>Elsewhere</h1>{frame}") as address:
        page.goto(address)
        inside = page.frame_locator("iframe")
        expect(inside.locator(".map-drawn .map-sheet")).to_have_count(3)
        inside.locator(".map-row").first.click()
        expect(inside.locator(".map-opened .map-found")).to_be_visible()
        assert page.evaluate("[...document.querySelector('iframe').sandbox].join()") == "allow-scripts"
    open_map(page, f"{site}/embed/map")
    assert axe(page) == []


@contextmanager
def stranger(content: str) -> Iterator[str]:
    """A page of another host: the address at which it is served."""

    def application(_environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [content.encode()]

    server = make_server("127.0.0.2", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.2:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_trouble_is_told_beside_the_map_and_can_be_tried_again(site: str, page: Page, watch: PageWatch) -> None:
    watch.forgive("ERR_FAILED")
    page.route("**/map.json*", lambda route: route.abort())
    page.goto(site)
    expect(page.get_by_role("status")).to_contain_text("The map cannot be loaded now.")
    expect(page.locator("#map-count")).to_contain_text("14 incidents")
    page.unroute("**/map.json*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".map-row").first).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("")


def test_without_javascript_the_drawing_of_the_server_leads_to_every_place(site: str, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site)
    expect(page.locator(".map > svg")).to_be_visible()
    expect(page.locator("#map-side")).to_be_hidden()
    page.locator(".map > svg a.spot").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/map/*")
    expect(page.locator(".entry").first).to_be_visible()


def test_the_pin_of_a_form_is_moved_by_arrow_keys_and_tells_where_it_is(site: str, page: Page) -> None:
    open_map(page, site)
    page.evaluate(
        """async () => {
          const { pinMap } = await import("/static/map/pin.js");
          const element = document.createElement("div");
          element.id = "try";
          Object.assign(element.dataset, document.getElementById("map").dataset);
          document.querySelector("main").prepend(element);
          window.moves = [];
          const circle = {latitude: 42.87, longitude: 74.59, metres: 10000};
          const texts = {pin: "Pin", map: "Small map", zoom_in: "Closer", zoom_out: "Further"};
          window.pin = pinMap(element, {latitude: 42.87, longitude: 74.59, circle, texts, language: "en",
            onMove: (place) => window.moves.push(place)});
        }"""
    )
    page.get_by_role("button", name="Pin").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    first, second = page.evaluate("window.moves")
    assert first["latitude"] > 42.87
    assert first["longitude"] == pytest.approx(74.59, abs=0.001)
    assert second["longitude"] > 74.6
    page.evaluate("window.pin.move(null, null)")
    expect(page.get_by_role("button", name="Pin")).to_have_count(0)
