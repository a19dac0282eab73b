"""Reading a place as people write it: its parts, and in how many ways each part can be a name."""

import re
from dataclasses import dataclass, field
from enum import Enum

from tracker.geocoding.answers import Wanted
from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.bending import straightened
from tracker.geocoding.gazetteer.generic import OFFICES, VENUES, is_generic, peel, points_at
from tracker.geocoding.gazetteer.places import Kind
from tracker.text import fold

MOST_PARTS = 8
MOST_WORDS = 14
LONGEST_NAME = 5
_BETWEEN = re.compile(r"[,;/|()\[\]{}«»“”\"\n\r\t،、，；·•→]+|\s[-–—]+\s|\.\s+(?=\S{4})")
# "Bishkek's Ala-Too Square"; names such as "St. John's" are whole parts.
_POSSESSIVE = re.compile("(?<=\\w\\w)[’']s$")
_SHORTENED = re.compile(
    r"\b(г|гор|с|пос|дер|д|п|обл|р-н|пгт|св|им|st|ste|mt|ft|dr|no|prov|edo|dist|distr|dto|mpio|cd|ciud)\.", re.I
)


class Source(Enum):
    """Where a part comes from: free text, or a field that says what it is."""

    TEXT = "text"
    LOCALITY = "locality"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"


KINDS = {
    Source.TEXT: frozenset(Kind),
    Source.LOCALITY: frozenset({Kind.LOCALITY}),
    Source.ADMIN2: frozenset({Kind.ADMIN2, Kind.ADMIN1}),
    Source.ADMIN1: frozenset({Kind.ADMIN1, Kind.ADMIN2}),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a part as a name.

    Attributes:
        written, sounded: its keys.
        trust: how likely a name found so is meant, from 0 to 1.
        kinds: the kinds of place that generic words name; empty if there are none.
        words: which words of the part it is made of, from and to; None where nothing is left over.
    """

    written: str
    sounded: str
    trust: float
    kinds: frozenset[Kind] = frozenset()
    words: tuple[int, int] | None = None


@dataclass(slots=True)
class Part:
    """A piece of what was asked, between commas or from a field of its own."""

    text: str
    source: Source
    forms: list[Form] = field(default_factory=list)


def parts_of(wanted: Wanted) -> list[Part]:
    """The parts that can name a place, each with its forms, the finest field first. A venue names none."""
    fields = [
        (wanted.locality, Source.LOCALITY),
        (wanted.text, Source.TEXT),
        (wanted.admin2, Source.ADMIN2),
        (wanted.admin1, Source.ADMIN1),
    ]
    parts: list[Part] = []
    for text, source in fields:
        pieces = _BETWEEN.split(_SHORTENED.sub(r"\1 ", text)) if text else []
        for piece in pieces:
            key = fold(piece)
            if key and not key.replace(" ", "").isdecimal():
                parts.append(Part(piece.strip(), source, forms_of(piece, key)))
    return parts[:MOST_PARTS]


def may_be_village(part: Part) -> bool:
    """Whether a part of which nothing is known there may be a village rather than a street, building or number."""
    words = fold(part.text).split()
    return len(words) <= 2 and not any(character.isdigit() for character in part.text) and VENUES.isdisjoint(words)


def forms_of(text: str, key: str) -> list[Form]:
    """The ways to read a whole part as one name, the most trusted first; `key` is the folded text."""
    words = tuple(key.split())
    peeled = peel(words)
    forms = [_form(text, 1.0)]
    if peeled.words != words:
        bare = " ".join(peeled.words)
        # After "в" the name as it stands is the less likely one.
        forms.append(_form(bare, 0.6 if peeled.bent and not peeled.kinds else 0.95, peeled.kinds))
    if len(peeled.words) <= LONGEST_NAME:
        trust = 0.9 if peeled.bent else 0.4
        forms += [_form(" ".join(each), trust, peeled.kinds) for each in straightened(peeled.words)]
    return _distinct(forms)


def spans_of(text: str) -> list[Form]:
    """The ways to find a name inside a part that is none as a whole: "a polling station in the city of Osh"."""
    tokens = [_POSSESSIVE.sub("", token) for token in text.split() if fold(token)]
    if len(tokens) > MOST_WORDS:
        # The name of the place stands at one of the ends, where the text is long.
        tokens = tokens[: MOST_WORDS // 2] + tokens[-MOST_WORDS // 2 :]
    cased = any(token[:1].isupper() for token in tokens) and any(token[:1].islower() for token in tokens)
    forms: list[Form] = []
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(tokens)) + 1):
            if end - start < len(tokens):
                forms += _span(tokens, start, end, cased=cased)
    return _distinct(forms)


def _span(tokens: list[str], start: int, end: int, *, cased: bool) -> list[Form]:
    span = tokens[start:end]
    words = tuple(fold(" ".join(span)).split())
    if not words or is_generic(words) or (cased and not (span[0][0].isupper() and span[-1][0].isupper())):
        return []
    before = tuple(fold(" ".join(tokens[:start])).split())
    governed = before[-1:] and before[-1] in OFFICES
    pointed = any(points_at(before[-length:]) for length in range(1, min(3, len(before)) + 1))
    trust = (0.8 if pointed else 0.3) * len(words) ** 0.5 / 2
    forms = [_form(" ".join(span), trust, frozenset(), (start, end))]
    peeled = peel(words)
    if peeled.words != words:
        forms.append(_form(" ".join(peeled.words), trust, peeled.kinds, (start, end)))
    if pointed or peeled.bent or governed:
        forms += [_form(" ".join(each), trust, peeled.kinds, (start, end)) for each in straightened(peeled.words)[:12]]
    return forms


def _form(text: str, trust: float, kinds: frozenset[Kind] = frozenset(), words: tuple[int, int] | None = None) -> Form:
    return Form(keys.written_cached(text), keys.sounded_cached(text), trust, kinds, words)


def _distinct(forms: list[Form]) -> list[Form]:
    """The forms, each key once for each set of kinds, with the greatest trust."""
    best: dict[tuple[str, frozenset[Kind]], Form] = {}
    for form in forms:
        known = best.get((form.written, form.kinds))
        if form.written and (known is None or form.trust > known.trust):
            best[form.written, form.kinds] = form
    return sorted(best.values(), key=lambda form: -form.trust)
