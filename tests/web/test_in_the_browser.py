"""The pages in a real browser: for everyone, on a phone and a desk, in light and dark, without JavaScript.

Every page that these tests open is watched: a breach of the content security policy, an error in the console or a
request to another host fails the test.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browser import PageWatch
from tests.web import records

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PAGES = (
    "/",
    "/incidents",
    "/incidents?violation=assault&perpetrator=police&from=2020-10-05&state=state",
    "/incidents?violation=killing",
    "/incidents/KGZ-2020-0001",
    "/incidents/KGZ-2020-0003?dataset=1",
    "/incidents/KGZ-2020-0013",
    "/incidents/KGZ-2020-0017",
    f"/topics/{records.CRISIS}",
    "/outlets/kloop",
    "/dashboard",
    "/summary?unit=victims&by=violation&then=year",
    "/completeness",
    "/summary?by=perpetrator&then=violation&country=KG",
    "/changes",
    "/releases",
    "/crosswalk",
    "/crosswalk/coe?violation=assault",
    "/crosswalk/sdg",
    "/data",
    "/data/api",
    "/methodology",
    "/about",
    "/ru/incidents/KGZ-2020-0003",
)
ERRORS = {
    "/nothing": "404",
    "/summary?unit=people&by=colour": "400",
    "/incidents?violation=slap&from=2020-13-01&colour=red": "400",
}

EVEN, ODD = slice(0, None, 2), slice(1, None, 2)

Opener = Callable[..., Page]


# Colours and sizes do not depend on each other, so that two of the four pairs show all that can go wrong. Most of what
# a page is made of stands on others too, so that each page is looked at in one pair, and in both by the deep tests.
@pytest.mark.parametrize(
    ("addresses", "size", "colours"),
    [
        pytest.param(EVEN, PHONE, "dark", id="dark phone"),
        pytest.param(ODD, DESK, "light", id="light desk"),
        pytest.param(ODD, PHONE, "dark", id="dark phone, others", marks=pytest.mark.deep),
        pytest.param(EVEN, DESK, "light", id="light desk, others", marks=pytest.mark.deep),
    ],
)
def test_every_page_is_accessible_and_fits_its_window(
    site: str,
    open_page: Opener,
    axe: Callable[[Page], list[str]],
    watch: PageWatch,
    addresses: slice,
    size: dict[str, int],
    colours: str,
) -> None:
    page = open_page(viewport=size, color_scheme=colours)
    watch.forgive("status of 404")
    watch.forgive("status of 400")
    for address in (*PAGES, *ERRORS)[addresses]:
        page.goto(site + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_longer_words_in_another_language_fit_the_window_too(
    site: str, open_page: Opener, watch: PageWatch, size: dict[str, int]
) -> None:
    page = open_page(viewport=size)
    watch.forgive("status of 404")
    watch.forgive("status of 400")
    for address in (*PAGES, *ERRORS):
        page.goto(f"{site}/ru{address.removeprefix('/ru')}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


def test_the_form_is_accessible_with_everything_unfolded(
    site: str, open_page: Opener, axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"{site}/incidents")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_first_key_leads_past_the_navigation(site: str, page: Page) -> None:
    page.goto(f"{site}/incidents/KGZ-2020-0003")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_whatever_has_the_focus_shows_it(site: str, page: Page) -> None:
    page.goto(f"{site}/incidents")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "date":
            # The browser draws its own mark around the parts of a date.
            continue
        style = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{style}.outlineStyle") == "solid"
        assert page.evaluate(f"parseFloat({style}.outlineWidth)") >= 2


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_reader_filters_the_list_with_the_keyboard_alone(site: str, open_page: Opener, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto(f"{site}/incidents")
    page.locator("summary", has_text="Violation").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Threat", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show incidents").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents?*violation=threat*")
    assert page.locator(".count").inner_text() == "1 incident: violation: threat."
    page.get_by_role("link", name="Remove the filter Violation: Threat").click()
    assert page.locator(".count").inner_text() == "5 incidents."


def test_the_record_in_another_language_unfolds_without_javascript(site: str, open_page: Opener) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{site}/incidents/KGZ-2020-0003")
    page.locator("summary", has_text="In Russian").click()
    assert page.locator("div[lang=ru]").is_visible()


def test_no_cookie_is_set_and_nothing_is_stored_in_the_browser(site: str, page: Page) -> None:
    for address in ("/", "/incidents", "/incidents/KGZ-2020-0003", "/about"):
        page.goto(site + address)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_nothing_jumps_while_a_page_loads(site: str, open_page: Opener) -> None:
    page = open_page(viewport=PHONE)
    page.add_init_script(
        "window.jumps = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(one => { window.jumps += one.value }))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for address in ("/", "/incidents", "/incidents/KGZ-2020-0003"):
        page.goto(site + address, wait_until="load")
        assert page.evaluate("window.jumps") == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_stands_loose_or_sticks_to_what_follows(site: str, open_page: Opener, size: dict[str, int]) -> None:
    page = open_page(viewport=size)
    page.goto(f"{site}/data")
    tops = page.locator(".prose .actions a").evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
    assert len(tops) == 2
    assert len(set(tops)) == 1
    for address in ("/ru/crosswalk/sdg", "/incidents/KGZ-2020-0003?dataset=1"):
        page.goto(site + address)
        below = "box => box.nextElementSibling.getBoundingClientRect().top - box.getBoundingClientRect().bottom"
        assert page.locator(".warning").first.evaluate(below) > 20, address


def test_a_mark_leads_to_its_source(site: str, page: Page) -> None:
    page.goto(f"{site}/topics/{records.CRISIS}")
    page.get_by_role("link", name="Source 2").first.click()
    assert page.evaluate("document.querySelector(':target').id") == "source-2"


def test_print_leaves_out_what_paper_cannot_do(site: str, page: Page) -> None:
    page.goto(f"{site}/incidents")
    page.emulate_media(media="print")
    assert not page.locator("form").is_visible()
    assert not page.get_by_role("heading", name="Filter").is_visible()
    assert not page.locator("nav").first.is_visible()
    assert page.locator(".entry").first.is_visible()
    page.goto(f"{site}/incidents/KGZ-2020-0003")
    assert "https://example.org/statement" in page.evaluate(
        "getComputedStyle(document.querySelector('.sources cite a'), '::after').content"
    )
