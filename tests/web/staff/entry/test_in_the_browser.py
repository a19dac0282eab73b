"""The entry form in a real browser: with JavaScript, on a phone without it, and by the keyboard alone."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from werkzeug.serving import make_server

from tests.support import drafts
from tests.support.browser import PageWatch
from tests.support.run import Run
from tests.web.staff.conftest import SECRET, member
from tracker.app import create_app
from tracker.db import Database, utc_now
from tracker.registry.accounts import sessions
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.models import Incident, StaffMember, StaffSession, UnfinishedForm
from tracker.settings import PasswordCost, Settings
from tracker.vocabulary.staff import Role

Opener = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


class Desk:
    """A running desk with the world on record, and somebody signed in at it."""

    def __init__(self, address: str, database: Database, token: str) -> None:
        self.address, self.database, self.token = address, database, token

    def open(self, page: Page, path: str = "/staff/incidents/new") -> Page:
        page.context.add_cookies([{"name": "staff", "value": self.token, "url": self.address}])
        page.goto(self.address + path)
        return page

    def made(self) -> Incident:
        """The one incident that was handed in, with what the tests look at read."""
        with self.database.read() as session:
            found = session.scalars(select(Incident).order_by(Incident.created_at.desc())).first()
            assert found is not None
            _ = [(v.person, v.outlet) for act in found.acts for v in act.victims], found.place
            _ = [citation.source for citation in found.sources], [act.involvements for act in found.acts]
            return found


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "desk.sqlite"
    path.write_bytes(run.migrated_sqlite().read_bytes())
    settings = Settings(instance=tmp_path, database_url=f"sqlite:///{path}", secret_key=SECRET, development=True)
    database = Database(settings)
    with database.write() as session:
        drafts.settle(session)
    staff = member(database, Role.EDITOR)
    with database.write() as session:
        token, _ = sessions.begin(session, staff)
    server = make_server("127.0.0.1", 0, create_app(settings, database), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Desk(f"http://127.0.0.1:{server.server_port}", database, token)
    server.shutdown()
    thread.join()
    server.server_close()
    database.dispose()


def test_an_incident_is_entered_with_few_touches(
    desk: Desk, page: Page, axe: Callable[[Page], list[str]], watch: PageWatch
) -> None:
    desk.open(page)
    page.get_by_label("Title in English").fill("Riot police fire a rubber bullet at a journalist")
    page.locator("#when").press_sequentially("5 or 6 Oct 2020")
    expect(page.locator("[data-told]").first).to_contain_text("5 or 6 October 2020 [2020-10-05..2020-10-06]")
    page.locator("#place_country").select_option("KG")
    page.locator("#place_locality").fill("Bishkek")
    page.locator("#place_locality").press("Tab")
    page.locator("#acts-0-violation").select_option("assault")
    expect(page.locator("#place_precision")).to_have_value("locality")
    expect(page.locator("[data-meanings=violation] .meaning").first).to_contain_text("Force is used")
    page.locator("#acts-0-completion").select_option("attempted")
    page.locator("#acts-0-method").select_option("kinetic_projectile")
    person = page.locator("#acts-0-victims-0-person")
    person.press_sequentially("Nurlan Sluchaev")
    expect(page.get_by_role("option", name="Make a new record: Nurlan Sluchaev")).to_be_visible()
    person.press("ArrowDown")
    person.press("Enter")
    page.locator("#acts-0-victims-0-role").select_option("journalist")
    expect(page.locator("#acts-0-victims-0-naming")).to_have_value("withheld")
    outlet = page.locator("#acts-0-victims-0-outlet")
    outlet.press_sequentially("вестн")
    page.get_by_role("option", name="The Herald").click()
    expect(outlet).to_have_value("The Herald")
    page.locator("#acts-0-victims-0-harm").select_option("none")
    page.locator("#acts-0-involvements-0-perpetrator").select_option("police")
    page.locator("#sources-0-url").fill("https://news.example.org/report/7")
    page.locator("#sources-0-type").select_option("media_report")
    # Thirteen fields; the source can now be ticked as one that prints the name, which settles how it is named.
    page.locator("#acts-0-victims-0-name_published_in").get_by_label("https://news.example.org/report/7").check()
    expect(page.locator("#acts-0-victims-0-naming")).to_have_value("named")
    page.get_by_role("button", name="Add another victim").click()
    expect(page.locator("#acts-0-victims-1-kind")).to_be_focused()
    page.get_by_role("button", name="Remove victim 2").click()
    expect(page.locator("#acts-0-victims-1 .gone")).to_be_visible()
    expect(page.locator("[data-state]")).to_contain_text("Saved at", timeout=10_000)
    with desk.database.read() as session:
        [kept] = session.scalars(select(UnfinishedForm))
        assert ["acts-0-victims-0-person", "Nurlan Sluchaev"] in kept.fields
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert axe(page) == []
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/staff/incidents/*done=submitted")
    [act] = desk.made().acts
    [victim] = act.victims
    assert victim.person is not None
    assert victim.outlet is not None
    assert (victim.person.name, victim.outlet.key, victim.naming) == ("Nurlan Sluchaev", "herald", "named")
    assert (act.violation, act.involvements[0].perpetrator) == ("assault", "police")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_an_incident_is_entered_on_a_phone_without_javascript(desk: Desk, open_page: Opener, watch: PageWatch) -> None:
    watch.forgive("status of 422")
    page = desk.open(open_page(java_script_enabled=False, viewport=PHONE, color_scheme="dark"))
    page.locator("#when").fill("05/10/2020")
    page.locator("#place_country").select_option("KG")
    page.locator("#acts-0-violation").select_option("access_denial")
    page.locator("#acts-0-victims-0-person").fill("Nurlan Sluchaev")
    page.get_by_role("button", name="Add another victim").click()
    page.locator("#acts-0-victims-1-kind").select_option("group")
    page.locator("#sources-0-url").fill("https://news.example.org/report/7")
    page.locator("#sources-0-type").select_option("media_report")
    page.get_by_role("button", name="Hand in").click()
    page.locator("#problem-summary a", has_text="Which day is meant").click()
    page.get_by_role("button", name="5 October 2020", exact=True).click()
    page.get_by_role("button", name="Check").last.click()
    page.get_by_label("Make a new record of this name").check()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/staff/incidents/*done=submitted")
    [first, second] = desk.made().acts[0].victims
    assert (first.naming, second.kind, desk.made().date_edtf) == ("withheld", "group", "2020-10-05")


def test_an_incident_is_entered_by_the_keyboard_alone(desk: Desk, page: Page, watch: PageWatch) -> None:
    watch.forgive("status of 422")
    desk.open(page)
    keys = page.keyboard

    def tab_to(field: str) -> None:
        for _ in range(60):
            if page.evaluate("document.activeElement.id") == field:
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
            keys.press("Tab")
        raise AssertionError(field)

    tab_to("title-en")
    keys.type("A crew is turned away")
    keys.press("Enter")
    tab_to("when")
    keys.type("5 October 2020")
    tab_to("place_country")
    keys.type("Kyrg")
    tab_to("acts-0-violation")
    keys.type("Denial")
    tab_to("acts-0-victims-0-kind")
    keys.type("Group")
    keys.press("Control+Enter")
    expect(page.locator("#problem-summary")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#sources-0-url")).to_be_focused()
    keys.type("https://example.org/report")
    keys.press("Control+Enter")
    page.wait_for_url("**/staff/incidents/*done=submitted")
    assert desk.made().sources[0].source.key == "report"


def test_an_ended_session_loses_nothing_and_is_begun_again_in_place(desk: Desk, page: Page, watch: PageWatch) -> None:
    watch.forgive("status of 401")
    watch.forgive("status of 400")
    password = "a password that is long enough"
    desk.open(page)
    with desk.database.write() as session:
        session.execute(update(StaffSession).values(ended_at=utc_now()))
        session.execute(update(StaffMember).values(password_hash=Passwords(PasswordCost(1, 8_192, 1)).hash(password)))
    page.get_by_label("Title in English").fill("Typed after the session had ended")
    expect(page.locator("#sign-in-again")).to_be_visible(timeout=10_000)
    expect(page.locator("[data-state]")).to_contain_text("Signed out")
    page.get_by_label("Password").fill("not that one, surely not")
    page.get_by_label("Password").press("Enter")
    expect(page.locator("[data-sign-in-problem]")).not_to_be_empty()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-state]")).to_contain_text("Saved at", timeout=15_000)
    with desk.database.read() as session:
        [kept] = session.scalars(select(UnfinishedForm))
        assert ["title-en", "Typed after the session had ended"] in kept.fields
