"""What countries are called: in the languages of the world, by their codes, and as people shorten them."""

import gettext
from collections import defaultdict
from collections.abc import Iterator

import pycountry
from babel import Locale

from tracker.geocoding.gazetteer.places import Rank
from tracker.vocabulary import COUNTRIES, country_name

LANGUAGES = ("en", "ru", "ky", "kk", "uz", "tg", "tk", "uk", "be", "es", "fr", "de", "pt", "it", "tr", "ar", "fa", "zh")
"""Languages in which divisions are looked for, beside their own."""

_MORE_LANGUAGES = (
    "am", "az", "bg", "bn", "bs", "ca", "cs", "da", "el", "et", "eu", "fi", "gl", "he", "hi", "hr", "hu", "hy", "id",
    "ja", "ka", "ko", "ku", "lt", "lv", "mk", "mn", "ms", "my", "nb", "ne", "nl", "pl", "ps", "ro", "sk", "sl", "so",
    "sq", "sr", "sv", "sw", "ta", "th", "ur", "vi",
)  # fmt: skip
# Names that lists of official names leave out.
_SHORT = {
    "US": "USA, U.S.A., U.S., US, America, United States of America, EE. UU., EEUU, EUA, США, Америка, Штаты, АКШ",
    "GB": "UK, U.K., Britain, Great Britain, Великобритания, Британия, Соединённое Королевство, Улуу Британия",
    "AE": "UAE, U.A.E., Emirates, ОАЭ, Эмираты, EAU",
    "KG": "Kirghizia, Kirgizia, Kirgizstan, Kyrgyz Republic, Киргизия, Киргизстан, Кыргызстан, КР, "
    "Кыргыз Республикасы, Кыргызская Республика, Kirguistán, Kirguizistán",
    "RU": "Russia, Russian Federation, РФ, Россия, Российская Федерация",
    "BY": "Belarus, Byelorussia, Белоруссия, Беларусь",
    "MD": "Moldova, Moldavia, Молдавия, Молдова",
    "TM": "Turkmenistan, Turkmenia, Туркмения, Туркменистан",
    "TJ": "Tajikistan, Tadjikistan, Tadzhikistan, Таджикистан",
    "MM": "Burma, Myanmar, Birmania",
    "TR": "Turkey, Türkiye, Turkiye",
    "CZ": "Czech Republic, Czechia, República Checa",
    "NL": "Holland, The Netherlands, Голландия, Holanda",
    "CI": "Ivory Coast, Cote d'Ivoire, Costa de Marfil",
    "CD": "DRC, DR Congo, D.R. Congo, Democratic Republic of Congo, Congo-Kinshasa, Zaire, RDC, ДРК",
    "CG": "Congo-Brazzaville, Republic of Congo",
    "CV": "Cape Verde, Cabo Verde",
    "SZ": "Swaziland, Eswatini",
    "MK": "Macedonia, North Macedonia, FYROM, Македония",
    "KR": "South Korea, Republic of Korea, Южная Корея, Corea del Sur",
    "KP": "North Korea, DPRK, Северная Корея, КНДР, Corea del Norte",
    "PS": "Palestine, Palestinian Territories, Occupied Palestinian Territory, OPT, Палестина, Palestina",
    "TW": "Taiwan, Тайвань, Taiwán",
    "SY": "Syria, Сирия, Siria",
    "IR": "Iran, Иран, Irán",
    "VN": "Vietnam, Viet Nam, Вьетнам",
    "LA": "Laos, Лаос",
    "BO": "Bolivia, Боливия",
    "VE": "Venezuela, Венесуэла",
    "TZ": "Tanzania, Танзания",
    "BA": "Bosnia, Bosnia and Herzegovina, Bosnia-Herzegovina, BiH, Босния",
    "CF": "CAR, Central African Republic, ЦАР",
    "SA": "Saudi Arabia, KSA, Саудовская Аравия",
    "CN": "China, PRC, P.R. China, Mainland China, Китай, КНР",
    "DO": "Dominican Republic, República Dominicana",
    "SV": "El Salvador, Salvador",
    "PG": "Papua New Guinea, PNG",
    "TL": "East Timor, Timor-Leste",
    "GM": "Gambia, The Gambia",
    "BS": "Bahamas, The Bahamas",
    "IE": "Ireland, Republic of Ireland, Eire",
    "FM": "Micronesia",
    "ST": "Sao Tome",
    "TT": "Trinidad",
    "VA": "Vatican, Vatican City, Holy See",
    "XK": "Kosovo, Косово, Kosova",
}


def country_names() -> dict[str, list[tuple[str, Rank]]]:
    """All names of each country by alpha-2 code; the first is the one that readers are shown."""
    found: dict[str, dict[str, Rank]] = defaultdict(dict)
    for code, country in COUNTRIES.items():
        found[code][country.name] = Rank.OWN
    for code, name in [*_short(), *_of_lists(), *_of_babel()]:
        found[code].setdefault(name, Rank.OTHER)
    for code, country in COUNTRIES.items():
        found[code].setdefault(country.alpha2, Rank.CODE)
        found[code].setdefault(country.alpha3, Rank.CODE)
    return {code: list(names.items()) for code, names in found.items()}


def division_names() -> dict[str, set[str]]:
    """Names of first- and second-order divisions by ISO 3166-2 code, in the languages above."""
    found: dict[str, set[str]] = defaultdict(set)
    catalogues = [_catalogue("iso3166-2", language) for language in LANGUAGES]
    for division in pycountry.subdivisions:
        found[division.code].add(division.name)
        found[division.code].update(catalogue.gettext(division.name) for catalogue in catalogues if catalogue)
    return found


def _short() -> Iterator[tuple[str, str]]:
    for code, names in _SHORT.items():
        for name in names.split(", "):
            yield code, name


def _official() -> Iterator[tuple[str, str]]:
    for entry in pycountry.countries:
        for field in ("name", "common_name", "official_name"):
            if name := getattr(entry, field, None):
                yield entry.alpha_2, name


def _of_lists() -> Iterator[tuple[str, str]]:
    for code, name in _official():
        yield code, name
        # "Korea, Republic of" is written for an index; both orders are looked for.
        head, comma, tail = name.partition(", ")
        if comma and " and " not in tail:
            yield code, f"{tail} {head}"


def _of_babel() -> Iterator[tuple[str, str]]:
    for language in (*LANGUAGES, *_MORE_LANGUAGES):
        locale = Locale.parse(language)
        for code in COUNTRIES:
            yield code, country_name(code, locale)


def _catalogue(domain: str, language: str) -> gettext.NullTranslations | None:
    try:
        return gettext.translation(domain, pycountry.LOCALES_DIR, languages=[language])
    except OSError:
        return None
