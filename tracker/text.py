"""Plain text: keys to search and compare by, checks of what comes in, and the writing of cells and slugs.

Search keys are made here and nowhere else, so that both databases store and look up the very same words:
SQLite in an FTS5 table with `tokenize='ascii'`, PostgreSQL as the lexemes of a tsvector.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from tracker.phrases import Phrase, phrase

LONGEST_TOKEN = 64
"""Longer words are cut, in records and queries alike; PostgreSQL takes no lexeme of 2 kB or more."""

SEPARATOR = "|"
"""What stands between the values of a list in one cell."""

# Scripts written without blanks between words: Thai, Lao, Burmese, Khmer, kana and Chinese characters.
_UNSPACED = re.compile(
    "[\u0e01-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u3005-\u3007\u3041-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af]+"
)
# Letters that Unicode does not take apart, and that sources in English print as plain ones.
_PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
# Marks that people leave out when they type: accents, and the vowel points of Hebrew, Arabic and Syriac.
# All other marks, such as the vowel signs of India and South-East Asia, are part of the spelling and stay.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06ed\u0711\u0730-\u074a\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_SPACING_MODIFIERS = range(0x02B9, 0x0300)
_LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CELL_PARTS = re.compile(r"\\([\\|])|(\|)|([^\\|]+)|\\")
_FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n\0']")


class _Folding(dict[int, str]):
    """What becomes of each character of a decomposed lower-case text; looked up by str.translate."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        # The table stays small even if someone sends every character that there is.
        if code < 0x10000:
            self[code] = folded
        return folded


def _folded(character: str) -> str:
    """The character of a key that stands for one character of decomposed lower-case text."""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    # Invisible characters join what they stand between, except the one that allows a line to be broken.
    if _ACCENTS.match(character) or (category == "Cf" and character != "\u200b"):
        return ""
    # Apostrophes and quotation marks are also encoded as letters; "O'zbek" has one key, however it is typed.
    if category[0] in "LNM" and ord(character) not in _SPACING_MODIFIERS:
        return _PLAIN_LETTERS.get(character, character)
    return " "


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The key by which texts are searched and compared: words of letters and digits, one blank between them.

    Case, accents, the difference of ё and е, width and style of letters and digits, and punctuation
    disappear. A folded text folds to itself.
    """
    # Lower case can give what must be decomposed, and decomposition what has a lower case, so both go twice.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKD", " ".join(text.translate(_FOLDING).split()))


def tokens(text: str) -> list[str]:
    """The words of a text as they are stored and looked up, in their order, with repetitions.

    A token consists of letters, digits and marks that belong to the spelling; it holds no blank, quotation
    mark or operator of any search engine and at most LONGEST_TOKEN characters. Scripts that do not part
    their words give each pair of neighbouring characters, so that a word is found inside a sentence.
    """
    return _tokens_of(fold(text))


def search_document(texts: Iterable[str]) -> str:
    """The tokens of all texts of a record, sorted, each once, with blanks between them, for the search table.

    Where tokens are pairs of characters, the single characters are listed too, for queries of just one.
    """
    # Folded as one text, which is much quicker; the line breaks keep the words of two texts apart.
    folded = fold("\n".join(texts))
    found = set(_tokens_of(folded))
    for run in _UNSPACED.findall(folded):
        found.update(_clusters(run))
    return " ".join(sorted(found))


def search_words(query: str) -> list[str]:
    """The different tokens of a query in their order; the last one stays last, as it matches as a prefix.

    A query without any letter or digit gives an empty list.
    """
    words = tokens(query)
    return list(dict.fromkeys(reversed(words)))[::-1]


def contains_name(text: str, name: str) -> bool:
    """Whether the words of a name follow one another in the text, compared by their keys.

    Words count as wholes; a name without any letter or digit is contained in nothing.
    """
    needle = f" {fold(name)} "
    if not needle.strip():
        return False
    if _UNSPACED.search(needle):
        return needle.strip() in fold(text)
    return needle in f" {fold(text)} "


def _tokens_of(folded: str) -> list[str]:
    words = folded.split()
    if _UNSPACED.search(folded):
        words = [part for word in words for part in _split_word(word)]
    return [word[:LONGEST_TOKEN] for word in words]


def _split_word(word: str) -> Iterable[str]:
    """Split a folded word at the runs of unspaced script in it, and those into pairs of characters."""
    position = 0
    for run in _UNSPACED.finditer(word):
        if position < run.start():
            yield word[position : run.start()]
        clusters = _clusters(run[0])
        if len(clusters) == 1:
            yield clusters[0]
        yield from (first + second for first, second in pairwise(clusters))
        position = run.end()
    if position < len(word):
        yield word[position:]


def _clusters(run: str) -> list[str]:
    """The characters of a run, each with the marks that belong to it."""
    clusters: list[str] = []
    for character in run:
        if clusters and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def text_problem(text: str, *, limit: int, multiline: bool = False) -> Phrase | None:
    """What is wrong with a text that someone sent, as a sentence, or None; `limit` counts characters.

    Refused are characters that a database, XML or a terminal cannot take, and those that make a text read
    otherwise than it is stored. Tabs and line breaks are for texts of several lines only.
    """
    if len(text) > limit:
        return phrase(
            "The text has {length} characters; at most {limit} are allowed.",
            length=f"{len(text):,}",
            limit=f"{limit:,}",
        )
    # Nearly every character is printable, which is quick to ask of a whole text, and then of each.
    if text.isprintable():
        return None
    for position, character in enumerate(text, start=1):
        if not character.isprintable() and (problem := _character_problem(character, multiline)):
            return phrase(
                "{problem} (character {position} of the text, U+{code}).",
                problem=problem,
                position=f"{position:,}",
                code=f"{ord(character):04X}",
            )
    return None


def _character_problem(character: str, multiline: bool) -> Phrase | None:
    if multiline and character in "\n\r\t":
        return None
    if character in _LINE_BREAKS:
        if multiline:
            return phrase("This kind of line break is not allowed")
        return phrase("The text has to stand in one line")
    if character in _REORDERING:
        return phrase("Characters that change the direction of the text are not allowed")
    category = unicodedata.category(character)
    if category == "Cc":
        return phrase("Control characters are not allowed")
    if category == "Cs":
        return phrase("One half of a divided character is not allowed")
    if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
        return phrase("Codes that stand for no character are not allowed")
    return None


def slugify(text: str, *, limit: int = 80) -> str:
    """A text as a piece of a web address: lower-case ASCII words with hyphens, other scripts transliterated.

    Cut at a word after at most `limit` characters. Empty if nothing in the text can be written so.
    """
    # Its tables of every script stay out of the memory of whoever asks for none.
    from slugify import slugify as transliterated

    return str(transliterated(text, max_length=limit, word_boundary=True))


def shorten(text: str, limit: int) -> str:
    """The beginning of a text in one line of at most `limit` characters, cut at a word, with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    end = max(limit - 1, 0)
    # A mark is not parted from its letter, and half a word is kept only if there is no blank to cut at.
    while end and unicodedata.category(line[end]).startswith("M"):
        end -= 1
    kept = line[:end] if line[end] == " " else line[:end].rpartition(" ")[0] or line[:end]
    return f"{kept.rstrip(' ,;:')}…"[:limit]


def join_list(values: Iterable[str]) -> str:
    r"""Write a list into one cell: values with `|` between them, and `\` before a `|` or `\` inside a value.

    No value may be empty (ValueError), because an empty cell is an empty list.
    """
    escaped = [value.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}") for value in values]
    if "" in escaped:
        raise ValueError("a list in a cell cannot hold an empty value")
    return SEPARATOR.join(escaped)


def split_list(cell: str) -> list[str]:
    """Read a list that join_list wrote; anything that it cannot have written raises ValueError."""
    values = [""]
    for escaped, separator, plain in _CELL_PARTS.findall(cell):
        if separator:
            values.append("")
        elif escaped or plain:
            values[-1] += escaped or plain
        else:
            raise ValueError("in a list, a backslash stands only before a backslash or a |")
    if values == [""]:
        return []
    if "" in values:
        raise ValueError("a list in a cell cannot hold an empty value")
    return values


def guard(cell: str) -> str:
    """Put `'` before a text that a spreadsheet would run as a formula, or that begins with `'` itself.

    Dangerous are the signs = + - @ in either width, tab, line breaks and NUL, blanks before them left aside.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Undo `guard`: strip one `'` from the beginning."""
    return cell.removeprefix("'")
