"""The way to the public in a real browser: by keyboard, without JavaScript, at both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.drafts import found, record, rich, settle
from tests.web.staff.conftest import DeskSite
from tests.web.staff.review.conftest import Resting
from tracker.registry.models import Incident, Topic
from tracker.vocabulary import Status
from tracker.vocabulary.staff import ReviewCheck, Role

WIDTHS = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 800}}


def opened(open_page: Callable[..., Page], site: DeskSite, role: Role, width: str) -> Page:
    """A page in which somebody with this role is signed in, without JavaScript."""
    page = open_page(viewport=WIDTHS[width], java_script_enabled=False)
    page.context.add_cookies([{"name": "staff", "value": site.token(role), "url": site.address}])
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_an_incident_is_reviewed_published_restricted_and_taken_off_the_site(
    desk_site: DeskSite, open_page: Callable[..., Page], width: str
) -> None:
    desk_site.app.extensions["tracker_jobs"] = Resting()
    with desk_site.database.write() as session:
        if session.query(Topic).count() == 0:
            settle(session)
        made = record(session, rich(f"rich-{width}"))[0]
    here = f"{desk_site.address}/staff/incidents/{made.id}"
    editor, reviewer = (opened(open_page, desk_site, role, width) for role in (Role.EDITOR, Role.SAFETY_REVIEWER))
    for step in ("Take up", "Ask for safety review"):
        editor.goto(f"{here}/review")
        editor.get_by_role("button", name=step).click()
    reviewer.goto(f"{here}/review")
    for check in ReviewCheck:
        # By keyboard: the radio button of the yes is reached, and chosen with a blank.
        reviewer.locator(f'input[name="check-{check}"][value="yes"]').focus()
        reviewer.keyboard.press("Space")
    reviewer.get_by_role("button", name="Clear for publication").press("Enter")
    editor.goto(f"{here}/review")
    editor.get_by_role("button", name="Publish").click()
    editor.goto(f"{here}/restrict")
    editor.get_by_label("Aida Testova").first.check()
    editor.get_by_label("Why (kept in the history)").fill("She asked.")
    editor.get_by_role("button", name="Restrict now").click()
    with desk_site.database.read() as session:
        reference = found(session, Incident, f"rich-{width}").reference
    reader = open_page(viewport=WIDTHS[width])
    reader.goto(f"{desk_site.address}/incidents/{reference}")
    assert "Testova" not in reader.content()
    editor.goto(f"{here}/review")
    editor.get_by_role("button", name="Quarantine").click()
    with desk_site.database.read() as session:
        assert found(session, Incident, f"rich-{width}").status == Status.QUARANTINED
    answer = reader.request.get(f"{desk_site.address}/incidents/{reference}")
    assert answer.status == 404


# What is too wide is so on the phone first; both widths are looked at by the deep tests.
@pytest.mark.parametrize("width", ["narrow", pytest.param("wide", marks=pytest.mark.deep)])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    desk_site: DeskSite, open_page: Callable[..., Page], axe: Callable[[Page], list[str]], width: str
) -> None:
    from tests.support.desk import Desk

    desk_site.app.extensions["tracker_jobs"] = Resting()
    with desk_site.database.write() as session:
        if session.query(Topic).count() == 0:
            settle(session)
        public, waiting, cleared = record(session, *(rich(f"{name}-{width}") for name in ("a", "b", "c")))
        desk = Desk(session)
        desk.bring(public, Status.PUBLISHED)
        desk.bring(waiting, Status.SAFETY_REVIEW)
        desk.bring(cleared, Status.APPROVED)
    pages = {
        f"{waiting.id}/review": Role.SAFETY_REVIEWER,
        f"{public.id}/review": Role.EDITOR,
        f"{public.id}/restrict": Role.EDITOR,
        f"{public.id}/withdraw": Role.EDITOR,
        f"{cleared.id}/embargo": Role.EDITOR,
    }
    for path, role in pages.items():
        page = open_page(viewport=WIDTHS[width])
        page.context.add_cookies([{"name": "staff", "value": desk_site.token(role), "url": desk_site.address}])
        page.goto(f"{desk_site.address}/staff/incidents/{path}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
