"""An incident from the blank form on an empty registry to its public page, in the hands of two or three people.

At a desk with the mouse, on a phone without JavaScript, and by the keyboard alone. Each flow counts the fields that
the monitor changes and every key, so that the form cannot become slower to fill than it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests.support.browser import PageWatch
from tests.web.staff.conftest import DeskSite, SignedPage
from tests.web.staff.door import PASSWORD, code, joined
from tests.web.staff.review.conftest import Resting
from tracker.registry.models import Incident, StaffSession
from tracker.vocabulary.staff import ReviewCheck, Role

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
VICTIM = "acts-0-victims-0"
# As many letters as it takes to tell the answers of the longest list apart.
LETTERS = 10
REMEMBER = "one => { window.wanted = one }"
REMEMBERED = "document.activeElement === window.wanted"


@dataclass(frozen=True)
class Event:
    """What the monitor has before them; the registry knows neither the person nor the outlet nor the source."""

    country: str
    place: str
    day: str
    day_in_words: str
    person: str
    outlet: str

    @property
    def title(self) -> str:
        return f"Riot police fire a rubber bullet at {self.person} of {self.outlet}"

    @property
    def summary(self) -> str:
        return f"Riot police in {self.place} shot a rubber bullet at {self.person}, who was on air. It missed."

    @property
    def url(self) -> str:
        return f"https://reports.example.org/{self.place.lower()}"


@dataclass
class Hand:
    """Somebody's hand on the form: what it touches is counted."""

    page: Page
    fields: set[str] = field(default_factory=set)
    keys: int = 0
    clicks: int = 0

    def type(self, name: str, text: str) -> None:
        """Type into a field."""
        self._to(name)
        self._keys(text)

    def choose(self, name: str, value: str) -> None:
        """Choose from a list: one click that opens it and one on the answer."""
        self.fields.add(name)
        self.page.locator(f"#{name}").select_option(value)
        self.clicks += 2

    def make(self, name: str, text: str) -> None:
        """Type a name that is not on record, and say that it is new."""
        self.type(name, text)
        self.click(self.page.get_by_role("option", name=f"Make a new record: {text}"))

    def find(self, name: str, value: str) -> None:
        """Find a field filled in by what was typed before, and leave it so."""
        expect(self.page.locator(f"#{name}")).to_have_value(value)
        expect(self.page.locator(".field", has=self.page.locator(f"#{name}"))).to_contain_text("Filled in for you")

    def tick(self, name: str, label: str) -> None:
        """Tick a box."""
        self.fields.add(name)
        self.click(self.page.locator(f"#{name}").get_by_label(label))

    def click(self, on: Any) -> None:
        """Press a button, a link or a box."""
        on.click()
        self.clicks += 1

    def hand_in(self) -> None:
        """Hand the incident in."""
        self.click(self.page.get_by_role("button", name="Hand in"))

    def _to(self, name: str) -> None:
        self.fields.add(name)
        self.click(self.page.locator(f"#{name}"))

    def _keys(self, text: str) -> None:
        # Put in at once, which is quicker for the test; somebody presses a key for each letter.
        self.page.keyboard.insert_text(text)
        self.keys += len(text)


class Thumb(Hand):
    """The same on a screen of glass: a list opens over the page."""

    def make(self, name: str, text: str) -> None:
        """Type a name; whether it is new is asked back when the form is handed in."""
        self.type(name, text)

    def find(self, name: str, value: str) -> None:
        """Nothing is filled in without a script."""
        self.choose(name, value)


class Keys(Hand):
    """The keyboard alone: what cannot be reached with Tab is not there."""

    def choose(self, name: str, value: str) -> None:
        """Choose by the first letters of the answer."""
        self._to(name)
        label = self.page.locator(f"#{name} option[value={value}]").first.inner_text()
        # A list is chosen from with keys, not with text.
        self.page.keyboard.type(label[:LETTERS])
        self.keys += LETTERS
        expect(self.page.locator(f"#{name}")).to_have_value(value)

    def make(self, name: str, text: str) -> None:
        self.type(name, text)
        expect(self.page.get_by_role("option", name=f"Make a new record: {text}")).to_be_visible()
        self.press("ArrowDown", "Enter")

    def tick(self, name: str, label: str) -> None:
        self.fields.add(name)
        self._tab(f"document.activeElement.closest('#{name}') && document.activeElement.type === 'checkbox'", back=True)
        self.press("Space")

    def hand_in(self) -> None:
        self.press("Control+Enter")

    def press(self, *keys: str) -> None:
        """Press keys that give no letter."""
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def go(self, name: str) -> None:
        """Go to a button or a link and press it."""
        wanted = self.page.get_by_role("button", name=name, exact=True)
        wanted.or_(self.page.get_by_role("link", name=name, exact=True)).first.evaluate(REMEMBER)
        self._tab(REMEMBERED)
        with self.page.expect_navigation():
            self.press("Enter")

    def radio(self, name: str) -> None:
        """Go to a group of answers and take its first."""
        self._tab(f"document.activeElement.name === '{name}'")
        self.press("Space")

    def write(self, label: str, text: str) -> None:
        """Go to a field by its label and type."""
        self.page.get_by_label(label).evaluate(REMEMBER)
        self._tab(REMEMBERED)
        self._keys(text)

    def _to(self, name: str) -> None:
        self.fields.add(name)
        self._tab(f"document.activeElement.id === '{name}'")

    def _tab(self, there: str, *, back: bool = False) -> None:
        for _ in range(120):
            if self.page.evaluate(f"!!({there})"):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(there)


def fill(hand: Hand, event: Event) -> None:
    """Everything that the source says, in the order of the form."""
    hand.type("title-en", event.title)
    hand.type("summary-en", event.summary)
    hand.type("when", event.day)
    hand.type("place_locality", event.place)
    hand.choose("acts-0-violation", "assault")
    hand.choose("acts-0-completion", "attempted")
    hand.make(f"{VICTIM}-person", event.person)
    # The city tells the country, and the title names the means.
    hand.find("place_country", event.country)
    hand.find("acts-0-method", "kinetic_projectile")
    hand.choose(f"{VICTIM}-role", "journalist")
    hand.make(f"{VICTIM}-outlet", event.outlet)
    hand.choose(f"{VICTIM}-harm", "none")
    hand.choose("acts-0-involvements-0-perpetrator", "police")
    hand.type("sources-0-url", event.url)
    hand.choose("sources-0-type", "ngo_report")


def password_asked_again(site: DeskSite, *roles: Role, name: str) -> None:
    """Let everybody's last proof of who they are lie too far back for a grave step."""
    joined(site.database, *roles, name=name)
    with site.database.write() as session:
        session.execute(update(StaffSession).values(confirmed_at=None))


def newest(site: DeskSite) -> Incident:
    """The incident that was handed in last."""
    with site.database.read() as session:
        found = session.scalars(select(Incident).order_by(Incident.created_at.desc())).first()
        assert found is not None
        return found


def is_there(page: Page, done: str) -> None:
    """The step was taken, and the page says so."""
    page.wait_for_url(f"**?done={done}")
    expect(page.get_by_role("status").first).to_be_visible()


def take_up_and_ask(page: Page, event: Event) -> None:
    """Find the incident at the desk, take it up, and ask for safety review."""
    page.goto("/staff/")
    page.get_by_role("link", name=event.title).click()
    page.get_by_role("button", name="Take up").click()
    is_there(page, "take_up")
    page.get_by_role("button", name="Ask for safety review").click()
    is_there(page, "ask_safety_review")


def weigh(page: Page) -> None:
    """Answer each point of the safety review, and clear."""
    page.get_by_role("link", name="Weigh and decide").click()
    for check in ReviewCheck:
        page.locator(f'input[name="check-{check}"][value="yes"]').check()
    page.get_by_role("button", name="Clear for publication").click()
    is_there(page, "clear")


def publish(page: Page) -> None:
    """Publish, proving once more who one is."""
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Confirm and go on").click()
    is_there(page, "publish")


def read_in_public(site: DeskSite, page: Page, event: Event) -> None:
    """The public page tells what was typed, to somebody who is not signed in."""
    answer = page.goto(f"{site.address}/incidents/{newest(site).reference}")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text(event.title)
    content = page.locator("main")
    for words in (event.summary, event.person, event.outlet, event.place, event.day_in_words, "Police"):
        expect(content).to_contain_text(words)
    expect(content.locator(f'a[href="{event.url}"]').first).to_be_visible()


@pytest.fixture(autouse=True)
def _as_it_runs(desk_site: DeskSite, watch: PageWatch) -> None:
    desk_site.app.extensions["tracker_jobs"] = Resting()
    # A grave step is refused until one has proved who one is; a form that asks back, until one has answered.
    watch.forgive("status of 403")
    watch.forgive("status of 422")


def test_at_a_desk_with_the_mouse_by_two_people(
    desk_site: DeskSite, signed_page: SignedPage, open_page: Callable[..., Page]
) -> None:
    event = Event("KG", "Bishkek", "5 or 6 Oct 2020", "5 or 6 October 2020", "Nurlan Sluchaev", "Morning Post")
    page = signed_page(Role.MONITOR, viewport=WIDE)
    page.goto("/staff/incidents/new")
    hand = Hand(page)
    fill(hand, event)
    hand.tick(f"{VICTIM}-name_published_in", event.url)
    hand.hand_in()
    is_there(page, "submitted")
    assert len(hand.fields) <= 14
    both = (Role.EDITOR, Role.SAFETY_REVIEWER)
    second = signed_page(*both, name="second", viewport=WIDE)
    password_asked_again(desk_site, *both, name="second")
    take_up_and_ask(second, event)
    weigh(second)
    publish(second)
    read_in_public(desk_site, open_page(viewport=WIDE), event)


def test_on_a_phone_without_javascript_by_three_people(
    desk_site: DeskSite, signed_page: SignedPage, open_page: Callable[..., Page]
) -> None:
    event = Event("KZ", "Almaty", "5 January 2022", "5 January 2022", "Dana Primerova", "Steppe Radio")
    phone = {"viewport": PHONE, "java_script_enabled": False}
    page = signed_page(Role.MONITOR, **phone)
    page.goto("/staff/incidents/new")
    hand = Thumb(page)
    fill(hand, event)
    hand.hand_in()
    # Asked back at once: whether both names are new. The source can be ticked now as the one that prints the name.
    expect(page.locator("#problem-summary li")).to_have_count(2)
    for new in page.get_by_label("Make a new record of this name").all():
        hand.click(new)
    hand.tick(f"{VICTIM}-name_published_in", event.url)
    hand.choose(f"{VICTIM}-naming", "named")
    hand.hand_in()
    is_there(page, "submitted")
    assert len(hand.fields) <= 17
    editor = signed_page(Role.EDITOR, name="editor", **phone)
    password_asked_again(desk_site, Role.EDITOR, name="editor")
    take_up_and_ask(editor, event)
    reviewer = signed_page(Role.SAFETY_REVIEWER, **phone)
    reviewer.goto("/staff/")
    reviewer.get_by_role("link", name=event.title).click()
    weigh(reviewer)
    editor.reload()
    publish(editor)
    read_in_public(desk_site, open_page(**phone), event)


def test_by_the_keyboard_alone(desk_site: DeskSite, signed_page: SignedPage, open_page: Callable[..., Page]) -> None:
    event = Event("TJ", "Dushanbe", "night of 5-6 Oct 2021", "5–6 October 2021", "Rustam Vymyshlen", "Hill Herald")
    page = signed_page(Role.MONITOR, viewport=WIDE)
    page.goto("/staff/incidents/new")
    hand = Keys(page)
    fill(hand, event)
    hand.tick(f"{VICTIM}-name_published_in", event.url)
    hand.hand_in()
    is_there(page, "submitted")
    assert hand.clicks == 0
    assert hand.keys <= 430
    both = (Role.EDITOR, Role.SAFETY_REVIEWER)
    second = signed_page(*both, name="third", viewport=WIDE)
    password_asked_again(desk_site, *both, name="third")
    second.goto("/staff/")
    keys = Keys(second)
    for name in (event.title, "Take up", "Ask for safety review", "Weigh and decide"):
        keys.go(name)
    for check in ReviewCheck:
        keys.radio(f"check-{check}")
    keys.go("Clear for publication")
    keys.go("Publish")
    keys.write("Password", PASSWORD)
    keys.write("Code", code())
    keys.press("Enter")
    is_there(second, "publish")
    assert keys.keys <= 190
    read_in_public(desk_site, open_page(viewport=WIDE), event)
