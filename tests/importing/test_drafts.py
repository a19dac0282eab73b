"""What is wrong with a file: everything at once, each with its line, its record and what is allowed."""

import copy
from typing import Any

import pytest

from tests.importing.material import file_of, incident, told, written

ACT = {"violation": "assault", "victims": [{"kind": "group"}]}
PERSON = {"kind": "person", "naming": "named", "person": "a-person"}

FILE = """\
# Each second line is wrong.
sources:
  - key: a-source
    type: ngo_report
    publisher: A Watchdog
    colour: red
incidents:
  - key: first
    date:
      edtf: "2020-02-30"
    place:
      country: ZZ
    sources:
      - source: no-such-source
    acts:
      - violation: asault
        victims:
          - kind: group
            count_least: many
  - key: second
    title: No language
    date: {edtf: "2020-10-06/2020-10-05"}
    place: {country: KG}
    sources: [{source: a-source}]
    acts: []
  - key: first
    date: {edtf: "2020-10-05"}
    place: {country: KG}
    sources: [{source: a-source}]
    acts: [{violation: assault, victims: [{kind: group}]}]
weather: fine
"""


def one(**changes: Any) -> list[str]:
    """What is told of a file whose only incident has these changes."""
    return told(written(file_of(incident(**changes))))


def test_a_file_without_faults_has_no_problems() -> None:
    assert told(written(file_of())) == []


def test_everything_wrong_is_told_at_once_from_the_top_to_the_end() -> None:
    beginnings = [line.partition(" (")[0].partition("; ")[0] for line in told(FILE)]
    assert beginnings == [
        "file.yaml:6: a-source: sources[0].colour: is not a known field",
        "file.yaml:10: first: incidents[0].date.edtf: not a date that can be read",
        "file.yaml:12: first: incidents[0].place.country: is not a country",
        "file.yaml:14: first: incidents[0].sources[0].source: names no known source",
        "file.yaml:16: first: incidents[0].acts[0].violation: is not a known code",
        "file.yaml:19: first: incidents[0].acts[0].victims[0].count_least: input should be a valid integer, "
        "unable to parse string as an integer",
        "file.yaml:21: second: incidents[1].title: input should be a valid dictionary",
        "file.yaml:22: second: incidents[1].date.edtf: not a date that can be read",
        "file.yaml:25: second: incidents[1].acts: is missing",
        "file.yaml:26: first: incidents[2].key: the same key stands at incidents[0]",
        "file.yaml:31: weather: is not a known part of the file",
    ]


def test_each_problem_says_what_is_allowed() -> None:
    lines = dict(enumerate(told(FILE)))
    for number, allowed in {
        0: "allowed: key, type, publisher, title",
        2: "allowed: ISO 3166-1 alpha-2, such as KG",
        3: "allowed: a-source",
        4: "allowed: killing, enforced_disappearance, ",
        9: "allowed: a key of its own",
        10: "allowed: site, sources, people, outlets, topics, incidents",
    }.items():
        assert allowed in lines[number]


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"colour": "red"}, "colour", "is not a known field"),
        ({"title": 5}, "title", "dictionary"),
        ({"title": {"en": 5}}, "title.en", "string"),
        ({"title": {"xx": "a"}}, "title.xx", "not a language code"),
        ({"summary": {"en": ["a"]}}, "summary.en", "string"),
        ({"summary": {"en": "long " * 2_000_000}}, "summary.en", "20,000"),
        ({"title": {"en": "a\u202eb"}}, "title.en", "U+202E"),
        ({"date": "2020-10-05"}, "date", "dictionary"),
        ({"date": {"edtf": 2020}}, "date.edtf", "string"),
        ({"date": {"edtf": "2020-02-30"}}, "date.edtf", "2020-02-30"),
        ({"date": {"edtf": "2020-13"}}, "date.edtf", "2020-13"),
        ({"date": {"edtf": "[2020-10-06..2020-10-05]"}}, "date.edtf", "2020-10-06"),
        ({"date": {"edtf": "2020-10-05~"}}, "date.edtf", "window"),
        ({"date": {}}, "date", "is missing"),
        ({"place": {"country": "Kyrgyzstan"}}, "place.country", "is not a country"),
        ({"place": {"country": "kg"}}, "place.country", "is not a country"),
        ({"place": {"country": "KG", "latitude": 91, "longitude": 0}}, "place.latitude", "globe"),
        ({"place": {"country": "KG", "latitude": 41.5}}, "place.longitude", "both or neither"),
        (
            {"place": {"country": "KG", "latitude": 74.59, "longitude": 42.87}},
            "place.latitude",
            "exchanged, 42.87, 74.59, it would lie in Kyrgyzstan",
        ),
        ({"place": {"country": "KG", "latitude": 48.85, "longitude": 2.35}}, "place.latitude", "lies in France"),
        ({"verification": "sure"}, "verification", "reported, corroborated, confirmed, disputed"),
        ({"covering": ["votes"]}, "covering[0]", "elections"),
        ({"covering": "elections"}, "covering", "list"),
        ({"topics": ["no-topic"]}, "topics[0]", "names no known topic"),
        ({"related": ["no-incident"]}, "related[0]", "names no known incident"),
        ({"related": ["an-incident"]}, "related[0]", "not related to itself"),
        ({"sources": []}, "sources", "is missing"),
        ({"sources": [{}]}, "sources[0].source", "is missing"),
        ({"sources": [{"source": "no-source"}]}, "sources[0].source", "allowed: a-source"),
        ({"acts": "assault"}, "acts", "list"),
        ({"acts": [ACT | {"victims": []}]}, "acts[0].victims", "is missing"),
        ({"acts": [ACT | {"victims": [{"kind": "person"}]}]}, "acts[0].victims[0].naming", "is missing"),
        (
            {"acts": [ACT | {"victims": [PERSON | {"person": "x"}]}]},
            "acts[0].victims[0].person",
            "names no known person",
        ),
        ({"acts": [ACT | {"victims": [{"kind": "outlet"}]}]}, "acts[0].victims[0].outlet", "is missing"),
        ({"acts": [ACT | {"involvements": [{"role": "direct"}]}]}, "acts[0].involvements[0].basis", "is missing"),
        ({"acts": [ACT | {"victims": [{"kind": "group", "count_least": 10**30}]}]}, "count_least", ""),
        ({"acts": [ACT | {"victims": [{"kind": "group", "count_least": -1}]}]}, "count_least", ""),
        ({"acts": [ACT | {"victims": [{"kind": "group", "minor": "perhaps"}]}]}, "minor", "boolean"),
        ({"key": "Not A Key"}, "key", "lower-case letters, digits and single hyphens"),
        ({"key": None}, "key", "is missing"),
        ({"key": ["a"]}, "key", "string"),
    ],
)
def test_a_fault_is_told_with_its_line_its_place_and_what_is_wrong(
    changes: dict[str, Any], place: str, words: str
) -> None:
    lines = one(**changes)
    assert len(lines) == 1
    assert lines[0].startswith("file.yaml:")
    assert place in lines[0]
    assert words in lines[0]
    assert len(lines[0]) < 1_000


@pytest.mark.parametrize("part", ["sources", "people", "outlets", "topics", "incidents"])
@pytest.mark.parametrize("value", ["text", 5, {"key": "a"}, True])
def test_a_part_that_is_no_list_is_refused(part: str, value: object) -> None:
    assert any(f"{part}: a list of records is needed" in line for line in told(written(file_of(**{part: value}))))


@pytest.mark.parametrize("value", ["text", 5, ["a"], None])
def test_a_record_that_has_no_fields_is_refused(value: object) -> None:
    assert any("a record with named fields is needed" in line for line in told(written(file_of(topics=[value]))))


@pytest.mark.parametrize("content", ["just text\n", "- a\n- b\n", "5\n", "# nothing\n", "null\n"])
def test_a_file_without_parts_is_refused(content: str) -> None:
    [line] = told(content)
    assert line.startswith("file.yaml:1: record: the file needs named parts")


def test_a_file_with_empty_parts_is_fine() -> None:
    assert told("sources:\nincidents: []\n") == []


def test_a_text_with_yes_or_no_in_it_is_text_and_norway_is_a_country() -> None:
    assert told(written(file_of(incident(place={"country": "KG", "locality": "no"})))) == []
    unquoted = written(file_of()).replace("country: KG", "country: NO")
    assert told(unquoted) == []


def test_an_unquoted_date_is_the_text_that_stands_there() -> None:
    assert told(written(file_of()).replace("'2020-10-05'", "2020-10-05")) == []


def test_a_duplicate_of_any_kind_of_record_is_refused() -> None:
    data = file_of()
    for section in ("sources", "people", "outlets", "topics"):
        again = file_of(**{section: [data[section][0], copy.deepcopy(data[section][0])]})
        lines = told(written(again))
        assert any(f"{section}[1].key: the same key stands at {section}[0]" in line for line in lines)


def test_what_is_told_moves_no_cursor_and_stays_on_one_line() -> None:
    lines = told('incidents:\n  - "a\\u2028b\\u0085c": 1\n    key: x\n')
    assert lines
    assert all(line.isprintable() for line in lines)


def test_a_thousand_faults_are_told_in_little_time() -> None:
    wrong = [incident(f"incident-{n}", topics=[f"no-topic-{n}"], colour=n) for n in range(500)]
    assert len(told(written(file_of(*wrong)))) == 1_000
