"""The interface language: the messages of the pages and the language in which a page is made.

Messages are written in English where they are used and found there by the extraction of Babel, which knows these
functions by their names. Their translations stand in `tracker/translations/`; CONTRIBUTING.md says how they get there.

The language of a public page is part of its address: English has none, every other language stands first in the path.
"""

from typing import Any

import flask_babel
from babel import Locale
from flask import g, has_request_context, request

from tracker.phrases import Phrase

DEFAULT = "en"
LANGUAGES = {"en": "English", "ru": "Русский"}
"""The languages of the interface by their codes, each with its own name for itself."""


def gettext_noop(message: str) -> str:
    """The message as it is: a mark for the extraction, for tables that are made once and translated when used."""
    return message


def gettext(message: str, **values: object) -> str:
    """The message in the language of the page, with its values."""
    # The empty message is the header of the catalogue.
    return str(flask_babel.gettext(message, **values)) if message else ""


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The message in the number that fits, in the language of the page."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def said(message: str) -> str:
    """A text from one of the program's own tables, or a phrase with its values, in the language of the page."""
    return message.in_words(gettext) if isinstance(message, Phrase) else gettext(message)


def said_unless_code(allowed: str) -> str:
    """What may stand in a query: a phrase in the language of the page, a code as it has to be written."""
    return said(allowed) if isinstance(allowed, Phrase) else allowed


def page_locale() -> Locale:
    """The language of the page that is being made."""
    found = flask_babel.get_locale()
    return found if isinstance(found, Locale) else Locale(DEFAULT)


def prefix(language: str) -> str:
    """What stands before the paths of the pages in a language."""
    return "" if language == DEFAULT else f"/{language}"


def language_of(path: str) -> str:
    """The language that a path asks for, whether there is a page at it or not."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in LANGUAGES and first != DEFAULT else DEFAULT


def select_locale() -> str | None:
    """The language of the page that is being made: the one that was set for this request, or that of its address."""
    if not has_request_context():
        return None
    chosen: Any = g.get("language")
    return chosen if chosen in LANGUAGES else language_of(request.path)


FILTERS = {"said": said, "said_unless_code": said_unless_code}
