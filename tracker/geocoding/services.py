"""The two kinds of service that can be asked, and how what they answer becomes candidates.

Both are asked through geopy. What they answer is checked against a shape first (pydantic): positions on the globe,
names that are text of one line, records that have an id. An answer of another shape counts as a failure, since a
service that lies in one part is not to be believed in the others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, Protocol
from urllib.parse import urlsplit

from geopy.geocoders import Nominatim, Photon
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from tracker import text
from tracker.geocoding.answers import MOST_CANDIDATES
from tracker.geocoding.fetching import SECONDS, Fetcher
from tracker.vocabulary import PlacePrecision as P

LANGUAGE = "en"
LONGEST_NAME = 300
OPENSTREETMAP = "© OpenStreetMap contributors (ODbL 1.0)"


def _line(value: str) -> str:
    shortened = text.shorten(value.strip(), LONGEST_NAME)
    if text.text_problem(shortened, limit=LONGEST_NAME):
        raise ValueError("no text of one line")
    return shortened


def _not_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("no number")
    return value


def _names_only(value: Any) -> Any:
    """Of the parts of an address, those that are text; services put numbers and lists between them."""
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else value


Words = Annotated[str, AfterValidator(_line)]
Latitude = Annotated[float, BeforeValidator(_not_bool), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, BeforeValidator(_not_bool), Field(ge=-180, le=180, allow_inf_nan=False)]
Parts = Annotated[dict[str, Words], BeforeValidator(_names_only)]


class Found(BaseModel):
    """One place of an answer, in the words of no service.

    Attributes:
        names: all names by which it is known, the one to show first.
        precision: None for what is neither a place to stand on nor an area, such as a postal code.
        entry: None where the service has no record of its own for it, so that nobody could look it up again.
        licence: whom to name beside it, where the service says so itself.
    """

    model_config = ConfigDict(frozen=True)

    names: tuple[str, ...]
    latitude: float
    longitude: float
    precision: P | None
    entry: str | None
    country: str | None
    admin1: str | None
    admin2: str | None
    locality: str | None
    licence: str | None = None


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _NominatimPlace(_Shape):
    """As documented at https://nominatim.org/release-docs/latest/api/Output/."""

    lat: Latitude
    lon: Longitude
    display_name: Words
    osm_type: Literal["node", "way", "relation"] | None = None
    osm_id: int | None = None
    place_rank: int | None = None
    addresstype: str | None = None
    name: Words | None = None
    licence: Words | None = None
    address: Parts = {}
    namedetails: Parts | None = None


class _PhotonProperties(_Shape):
    """As documented at https://github.com/komoot/photon."""

    osm_type: Literal["N", "W", "R"] | None = None
    osm_id: int | None = None
    osm_key: str | None = None
    type: str | None = None
    name: Words | None = None
    housenumber: Words | None = None
    street: Words | None = None
    postcode: Words | None = None
    city: Words | None = None
    county: Words | None = None
    state: Words | None = None
    country: Words | None = None
    countrycode: str | None = None


class _PhotonGeometry(_Shape):
    coordinates: tuple[Longitude, Latitude]


class _PhotonPlace(_Shape):
    properties: _PhotonProperties
    geometry: _PhotonGeometry


class _PhotonAnswer(_Shape):
    features: list[_PhotonPlace]


_NOMINATIM_ANSWER = TypeAdapter(list[_NominatimPlace])

# What kind of place it is, by Nominatim's word for it, and else by its rank there (the smaller, the wider).
_BY_ADDRESS = {
    "country": P.COUNTRY,
    **dict.fromkeys(("state", "region", "province", "state_district"), P.ADMIN1),
    **dict.fromkeys(("county", "municipality", "district"), P.ADMIN2),
    **dict.fromkeys(("city", "town", "village", "hamlet", "isolated_dwelling", "locality"), P.LOCALITY),
    **dict.fromkeys(("suburb", "borough", "city_district", "quarter", "neighbourhood"), P.NEIGHBOURHOOD),
    "road": P.STREET,
}
_BY_RANK = ((4, P.COUNTRY), (9, P.ADMIN1), (12, P.ADMIN2), (16, P.LOCALITY), (25, P.NEIGHBOURHOOD), (27, P.STREET))
_FINEST_RANK = 30
_NEITHER = frozenset({"postcode"})

_BY_PHOTON_TYPE = {
    "country": P.COUNTRY,
    "state": P.ADMIN1,
    "county": P.ADMIN2,
    "city": P.LOCALITY,
    "district": P.NEIGHBOURHOOD,
    "locality": P.NEIGHBOURHOOD,
    "street": P.STREET,
    "house": P.SITE,
}
_SITES = frozenset({"amenity", "building", "tourism", "shop", "office", "leisure", "historic", "man_made"})
_LOCALITIES = ("city", "town", "village", "hamlet")


class Service(Protocol):
    """A service that can be asked."""

    def __call__(self, words: str, country: str | None) -> list[Found]:
        """The places that answer to these words. Raises geopy's exceptions."""


def _ask_nominatim(geocoder: Any, words: str, country: str | None) -> list[Found]:
    found = geocoder.geocode(
        words,
        exactly_one=False,
        limit=MOST_CANDIDATES,
        addressdetails=True,
        namedetails=True,
        language=LANGUAGE,
        country_codes=country.lower() if country else None,
    )
    return [_of_nominatim(_NominatimPlace.model_validate(location.raw)) for location in found or ()]


def _ask_photon(geocoder: Any, words: str, country: str | None) -> list[Found]:
    # Photon takes no country; what it answers outside of the one that was asked for is left out later.
    found = geocoder.geocode(words, exactly_one=False, limit=MOST_CANDIDATES, language=LANGUAGE)
    return [_of_photon(_PhotonPlace.model_validate(location.raw)) for location in found or ()]


def _of_nominatim(place: _NominatimPlace) -> Found:
    address = place.address
    others = [part for name in (place.namedetails or {}).values() for part in name.split(";")]
    entry = f"osm:{place.osm_type[0].upper()}{place.osm_id}" if place.osm_type and place.osm_id else None
    return Found(
        names=_distinct([place.name or place.display_name.partition(",")[0], *others]),
        latitude=place.lat,
        longitude=place.lon,
        precision=_nominatim_precision(place),
        entry=entry,
        country=address.get("country_code", "").upper() or None,
        admin1=_first(address, ("state", "region", "province")),
        admin2=_first(address, ("county", "state_district", "district")),
        locality=_first(address, _LOCALITIES),
        licence=place.licence,
    )


def _of_photon(place: _PhotonPlace) -> Found:
    told = place.properties
    longitude, latitude = place.geometry.coordinates
    own_name = told.name or " ".join(part for part in (told.street, told.housenumber) if part)
    return Found(
        names=_distinct([own_name]),
        latitude=latitude,
        longitude=longitude,
        precision=_photon_precision(told),
        entry=f"osm:{told.osm_type}{told.osm_id}" if told.osm_type and told.osm_id else None,
        country=(told.countrycode or "").upper() or None,
        admin1=told.state,
        admin2=told.county,
        locality=told.name if told.type == "city" else told.city,
    )


def _nominatim_precision(place: _NominatimPlace) -> P | None:
    if place.addresstype in _NEITHER:
        return None
    if known := _BY_ADDRESS.get(place.addresstype or ""):
        return known
    rank = place.place_rank
    if rank is None or not 1 <= rank <= _FINEST_RANK:
        return None
    return next((precision for most, precision in _BY_RANK if rank <= most), P.SITE)


def _photon_precision(told: _PhotonProperties) -> P | None:
    if told.type == "other" and told.osm_key in _SITES:
        return P.SITE
    return _BY_PHOTON_TYPE.get(told.type or "")


def _first(address: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((address[name] for name in names if address.get(name)), None)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of service: what geopy asks it with, the shape of its answers, and how it is asked."""

    made: type[Any]
    check: Callable[[Any], object]
    ask: Callable[[Any, str, str | None], list[Found]]


_KINDS = {
    "nominatim": _Kind(Nominatim, _NOMINATIM_ANSWER.validate_python, _ask_nominatim),
    "photon": _Kind(Photon, _PhotonAnswer.model_validate, _ask_photon),
}


def service_at(kind: str, url: str, user_agent: str) -> Service:
    """The service of a kind ("nominatim", "photon") at an address."""
    address, known = urlsplit(url), _KINDS[kind]
    geocoder = known.made(
        scheme=address.scheme,
        domain=f"{address.netloc}{address.path}".rstrip("/"),
        timeout=SECONDS,
        user_agent=user_agent,
        adapter_factory=lambda proxies, ssl_context: Fetcher(known.check, ssl_context),
    )
    return partial(known.ask, geocoder)
