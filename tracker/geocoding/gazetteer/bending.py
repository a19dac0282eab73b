"""Names as they stand in a sentence ("в Оше", "Бишкекте", "у Львові", "Van'da"), brought back to what lists hold.

No dictionary is needed: all forms that an ending can come from are tried, and only what the gazetteer knows counts.
"""

import re
from itertools import islice, product

MOST_FORMS = 48
_SHORTEST_STEM = 2
_CYRILLIC = re.compile("[\u0430-\u044f\u0451\u0454\u0456\u0457\u0493\u049b\u04a3\u04af\u04b1\u04b3\u04b7\u04d9\u04e9]+")

# Endings with what they may stand for, the likelier first; folded, so that й is и and ё is е.
_RUSSIAN = [
    # A region's adjective comes from the name of its town, which may be all that a list has of it.
    ("ская", ("", "а", "ь", "я")),
    ("скии", ("", "а", "ь", "я")),
    ("скои", ("ская", "", "а", "ь")),
    ("скую", ("ская", "", "а", "ь")),
    ("ском", ("скии", "ское", "ск", "", "а")),
    ("ского", ("скии", "ское", "", "а")),
    ("скому", ("скии", "ское")),
    ("ским", ("скии", "ское")),
    ("цкои", ("цкая",)),
    ("ои", ("ая", "а")),
    ("ом", ("", "ыи", "ое", "о")),
    ("ем", ("ии", "ее", "ь", "е")),
    ("его", ("ии", "ее")),
    ("ого", ("ыи", "ои", "ое")),
    ("ах", ("ы", "и", "а")),
    ("ях", ("и",)),
    ("ами", ("ы", "и")),
    ("ью", ("ь",)),
    ("ии", ("ия", "и")),
    ("ию", ("ия",)),
    ("ве", ("во", "в", "ва")),
    ("не", ("но", "н", "на", "нь")),
    ("е", ("", "а", "я", "о", "ь")),
    ("а", ("", "о")),
    ("у", ("", "а", "о")),
    ("ы", ("а", "")),
    ("и", ("ь", "а", "я", "")),
    ("ю", ("я", "ь")),
    ("я", ("ь", "и", "е")),
]
# Folded, so that ї is і and й is и; Russian has no і, by which these are known.
_UKRAINIAN = [
    ("ськіи", ("ська",)),
    ("цькіи", ("цька",)),
    ("ові", ("ів", "ов", "")),
    ("еві", ("ів", "ев", "ь")),
    ("єві", ("ів", "єв")),
    ("ці", ("ка", "ця", "ц", "ці")),
    ("зі", ("га", "за", "зь")),
    ("сі", ("ха", "са", "сь")),
    ("ні", ("нь", "на", "не", "н")),
    ("і", ("", "а", "ь", "я", "о", "е")),
]
# Where, whence, whose and whither, in the vowels of each harmony.
_KYRGYZ = re.compile("(?:[дт](?:а|е|о|ө)(?:н|гы|ги|гу|гү)?|[дтн](?:ын|ин|ун|үн)|[гк](?:а|е|о|ө))$")
# What Turkish sets off with an apostrophe; one letter alone is rather a part of the name, as in "Sana'a".
_SET_OFF = re.compile(r"(\w\w+)['’ʼ](n?[dt][ae]n?|n?[dt]eki|n?[dt]aki|n?[ıiuü]n|[yn][aeıiuü])(?!\w)", re.IGNORECASE)
_APOSTROPHES = frozenset("'’ʼ")
_VOWELS, _BACK = frozenset("aıoueiöüâî"), frozenset("aıouâ")


def without_set_off(text: str) -> str:
    """A text without endings that are set off by an apostrophe: "Van'da" is "Van", and "Mada'in" what it was."""
    return _SET_OFF.sub(_unless_a_part, text) if not _APOSTROPHES.isdisjoint(text) else text


def _unless_a_part(found: re.Match[str]) -> str:
    """Nothing in place of an ending whose vowel goes with the last one before it, as it does in Turkish."""
    before = [vowel for vowel in found[1].lower() if vowel in _VOWELS]
    ending = [vowel for vowel in found[2].lower() if vowel in _VOWELS]
    back = before[-1:] and before[-1] in _BACK
    return found[1] if before and (before[-1] == "i" or back == (ending[0] in _BACK)) else found[0]


def kyrgyz_endings(word: str, name: str) -> str:
    """What of a folded word is an ending of Kyrgyz cases, given the name; empty if it is none: "до" of "караколдо"."""
    ending = word.removeprefix(name)
    return ending if ending != word and _KYRGYZ.fullmatch(ending) else ""


def straightened(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What the folded words may be in the form that lists hold, themselves left out."""
    choices = [_forms(word) for word in words]
    if not any(len(each) > 1 for each in choices):
        return []
    made = (found for found in product(*choices) if found != words)
    return list(dict.fromkeys(islice(made, MOST_FORMS)))


def _forms(word: str) -> list[str]:
    if not _CYRILLIC.fullmatch(word):
        return [word]
    forms = [word]
    for ending, replaced in (*_UKRAINIAN, *_RUSSIAN) if word.endswith("і") or "і" in word[-3:] else _RUSSIAN:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)]
            forms += [stem + each for each in replaced]
    stem = _KYRGYZ.sub("", word)
    if stem != word and len(stem) >= _SHORTEST_STEM:
        forms.append(stem)
    return list(dict.fromkeys(forms))
