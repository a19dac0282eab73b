"""The kinds of field of the entry form, on top of WTForms: what each one says to a draft, and how a draft fills it.

A field knows two ways: `given()` is what it says in the shape of raw drafts (None where it says nothing), and
`pairs(value)` is what a browser would post for a value of a draft. The two undo each other.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField

from tracker.vocabulary import COUNTRIES, Consent, Vocabulary, country_name
from tracker.web.translation import gettext, page_code

Pair = tuple[str, str]
Choice = tuple[str, str]
Path = tuple[str, ...]
_LANGUAGE = re.compile("[a-z]{2,3}")


@lru_cache(maxsize=256)
def _labels(vocabulary: type[Vocabulary], _locale: str) -> list[Choice]:
    """The codes of a vocabulary with their words, kept for each language since every page asks for them many times."""
    return [(code.value, gettext(code.label)) for code in vocabulary]


@lru_cache(maxsize=512)
def label_in(label: str, _locale: str) -> str:
    """The label of a field in the language of the page, kept since a form has hundreds of fields."""
    return gettext(label)


@lru_cache(maxsize=1024)
def _options(vocabulary: type[Vocabulary], locale: str, chosen: str) -> Markup:
    """The options of a list with one of them chosen, as HTML, kept for the same reason."""
    option = Markup('<option value="{}"{}>{}</option>')
    marked = (
        (code, Markup(" selected") if code == chosen else "", words) for code, words in _labels(vocabulary, locale)
    )
    return Markup("").join(option.format(*each) for each in marked)


@lru_cache(maxsize=16)
def _countries(locale: str) -> list[Choice]:
    named = ((code, country_name(code, Locale.parse(locale))) for code in COUNTRIES)
    return sorted(named, key=lambda choice: choice[1])


class Asks:
    """What all fields of the form share.

    Attributes:
        path: where in the draft of its row the value stands.
        vocabulary: the list that its codes are from, for the definitions beside it.
        begun: what a new row shows in it; a field that still shows it has not been touched.
    """

    path: Path = ()
    vocabulary: type[Vocabulary] | None = None
    begun: str = ""
    name: str
    short_name: str
    data: Any

    def given(self) -> Any:
        """The value for a draft, or None."""
        return self.data.strip() or None if isinstance(self.data, str) else self.data

    def touched(self) -> bool:
        """Whether the field says something that a new row does not say by itself."""
        value = self.given()
        return value is not None and value != self.begun

    def pairs(self, value: Any) -> list[Pair]:
        """What a browser posts where the draft holds this value."""
        return [(self.name, str(value))]


class Asking(Asks):
    """The arguments by which a field of the form is declared, before those of WTForms."""

    def __init__(
        self, label: str = "", *args: Any, path: str | None = None, begun: str = "", hint: str = "", **more: Any
    ) -> None:
        super().__init__(label, *args, default=begun, description=hint, **more)  # type: ignore[call-arg]
        self.path = tuple(path.split(".")) if path is not None else (self.short_name,)
        self.begun = begun


class LineField(Asking, StringField):  # type: ignore[misc]
    """One line of text."""


class TextField(Asking, TextAreaField):  # type: ignore[misc]
    """Several lines of text; browsers send each line break as two characters."""

    def given(self) -> str | None:
        """The text with line breaks as records have them."""
        return (self.data or "").replace("\r\n", "\n").strip() or None


class DayField(LineField):
    """One day, as the browser's own field for days gives it."""


class NumberField(LineField):
    """A whole number; it stays as typed until the draft judges it."""


class CodeField(Asking, SelectField):  # type: ignore[misc]
    """One code of a vocabulary, or nothing."""

    def __init__(self, label: str, vocabulary: type[Vocabulary] | None = None, **more: Any) -> None:
        super().__init__(label, choices=(), validate_choice=False, coerce=str, **more)
        self.vocabulary = vocabulary

    def options(self) -> list[Choice]:
        """What can be chosen besides nothing."""
        return _labels(self.vocabulary, page_code()) if self.vocabulary is not None else []

    def options_html(self) -> Markup:
        """The options as HTML, with the chosen one marked."""
        chosen = self.data or ""
        if self.vocabulary is not None and (not chosen or chosen in self.vocabulary.codes()):
            return _options(self.vocabulary, page_code(), chosen)
        option = Markup('<option value="{}"{}>{}</option>')
        marked = ((code, Markup(" selected") if code == chosen else "", words) for code, words in self.shown())
        return Markup("").join(option.format(*each) for each in marked)

    def shown(self) -> list[Choice]:
        """The options, with what was posted and is none of them kept, so that its problem can be seen."""
        options = self.options()
        chosen = self.data or ""
        return options if not chosen or chosen in dict(options) else [*options, (chosen, chosen)]


class ConsentField(CodeField):
    """What somebody agreed to for one purpose; silence is the code `unknown`."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, Consent, begun=str(Consent.UNKNOWN), **more)

    def given(self) -> str | None:
        """The answer, unless nothing is known."""
        return None if self.data in (None, "", Consent.UNKNOWN) else str(self.data)


class CountryField(CodeField):
    """One country; those already in use here stand first."""

    common: Sequence[str] = ()

    def options(self) -> list[Choice]:
        """All countries in the order of their names."""
        return _countries(page_code())


class WordsField(CodeField):
    """One of a few answers that are no vocabulary of their own: `answers` are pairs of code and English words."""

    def __init__(self, label: str, answers: Iterable[Choice], **more: Any) -> None:
        super().__init__(label, **more)
        self.answers = tuple(answers)

    def options(self) -> list[Choice]:
        """The answers in the language of the page."""
        return [(code, gettext(words)) for code, words in self.answers]


class YesNoField(WordsField):
    """Yes, no, or nothing said."""

    def given(self) -> Any:
        """The answer; anything else is left for the draft to refuse."""
        return {"yes": True, "no": False, "": None}.get(self.data or "", self.data)

    def pairs(self, value: Any) -> list[Pair]:
        """Yes or no."""
        return [(self.name, "yes" if value else "no")]


class TickField(Asking, StringField):  # type: ignore[misc]
    """A box that is ticked or not; unticked boxes are not posted."""

    def given(self) -> bool | None:
        """True, or None."""
        return True if self.data else None

    def pairs(self, value: Any) -> list[Pair]:
        """The tick, if there is one."""
        return [(self.name, "yes")] if value else []


class CodesField(Asking, SelectMultipleField):  # type: ignore[misc]
    """Several codes, as boxes to tick. What is ticked stands first, in its recorded order, which a save keeps so."""

    def __init__(self, label: str, vocabulary: type[Vocabulary] | None = None, **more: Any) -> None:
        super().__init__(label, choices=(), validate_choice=False, coerce=str, **more)
        self.vocabulary = vocabulary

    def options(self) -> list[Choice]:
        """What can be ticked."""
        return _labels(self.vocabulary, page_code()) if self.vocabulary is not None else []

    def shown(self, options: Sequence[Choice] | None = None) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is ticked, of each box."""
        listed = dict(self.options() if options is None else options)
        ticked = self.given() or []
        return [(value, listed.get(value, value), True) for value in ticked] + [
            (value, words, False) for value, words in listed.items() if value not in ticked
        ]

    def given(self) -> list[str] | None:
        """What is ticked."""
        return list(dict.fromkeys(value for value in self.data or () if value)) or None

    def touched(self) -> bool:
        """Whether anything is ticked."""
        return self.given() is not None

    def pairs(self, value: Any) -> list[Pair]:
        """One pair for each box."""
        return [(self.name, str(code)) for code in value]


class TextsField(Asking, Field):  # type: ignore[misc]
    """A text in several languages, one input for each: `title-en`, `title-ru`."""

    multiline = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take every `name-language` of what was posted."""
        self.process_errors: list[str] = []
        start = f"{self.name}-"
        found: MultiDict[str, str] = formdata if formdata is not None else MultiDict()
        texts = {name.removeprefix(start): found[name] for name in found if name.startswith(start)}
        self.data = {code: text for code, text in texts.items() if _LANGUAGE.fullmatch(code)}

    def given(self) -> dict[str, str] | None:
        """The texts that hold anything, by language."""
        texts = {code: text.replace("\r\n", "\n").strip() for code, text in self.data.items()}
        return {code: text for code, text in texts.items() if text} or None

    def touched(self) -> bool:
        """Whether there is a text in any language."""
        return self.given() is not None

    def pairs(self, value: Any) -> list[Pair]:
        """One pair for each language."""
        return [(f"{self.name}-{language}", text) for language, text in value.items()]

    def missing(self, languages: Iterable[str]) -> list[str]:
        """The languages without a text."""
        return [language for language in languages if language not in (self.given() or {})]


class LongTextsField(TextsField):
    """The same with several lines each."""

    multiline = True


class PointField(LineField):
    """Latitude and longitude in one field, as they are copied from a map: 42.8764, 74.6038."""

    def given(self) -> dict[str, str] | None:
        """Both numbers as text, for the draft to judge; one of them alone where no more was typed."""
        typed = super().given()
        if not typed:
            return None
        parts = [part for part in typed.replace(";", " ").replace(", ", " ").split() if part]
        if len(parts) == 1 and parts[0].count(",") == 1:
            parts = parts[0].split(",")
        numbers = [part.rstrip("°,") for part in parts]
        return {"latitude": numbers[0], "longitude": " ".join(numbers[1:])}

    def pairs(self, value: Any) -> list[Pair]:
        """Both numbers; `repr` gives back the very same float."""
        return [(self.name, f"{value['latitude']!r}, {value['longitude']!r}")]
