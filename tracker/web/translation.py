"""The interface language: the messages of the pages and the language in which a page is made.

Messages are written in English where they are used and found there by the extraction of Babel, which knows these
functions by their names.
"""

import flask_babel
from babel import Locale


def gettext_noop(message: str) -> str:
    """The message as it is: a mark for the extraction, for tables that are made once and translated when used."""
    return message


def gettext(message: str, **values: object) -> str:
    """The message in the language of the page, with its values."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The message in the number that fits, in the language of the page."""
    return str(flask_babel.ngettext(singular, plural, number, **values))


def page_locale() -> Locale:
    """The language of the page that is being made."""
    found = flask_babel.get_locale()
    return found if isinstance(found, Locale) else Locale("en")
