"""Joining, signing in and one's own account in a real browser, on a phone and a desk, with and without JavaScript."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PageWatch
from tests.web.staff.conftest import DeskSite, SignedPage
from tests.web.staff.door import PASSWORD, code, joined
from tracker.registry.accounts import invitations
from tracker.vocabulary.staff import Role

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(
    ("size", "colours", "scripts"),
    [(PHONE, "dark", False), (DESK, "light", True)],
    ids=["dark phone without JavaScript", "light desk"],
)
def test_somebody_joins_with_a_code_generator_signs_out_and_signs_in(
    desk_site: DeskSite,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    watch: PageWatch,
    size: dict[str, int],
    colours: str,
    scripts: bool,
) -> None:
    watch.forgive("status of 422")
    email = f"{colours}@desk.example.org"
    with desk_site.database.write() as session:
        token = invitations.invite(session, email=email, roles=[Role.EDITOR], by="cli:staff")
    page = open_page(base_url=desk_site.address, viewport=size, color_scheme=colours, java_script_enabled=scripts)

    def looks_right(heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        page.wait_for_load_state()
        assert fits(page)
        # The checker needs JavaScript itself.
        assert not scripts or axe(page) == []

    page.goto(f"/staff/join/{token}")
    looks_right("Join the staff")
    page.get_by_label("Your name").fill("Aida Testova")
    page.get_by_label("Password").fill("too short")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looks_right("Join the staff")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    looks_right("Set up your second factor")
    key = re.sub(r"\s", "", page.locator(".key .code").inner_text())
    generator = pyotp.TOTP(key)
    page.get_by_role("textbox", name="Code").fill(generator.now())
    page.keyboard.press("Enter")
    looks_right("Your recovery codes")
    codes = page.locator(".recovery li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as text").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Aida Testova").click()
    looks_right("My account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/staff/sign-in?done=signed_out")
    looks_right("Sign in")
    page.goto("/staff/me")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    looks_right("Second step")
    page.get_by_role("textbox", name="Code").fill(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/me")
    expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()


def test_the_accounts_of_everybody_are_accessible_and_fit_a_phone(
    signed_page: SignedPage, axe: Callable[[Page], list[str]], watch: PageWatch
) -> None:
    watch.forgive("status of 422")
    page = signed_page(Role.ADMINISTRATOR, viewport=PHONE)
    page.goto("/staff/accounts")
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("button", name="Make a link").click()
    assert axe(page) == []
    page.get_by_label("E-mail address").fill("bakyt@desk.example.org")
    page.get_by_label("Monitor").check()
    page.get_by_role("button", name="Make a link").click()
    assert axe(page) == []
    assert fits(page)
    expect(page.locator(".link")).to_contain_text("/staff/join/")
    page.get_by_role("link", name="Back to the accounts").click()
    page.get_by_role("rowheader").first.get_by_role("link").click()
    assert axe(page) == []
    assert fits(page)


def test_a_form_goes_on_in_the_browser_after_the_session_ran_out(
    desk_site: DeskSite, signed_page: SignedPage, watch: PageWatch
) -> None:
    watch.forgive("status of 401")
    watch.forgive("status of 403")
    staff = joined(desk_site.database, Role.MONITOR, name="late")
    page = signed_page(Role.MONITOR, name="late", viewport=PHONE, java_script_enabled=False)
    page.goto("/staff/me")
    page.get_by_label("Name", exact=True).fill("Somebody Else")
    page.context.clear_cookies(name="staff")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Your session is over")).to_be_visible()
    assert fits(page)
    page.get_by_label("E-mail address").fill(staff.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Code").fill(code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/me?done=saved")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody Else")
