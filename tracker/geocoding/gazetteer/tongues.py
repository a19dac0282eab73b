"""In which countries the language of a text is at home, as far as its letters and its words for places tell.

A text in Kyrgyz that names no country rather speaks of a town in Kyrgyzstan than of its namesake in Türkiye. Languages
of many countries, such as Russian and Spanish, say nothing of that kind and are not here.
"""

from tracker.geocoding.gazetteer.bending import kyrgyz_endings
from tracker.text import fold

_NOWHERE: frozenset[str] = frozenset()
_LETTERS = {
    letter: frozenset(countries.split())
    for letters, countries in {
        "өү": "KG KZ MN", "ң": "KG KZ", "қғ": "KZ TJ UZ", "әұһ": "KZ", "ҳ": "TJ UZ", "ӣӯҷ": "TJ", "ў": "UZ BY",
        "і": "UA BY KZ", "їєґ": "UA", "ə": "AZ", "ğı": "TR AZ CY",
    }.items()
    for letter in letters
}  # fmt: skip
_WORDS = {
    word: frozenset({country})
    for country, words in {
        "KG": "шаары шаарында шаарынын шаарына шаарынан шаарындагы айылы айылында айылынын айылына айылынан айылындагы "
        "кыштагы кыштагында облусу облусунда облусунун облусуна районунда районунун районуна жанында маанайында аянты "
        "көчөсү shaary aiyly oblusu",
        "UZ": "shahri shahrida viloyati viloyatida tumani tumanida",
        "TR": "ilçesi ilçesinde mahallesi meydanı caddesi cezaevi adliyesi ilinde",
        "AZ": "rayonu rayonunda",
    }.items()
    for word in fold(words).split()
}
# Only where "o" rules the word does an ending have it; the others have their like in Kazakh.
_KYRGYZ_ALONE = frozenset("оө")


def at_home(text: str, words: tuple[str, ...]) -> frozenset[str]:
    """The countries of the language of a text, ISO alpha-2, none where nothing tells; `words` are its folded words."""
    if text.isascii():
        told = [_WORDS[word] for word in words if word in _WORDS]
    else:
        told = [_LETTERS[letter] for letter in {*text.lower()} if letter in _LETTERS]
        told += [_WORDS[word] for word in words if word in _WORDS]
    return frozenset.intersection(*told) if told else _NOWHERE


def at_home_bent(said: tuple[str, ...], name: tuple[str, ...]) -> frozenset[str]:
    """The same for a name from which nothing was taken but the ending of Kyrgyz cases: "Караколдо" for "Каракол"."""
    if said[:-1] != name[:-1]:
        return _NOWHERE
    ending = kyrgyz_endings(said[-1], name[-1])
    if not ending:
        return _NOWHERE
    return frozenset({"KG"}) if _KYRGYZ_ALONE & set(ending) else frozenset({"KG", "KZ"})
