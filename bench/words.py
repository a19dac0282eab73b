"""Texts put together from phrases and made-up words, of which some are very common and most are rare."""

import random
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from bench.phrases import ENGLISH, RUSSIAN

parts = str.split
"""Reads a list of short words that is written as one text."""

LATIN = parts(
    "ba ber cor dal den dro fa fel gor hul jas kel lan lor mar mol nav nor osk pel qui ros sel sor tam tev ul var wen "
    "yst zim zor"
)
CYRILLIC = parts(
    "ба бер вал гор дан дро ель жан зим ива кол лан лор мар мол нав нор оск пел рос сел сор там тев уль вар хан чер "
    "шам яро"
)
NOUNS = 6_000
CYRILLIC_NOUNS = 2_500


def invented(number: int, syllables: Sequence[str], length: int = 3) -> str:
    """The made-up word of a number: always the same one, and another for each number below the number of words."""
    parts = []
    # A step that shares no divisor with the number of words walks through all of them.
    rest = number * 7_919 % len(syllables) ** length
    for _ in range(length):
        rest, part = divmod(rest, len(syllables))
        parts.append(syllables[part])
    return "".join(parts).capitalize()


@cache
def _lexicon(language: str) -> tuple[list[str], list[float]]:
    """Made-up words, and their weights added up: the n-th is drawn n times less often than the first (Zipf)."""
    syllables, size = (CYRILLIC, CYRILLIC_NOUNS) if language == "ru" else (LATIN, NOUNS)
    words = [invented(number, syllables) for number in range(1, size + 1)]
    return words, list(accumulate(1 / rank for rank in range(1, size + 1)))


def nouns(random_: random.Random, language: str, count: int) -> list[str]:
    """Made-up words, common ones more often than rare ones."""
    words, weights = _lexicon(language)
    return random_.choices(words, cum_weights=weights, k=count)


def noun_of_rank(rank: int, language: str = "en") -> str:
    """The made-up word that is the rank-th most common, beginning with 1."""
    return _lexicon(language)[0][rank - 1]


def sentence(random_: random.Random, language: str) -> str:
    """One sentence about an attack, or about what followed."""
    phrases = RUSSIAN if language == "ru" else ENGLISH
    pick = random_.choice
    if random_.random() < 0.4:
        return filled(random_, pick(phrases.whole), language)
    told = f"{pick(phrases.when)} {pick(phrases.who)} {pick(phrases.did)} {pick(phrases.whom)} {pick(phrases.where)}"
    return filled(random_, f"{told}, {pick(phrases.tail)}." if random_.random() < 0.7 else f"{told}.", language)


def text(random_: random.Random, language: str, least: int, most: int) -> str:
    """Sentences of together about `least` to `most` words."""
    wanted, found = random_.randint(least, most), 0
    sentences: list[str] = []
    while found < wanted:
        sentences.append(sentence(random_, language))
        found += sentences[-1].count(" ") + 1
    return " ".join(sentences)


def headline(random_: random.Random, language: str) -> str:
    """A title."""
    return filled(random_, random_.choice((RUSSIAN if language == "ru" else ENGLISH).headline), language)


def filled(random_: random.Random, phrase: str, language: str) -> str:
    """A phrase with words and numbers in its gaps."""
    for gap in ("{noun}", "{number}", "{ordinal}"):
        while gap in phrase:
            filling = {
                "{number}": str(random_.randint(2, 900)),
                "{ordinal}": random_.choice(("third", "fifth", "ninth")),
            }
            phrase = phrase.replace(gap, filling.get(gap) or nouns(random_, language, 1)[0], 1)
    return phrase
