"""The catalogues of the interface: that nothing is missing in them, and that what they say fits into its place.

`make messages` mends what is missing or left over; the translations themselves are written by people.
"""

import ast
import gettext
import re

import pytest
from babel.messages.catalog import Catalog, Message

from requirements import messages
from tracker.web.translation import DEFAULT, LANGUAGES

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
PLACES = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|`[^`]+`")
# Their first argument is no message.
CONTEXTUAL = {"pgettext", "npgettext"}
ABBREVIATED = (" г.", "No.")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Every message of the interface."""
    return messages.messages()


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """The catalogue of each language in turn."""
    return messages.translations(request.param)


def _of(catalog: Catalog) -> dict[tuple[str, str | None], Message]:
    return {(_singular(message), message.context): message for message in catalog if message.id}


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _ending(string: str) -> str:
    """The mark at the end; that of an abbreviation is none."""
    return string[-1:] if string.endswith((".", ":", " ")) and not string.endswith(ABBREVIATED) else ""


def test_the_extraction_finds_messages_of_every_kind(said: Catalog) -> None:
    found = {_singular(message) for message in said}
    for words in (
        "Skip to the content",
        "Date",
        "%(num)s incident",
        "State or non-state perpetrator",
        "night of {first}–{last}",
        " or ",
        "This is not a day.",
        "The text has {length} characters; at most {limit} are allowed.",
        "Physical assault",
        "Language of `{column}`.",
        "First day of the period.",
    ):
        assert words in found


def test_the_extraction_overlooks_no_message(said: Catalog) -> None:
    # It reads no call that stands inside of another one. An empty text is the header of a catalogue and no message.
    messages_and_header = [[message.id] if isinstance(message.id, str) else message.id for message in said]
    found = {words for message in messages_and_header for words in message if words}
    overlooked = [
        f"{path.relative_to(messages.ROOT)}:{argument.lineno}: {argument.value}"
        for path in sorted((messages.ROOT / "tracker").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS
        for argument in (call.args[1:] if call.func.id in CONTEXTUAL else call.args)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in found
    ]
    assert overlooked == []


def test_no_message_is_missing_and_none_is_left_over(said: Catalog, catalogue: Catalog) -> None:
    known, needed = _of(catalogue), _of(said)
    assert [words for words in needed if words not in known] == [], "run `make messages`"
    assert [words for words in known if words not in needed] == [], "run `make messages`"
    assert not catalogue.obsolete, "run `make messages`"


def test_every_message_is_translated_and_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and not messages.is_complete(message)] == []


def test_a_translation_fills_the_same_places_and_ends_alike(catalogue: Catalog) -> None:
    for message in catalogue:
        if not message.id:
            continue
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        for string in _strings(message):
            places = sorted(set(PLACES.findall(string)))
            assert places in [sorted(set(PLACES.findall(original))) for original in originals], string
            assert _ending(string) == _ending(originals[0]), string
            assert string.count("\n") == originals[0].count("\n"), string
            assert "<" not in string, string
    assert [error for _, errors in catalogue.check() for error in errors] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_program_reads_what_the_translators_wrote(language: str) -> None:
    catalog = messages.translations(language)
    with (messages.TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    for message in catalog:
        if not message.id or message.context:
            continue
        forms = {read.gettext(_singular(message))}
        if not isinstance(message.id, str):
            forms = {read.ngettext(message.id[0], message.id[1], number) for number in range(200)}
        assert forms == set(_strings(message)), "run `make messages`"
    # One entry more is the header.
    stored: dict[object, str] = read._catalog  # type: ignore[attr-defined]
    assert len(stored) == 1 + sum(len(_strings(message)) for message in catalog if message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_that_is_up_to_date_is_written_as_it_was(language: str) -> None:
    path = messages.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    catalog = messages.translations(language)
    messages.renew(catalog)
    # The version of Babel stands in the header.
    kept = re.sub(rb'"Generated-By: [^"]+"', b"", path.read_bytes())
    assert re.sub(rb'"Generated-By: [^"]+"', b"", messages.written(catalog)) == kept, "run `make messages`"
