"""The countries that a place or an outlet can be in, by ISO 3166-1 code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pycountry
from babel import Locale


@dataclass(frozen=True, slots=True)
class Country:
    """A country with both of its ISO 3166-1 codes and a short English name."""

    alpha2: str
    alpha3: str
    name: str

    def __str__(self) -> str:
        return self.name


# Kosovo has no code in ISO 3166-1; XK and XKX come from the range that the standard leaves to its users.
_KOSOVO = Country("XK", "XKX", "Kosovo")

# What the country calls itself, and the United Nations call it, where Babel has an older name.
_CHOSEN_NAMES = {("ru", "KG"): "Кыргызстан"}


class _Countries(Mapping[str, Country]):
    """All countries by alpha-2 code, in the order of their names, read at the first look-up."""

    @cached_property
    def _by_alpha2(self) -> dict[str, Country]:
        listed = [
            Country(entry.alpha_2, entry.alpha_3, _plain_name(getattr(entry, "common_name", entry.name)))
            for entry in pycountry.countries
        ]
        return {country.alpha2: country for country in sorted([*listed, _KOSOVO], key=lambda country: country.name)}

    def __getitem__(self, alpha2: str) -> Country:
        return self._by_alpha2[alpha2]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_alpha2)

    def __len__(self) -> int:
        return len(self._by_alpha2)


def _plain_name(name: str) -> str:
    """Turn a name written for an index ("Palestine, State of") into the order in which it is spoken.

    Names that list several islands keep their commas.
    """
    head, comma, tail = name.partition(", ")
    if not comma or " and " in tail:
        return name
    return f"{tail} {head}".removeprefix("The ")


def country_name(alpha2: str, locale: Locale) -> str:
    """The name of a country in a language; a code that is not known stays as it is."""
    # Babel's names differ from our own in a few cases; in English all pages, filters and files keep to ours.
    if locale.language == "en" and alpha2 in COUNTRIES:
        return COUNTRIES[alpha2].name
    return _CHOSEN_NAMES.get((locale.language, alpha2)) or str(locale.territories.get(alpha2, alpha2))


COUNTRIES: Mapping[str, Country] = _Countries()
"""Every country by its upper-case alpha-2 code, Kosovo (XK) included, in the order of their English names."""
