"""Lists of incidents: the same answers on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dataset.records import EDTF
from tests.dataset.samples import (
    START,
    act,
    by,
    incident,
    outlet,
    place,
    publish,
    site,
    source,
    topic,
    victim,
    when,
)
from tracker.dataset import queries
from tracker.dataset.counts import FEW, MANY
from tracker.dataset.editions import dataset_version
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.periods import day_numbers
from tracker.dataset.problems import FilterError, Problem
from tracker.dates import IncidentDate
from tracker.db import Database
from tracker.vocabulary import Nature


def _page(database: Database, query: str = "") -> queries.IncidentPage:
    with database.public() as session:
        return queries.incident_page(session, DatasetFilter.parse(parse_qsl(query)))


def _keys(database: Database, query: str = "") -> list[str]:
    found = _page(database, query)
    keys = [record.key for record in found.records]
    assert found.total == len(keys)
    return keys


def _problems(database: Database, query: str) -> list[Problem]:
    with pytest.raises(FilterError) as refusal:
        _page(database, query)
    return list(refusal.value.problems)


@pytest.fixture(params=["few", "listed", "columns"])
def plans(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small lists are led to the answer in the ways that are meant for large ones, too."""
    request.getfixturevalue("from_the_columns" if request.param == "columns" else "by_the_database")
    if request.param == "listed":
        monkeypatch.setattr("tracker.dataset.counts.MANY", 1)
        monkeypatch.setattr("tracker.dataset.counts.FEW", -1)
    assert MANY > 1
    assert FEW > 0


def test_nothing_is_listed_before_anything_is_published(database: Database) -> None:
    found = _page(database)
    assert (found.records, found.total, found.unavailable, found.after) == ((), 0, 0, None)
    assert found.edition.version == 0
    with database.public() as session:
        assert queries.site(session) is None


def test_two_filters_with_the_same_digest_keep_their_own_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The digest in a token is short enough to be forged: nobody may plant a count under another filter.
    monkeypatch.setattr(DatasetFilter, "digest", lambda _self: "0123456789")
    publish(database, incident("KGZ-2020-0001"))
    assert _page(database, "q=nothing").total == 0
    assert _page(database).total == 1


def test_the_newest_incident_comes_first_and_undated_ones_last(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2020-0001", "2020-10-05"),
        incident("KGZ-2020-0002", "XXXX-XX-XX"),
        incident("KGZ-2020-0003", "[2020-10-01..2020-10-09]"),
        incident("KGZ-2020-10000", "2020-10-05"),
        incident("KGZ-2020-0004", "2020-10-05"),
    )
    assert [key[9:] for key in _keys(database)] == ["0003", "10000", "0004", "0001", "0002"]


# — one act, one victim —


@pytest.fixture
def _two_acts(database: Database) -> None:
    police_assault = act("assault", [victim(role="editor", harm="injured", outlet="kloop")], [by("police")])
    crowd_threat = act(
        "threat", [victim(role="fixer", harm="none", outlet="azattyk")], [by("crowd_protester")], completion="attempted"
    )
    both = act("arrest_detention", [victim(role="editor", harm="none"), victim(role="driver", harm="killed")], [])
    publish(
        database,
        incident("KGZ-2020-0001", acts=[police_assault, crowd_threat], topics=["vote"]),
        incident("KGZ-2020-0002", acts=[both]),
        incident("KGZ-2020-0003"),
        outlet("kloop"),
        outlet("azattyk"),
        topic("vote"),
        topic("unused"),
    )


ONE_ACT = (
    "violation=assault",
    "perpetrator=police",
    "violation=assault&perpetrator=police",
    "violation=assault&violation=threat&perpetrator=police",
    "violation=assault&state=state",
    "violation=threat&state=non_state",
    "violation=assault&outlet=kloop",
    "violation=assault&role=editor&harm=injured",
    "completion=attempted&perpetrator=crowd_protester",
    "violation=threat&perpetrator=crowd_protester&country=KG&q=0001&topic=vote",
)
TWO_ACTS = (
    "violation=threat&perpetrator=police",
    "violation=assault&perpetrator=crowd_protester",
    "violation=threat&state=state",
    "violation=assault&outlet=azattyk",
    "violation=assault&role=fixer",
    "completion=attempted&perpetrator=police",
    "violation=assault&perpetrator=crowd_protester&country=KG&q=0001&topic=vote",
)


@pytest.mark.usefixtures("_two_acts", "plans")
def test_filters_of_acts_never_join_two_acts(database: Database) -> None:
    found = {query for query in (*ONE_ACT, *TWO_ACTS) if "KGZ-2020-0001" in _keys(database, query)}
    assert found == set(ONE_ACT)


@pytest.mark.usefixtures("_two_acts", "plans")
def test_filters_of_victims_never_join_two_victims_of_an_act(database: Database) -> None:
    assert _keys(database, "violation=arrest_detention&role=editor&harm=killed") == []
    assert _keys(database, "violation=arrest_detention&role=driver&harm=killed") == ["KGZ-2020-0002"]


@pytest.mark.usefixtures("_two_acts", "plans")
def test_what_is_not_recorded_can_be_asked_for(database: Database) -> None:
    assert _keys(database, "perpetrator=not_recorded") == ["KGZ-2020-0002"]
    assert _keys(database, "state=not_recorded") == ["KGZ-2020-0002"]
    assert _keys(database, "outlet=not_recorded") == ["KGZ-2020-0002"]
    assert _keys(database, "topic=not_recorded") == ["KGZ-2020-0003", "KGZ-2020-0002"]
    assert _keys(database, "perpetrator=unknown") == []
    assert _keys(database, "completion=not_recorded&violation=assault") == ["KGZ-2020-0001"]


@pytest.mark.usefixtures("_two_acts")
def test_an_outlet_or_topic_that_does_not_exist_is_refused(database: Database) -> None:
    found = _problems(database, "outlet=klop&topic=vot&outlet=kloop")
    assert [(problem.name, problem.value) for problem in found] == [("outlet", "klop"), ("topic", "vot")]
    assert _keys(database, "topic=unused") == []


@pytest.mark.usefixtures("_two_acts")
def test_an_outlet_is_known_from_the_version_at_which_it_was_published(database: Database) -> None:
    version = publish(database, outlet("kaktus"))
    assert _keys(database, f"outlet=kaktus&dataset={version}") == []
    assert _problems(database, f"outlet=kaktus&dataset={version - 1}")


# — places and verification —


def test_places_are_compared_without_case_marks_and_punctuation(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2020-0001", place=place(country="KG", admin1="Jalal-Abad", locality="Ёлкино")),
        incident("KGZ-2020-0002", place=place(country="NA")),
        incident("KGZ-2020-0003", place=place(precision="unknown")),
        incident("KGZ-2020-0004", place=place(precision="online"), verification=None),
    )
    assert _keys(database, "admin1=JALAL+ABAD&place=елкино") == ["KGZ-2020-0001"]
    assert _keys(database, "country=NA") == ["KGZ-2020-0002"]
    assert _keys(database, "country=unknown") == ["KGZ-2020-0003"]
    assert _keys(database, "country=not_recorded&country=KG") == ["KGZ-2020-0004", "KGZ-2020-0001"]
    assert _keys(database, "place=not_recorded") == ["KGZ-2020-0004", "KGZ-2020-0003", "KGZ-2020-0002"]
    assert _keys(database, "place=Elsewhere") == []
    assert _keys(database, "verification=not_recorded") == ["KGZ-2020-0004"]
    with database.public() as session:
        edition = dataset_version(session)
        assert queries.countries(session, edition) == ["KG", "NA", "not_recorded", "unknown"]


# — periods —

_MORE = (
    "2020-10-06",
    "2020-11",
    "2021",
    "2019",
    "[..2020-01-01]",
    "[2021-01-01..]",
    "2020-09-30/2020-10-01",
    "9999-12-31",
)
ALL_DATES = (*EDTF, *_MORE)
_bounds = st.one_of(
    st.none(),
    st.sampled_from([date(2020, 10, 5), date(2020, 10, 6), date(1, 1, 1), date(9999, 12, 31), date(2020, 12, 31)]),
    st.dates(date(2019, 1, 1), date(2021, 12, 31)),
)


def test_periods_mean_in_sql_what_they_mean_for_one_date(database: Database) -> None:
    publish(database, *(incident(f"KGZ-2020-{number:04d}", text) for number, text in enumerate(ALL_DATES)))
    read = {f"KGZ-2020-{number:04d}": IncidentDate.from_edtf(text) for number, text in enumerate(ALL_DATES)}

    @given(_bounds, _bounds, st.booleans())
    @settings(max_examples=150)
    def hold(start: date | None, end: date | None, certain: bool) -> None:
        if start and end and start > end:
            start, end = end, start
        if start is None and end is None:
            return
        wanted = DatasetFilter(start=start, end=end, when="certain" if certain else "possible")
        with database.public() as session:
            found = {record.key for record in queries.incident_page(session, wanted).records}
        meant = {key for key, one in read.items() if (one.certainly_in if certain else one.possibly_in)(start, end)}
        assert found == meant

    hold()


def test_an_undated_incident_is_in_no_period(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001", "XXXX-XX-XX"))
    for query in ("from=0001-01-01", "to=9999-12-31", "from=0001-01-01&to=9999-12-31&when=certain"):
        assert _keys(database, query) == []
    assert _keys(database, "when=certain") == ["KGZ-2020-0001"]


def test_an_open_end_is_stored_beyond_every_day() -> None:
    assert day_numbers(when("[2020-10-05..]"))[1] > date.max.toordinal()
    assert day_numbers(when("[..2020-10-05]"))[0] < date.min.toordinal()


# — versions —


@pytest.fixture
def _three_days(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001"), at=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))
    publish(database, incident("KGZ-2020-0002"), at=datetime(2026, 3, 3, 0, 0, tzinfo=UTC))
    publish(
        database,
        incident("KGZ-2020-0001", title={"en": "Corrected"}),
        nature=Nature.CORRECTION,
        at=datetime(2026, 3, 3, 18, 0, tzinfo=UTC),
    )


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize(
    ("query", "version"),
    [
        ("as_of=2026-03-01", 1),
        ("as_of=2026-03-02", 1),
        ("as_of=2026-03-03", 3),
        ("dataset=2", 2),
        ("dataset=3", 3),
        ("", 3),
    ],
)
def test_a_day_means_the_last_version_of_that_day(database: Database, query: str, version: int) -> None:
    found = _page(database, query)
    assert (found.edition.version, found.edition.latest) == (version, 3)
    assert found.total == (1 if version == 1 else 2)
    title = next(record.record["title"]["en"] for record in found.records if record.key == "KGZ-2020-0001")
    assert (title == "Corrected") is (version == 3)


@pytest.mark.usefixtures("_three_days")
def test_a_day_before_the_first_publication_or_in_the_future_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.dataset.editions.utc_now", lambda: datetime(2026, 3, 5, tzinfo=UTC))
    for query in ("as_of=2026-02-28", "as_of=2026-03-06", "as_of=9999-12-31", "as_of=0001-01-01"):
        [problem] = _problems(database, query)
        assert problem.allowed == ("a day from 2026-03-01 to 2026-03-05",)
    assert _page(database, "as_of=2026-03-05").edition.version == 3


@pytest.mark.usefixtures("_three_days")
@pytest.mark.parametrize("number", [4, 999_999_999])
def test_a_version_that_does_not_exist_is_refused(database: Database, number: int) -> None:
    [problem] = _problems(database, f"dataset={number}")
    assert problem.allowed == ("a number from 1 to 3",)


def test_before_anything_is_published_no_day_and_no_version_exists(database: Database) -> None:
    for query in ("as_of=2026-03-01", "dataset=1"):
        assert _problems(database, query)


def test_every_publication_changes_the_stamp(database: Database) -> None:
    stamps = set()
    for number in range(3):
        publish(database, incident(f"KGZ-2020-{number:04d}"))
        stamps |= {_page(database).edition.stamp, _page(database, "dataset=1").edition.stamp}
    assert len(stamps) == 3


# — pages —


def _walk(database: Database, query: str) -> list[str]:
    keys: list[str] = []
    after = ""
    while True:
        found = _page(database, f"{query}{after}")
        keys += [record.key for record in found.records]
        if found.after is None:
            return keys
        after = f"&after={found.after}"


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("limit", [1, 3, 7, 20])
def test_the_pages_hold_every_incident_once_and_in_order(database: Database, limit: int) -> None:
    days = ("2020-10-05", "2020-10-06", "XXXX-XX-XX")
    publish(database, *(incident(f"KGZ-2020-{number:04d}", days[number % 3]) for number in range(20)))
    everything = _keys(database)
    assert _walk(database, f"limit={limit}") == everything
    assert _walk(database, f"limit={limit}&from=2020-10-06") == [key for key in everything if int(key[-4:]) % 3 == 1]


def test_the_next_page_stays_at_the_version_of_the_first(database: Database) -> None:
    publish(database, *(incident(f"KGZ-2020-{number:04d}") for number in range(10, 14)))
    first = _page(database, "limit=2")
    publish(database, incident("KGZ-2020-0001"), incident("KGZ-2020-0099"))
    second = _page(database, f"limit=2&after={first.after}")
    assert [record.key[-4:] for record in second.records] == ["0011", "0010"]
    assert (second.edition.version, second.total) == (1, 4)
    assert _page(database).total == 6


def test_a_page_of_another_query_is_refused(database: Database) -> None:
    publish(database, *(incident(f"KGZ-2020-{number:04d}") for number in range(3)))
    token = _page(database, "limit=1").after
    assert token is not None
    assert _page(database, f"limit=2&after={token}").total == 3
    for query in (f"country=KG&after={token}", f"dataset=1&after={token}", f"as_of=2026-03-01&after={token}"):
        [problem] = _problems(database, query)
        assert problem.name == "after"
    for number in ("0", "2", "999999999"):
        assert _problems(database, f"after={number}{str(token)[1:]}")


# — text —


MPI = [source(publisher="Media Policy Institute")]


@pytest.fixture
def _told(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2020-0001", summary={"en": "Journalist of 24.kg was hit in front of foo-bar"}),
        incident("KGZ-2020-0002", title={"en": "Attack", "ru": "Нападение на журналистку «Клооп»"}),
        incident("KGZ-2020-0003", summary={"en": "100% of it_all"}, sources=MPI),
        incident("KGZ-2020-0004", place=place(locality="Élan-Çity"), summary={"en": "O'zbek journalists' x:y"}),
        incident("KGZ-2020-0005", summary={"en": "NEAR AND OR NOT"}),
    )  # fmt: skip


# What is searched for, and the last digits of the references of what is found.
SEARCHES = {
    "journalist": "14", "JOURNALISTS": "4", "journ front": "", "journalist fron": "1", "front journalist": "14"[:1],
    "журналистк": "2", "КЛООП": "2", "клооп нападение": "2", "media policy": "3", "elan city": "4", "ÉLAN": "4",
    "o zbek": "4", "24.kg": "1", "24 kg": "1", "0001": "1", "KGZ-2020-0003": "3", "  front  ": "1", "front " * 20: "1",
    "𝐟𝐫𝐨𝐧𝐭": "1", "х": "", '"': "", '"front"': "1", "foo-bar": "1", "-front": "1", "front -journalist": "1",
    "x:y": "4", "summary:front": "", "*": "", "fron*": "1", "^front": "1", "(front": "1", "front)": "1",
    "front OR attack": "", "NEAR(front journalist)": "", "near and or not": "5", "AND": "5", "NOT": "5", "%": "",
    "100%": "3", "_": "", "it_all": "3", "'": "", "''; DROP TABLE x": "", "\\": "", "front & journalist": "1",
    "front | attack": "", "front <-> journalist": "1", "front:*": "1", "'front':A": "", "{front journalist}": "1",
    "+front": "1", "front\u00a0journalist": "1",
}  # fmt: skip


@pytest.mark.usefixtures("_told", "plans")
def test_search_texts_are_plain_words_with_the_same_hits_on_both_databases(database: Database) -> None:
    found = {}
    for text in SEARCHES:
        with database.public() as session:
            page = queries.incident_page(session, DatasetFilter.parse([("q", text)]))
        found[text] = "".join(sorted(record.key[-1] for record in page.records))
        assert page.total == len(found[text])
    assert found == SEARCHES


@pytest.mark.usefixtures("_told")
def test_a_very_long_search_is_answered(database: Database) -> None:
    many_words = " ".join(chr(0x4E00 + number) for number in range(99))
    assert _page(database, f"q={many_words}").total == 0
    assert _page(database, "q=" + "\u0e01" * 199).total == 0


def test_old_texts_are_found_at_old_versions_only(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001", title={"en": "Mistaken"}))
    publish(database, incident("KGZ-2020-0001", title={"en": "Right"}), nature=Nature.CORRECTION)
    assert (_page(database, "q=mistaken").total, _page(database, "q=mistaken&dataset=1").total) == (0, 1)
    assert (_page(database, "q=right").total, _page(database, "q=right&dataset=1").total) == (1, 0)


# — other records —


def test_topics_outlets_and_the_site_are_read_at_any_version(database: Database) -> None:
    publish(database, topic("b-topic"), topic("a-topic"), outlet("kloop"), site())
    publish(database, topic("a-topic", title={"en": "New"}), site(licence="cc0_1_0"), nature=Nature.CORRECTION)
    with database.public() as session:
        assert [found.key for found in queries.topics(session)] == ["a-topic", "b-topic"]
        assert [found.key for found in queries.outlets(session)] == ["kloop"]
        for version, title in ((None, "New"), (1, "A-Topic")):
            read = queries.topic(session, "a-topic", version)
            assert read is not None
            assert read.record["title"] == {"en": title}
        now, then = queries.site(session), queries.site(session, 1)
        assert now is not None
        assert then is not None
        assert (now.record["licence"], then.record["licence"]) == ("cc0_1_0", "cc_by_4_0")
        assert queries.outlet(session, "nobody") is None


def test_a_count_that_is_remembered_is_forgotten_with_the_next_publication(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001"))
    assert _page(database, "country=KG").total == 1
    publish(database, incident("KGZ-2020-0002"), at=START + timedelta(days=3))
    assert _page(database, "country=KG").total == 2
    publish(database, incident("KGZ-2020-0001", place=place(country="KZ")), nature=Nature.RESTRICTION)
    assert (_page(database, "country=KG").total, _page(database, "country=KG&dataset=2").total) == (1, 1)


@pytest.mark.usefixtures("plans")
def test_every_filter_agrees_with_a_count_by_hand(database: Database) -> None:
    records = [_record_of(number) for number in range(60)]
    publish(database, *records)
    names: dict[str, Any] = {
        "violation": ["assault", "threat"],
        "perpetrator": ["police", "unknown"],
        "harm": ["injured"],
    }

    @given(st.fixed_dictionaries({name: st.lists(st.sampled_from(v), max_size=1) for name, v in names.items()}))
    def hold(asked: dict[str, list[str]]) -> None:
        wanted = DatasetFilter.parse([(name, value) for name, values in asked.items() for value in values])
        with database.public() as session:
            assert queries.incident_page(session, wanted).total == sum(_matches(r, asked) for r in records)

    hold()


def _record_of(number: int) -> dict[str, Any]:
    acts = [
        act(
            ("assault", "threat", "other")[(number + turn) % 3],
            [victim(harm=("injured", None)[(number // 3 + turn) % 2])],
            [by(("police", "unknown", "corporate")[(number // 2 + turn) % 3])],
        )
        for turn in range(number % 4)
    ]
    return incident(f"KGZ-2020-{number:04d}", acts=acts)


def _matches(record: dict[str, Any], asked: dict[str, list[str]]) -> bool:
    def fits(name: str, value: str | None) -> bool:
        return not asked[name] or value in asked[name]

    return not any(asked.values()) or any(
        fits("violation", one["violation"]) and fits("perpetrator", who["perpetrator"]) and fits("harm", hurt["harm"])
        for one in record["acts"]
        for who in one["involvements"]
        for hurt in one["victims"]
    )
