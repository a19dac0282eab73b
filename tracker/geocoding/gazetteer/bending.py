"""Names in Russian and Kyrgyz as they stand in a sentence ("в Оше", "Бишкекте"), brought back to what lists hold.

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
# Where, whence, whose and whither, in the vowels of each harmony.
_KYRGYZ = re.compile("(?:[дт](?:а|е|о|ө)н?|[дтн](?:ын|ин|ун|үн)|[гк](?:а|е|о|ө))$")


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
    for ending, replaced in _RUSSIAN:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)]
            forms += [stem + each for each in replaced]
    stem = _KYRGYZ.sub("", word)
    if stem != word and len(stem) >= _SHORTEST_STEM:
        forms.append(stem)
    return list(dict.fromkeys(forms))
