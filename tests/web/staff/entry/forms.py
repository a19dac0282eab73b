"""What a monitor types, as the pairs that a browser posts."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Pairs = list[tuple[str, str]]

# The seed's shot at a journalist, as somebody types it who has the report before them.
RUBBER_BULLET: dict[str, str] = {
    "title-en": "Riot police fire a rubber bullet at a journalist who is on air",
    "when": "5 or 6 October 2020",
    "place_country": "KG",
    "place_locality": "Bishkek",
    "acts-0-violation": "assault",
    "acts-0-completion": "attempted",
    "acts-0-method": "kinetic_projectile",
    "acts-0-victims-0-kind": "person",
    "acts-0-victims-0-person": "Nurlan Sluchaev",
    "acts-0-victims-0-person_is": "new",
    "acts-0-victims-0-role": "journalist",
    "acts-0-victims-0-outlet": "The Herald",
    "acts-0-victims-0-harm": "none",
    "acts-0-involvements-0-perpetrator": "police",
    "acts-0-involvements-0-role": "direct",
    "acts-0-involvements-0-basis": "reported",
    "sources-0-url": "https://example.org/report",
    "sources-0-type": "ngo_report",
}


def typed(*without: str, **other: str) -> dict[str, str]:
    """The form of that incident, without some fields and with others; `__` in a name stands for a hyphen."""
    fields = {name: value for name, value in RUBBER_BULLET.items() if name not in without}
    return fields | {name.replace("__", "-"): value for name, value in other.items()}


def blank_form(client: FlaskClient) -> str:
    """The address of a form that has just been opened."""
    return form_address(client.get("/staff/incidents/new"))


def form_address(response: TestResponse) -> str:
    """Where the form on a page is posted to."""
    found = re.search(r'<form method="post"\s+action="(/staff/forms/[^"]+)"', response.text)
    assert found, response.status
    return unescape(found[1])


def hand_in(client: FlaskClient, address: str, fields: dict[str, str] | Pairs, do: str = "submit") -> TestResponse:
    """Press a button of the form."""
    pairs = list(fields.items()) if isinstance(fields, dict) else fields
    data: dict[str, list[str]] = {"do": [do]}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post(address, data=data)


def problems(response: TestResponse) -> list[tuple[str, str]]:
    """The problems that the summary of a page links to: the id of each field, and the sentence."""
    summary = re.search(r'id="problem-summary".*?</ul>', response.text, re.DOTALL)
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary[0], re.DOTALL) if summary else []
    return [(unescape(where), unescape(said)) for where, said in links]


def fields_on(response: TestResponse) -> Pairs:
    """Everything that a browser would post of the form on a page, buttons and the page's own fields left aside."""
    form = response.text.partition('id="entry"')[2].partition("</form>")[0]
    valued = ((name, _value(kind, attributes, content)) for kind, attributes, name, content in _elements(form))
    return [(unescape(name), value) for name, value in valued if value is not None]


def _elements(form: str) -> list[tuple[str, str, str, str]]:
    found = []
    for each in re.finditer(r"<(input|textarea|select)\b([^>]*)>", form):
        name = re.search(r'\bname="([^"]+)"', each[2])
        content = "" if each[1] == "input" else form[each.end() :].partition(f"</{each[1]}>")[0]
        if name:
            found.append((each[1], each[2], name[1], content))
    return found


def _value(kind: str, attributes: str, content: str) -> str | None:
    """What one field posts; None for a box that is not ticked."""
    if kind == "textarea":
        return unescape(content.removeprefix("\n"))
    if kind == "select":
        chosen = re.search(r'<option value="([^"]*)"\s+selected', content) or re.search(
            r'<option value="([^"]*)"', content
        )
        return unescape(chosen[1]) if chosen else ""
    is_box = 'type="checkbox"' in attributes or 'type="radio"' in attributes
    if is_box and not re.search(r"\bchecked\b", attributes):
        return None
    value = re.search(r'\bvalue="([^"]*)"', attributes, re.DOTALL)
    return unescape(value[1]) if value else ""
