"""Collects every message of the interface, brings the catalogues up to date and compiles them (`make messages`).

A message is either a literal in a call that `KEYWORDS` names, in a module or a template, or stands in one of the
program's own tables (vocabularies, public fields, parameters of a query), which are walked.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from tracker import vocabulary as vocabulary_package
from tracker.dataset.exports import FORMATS
from tracker.dataset.fields import TREES, columns, walk
from tracker.dataset.parameters import PARAMETERS
from tracker.phrases import Phrase
from tracker.vocabulary import Vocabulary
from tracker.web.translation import DEFAULT, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "tracker" / "translations"

NOT_YET: tuple[str, ...] = ()
"""Where messages are not collected yet, because the pages that show them are not finished."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    # The same under a short name, where a module holds hundreds of labels.
    "_n": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Below the web floor: phrases that the page translates later, and the words of dates and filters.
    "phrase": None,
    "translate": None,
}

ABOUT = {
    "project": "press-freedom-tracker",
    "version": "1",
    "last_translator": "the Press Freedom Tracker contributors",
    "language_team": "the Press Freedom Tracker contributors",
    "msgid_bugs_address": "see README.md",
}

Found = tuple[str, Any, str | None]
"""Where a message stands, the message (or its singular and plural), and its context."""


def found_in_code() -> Iterator[Found]:
    """The messages of all modules and templates, file by file."""
    for path in sorted((ROOT / "tracker").rglob("*")):
        place = path.relative_to(ROOT).as_posix()
        method: Any = {".py": "python", ".html": babel_extract}.get(path.suffix)
        if method is None or place.startswith(NOT_YET):
            continue
        options: dict[str, Any] = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
        with path.open("rb") as file:
            for _, message, _, context in extract(method, file, KEYWORDS, options=options):
                yield place, message, context


def vocabularies() -> list[type[Vocabulary]]:
    """Every vocabulary that there is, in the order in which they are written down."""
    for module in pkgutil.iter_modules(vocabulary_package.__path__, "tracker.vocabulary."):
        importlib.import_module(module.name)
    found = [one for one in Vocabulary.__subclasses__() if one.__module__.startswith("tracker.")]
    return sorted(found, key=lambda one: (one.__module__, inspect.getsourcelines(one)[1]))


def found_in_tables() -> Iterator[Found]:
    """The words of the vocabularies, the public fields, the columns of the CSV file, the parameters and the files."""
    for vocabulary in vocabularies():
        place = Path(inspect.getfile(vocabulary)).relative_to(ROOT).as_posix()
        if not place.startswith(NOT_YET):
            yield place, vocabulary.introduction(), None
            for term in vocabulary:
                yield from ((place, words, None) for words in (term.label, term.definition))
    place = "tracker/dataset/fields/"
    for tree in TREES.values():
        for step in walk(tree):
            yield from ((place, _template(words), None) for words in (step.field.description, step.field.source))
    yield from ((place, _template(column.description), None) for column in columns())
    for parameter in PARAMETERS.values():
        yield "tracker/dataset/parameters.py", _template(parameter.description), None
    yield from (("tracker/dataset/exports/__init__.py", form.purpose, None) for form in FORMATS.values())


def _template(words: str) -> str:
    return words.template if isinstance(words, Phrase) else words


def messages() -> Catalog:
    """All messages of the interface without any translation, each with the files that it stands in."""
    catalog = Catalog(charset="utf-8")
    for place, message, context in (*found_in_code(), *found_in_tables()):
        catalog.add(message, locations=[(place, 0)], context=context)
    return catalog


def translations(language: str) -> Catalog:
    """The catalogue of a language as it stands in the project; an empty one where there is none."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        comment = f"# The interface in {LANGUAGES[language]}; CONTRIBUTING.md says how to change it."
        return Catalog(locale=language, header_comment=comment, charset="utf-8", fuzzy=False, **ABOUT)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="messages")


def is_complete(message: Message) -> bool:
    """Whether a message has its translation, in all its plural forms."""
    strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return all(strings) and not message.fuzzy


def renew(catalog: Catalog) -> None:
    """Add what is new without a translation, and take out what the program no longer says."""
    catalog.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file for translators."""
    file = BytesIO()
    write_po(file, catalog, width=116, sort_by_file=True, include_lineno=False, include_previous=False)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> int:
    """Renew and compile the catalogues of all languages; say what there is to translate."""
    missing = 0
    for language in LANGUAGES:
        if language == DEFAULT:
            continue
        folder = TRANSLATIONS / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        catalog = translations(language)
        renew(catalog)
        (folder / "messages.po").write_bytes(written(catalog))
        (folder / "messages.mo").write_bytes(compiled(catalog))
        empty = [message for message in catalog if message.id and not is_complete(message)]
        print(f"{language}: {len(catalog)} messages, {len(empty)} without a translation")
        missing += len(empty)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
