"""Reading a Russian page for words that were left in English.

The records of the dataset are written in Cyrillic letters for this, so that every Latin word on a page is either code,
or a name that is written so in Russian too, or was never translated.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.web.records import Record
from tracker.dataset.fields import FieldType
from tracker.dataset.fields.base import Tree

CODES_IN_TEXT = frozenset({"edtf", "language", "slug", "reference", "id", "person", "url", "website", "contact"})
VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})
READ_ALOUD = ("aria-label", "title", "alt", "placeholder")

# Written so in Russian too: names of formats, standards and organisations, examples of codes, parts of an address.
NAMES = re.compile(
    r"https?://\S+|[A-Z]{3}-[0-9]{4}-[0-9]{4}|X-[A-Za-z-]+|`[a-z]+`"
    r"|[a-z/-]*([0-9]{4}\.[0-9]+)?\.(json|jsonl|geojson|csv|svg|atom|xlsx|zip|txt)\b|SHA256SUMS"
    r"|unknown и not_recorded|as_of или dataset|ISO 3166-1 alpha-2|«meta»|\bnull\b|файлов cookie|\b(KG|kloop)\b"
    r"|Creative Commons( Zero)?|HURIDOCS|CPJ|JavaScript|GET и HEAD|BCP|RFC|SHA|UTC|UTF|WGS"
    r"|Events Standard Formats|CoE Platform|Mapping Media Freedom|MMF|PFT|Excel|LibreOffice|Frictionless"
    r"|HXL|Linux|XLSX|PDF|ZIP|JSON Lines"
    r"|OpenStreetMap|ODbL 1\.0|Repr-Digest|заголовки Link|атрибут \+list"
    r"|Atom|BibTeX|CSL-JSON|SDG|OHCHR|UNESCO|ILO|SKOS|Natural Earth|GeoNames|SimpleMaps|Leaflet|CC BY 4\.0|SVG"
    r"|OpenAPI 3\.1|\b(curl|Python|pandas|jsonlite|gzip|openapi)\b"
    r"|\b(CSV|EDTF|GeoJSON|ISO|JSON( Schema)?)\b"
)
LATIN = re.compile(r"[A-Za-z]{2,}(?:[ '’-]+[A-Za-z]+)*")


def in_cyrillic(record: Mapping[str, Any], tree: Tree) -> Record:
    """The record with every Latin letter of its texts replaced, and with its translations in Russian alone."""
    return {field.name: _value(record[field.name], field.name, field.type, field.fields) for field in tree}


def _value(value: Any, name: str, kind: FieldType, fields: Tree) -> Any:
    if not value:
        return value
    match kind:
        case FieldType.TEXT:
            return value if name in CODES_IN_TEXT or name.startswith("archive") else _cyrillic(value)
        case FieldType.TRANSLATIONS:
            return {"ru": _cyrillic(next(iter(value.values())))}
        case FieldType.TEXTS:
            return [_cyrillic(text) for text in value]
        case FieldType.OBJECT:
            return in_cyrillic(value, fields)
        case FieldType.OBJECTS:
            return [in_cyrillic(one, fields) for one in value]
        case _:
            return value


def _cyrillic(text: str) -> str:
    return re.sub("[A-Za-z]", "ж", text)


class _Reader(HTMLParser):
    """Collects what a reader sees or hears, apart from code and from what is marked as English."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent: list[bool] = [False]
        self._in_list_of_codes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = str(given.get("class", "")).split()
        if not self._silent[-1]:
            self.texts += [str(given[name]) for name in READ_ALOUD if given.get(name)]
            if given.get("name") == "description":
                self.texts.append(str(given["content"]))
        if tag in VOID:
            return
        # A list of what is allowed holds codes and phrases: the phrases have blanks.
        code = tag in {"code", "pre", "script", "textarea"} or ("code" in classes and tag != "ul")
        self._silent.append(self._silent[-1] or code or (given.get("lang") == "en" and tag != "html"))
        if self._in_list_of_codes or (tag == "ul" and "code" in classes):
            self._in_list_of_codes += 1

    def handle_endtag(self, tag: str) -> None:
        self._silent.pop()
        if self._in_list_of_codes:
            self._in_list_of_codes -= 1

    def handle_data(self, data: str) -> None:
        is_code = self._in_list_of_codes and " " not in data.strip()
        if not self._silent[-1] and not is_code:
            self.texts.append(data)


def untranslated(response: TestResponse) -> list[str]:
    """The Latin words of a page that have no business on a Russian one, with the text around them."""
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return [" ".join(text.split()) for text in reader.texts if LATIN.search(NAMES.sub("", text))]
