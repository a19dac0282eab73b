"""Two keys for each name: how it is written, and roughly how it sounds.

`tracker.text.fold` gives the first, so that "Juarez" finds "Juárez". The second brings scripts and romanisations
together: "Жалал-Абад", "Dzhalal-Abad" and "Jalal-Abad" sound the same here. Both are made once when a gazetteer is
built and again for each look-up, so that a change of either calls for a new format number of the file.
"""

import re
import unicodedata
from functools import lru_cache

from tracker.text import fold

SHORTEST_SOUND, LONGEST_SOUND = 2, 40
"""Names that sound shorter or longer have no second key."""

# Cyrillic letters of the languages of Eastern Europe and Central Asia, and Latin letters with marks that change their
# sound. All of them become the letters of a plain English romanisation; marks that are not listed are dropped.
_LETTERS = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhie", strict=True)),
        **dict(zip("ғґёіїӣәһқңөүұӯўҳҷјє", "ggeiiiahknouuuohjie", strict=True)),
        **{"ж": "j", "җ": "j", "ђ": "j", "џ": "j", "ц": "ts", "ч": "ch", "ћ": "ch", "ш": "sh", "щ": "sh"},
        **{"ъ": "", "ь": "", "ю": "iu", "я": "ia", "љ": "li", "њ": "ni", "ң": "ng"},
        **{"š": "sh", "ş": "sh", "ș": "sh", "ś": "sh", "ŝ": "sh", "č": "ch", "ç": "ch", "ĉ": "ch", "ć": "ch"},
        **{"ž": "j", "ż": "j", "ź": "z", "ĵ": "j", "ǧ": "g", "ğ": "g", "ə": "a", "ı": "i", "ß": "ss", "þ": "t"},
        **{"ʻ": "", "ʼ": "", "’": "", "‘": "", "'": "", "`": "", "ʹ": "", "ʺ": "", "´": ""},
    }
)
# Applied in this order; the capital C stands for "ch" until the single c is done.
_SPELLINGS = [
    ("dsch", "j"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("shch", "sh"), ("sch", "sh"), ("tch", "C"), ("ch", "C"),
    ("kh", "h"), ("ph", "f"), ("gh", "g"), ("th", "t"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"),
    ("C", "ch"), ("x", "ks"), ("tz", "ts"), ("ng", "n"),
]  # fmt: skip
# "Bokonbayevo" and "Боконбаево", "Yekaterinburg" and "Екатеринбург".
_SOFT_E = re.compile(r"(?:^|(?<=[aeiou]))i(?=e)")
# A soft sign before an e is written in many ways: "Ананьево", "Ananyevo", "Anan’evo".
_SIGN_BEFORE_E = re.compile(r"(?<=[^\W\d_][^\W\d_])['’ʼʹ](?=e)")
_SINGLE = str.maketrans({"w": "v", "q": "k", "y": "i"})
_DOUBLED = re.compile(r"(.)\1+")
_ASCII_BLANKS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_LAST_CYRILLIC = "\u052f"
# Words that are as often shortened as written out.
_SHORTENED = [("saint", "st"), ("sankt", "st"), ("sainte", "ste"), ("mount", "mt"), ("fort", "ft")]


def written(name: str) -> str:
    """The key of a name as it is written; initials stand together, so that "U. K." is "uk"."""
    key = _plain(name) if name.isascii() else fold(name)
    if len(key) > 1 and key[1] == " ":
        words = key.split(" ")
        if key.isascii() and all(len(word) == 1 for word in words):
            return "".join(words)
    return key


def sounded(name: str) -> str:
    """The key of a name as it sounds, in Latin letters without blanks; empty for scripts but Latin and Cyrillic."""
    if "e" in name:
        name = _SIGN_BEFORE_E.sub("i", name)
    if not name.isascii():
        # Whatever stands behind the Cyrillic letters is of another script, but for Latin ones with several marks.
        if name[0] > _LAST_CYRILLIC and not "\u1e00" <= name[0] <= "\u1eff":
            return ""
        name = unicodedata.normalize("NFC", name.casefold()).replace("ье", "ие").translate(_LETTERS)
    key = _plain(name.replace("'", "")) if name.isascii() else fold(name)
    for long, short in _SHORTENED:
        if long in key:
            key = " ".join(short if word == long else word for word in key.split())
    sound = key.replace(" ", "").translate(_SINGLE)
    for spelling, letter in _SPELLINGS:
        if spelling in sound:
            sound = sound.replace(spelling, letter)
    if "ie" in sound:
        sound = _SOFT_E.sub("", sound)
    return _DOUBLED.sub(r"\1", sound) if _DOUBLED.search(sound) else sound


def _plain(name: str) -> str:
    """What `fold` makes of plain letters, ten times as fast; most names are plain."""
    return " ".join(name.lower().translate(_ASCII_BLANKS).split())


@lru_cache(maxsize=4096)
def written_cached(name: str) -> str:
    """`written` for look-ups, which ask for the same words again and again."""
    return written(name)


@lru_cache(maxsize=4096)
def sounded_cached(name: str) -> str:
    """`sounded` for look-ups."""
    return sounded(name)


def pieces(sound: str) -> set[str]:
    """The triples of neighbouring characters of a sounded key, its beginning and end marked, for slips of the pen."""
    marked = f"^{sound}$"
    return {marked[start : start + 3] for start in range(len(marked) - 2)}
