"""Reading a page in a test as a reader does: its words, its links, its addresses."""

import re
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(response: TestResponse) -> _Reader:
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return reader


def words(response: TestResponse) -> str:
    """All words of a page in one line, as they follow one another."""
    return re.sub(r"\s+", " ", unescape(" ".join(_read(response).words)))


def tags(response: TestResponse, name: str) -> list[dict[str, str | None]]:
    """The attributes of all elements of one name."""
    return [attributes for tag, attributes in _read(response).tags if tag == name]


def links(response: TestResponse) -> list[str]:
    """The addresses that the page leads to."""
    return [str(attributes["href"]) for attributes in tags(response, "a") if attributes.get("href")]
