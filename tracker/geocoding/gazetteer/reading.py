"""Reading a place as people write it: its parts, and in how many ways each part can be a name."""

import re
from dataclasses import dataclass, field
from enum import Enum

from tracker.geocoding.answers import Wanted
from tracker.geocoding.gazetteer import keys
from tracker.geocoding.gazetteer.bending import straightened, without_set_off
from tracker.geocoding.gazetteer.generic import OFFICES, VENUES, Peeled, is_generic, peel, points_at
from tracker.geocoding.gazetteer.places import Kind
from tracker.geocoding.gazetteer.tongues import at_home, at_home_bent
from tracker.text import fold

MOST_PARTS = 8
MOST_WORDS = 14
LONGEST_NAME = 5
BARE = 0.95
"""How far a name is trusted that is left when its generic words are taken off."""
_NO_NAMES = VENUES | OFFICES
_BESIDE = 0.8
_MOST_LEFT_OVER = 3
_BETWEEN = re.compile(r"[,;/|()\[\]{}«»“”\"\n\r\t،、，；·•→]+|\s[-–—]+\s|\.\s+(?=\S{4})")
# "Bishkek's Ala-Too Square"; names such as "St. John's" are whole parts.
_POSSESSIVE = re.compile("(?<=\\w\\w)[’']s$")
# "в подмосковных Химках": between the preposition and the name, written small.
_ADJECTIVE = re.compile("[а-я]{3,}(?:[оеы]м|им|[ое]и|[ыи]х|[ое]го|[ую]ю)")
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
        pointed: whether the words before it point at it, as in "in", and whatever else stands there is no name with it.
        home: the countries in which the language is at home, as far as the text or this reading tells.
    """

    written: str
    sounded: str
    trust: float
    kinds: frozenset[Kind] = frozenset()
    words: tuple[int, int] | None = None
    pointed: bool = False
    home: frozenset[str] = frozenset()


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


def may_be_village(part: Part, words: int = 2) -> bool:
    """Whether a part of which nothing is known there may be a village rather than a street, building or number.

    `words` is how many words its name has at most.
    """
    folded = fold(part.text).split()
    numbered = any(character.isdigit() for character in part.text)
    return len(folded) <= words and not numbered and VENUES.isdisjoint(folded)


def left_over(part: Part, words: tuple[int, int]) -> tuple[int, int] | None:
    """Which words beside a name in a part may be a name too, as "Suruçe" in "Suruçe Şanlıurfa"; None where none are.

    Words that are written small, that point at the name or say what it is, and whatever is a building, are no names.
    """
    tokens = tokens_of(part.text)
    cased = _is_cased(tokens)
    for start, end in ((0, words[0]), (words[1], len(tokens))):
        beside = tokens[start:end]
        said = tuple(fold(" ".join(beside)).split())
        if not said or not VENUES.isdisjoint(said) or not OFFICES.isdisjoint(said) or len(beside) > _MOST_LEFT_OVER:
            continue
        near = beside[-1] if end == words[0] else beside[0]
        if not is_generic(tuple(fold(near).split())) and (not cased or near[0].isupper()) and near[0].isalpha():
            return start, end
    return None


def left_over_form(part: Part, words: tuple[int, int]) -> Form:
    """These words of a part as a name."""
    name = " ".join(tokens_of(part.text)[words[0] : words[1]])
    return Form(keys.written_cached(name), keys.sounded_cached(name), _BESIDE, words=words)


def tokens_of(text: str) -> list[str]:
    """The words of a part as they are written, of long ones those at the ends, where the name of the place stands."""
    tokens = [_POSSESSIVE.sub("", without_set_off(token)) for token in text.split() if fold(token)]
    return tokens if len(tokens) <= MOST_WORDS else tokens[: MOST_WORDS // 2] + tokens[-MOST_WORDS // 2 :]


def _is_cased(tokens: list[str]) -> bool:
    return any(token[:1].isupper() for token in tokens) and any(token[:1].islower() for token in tokens)


def forms_of(text: str, key: str) -> list[Form]:
    """The ways to read a whole part as one name, the most trusted first; `key` is the folded text."""
    words = tuple(key.split())
    home = at_home(text, words)
    peeled = peel(words)
    forms = [_form(text, 1.0, home=home)]
    if peeled.words != words:
        bare = " ".join(peeled.words)
        # After "в" the name as it stands is the less likely one.
        forms.append(_form(bare, 0.6 if peeled.bent and not peeled.kinds else BARE, peeled.kinds, home=home))
    if len(peeled.words) <= LONGEST_NAME:
        trust = 0.9 if peeled.bent else 0.4
        for each in straightened(peeled.words):
            also = home or at_home_bent(peeled.words, each)
            forms.append(_form(" ".join(each), trust, peeled.kinds, home=also))
    if (short := without_set_off(text)) != text:
        bare = " ".join(peel(tuple(fold(short).split())).words)
        forms.append(_form(bare, 0.9, peeled.kinds, home=home))
    return _distinct(forms)


def spans_of(text: str) -> list[Form]:
    """The ways to find a name inside a part that is none as a whole: "a polling station in the city of Osh"."""
    tokens = tokens_of(text)
    cased = _is_cased(tokens)
    home = at_home(text, tuple(fold(text).split()))
    forms: list[Form] = []
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(tokens)) + 1):
            if end - start < len(tokens):
                forms += _span(tokens, start, end, home, cased=cased)
    return _distinct(forms)


def _span(tokens: list[str], start: int, end: int, home: frozenset[str], *, cased: bool) -> list[Form]:
    span = tokens[start:end]
    words = tuple(fold(" ".join(span)).split())
    if not words or is_generic(words) or (len(words) == 1 and words[0] in _NO_NAMES):
        return []
    peeled = peel(words)
    if cased and not _is_capital(span, peeled):
        return []
    before = _before(tokens[:start], cased=cased)
    governed = before[-1:] and before[-1] in OFFICES
    pointed = any(points_at(before[-length:]) for length in range(1, min(3, len(before)) + 1))
    trust = (0.8 if pointed else 0.3) * len(words) ** 0.5 / 2
    found = [(" ".join(span), frozenset[Kind]())]
    if peeled.words != words:
        found.append((" ".join(peeled.words), peeled.kinds))
    if pointed or peeled.bent or governed:
        found += [(" ".join(each), peeled.kinds) for each in straightened(peeled.words)[:12]]
    return [
        Form(keys.written_cached(name), keys.sounded_cached(name), trust, kinds, (start, end), pointed, home)
        for name, kinds in found
    ]


def _is_capital(span: list[str], peeled: Peeled) -> bool:
    """Whether a span is a name written with capitals, alone or with small words for its kind: "Oaxaca state"."""
    large = [number for number, token in enumerate(span) if token[0].isupper()]
    if not large:
        return False
    if large[0] == 0 and large[-1] == len(span) - 1:
        return True
    name = tuple(fold(" ".join(span[large[0] : large[-1] + 1])).split())
    return bool(peeled.kinds) and name == peeled.words


def _before(tokens: list[str], *, cased: bool) -> tuple[str, ...]:
    """The folded words before a name, without adjectives that are written small beside it."""
    words = list(fold(" ".join(tokens)).split())
    while cased and len(words) > 1 and tokens[-1][0].islower() and _ADJECTIVE.fullmatch(words[-1]):
        words, tokens = words[:-1], tokens[:-1]
    return tuple(words)


def _form(text: str, trust: float, kinds: frozenset[Kind] = frozenset(), *, home: frozenset[str] = frozenset()) -> Form:
    return Form(keys.written_cached(text), keys.sounded_cached(text), trust, kinds, home=home)


def _distinct(forms: list[Form]) -> list[Form]:
    """The forms, each key once for each set of kinds, with the greatest trust."""
    best: dict[tuple[str, frozenset[Kind]], Form] = {}
    for form in forms:
        known = best.get((form.written, form.kinds))
        if form.written and (known is None or form.trust > known.trust):
            best[form.written, form.kinds] = form
    return sorted(best.values(), key=lambda form: -form.trust)
