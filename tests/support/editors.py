"""Editors who work at the same records through the pages, as their browsers would do it."""

import http.client
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

Pairs = list[tuple[str, str]]
NOTES = "internal_notes"


@dataclass
class Answer:
    """What came back: status, address to go on to, and the page."""

    status: int
    location: str
    text: str


@dataclass
class Editor:
    """One browser in which somebody is signed in; `waits` holds how long each save took, in seconds."""

    address: str
    token: str
    cookies: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def append(self, incident_id: str, line: str) -> bool:
        """Add a line to the notes of an incident over the version that was shown; whether it was taken."""
        shown = self.get(f"/staff/incidents/{incident_id}/edit")
        if shown.status == 303:
            shown = self.get(shown.location)
        found = re.search(r'<form method="post"\s+action="(/staff/forms/[^"]+)"', shown.text)
        if shown.status != 200 or found is None:
            return False
        pairs = [(name, f"{value}\n{line}" if name == NOTES else value) for name, value in fields(shown.text)]
        began = time.monotonic()
        saved = self.post(unescape(found[1]), [*pairs, ("do", "submit")])
        self.waits.append(time.monotonic() - began)
        if saved.status == 303 and "done=amended" in saved.location:
            return True
        # What was typed is kept as a form; it is thrown away, and the record opened anew.
        token = [pair for pair in pairs if pair[0] == "csrf_token"]
        self.post(f"{unescape(found[1])}/discard", token)
        return False

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, pairs: Pairs) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(pairs))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        place = urlsplit(self.address)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in {"staff": self.token, **self.cookies}.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.statuses.append(answer.status)
        return Answer(answer.status, answer.headers.get("Location", ""), text)


def fields(page: str) -> Iterator[tuple[str, str]]:
    """Everything that a browser would post of the entry form on a page, buttons left aside."""
    form = page.partition('id="entry"')[2].partition("</form>")[0]
    for each in re.finditer(r"<(input|textarea|select)\b([^>]*)>", form):
        name = re.search(r'\bname="([^"]+)"', each[2])
        content = "" if each[1] == "input" else form[each.end() :].partition(f"</{each[1]}>")[0]
        value = _value(each[1], each[2], content)
        if name and value is not None:
            yield unescape(name[1]), value


def _value(kind: str, attributes: str, content: str) -> str | None:
    if kind == "textarea":
        return unescape(content.removeprefix("\n"))
    if kind == "select":
        options = r'<option value="([^"]*)"'
        chosen = re.search(options + r"\s+selected", content) or re.search(options, content)
        return unescape(chosen[1]) if chosen else ""
    if re.search(r'type="(?:checkbox|radio)"', attributes) and not re.search(r"\bchecked\b", attributes):
        return None
    value = re.search(r'\bvalue="([^"]*)"', attributes, re.DOTALL)
    return unescape(value[1]) if value else ""
