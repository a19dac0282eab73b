"""Texts for places, and what is found for them: the right one, several to choose from, or nothing."""

import pycountry
import pytest
from geopy.location import Location
from hypothesis import given
from hypothesis import strategies as st

from tracker.geocoding import Answer, Gazetteer, Outcome, Wanted, locate
from tracker.geocoding.gazetteer.abbreviations import abbreviations
from tracker.vocabulary import PlacePrecision


def found(answer: Answer) -> tuple[str, str] | str:
    """The label and precision of what was found, or the outcome."""
    best = answer.best
    return (best.label, best.precision.value) if best else answer.outcome.value


OSH = "Osh, Osh Region, Kyrgyzstan"
BISHKEK = "Bishkek, Bishkek Shaary, Kyrgyzstan"
MINNEAPOLIS = "Minneapolis, Minnesota, United States"
JUAREZ = "Ciudad Juárez, Chihuahua, Mexico"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Osh, Kyrgyzstan", OSH),
        ("Kyrgyzstan, Osh", OSH),
        ("Кыргызстан, Ош", OSH),
        ("Osh Kyrgyzstan", OSH),
        ("osh kyrgyzstan", OSH),
        ("OSH, KYRGYZSTAN", OSH),
        ("в Оше", OSH),
        ("г. Ош", OSH),
        ("Ош шаары", OSH),
        ("Ошто", OSH),
        ("near Osh", OSH),
        ("a polling station in the city of Osh", OSH),
        ("Osh; Osh Region; Kyrgyzstan", OSH),
        ("outside the House of Government in Bishkek", BISHKEK),
        ("Ala-Too Square, Bishkek", BISHKEK),
        ("у здания парламента в Бишкеке", BISHKEK),
        ("Bişkek", BISHKEK),
        ("Bishkekk", BISHKEK),
        ("Minneapolis, MN", MINNEAPOLIS),
        ("Minneapols, MN", MINNEAPOLIS),
        ("Minneapolis, Minesota", MINNEAPOLIS),
        ("Atlanta, Georgia", "Atlanta, Georgia, United States"),
        ("Tbilisi, Georgia", "Tbilisi, Georgia"),
        ("London, UK", "London, England, United Kingdom"),
        ("London", "London, England, United Kingdom"),
        ("London, Ontario", "London, Ontario, Canada"),
        ("St. Louis, MO", "St. Louis, Missouri, United States"),
        ("Saint Louis", "St. Louis, Missouri, United States"),
        ("Kansas City, Missouri", "Kansas City, Missouri, United States"),
        ("Springfield, Illinois", "Springfield, Illinois, United States"),
        ("Brooklyn, New York", "Brooklyn, New York, United States"),
        ("Ciudad Juárez, Chihuahua, México", JUAREZ),
        ("ciudad juarez", JUAREZ),
        ("в Ростове-на-Дону", "Rostov-on-Don, Russian Federation"),
        ("в Нижнем Новгороде", "Nizhny Novgorod, Russian Federation"),
        ("из Москвы", "Moscow, Russian Federation"),
        ("Тверской районный суд Москвы", "Moscow, Russian Federation"),
        ("Bishkek's Ala-Too Square", "Bishkek, Bishkek Shaary, Kyrgyzstan"),
        ("Боконбаево, Тонский район", "Bokombayevskoye, Ysyk-Köl, Kyrgyzstan"),
        ("с. Кемин, Чуйская область", "Kemin, Chüy, Kyrgyzstan"),
        ("Sulaiman-Too, Osh", "Osh, Osh Region, Kyrgyzstan"),
        ("у Львові", "Lviv, Ukraine"),
        ("у Вінниці", "Vinnytsya, Ukraine"),
        ("Van'da", "Van, Türkiye"),
        ("в подмосковных Химках", "Khimki, Russian Federation"),
        ("Караколдо", "Karakol, Ysyk-Köl, Kyrgyzstan"),
        ("Талас шаары", "Talas, Talas Region, Kyrgyzstan"),
        ("on the road to Batken", "Batken, Batken Region, Kyrgyzstan"),
        ("Podil, Kyiv", "Kyiv, Ukraine"),
    ],
)
def test_a_town_is_found_however_it_is_written(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert found(locate(Wanted(text=text), gazetteer)) == (label, "locality")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chui, Kyrgyzstan", "Chüy"),
        ("Чүй облусу", "Chüy"),
        ("Ошская область", "Osh Region"),
        ("в Ошской области", "Osh Region"),
        ("Osh oblast", "Osh Region"),
        ("Ош облусунда", "Osh Region"),
        ("Баткенская область", "Batken Region"),
        ("Ысык-Көл", "Ysyk-Köl"),
        ("State of Minnesota", "Minnesota"),
    ],
)
def test_a_province_is_answered_as_a_province(gazetteer: Gazetteer, text: str, name: str) -> None:
    best = locate(Wanted(text=text, country="US" if "State" in text else "KG"), gazetteer).best
    assert best is not None
    assert (best.name, best.precision) == (name, PlacePrecision.ADMIN1)


@pytest.mark.parametrize(
    ("text", "country", "name", "precision"),
    [
        ("rural Chihuahua state", "MX", "Chihuahua", PlacePrecision.ADMIN1),
        ("estado do Chihuahua", "MX", "Chihuahua", PlacePrecision.ADMIN1),
        ("province du Chihuahua", "MX", "Chihuahua", PlacePrecision.ADMIN1),
        ("Лейлек районунда", "KG", "Leylekskiy Rayon", PlacePrecision.ADMIN2),
        ("Алай районунда, Ош облусу", "KG", "Alay District", PlacePrecision.ADMIN2),
    ],
)
def test_what_is_called_a_province_or_district_is_answered_as_one(
    gazetteer: Gazetteer, text: str, country: str, name: str, precision: PlacePrecision
) -> None:
    best = locate(Wanted(text=text, country=country), gazetteer).best
    assert best is not None
    assert (best.name, best.precision) == (name, precision)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Zzyzx, Kandahar", "AF"),  # may lie anywhere in the province
        ("Zzyzx Kandahar", "AF"),
        ("Spin Boldark Kandahar", "AF"),
        ("سيدي بوزيد، تونس", "TN"),  # Tunis and Tunisia are one word
        ("в Назани", "RU"),  # hardly Kazan, whose first letter is another one
        ("Batken/Kandahar", None),
    ],
)
def test_a_larger_place_is_no_answer_for_a_town_that_is_not_known(
    gazetteer: Gazetteer, text: str, country: str | None
) -> None:
    answer = locate(Wanted(text=text, country=country), gazetteer)
    assert answer.outcome is Outcome.AMBIGUOUS
    assert answer.candidates


def test_a_district_is_answered_as_a_district_only_where_it_is_called_one(gazetteer: Gazetteer) -> None:
    town = locate(Wanted(text="Kara-Suu", country="KG"), gazetteer)
    district = locate(Wanted(text="Кара-Сууский район", country="KG"), gazetteer)
    assert found(town) == ("Kara-Suu, Osh Region, Kyrgyzstan", "locality")
    assert found(district) == ("Kara-Suu District, Osh Region, Kyrgyzstan", "admin2")


@pytest.mark.parametrize("text", ["Kyrgyzstan", "Кыргызстан", "в Киргизии", "Georgia, Kyrgyzstan", "Georgia"])
def test_a_country_never_becomes_a_pin(gazetteer: Gazetteer, text: str) -> None:
    answer = locate(Wanted(text=text), gazetteer)
    countries = [one for one in answer.candidates if one.precision is PlacePrecision.COUNTRY]
    assert countries
    assert all(one.latitude is None and one.longitude is None for one in countries)
    assert gazetteer.geocode("Kyrgyzstan") is None


@pytest.mark.parametrize("text", ["Springfield", "Georgia", "Talas", "Paris, Kyrgyzstan", "Zzyzx, Osh Region"])
def test_where_several_places_are_close_a_person_chooses(gazetteer: Gazetteer, text: str) -> None:
    answer = locate(Wanted(text=text), gazetteer)
    assert answer.outcome is Outcome.AMBIGUOUS
    assert answer.best is None


def test_the_country_settles_what_the_name_alone_leaves_open(gazetteer: Gazetteer) -> None:
    assert found(locate(Wanted(text="Talas", country="KG"), gazetteer)) == (
        "Talas, Talas Region, Kyrgyzstan",
        "locality",
    )
    assert found(locate(Wanted(text="Talas", country="TR"), gazetteer)) == ("Talas, Türkiye", "locality")


@pytest.mark.parametrize(
    ("text", "country", "name"),
    [
        ("Lodon", "GB", "London"),  # as Loddon sounds
        ("Nizhyn Novgorod", "RU", "Nizhny Novgorod"),  # in which another Novgorod stands
        ("Dalls", "US", "Dallas"),
        ("Kansaas City", "US", "Kansas City"),
        ("Spin Boldark, Kandahar", "AF", "Spīn Bōldak"),
    ],
)
def test_a_slip_of_the_pen_does_not_lead_to_a_lesser_place(
    gazetteer: Gazetteer, text: str, country: str, name: str
) -> None:
    assert locate(Wanted(text=text, country=country), gazetteer).candidates[0].name == name


@pytest.mark.parametrize(("text", "country"), [("Mos", "US"), ("Jhenai", "KG"), ("Minneapolita", "US")])
def test_small_signs_districts_without_the_word_and_names_far_from_alike_are_not_taken(
    gazetteer: Gazetteer, text: str, country: str
) -> None:
    assert locate(Wanted(text=text, country=country), gazetteer).outcome is not Outcome.FOUND


def test_states_are_known_as_newspapers_shorten_them() -> None:
    shortened = abbreviations()
    assert shortened["US-CA"] == ["Calif"]
    assert {"Edomex", "Edo Méx"} < set(shortened["MX-MEX"])
    assert all(pycountry.subdivisions.lookup(code) for code in shortened)


def test_talas_is_never_dallas(gazetteer: Gazetteer) -> None:
    assert not any(one.name == "Dallas" for one in locate(Wanted(text="Talas"), gazetteer).candidates)


def test_a_renamed_town_is_found_by_its_old_name_and_says_so(gazetteer: Gazetteer) -> None:
    for text in ("Jalal-Abad", "Jalalabad", "Жалал-Абад", "Джалал-Абад", "в Джалал-Абаде"):
        best = locate(Wanted(text=text, country="KG"), gazetteer).best
        assert best is not None
        assert (best.name, best.entry) == ("Manas", "geonames:102")
        assert best.matched != "Manas"


def test_a_former_name_does_not_hide_the_province_that_bears_it_now(gazetteer: Gazetteer) -> None:
    best = locate(Wanted(text="Ysyk-Kol", country="KG"), gazetteer).best
    assert best is not None
    assert best.precision is PlacePrecision.ADMIN1


def test_parts_narrow_down_what_is_meant(gazetteer: Gazetteer) -> None:
    parts = Wanted(locality="Springfield", admin1="Massachusetts", country="US")
    assert found(locate(parts, gazetteer)) == ("Springfield, Massachusetts, United States", "locality")
    province = Wanted(admin1="Osh", country="KG")
    assert found(locate(province, gazetteer)) == ("Osh Region, Kyrgyzstan", "admin1")
    unknown = Wanted(locality="Zzyzx", admin1="Osh", country="KG")
    assert locate(unknown, gazetteer).outcome is Outcome.AMBIGUOUS


def test_a_venue_alone_finds_nothing(gazetteer: Gazetteer) -> None:
    answer = locate(Wanted(venue="Bishkek Hotel", country="KG"), gazetteer)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.problem


def test_answers_outside_the_stated_country_are_refused(gazetteer: Gazetteer) -> None:
    answer = locate(Wanted(text="Tashkent, Uzbekistan", country="KG"), gazetteer)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.problem == "The text names Uzbekistan, and the country given is Kyrgyzstan."
    assert all(one.country == "KG" for one in locate(Wanted(text="Tashkent", country="KG"), gazetteer).candidates)


def test_an_unknown_country_is_said(gazetteer: Gazetteer) -> None:
    answer = locate(Wanted(text="Osh", country="QQ"), gazetteer)
    assert (answer.outcome, answer.problem) == (Outcome.NOT_FOUND, "There is no country with the code 'QQ'.")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x" * 10_000, "10,000 characters"),
        ("Osh\0", "Control characters"),
        ("🙂🙂", "no name"),
        ("?!…—", "no name"),
        ("", "needs a name"),
        ("Osh \u202eshsO", "direction"),
        ("42.87, 74.59", "coordinates"),
        ("12345", "no name"),
        ("nan", "program"),
        ("None, None", "program"),
    ],
)
def test_what_is_no_name_gets_a_clear_answer(gazetteer: Gazetteer, text: str, word: str) -> None:
    answer = locate(Wanted(text=text), gazetteer)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.problem is not None
    assert word in answer.problem


def test_a_text_in_arabic_letters_is_a_text_like_any_other(gazetteer: Gazetteer) -> None:
    assert locate(Wanted(text="بيشكيك"), gazetteer).outcome is Outcome.NOT_FOUND


@given(st.text(max_size=60), st.sampled_from([None, "KG", "US", "QQ"]))
def test_whatever_is_typed_gets_an_answer(gazetteer: Gazetteer, text: str, country: str | None) -> None:
    answer = locate(Wanted(text=text, country=country), gazetteer)
    assert len(answer.candidates) <= 8
    assert (answer.outcome in (Outcome.FOUND, Outcome.AMBIGUOUS)) == bool(answer.candidates)
    assert all(0 <= one.score <= 1 for one in answer.candidates)


def test_candidates_say_where_they_come_from(gazetteer: Gazetteer) -> None:
    answer = locate(Wanted(text="Ош", country="KG"), gazetteer)
    best = answer.best
    assert best is not None
    assert (best.provider, best.entry, best.matched, best.country) == ("gazetteer", "geonames:101", "Ош", "KG")
    assert (best.admin1, best.population) == ("Osh Region", 322_000)
    assert answer.attribution == "Place data © GeoNames (CC BY 4.0)"


def test_the_gazetteer_is_a_geocoder_like_those_of_geopy(gazetteer: Gazetteer) -> None:
    one = gazetteer.geocode("Osh, Kyrgyzstan")
    several = gazetteer.geocode("Springfield", exactly_one=False)
    assert isinstance(one, Location)
    assert (one.latitude, one.longitude, one.address) == (40.53, 72.80, OSH)
    assert isinstance(several, list)
    assert len(several) == 3
    assert gazetteer.geocode("Springfield") is None
