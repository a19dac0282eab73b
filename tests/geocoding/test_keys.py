"""The keys of names: how they are written and how they sound, and the forms that names take in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.geocoding.gazetteer.bending import straightened, without_set_off
from tracker.geocoding.gazetteer.generic import peel
from tracker.geocoding.gazetteer.keys import sounded, written
from tracker.geocoding.gazetteer.places import Kind
from tracker.geocoding.gazetteer.tongues import at_home, at_home_bent
from tracker.text import fold


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_the_quick_way_for_plain_names_gives_the_same_key(name: str) -> None:
    assert written(name).replace(" ", "") == fold(name).replace(" ", "")


@pytest.mark.parametrize(
    "names",
    [
        ("Жалал-Абад", "Jalal-Abad", "Dzhalal-Abad", "Jalalabad", "Žalal-Abad"),
        ("Чүй", "Chüy", "Chui", "Чуй"),
        ("Кызыл-Кыя", "Kyzyl-Kiya", "Kyzyl Kyya"),
        ("Щучинск", "Shchuchinsk"),
        ("Худжанд", "Khujand"),
        ("St. Louis", "Saint Louis", "ST LOUIS"),
        ("Juárez", "JUAREZ"),
        ("Боконбаево", "Bokonbayevo", "Bokonbaevo"),
        ("Екатеринбург", "Yekaterinburg", "Ekaterinburg"),
        ("Андреевка", "Andreyevka", "Andreevka"),
        ("Ананьево", "Ananyevo", "Anan'evo", "Anan’evo"),
    ],
)
def test_spellings_of_one_name_sound_the_same(names: tuple[str, ...]) -> None:
    assert len({sounded(name) for name in names}) == 1


def test_initials_stand_together_and_other_words_do_not() -> None:
    assert written("U. K.") == written("UK") == "uk"
    assert written("D.C.") == "dc"
    assert written("A Coruña") == "a coruna"


def test_names_in_other_scripts_have_only_the_key_by_which_they_are_written() -> None:
    assert sounded("東京") == ""
    assert written("東京") == "東京"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("оше", "ош"),
        ("москве", "москва"),
        ("казани", "казань"),
        ("нижнем новгороде", "нижнии новгород"),
        ("ростове на дону", "ростов на дону"),
        ("ошскои", "ошская"),
        ("бишкекте", "бишкек"),
        ("таласта", "талас"),
        ("алма ате", "алма ата"),
        ("львові", "львів"),
        ("вінниці", "вінниця"),
        ("ізюмі", "ізюм"),
        ("харківськіи", "харківська"),
    ],
)
def test_a_name_in_a_sentence_is_brought_back_to_what_lists_hold(said: str, name: str) -> None:
    assert tuple(name.split()) in straightened(tuple(said.split()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Van'da", "Van"),
        ("Diyarbakır’da", "Diyarbakır"),
        ("Kocaeli'nin Gebze ilçesi", "Kocaeli Gebze ilçesi"),
        ("Ankara'ya", "Ankara"),
        # The vowels do not go together, or it is no ending at all.
        ("Mada'in", "Mada'in"),
        ("Sana'a", "Sana'a"),
        ("N'Djamena", "N'Djamena"),
        ("St. John's", "St. John's"),
    ],
)
def test_what_turkish_sets_off_with_an_apostrophe_is_taken_off(text: str, name: str) -> None:
    assert without_set_off(text) == name


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Талас шаары", {"KG"}),
        ("Узгөн шаарында", {"KG"}),
        ("Көк-Жар", {"KG", "KZ", "MN"}),
        ("Маңғыстау облысы", {"KZ"}),
        ("в Ізюмі", {"BY", "KZ", "UA"}),
        ("Sur ilçesi", {"TR"}),
        ("Бишкек", set()),
        ("Osh", set()),
        ("Ciudad Juárez", set()),
    ],
)
def test_letters_and_words_tell_where_a_language_is_at_home(text: str, countries: set[str]) -> None:
    assert at_home(text, tuple(fold(text).split())) == countries


@pytest.mark.parametrize(
    ("said", "name", "countries"),
    [
        ("караколдо", "каракол", {"KG"}),
        ("сокулукта", "сокулук", {"KG", "KZ"}),
        ("оше", "ош", set()),
        ("ош", "ош", set()),
    ],
)
def test_an_ending_of_kyrgyz_cases_tells_it_too(said: str, name: str, countries: set[str]) -> None:
    assert at_home_bent((said,), (name,)) == countries


@pytest.mark.parametrize(
    ("text", "name", "kinds"),
    [
        ("in the city of Osh", "osh", {Kind.LOCALITY}),
        ("г. Ош", "ош", {Kind.LOCALITY}),
        ("Osh Region", "osh", {Kind.ADMIN1}),
        ("в Ошской области", "ошскои", {Kind.ADMIN1}),
        ("municipio de Tumaco", "tumaco", {Kind.ADMIN2}),
        ("Estado do Pará", "para", {Kind.ADMIN1}),
        ("province du Nord-Kivu", "nord kivu", {Kind.ADMIN1}),
        ("Лейлек районунда", "леилек", {Kind.ADMIN2}),
        ("Gebze ilçesinde", "gebze", {Kind.ADMIN2}),
        ("on the road to Lachin", "lachin", set()),
        ("محافظة البصرة", "البصرة", {Kind.ADMIN1}),
        ("City", "city", set()),
        ("Osh", "osh", set()),
    ],
)
def test_words_that_are_no_part_of_the_name_are_taken_off(text: str, name: str, kinds: set[Kind]) -> None:
    peeled = peel(tuple(fold(text).split()))
    assert " ".join(peeled.words) == name
    assert peeled.kinds == kinds
