"""The interface language: the messages of the pages and the language in which a page is made.

Messages are written in English where they are used and found there by the extraction of Babel, which knows these
functions by their names. Their translations stand in `tracker/translations/`; CONTRIBUTING.md says how they get there.

The language of a public page is part of its address: English has none, every other language stands first in the path.
"""

from typing import Any, NamedTuple

import flask_babel
from babel import Locale
from flask import Flask, g, has_app_context, has_request_context, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from tracker.phrases import Phrase
from tracker.vocabulary import Country, country_name

DEFAULT = "en"
LANGUAGES = {"en": "English", "ru": "Русский"}
"""The languages of the interface by their codes, each with its own name for itself."""


class _Language(NamedTuple):
    """The language of one page: its messages, its locale and the code of that."""

    messages: Any
    locale: Locale
    code: str


def _language() -> _Language:
    """The language of the page, found once for each: a page asks for thousands of messages."""
    kept: _Language | None = g.get("page_language") if has_app_context() else None
    if kept is not None:
        return kept
    locale = flask_babel.get_locale()
    locale = locale if isinstance(locale, Locale) else Locale(DEFAULT)
    found = _Language(flask_babel.get_translations(), locale, str(locale))
    if has_app_context():
        g.page_language = found
    return found


def gettext_noop(message: str) -> str:
    """The message as it is: a mark for the extraction, for tables that are made once and translated when used."""
    return message


def gettext(message: str, **values: object) -> str:
    """The message in the language of the page, with its values."""
    # The empty message is the header of the catalogue.
    if not message:
        return ""
    words: str = _language().messages.ugettext(message)
    return words % values if values else words


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The message in the number that fits, in the language of the page."""
    words: str = _language().messages.ungettext(singular, plural, number)
    return words % {"num": number, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """The message as it is said in this context, for words that other languages have several of."""
    words: str = _language().messages.upgettext(context, message)
    return words % values if values else words


def said(message: str) -> str:
    """A text from one of the program's own tables, or a phrase with its values, in the language of the page."""
    return message.in_words(gettext, _named) if isinstance(message, Phrase) else gettext(message)


def _named(value: object) -> object:
    """A country among the values of a phrase by its name in the language of the page; anything else as it is."""
    return country_name(value.alpha2, page_locale()) if isinstance(value, Country) else value


def said_unless_code(allowed: str) -> str:
    """What may stand in a query: a phrase in the language of the page, a code as it has to be written."""
    return said(allowed) if isinstance(allowed, Phrase) else allowed


def page_locale() -> Locale:
    """The language of the page that is being made."""
    return _language().locale


def page_code() -> str:
    """The code of that language, for what is kept for each of them."""
    return _language().code


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


@pass_eval_context
def _in_template(context: EvalContext, message: str, **values: object) -> str:
    """The message in a template, where it is marked as what needs no escaping, and its values are escaped."""
    words: str = _language().messages.ugettext(message) if message else ""
    marked = Markup(words) if context.autoescape else words  # noqa: S704 - it comes out of our own catalogue
    return marked % values if values or "%" in words else marked


def init_app(app: Flask) -> None:
    """Let templates say messages in the language of the page.

    The functions that Jinja and Flask-Babel put there ask anew for the language at each of thousands of messages.
    """
    flask_babel.Babel(app, locale_selector=select_locale)
    app.jinja_env.globals.update({"_": _in_template, "gettext": _in_template})


FILTERS = {"said": said, "said_unless_code": said_unless_code}
