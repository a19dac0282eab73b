"""What the public will see of a place, worked out by the gate itself and said in plain words."""

from dataclasses import dataclass

from tracker.publication.places import PublicPlace, public_place
from tracker.registry.models import Place
from tracker.vocabulary import COUNTRIES, PlacePrecision, country_name
from tracker.web.staff.entry.forms import IncidentForm
from tracker.web.staff.places.typed import put_point
from tracker.web.translation import gettext, page_locale
from tracker.web.wording import capital, number

Raw = dict[str, object]
PARTS = ("as_reported", "venue", "locality", "admin2", "admin1")


@dataclass(frozen=True, slots=True)
class Shown:
    """What readers will be shown.

    Attributes:
        words: "Shown as: Bishkek, within 10 km."
        note: what else is to be known of that, or nothing.
        latitude, longitude: degrees of the public point; None where there is none.
        metres: how far from it the place can lie; None where nobody says so.
        problem: why the choice of a precision cannot stand, or nothing.
    """

    words: str
    note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    metres: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The place of a form as it would be recorded, and what is wrong with its coordinates."""

    place: Place
    wrong: str | None


def pinned(form: IncidentForm, default: PlacePrecision | None = None) -> Pinned:
    """The place that a form speaks of; nothing of it is recorded. What is no code is left aside.

    `default` is how exactly places are shown where nobody chooses.
    """
    raw: Raw = {}
    wrong = put_point(form, raw)
    precision, public = (_code(form[name].given()) for name in ("place_precision", "place_public_precision"))
    if public is None and default is not None and precision is not None and default.coarser_or_equal(precision):
        public = default
    country = form.place_country.given()
    place = Place(
        country=country if country in COUNTRIES else "",
        precision=precision,
        public_precision=public,
        latitude=raw.get("latitude"),
        longitude=raw.get("longitude"),
        **{name: form[f"place_{name}"].given() for name in PARTS},
    )
    return Pinned(place, wrong)


def shown(place: Place) -> Shown:
    """What readers will be shown of a place; never anything finer than what is recorded."""
    recorded, chosen = _code(place.precision), _code(place.public_precision)
    problem = ""
    if chosen is not None and (recorded is None or not chosen.coarser_or_equal(recorded)):
        problem = gettext("The place cannot be shown more exactly than it is known.")
        place = _shown_as_recorded(place)
    public = public_place(place)
    return Shown(
        words=_words(public),
        note=_note(public),
        latitude=public.latitude,
        longitude=public.longitude,
        metres=public.uncertainty_m,
        problem=problem,
    )


def reach_words(metres: int) -> str:
    """A distance as people say it: "500 m", "10 km"."""
    if metres < 1000:
        return gettext("%(number)s m", number=number(metres))
    kilometres = metres / 1000
    return gettext("%(number)s km", number=number(round(kilometres, 1) if kilometres < 10 else round(kilometres)))


def _shown_as_recorded(place: Place) -> Place:
    names = (*PARTS, "country", "precision", "latitude", "longitude")
    return Place(**{name: getattr(place, name) for name in names}, public_precision=None)


def _code(value: str | None) -> PlacePrecision | None:
    return PlacePrecision(value) if value in PlacePrecision.codes() else None


def _words(public: PublicPlace) -> str:
    name = _name(public)
    if not name:
        return gettext("Readers will see no place yet: choose at least the country.")
    if public.latitude is None:
        return gettext("Shown as: %(place)s, without a point on the map.", place=name)
    if public.uncertainty_m is None:
        return gettext("Shown as: %(place)s, with a point on the map.", place=name)
    return gettext("Shown as: %(place)s, within %(reach)s.", place=name, reach=reach_words(public.uncertainty_m))


def _name(public: PublicPlace) -> str:
    """The finest part that readers are told, with the town around a building; the country where there is no other."""
    near = [part for part in (public.venue, public.locality) if part]
    if not near:
        near = [part for part in (public.admin2, public.admin1) if part][:1]
    country = country_name(public.country, page_locale()) if public.country else ""
    name = ", ".join(near) or country
    if public.precision is PlacePrecision.ONLINE:
        return ", ".join(part for part in (gettext("online"), name) if part)
    return capital(name)


def _note(public: PublicPlace) -> str:
    if public.generalised:
        return gettext("The exact place and the words of the source for it are kept back.")
    if public.as_reported:
        return gettext("The words of the source are published with it: “%(words)s”.", words=public.as_reported)
    return ""
