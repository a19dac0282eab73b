"""What a chosen place writes into the form: into empty fields at once, over anything else only after asking."""

from dataclasses import dataclass, field

from tracker.geocoding import Candidate
from tracker.registry.pins import BY_A_PERSON
from tracker.text import fold
from tracker.vocabulary import COUNTRIES, PlacedBy, PlacePrecision, country_name
from tracker.web.staff.entry.forms import IncidentForm
from tracker.web.translation import gettext, page_locale

Fields = dict[str, str]
WITHOUT_POINT = frozenset({PlacePrecision.COUNTRY, PlacePrecision.ONLINE, PlacePrecision.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands in the form and in the list: the label of the field, and both in words."""

    label: str
    now: str
    then: str

    @property
    def words(self) -> str:
        """Both in a sentence."""
        return gettext(
            "%(field)s: “%(now)s” stands in the form, “%(then)s” in the list.",
            field=self.label,
            now=self.now,
            then=self.then,
        )


@dataclass(slots=True)
class Choice:
    """What choosing a place does.

    Attributes:
        fills: fields that it fills, by their names.
        over: fields that it would write over, which a person is asked about.
        differences: the same for people.
    """

    fills: Fields = field(default_factory=dict)
    over: Fields = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


def choice_of(found: Candidate, form: IncidentForm) -> Choice:
    """What choosing a candidate does to a form. The reporter's words are never touched, a country is never a pin."""
    made = Choice()
    named = found.name if found.precision is PlacePrecision.LOCALITY else None
    parts = {"locality": named, "admin2": found.admin2, "admin1": found.admin1}
    for name, value in parts.items():
        if value:
            _put(made, form, f"place_{name}", value, (value, found.matched) if name == "locality" else (value,))
    if found.country in COUNTRIES:
        _put_country(made, form, found.country)
    if found.latitude is not None and found.longitude is not None and found.precision not in WITHOUT_POINT:
        _put_pin(made, form, found)
    elif not form.place_precision.given() and not form.place_point.given():
        made.fills["place_precision"] = str(PlacePrecision.COUNTRY)
    return made


def point_text(latitude: float, longitude: float) -> str:
    """Coordinates as they stand in the form: `42.87, 74.59`, each number exactly as it is recorded."""
    return f"{latitude!r}, {longitude!r}"


def _put(made: Choice, form: IncidentForm, name: str, value: str, same: tuple[str, ...]) -> None:
    now = form[name].given()
    if not now:
        made.fills[name] = value
    elif fold(now) not in {fold(each) for each in same}:
        made.over[name] = value
        made.differences.append(Difference(gettext(form[name].label.text), now, value))


def _put_country(made: Choice, form: IncidentForm, code: str) -> None:
    now = form.place_country.given()
    if not now:
        made.fills["place_country"] = code
    elif now != code:
        words = [country_name(each, page_locale()) if each in COUNTRIES else each for each in (now, code)]
        made.over["place_country"] = code
        made.differences.append(Difference(gettext(form.place_country.label.text), *words))


def _put_pin(made: Choice, form: IncidentForm, found: Candidate) -> None:
    pin = _pin(form, found)
    if form.place_point.given() and form.place_placed_by.given() in BY_A_PERSON:
        # What a person set stays where it is until a person says otherwise.
        made.over |= pin
        label = gettext(form.place_point.label.text)
        made.differences.append(Difference(label, form.place_point.data, pin["place_point"]))
    else:
        made.fills |= pin


def _pin(form: IncidentForm, found: Candidate) -> Fields:
    """The point with where it comes from, known no more exactly than what was found, and shown no more exactly."""
    assert found.latitude is not None
    assert found.longitude is not None
    by = PlacedBy.GAZETTEER if found.provider == "gazetteer" else PlacedBy.GEOCODER
    point = point_text(found.latitude, found.longitude)
    known = _known(form.place_precision.given(), found.precision)
    pin = {
        "place_point": point,
        "place_pinned": point,
        "place_named": "",
        "place_placed_by": str(by),
        "place_entry": found.entry,
        "place_matched": found.matched,
        "place_precision": str(known),
    }
    shown = form.place_public_precision.given()
    if shown in PlacePrecision.codes() and not PlacePrecision(shown).coarser_or_equal(known):
        pin["place_public_precision"] = str(known)
    return pin


def _known(recorded: str | None, found: PlacePrecision) -> PlacePrecision:
    """How exactly the place is known then: as found, or less exactly where that is on record."""
    if recorded not in PlacePrecision.codes() or PlacePrecision(recorded) in WITHOUT_POINT:
        return found
    return PlacePrecision(recorded) if PlacePrecision(recorded).coarser_or_equal(found) else found
