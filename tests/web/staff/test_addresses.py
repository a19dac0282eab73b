"""That nothing private stands in an address or a log line, since browsers and servers keep both (ASVS 5.0, 14.2.1)."""

import html
import logging
import re
from urllib.parse import unquote

import pytest

from tests.support.drafts import record, rich, settle
from tests.web.staff.conftest import Signed, member
from tracker.db import Database
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Role

# Of the incident and its people, what is not public; slugs of outlets and topics are public by their nature.
PRIVATE = ("testova", "proberov", "проберов", "crew beaten", "relatives", "limp", "somebody inside", "met twice")
ADDRESS = re.compile(r'\b(?:href|action|src|formaction|data-[a-z-]*(?:url|address))="([^"]*)"')
SEARCH = "relatives Proberov"


@pytest.fixture
def incident_id(desk_database: Database) -> str:
    """A rich incident, recorded by an editor."""
    author = actor_of(member(desk_database, Role.EDITOR))
    with desk_database.write() as session:
        settle(session)
        return record(session, rich(), by=author)[0].id


def _private_in(words: str) -> list[str]:
    plain = unquote(html.unescape(words)).casefold().replace("+", " ").replace("-", " ")
    return [one for one in PRIVATE if one in plain]


def test_no_link_of_the_desk_and_no_log_line_holds_anything_private(
    as_staff: Signed, incident_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = as_staff(Role.EDITOR, Role.SAFETY_REVIEWER, name="editor")
    found = client.post("/staff/incidents", data={"q": SEARCH})
    assert not _private_in(found.headers.get("Location", ""))
    waiting = ["/staff/", "/staff/incidents", f"/staff/incidents/{incident_id}"]
    seen: set[str] = set()
    while waiting and len(seen) < 80:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert not _private_in(answer.headers.get("Location", "")), path
        links = [html.unescape(link) for link in ADDRESS.findall(answer.text)]
        assert [link for link in links if _private_in(link)] == [], path
        waiting += [link.partition("#")[0] for link in links if link.startswith("/staff/") and "sign-out" not in link]
    assert len(seen) > 20
    assert not _private_in(caplog.text)
    # The search itself found the incident, so that there was something to keep out.
    assert incident_id in client.get("/staff/incidents").text
