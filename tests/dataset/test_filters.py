"""The filter: what it reads, what it refuses, and how it says itself."""

from contextlib import suppress
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dataset.filter_words import filter_words
from tracker.dataset.filters import EVERYTHING, MOST_PARAMETERS, DatasetFilter
from tracker.dataset.parameters import LARGEST_LIMIT, PARAMETERS, Parameter, codes_allowed
from tracker.dataset.problems import FilterError, Problem
from tracker.vocabulary import NOT_RECORDED, UNKNOWN

CODED = [parameter for parameter in PARAMETERS.values() if parameter.vocabulary]


def _parse(query: str) -> DatasetFilter:
    return DatasetFilter.parse(parse_qsl(query, keep_blank_values=True))


def _problems(*pairs: tuple[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(FilterError) as refusal:
        DatasetFilter.parse(pairs)
    return refusal.value.problems


def test_an_empty_query_asks_for_everything() -> None:
    assert _parse("") == EVERYTHING
    assert EVERYTHING.is_empty
    assert EVERYTHING.query_string() == ""


def test_what_a_browser_sends_for_an_empty_form_asks_for_everything() -> None:
    assert _parse("&".join(f"{name}=" for name in PARAMETERS)) == EVERYTHING


def test_every_parameter_is_read() -> None:
    wanted = _parse(
        "q=Kloop&from=2020-10-05&to=2020-10-06&when=certain&country=KG&admin1=Osh&place=Uzgen&placed=point"
        "&within=69.2,39.1,80.3,43.3&violation=assault"
        "&completion=attempted&perpetrator=police&state=state&outlet=kloop&topic=vote-2020&role=editor&harm=injured"
        "&custody=open&response=recorded&verification=confirmed&dataset=3&fields=reference,title&hxl=1&limit=10"
    )
    assert (wanted.q, wanted.start, wanted.end, wanted.when) == (
        "Kloop",
        date(2020, 10, 5),
        date(2020, 10, 6),
        "certain",
    )
    assert (wanted.dataset, wanted.fields, wanted.limit) == (3, ("reference", "title"), 10)
    assert {name for name, _ in wanted.pairs()} == set(PARAMETERS) - {"as_of", "after"}


@pytest.mark.parametrize("parameter", CODED, ids=lambda parameter: parameter.name)
def test_every_coded_parameter_takes_all_codes_unknown_and_not_recorded(parameter: Parameter) -> None:
    assert parameter.vocabulary is not None
    for code in (*parameter.vocabulary.codes(), UNKNOWN, NOT_RECORDED):
        assert DatasetFilter.parse([(parameter.name, code)]).values(parameter.name) == (code,)


@pytest.mark.parametrize("name", ["country", "outlet", "topic"])
def test_countries_outlets_and_topics_can_be_unknown_or_not_recorded(name: str) -> None:
    wanted = DatasetFilter.parse([(name, UNKNOWN), (name, NOT_RECORDED)])
    assert wanted.values(name) == (NOT_RECORDED, UNKNOWN)


def test_the_order_and_repetition_of_values_make_no_difference() -> None:
    one, other = (
        _parse("violation=threat&violation=assault&violation=threat"),
        _parse("violation=assault&violation=threat"),
    )
    assert one == other
    assert one.digest() == other.digest()


def test_a_country_may_be_written_in_small_letters() -> None:
    assert _parse("country=kg") == _parse("country=KG")


def test_all_problems_are_told_at_once_with_what_is_allowed() -> None:
    found = _problems(("violation", "beheading"), ("frm", "2020"), ("from", "2020-13-01"), ("limit", "0"))
    assert [problem.name for problem in found] == ["violation", "frm", "from", "limit"]
    by_name = {problem.name: problem for problem in found}
    assert "assault" in by_name["violation"].allowed
    assert set(by_name["frm"].allowed) == set(PARAMETERS)
    assert str(LARGEST_LIMIT) in by_name["limit"].allowed[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "2020-2-1"), ("from", "20201005"), ("from", "2020-W40-1"), ("from", "2020-10-05T00:00"),
        ("from", "0000-01-01"), ("from", "2020-02-30"), ("from", "٢٠٢٠-١٠-٠٥"), ("to", "yesterday"),
        ("when", "perhaps"), ("when", "certain,possible"),
        ("country", "KGZ"), ("country", "XX"), ("country", "Kyrgyzstan"), ("country", "ſe"),
        ("admin1", "***"), ("place", "—"),
        ("violation", "Assault"), ("violation", "assault,threat"), ("violation", "assault "[:-1] + "\u200b"),
        ("completion", "done"), ("perpetrator", "state"), ("state", "police"), ("role", "spy"), ("harm", "0"),
        ("verification", "true"), ("outlet", "Kloop Media"), ("outlet", "../etc"), ("topic", "a--b"), ("topic", "%"),
        ("as_of", "2020"), ("dataset", "0"), ("dataset", "-1"), ("dataset", "+1"), ("dataset", "1.0"),
        ("dataset", "²"), ("dataset", "１"), ("dataset", "1_0"), ("dataset", "9" * 10), ("dataset", "9" * 150),
        ("limit", "0"), ("limit", "-1"), ("limit", "1001"), ("limit", "1e3"), ("limit", "²"), ("limit", "9" * 20),
        ("limit", "nan"), ("limit", "inf"),
        ("fields", "reference,nonsense"), ("fields", ","), ("fields", "internal_notes"),
        ("after", "x"), ("after", "1.0123456789"), ("after", "²." + "0" * 10 + ".2020-10-05:KGZ-1"),
        ("after", "1." + "0" * 10 + ".2020-10-05:K' OR 1=1--"),
        ("q", "a\0b"), ("q", "a\ud800b"), ("q", "x" * 201), ("q", "a\nb"), ("q", "\u202eabc"),
        ("place", "x" * 201), ("unknown", "x"), ("", "x"), ("violation[]", "assault"), ("VIOLATION", "assault"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(name: str, value: str) -> None:
    [problem] = _problems((name, value))
    assert problem.message
    assert problem.value.isprintable()
    assert len(problem.value) <= 80


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    [problem] = _problems(("from", "2020-10-06"), ("to", "2020-10-05"))
    assert problem.name == "to"


def test_a_day_and_a_version_cannot_both_be_asked_for() -> None:
    [problem] = _problems(("as_of", "2026-03-01"), ("dataset", "1"))
    assert problem.name == "dataset"


@pytest.mark.parametrize("name", [name for name, parameter in PARAMETERS.items() if not parameter.many])
def test_what_can_have_one_value_is_refused_with_two(name: str) -> None:
    value = PARAMETERS[name].example or "1.0123456789.2020-10-05:KGZ-00002020-00000001"
    [problem] = _problems((name, value), (name, value))
    assert "once" in problem.message


def test_ten_thousand_parameters_are_refused_in_one_sentence() -> None:
    read = 0

    def many() -> object:
        nonlocal read
        for _ in range(10_000):
            read += 1
            yield ("violation", "assault")

    with pytest.raises(FilterError) as refusal:
        DatasetFilter.parse(many())  # type: ignore[arg-type]
    assert len(refusal.value.problems) == 1
    assert read == MOST_PARAMETERS + 1


@given(st.lists(st.tuples(st.one_of(st.sampled_from(sorted(PARAMETERS)), st.text()), st.text()), max_size=5))
def test_nothing_that_can_be_sent_does_anything_but_pass_or_be_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(FilterError):
        DatasetFilter.parse(pairs).query_string()


@given(
    st.lists(
        st.sampled_from([(p.name, code) for p in CODED if p.vocabulary for code in codes_allowed(p.vocabulary)]),
        max_size=8,
    )
)
def test_a_canonical_query_reads_as_the_same_filter(pairs: list[tuple[str, str]]) -> None:
    wanted = DatasetFilter.parse([*pairs, ("q", "ёлка & co=1"), ("from", "2020-01-01"), ("limit", "7")])
    assert _parse(wanted.query_string()) == wanted


def test_a_query_can_be_changed() -> None:
    wanted = _parse("violation=assault&from=2020-10-05&limit=10")
    assert wanted.query_string(violation=None, limit=None) == "from=2020-10-05"
    assert wanted.query_string(violation=["threat", "assault"], **{"from": None}) == (
        "violation=threat&violation=assault&limit=10"
    )
    with pytest.raises(TypeError):
        wanted.query_string(colour="red")


def test_the_digest_is_that_of_the_filter_and_not_of_the_page() -> None:
    assert _parse("violation=assault&limit=10").digest() == _parse("violation=assault").digest()
    assert _parse("violation=assault&fields=reference").digest() == _parse("violation=assault").digest()
    assert _parse("violation=assault").digest() != _parse("violation=threat").digest()


def test_when_says_nothing_without_a_period() -> None:
    assert _parse("when=certain").query_string() == ""
    assert _parse("when=certain").digest() == EVERYTHING.digest()


def test_an_applied_filter_says_itself_in_words() -> None:
    wanted = _parse(
        "q=Kloop&from=2020-10-05&to=2020-10-06&when=certain&country=KG&place=Osh&violation=threat&violation=assault"
        "&perpetrator=not_recorded&outlet=kloop&dataset=3"
    )
    assert filter_words(wanted, names={"kloop": "Kloop"}) == [
        "text: “Kloop”",
        "date: certainly 5 to 6 October 2020",
        "country: Kyrgyzstan",
        "place: Osh",
        "violation: physical assault or threat",
        "perpetrator: not recorded",
        "outlet: Kloop",
        "dataset version 3",
    ]


def test_a_filter_of_possible_days_says_so() -> None:
    assert filter_words(_parse("from=2020-10-01&to=2020-10-31")) == ["date: possibly October 2020"]
    assert filter_words(_parse("as_of=2026-03-01")) == ["as of 1 March 2026"]
    assert filter_words(EVERYTHING) == []


def test_the_words_of_a_filter_can_be_translated() -> None:
    said = filter_words(_parse("violation=assault&country=KG"), translate=str.upper)
    assert said[0].startswith("COUNTRY")
    assert "VIOLATION" in said[1]
