"""Markup in every text, opened in a real Chromium: on no page of the desk or of the public site does any of it run."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Dialog, Error, Page
from werkzeug.serving import make_server

from tests.support.browser import PageWatch
from tests.web.staff.entry.forms import blank_form, hand_in, typed
from tests.web.staff.test_hostile import Marked
from tracker.db import Database
from tracker.registry.accounts import sessions
from tracker.web.staff.routes import DECLARED

HIT = "window.__hit=1"
PAYLOADS = (
    f"<script>{HIT}</script>", f"</script><script>{HIT}</script>", f"<img src=x onerror={HIT}>",
    f'"><svg onload="{HIT}">', f"'><b onmouseover={HIT} autofocus tabindex=1 onfocus={HIT}>",
    f'" autofocus onfocus="{HIT}" x="', f"</textarea><script>{HIT}</script>", f"</title><script>{HIT}</script>",
    f"</option></select><img src=x onerror={HIT}>", f"<iframe srcdoc='<script>parent.{HIT[7:]}</script>'></iframe>",
    f"<a href=javascript:{HIT}>x</a>", f"javascript:{HIT}//https://x.example", f"${{{HIT}}}", f"{{{{{HIT}}}}}",
    "{% raw %}{{ config }}{% endraw %}", f"<!--><img src=x onerror={HIT}>-->", f"<details open ontoggle={HIT}>",
    f"]]><script>{HIT}</script>", "<base href=//other.example>", f"<math><mtext><style><img src=x onerror={HIT}>",
    "<link rel=stylesheet href=//other.example/a.css>", "<meta http-equiv=refresh content='0;url=//other.example'>",
)  # fmt: skip
# The mark that turns the direction of writing, which records refuse; a form keeps what was typed.
TURNED = "\N{RIGHT-TO-LEFT OVERRIDE}"

WATCH = """
window.__hit = 0;
window.__breaches = [];
addEventListener("securitypolicyviolation", event => window.__breaches.push(event.violatedDirective));
"""
FOUND = """() => {
  const found = [...window.__breaches, ...(window.__hit ? ["a payload ran"] : [])];
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      const leads = /^(href|src|action|formaction|data)$/i.test(name) && /^\\s*(javascript|data):/i.test(value);
      if (leads || /^on/i.test(name)) found.push(`${element.tagName} ${name}=${value}`);
    }
  }
  const strange = "iframe, object, embed, base, math, script:not([src]), meta[http-equiv=refresh], img[src=x]";
  for (const element of document.querySelectorAll(strange)) {
    if (element.type !== "application/json") found.push(element.outerHTML.slice(0, 80));
  }
  return found;
}"""


class Rendered(Marked):
    """A desk in whose every text stands markup that would leave a mark in the page if it ran."""

    def take(self) -> str:
        """The next payload."""
        self._next += 1
        # No two texts are the same, since what one of them withholds no other one may tell.
        return f"{PAYLOADS[self._next % len(PAYLOADS)]} {self._next}"

    def fill(self, client: FlaskClient) -> str:
        """Keep a filter and a form that was begun; returns the address of the form."""
        client.post("/staff/incidents", data={"q": self.take()})
        client.post("/staff/filters", data={"name": self.take()[:50]})
        address = blank_form(client)
        hand_in(client, address, {name: f"{TURNED}{self.take()}" for name in typed()}, do="save")
        return address

    def paths(self, every: int) -> list[str]:
        """The addresses of all that can be opened, or of one in so many of the desk, and of the public site."""
        form = self.fill(self.client())
        paths = [self.path(route) for route in DECLARED.values() if "GET" in route.methods]
        public = ("/", "/incidents", f"/incidents/{self.reference}", "/outlets/herald", "/topics/election", "/about")
        return [*paths[::every], form, f"{form}?check=1", *public, "/changes", "/ru/incidents"]


@pytest.fixture
def served(desk_app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, desk_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def look_at_all(world: Rendered, page: Page, address: str, every: int) -> int:
    """Open the pages, and say what was found; returns how many there were."""
    dialogs: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    page.add_init_script(WATCH)
    with world.database.write() as session:
        token, _ = sessions.begin(session, world.all)
    page.context.add_cookies([{"name": "staff", "value": token, "url": address}])
    return sum(looked_at(page, f"{address}{path}", dialogs) for path in world.paths(every))


def looked_at(page: Page, address: str, dialogs: list[str]) -> bool:
    """Open one page, unless a file is behind its address; whether there was one."""
    try:
        answer = page.goto(address, wait_until="load")
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        return False
    if answer is None or "html" not in answer.headers["content-type"]:
        return False
    assert page.evaluate(FOUND) == [], address
    assert dialogs == [], address
    assert page.url.startswith(address[:17]), address
    return True


# Where our policy holds nothing back, what gets into a page runs; where it does, each attempt is a breach to be seen.
@pytest.mark.parametrize(
    ("turn", "every", "without_policy"),
    [
        (0, 6, True),
        *(pytest.param(turn, 1, off, marks=pytest.mark.deep) for turn in (0, 7, 14) for off in (True, False)),
    ],
)
def test_markup_in_any_text_runs_on_no_page(
    desk_app: Flask,
    desk_database: Database,
    served: str,
    open_page: Callable[..., Page],
    watch: PageWatch,
    turn: int,
    every: int,
    without_policy: bool,
) -> None:
    # Some pages answer that they want a proof first, or that a link is used up.
    watch.forgive("the server responded with a status of 4")
    page = open_page(bypass_csp=without_policy)
    seen = look_at_all(Rendered(desk_app, desk_database, turn), page, served, every)
    assert seen > (40 if every == 1 else 10)


def test_markup_that_was_let_in_would_be_seen(served: str, open_page: Callable[..., Page], watch: PageWatch) -> None:
    page = open_page(bypass_csp=True)
    page.add_init_script(WATCH)
    page.goto(f"{served}/about")
    for payload, seen in ((PAYLOADS[2], "a payload ran"), (PAYLOADS[10], "A href")):
        page.evaluate("payload => document.body.insertAdjacentHTML('beforeend', payload)", payload)
        page.wait_for_function("() => window.__hit || document.querySelector('a[href^=javascript]')")
        assert any(seen in one for one in page.evaluate(FOUND))
    watch.forgive("404")
