"""Files of incidents: what they hold, how they say what it is, and what they refuse."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pandas
import pytest
from jsonschema import Draft202012Validator

from tests.dataset.reading import record_of
from tests.dataset.samples import act, by, incident, outlet, place, publish, site, source, topic, victim
from tracker.dataset.exports import FORMATS, ExportMeta, prepare
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.fields import csv_header, export_schema
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.db import Database
from tracker.vocabulary import Licence, Nature

COUNT = 23


def _record(number: int) -> dict[str, Any]:
    return incident(
        f"KGZ-2020-{number:04d}",
        ("2020-10-05", "2020-10-05/2020-10-06", "XXXX-XX-XX")[number % 3],
        title={"en": f"=Title {number}", "ru": "Заголовок | «с» чертой"},
        summary={"en": 'Line one\r\nline "two", '},
        place=place(country="NA", latitude=-22.5, longitude=17.0 + number),
        acts=[act("assault" if number % 2 else "threat", [victim(name="@Name", outlet="kloop")], [by("police")])],
        sources=[source(url="https://example.org/a", supports=["what", "date"])],
        topics=["vote"],
    )


RECORDS = {f"KGZ-2020-{number:04d}": _record(number) for number in range(COUNT)}


@pytest.fixture
def filled(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A dataset of several batches, with an older version and a topic, an outlet and the site."""
    monkeypatch.setattr("tracker.dataset.exports.batches.BATCH", 5)
    publish(database, *RECORDS.values(), topic("vote"), outlet("kloop", name="Kloop"), site())
    return database


def _write(database: Database, name: str, query: str = "") -> tuple[bytes, ExportMeta]:
    wanted = DatasetFilter.parse(parse_qsl(query))
    with database.public() as session:
        export = prepare(session, wanted, columns=FORMATS[name].columns)
    return b"".join(FORMATS[name].write(database.public, export)), export.meta


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_csv_holds_every_incident_under_one_header(filled: Database) -> None:
    content, meta = _write(filled, "csv")
    rows = _rows(content)
    assert {row["reference"]: record_of(row) for row in rows} == RECORDS
    assert len(rows) == meta.rows == COUNT
    assert content.decode().split("\r\n")[0] == ",".join(csv_header())


def test_pandas_reads_the_csv(filled: Database) -> None:
    content, _ = _write(filled, "csv")
    frame = pandas.read_csv(io.BytesIO(content), keep_default_na=False, dtype={"country": str})
    assert frame.shape == (COUNT, len(csv_header()))
    assert set(frame["country"]) == {"NA"}
    assert frame["latitude"].dtype.kind == "f"
    assert set(frame["title"].str[0]) == {"'"}


def test_the_json_holds_the_records_exactly_and_is_what_its_schema_says(filled: Database) -> None:
    content, meta = _write(filled, "json")
    read = json.loads(content)
    Draft202012Validator(export_schema()).validate(read)
    assert {one["reference"]: one for one in read["incidents"]} == RECORDS
    assert read["meta"] == meta.as_dict()


def test_the_geojson_is_a_feature_collection_with_null_geometry_where_there_is_no_point(filled: Database) -> None:
    publish(filled, incident("KGZ-2021-0001", place=place(country="KG", precision="country")))
    content, meta = _write(filled, "geojson")
    read = json.loads(content)
    assert read["type"] == "FeatureCollection"
    assert read["meta"]["rows"] == len(read["features"]) == COUNT + 1
    points = {one["id"]: one["geometry"] for one in read["features"]}
    assert points["KGZ-2021-0001"] is None
    assert points["KGZ-2020-0003"] == {"type": "Point", "coordinates": [20.0, -22.5]}
    assert meta.as_dict() == read["meta"]
    for one in read["features"]:
        assert set(one) == {"type", "id", "geometry", "properties"}
        assert one["properties"]["reference"] == one["id"]


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_filtered_file_holds_the_matches_alone(filled: Database, name: str) -> None:
    content, meta = _write(filled, name, "violation=assault&perpetrator=police&from=2020-10-05&outlet=kloop")
    expected = {key for key in RECORDS if int(key[-4:]) % 2 and int(key[-4:]) % 3 != 2}
    text = content.decode()
    assert {key for key in RECORDS if key in text} == expected
    assert meta.rows == len(expected)
    assert meta.filter == (
        "date: possibly from 5 October 2020", "violation: physical assault", "perpetrator: police", "outlet: Kloop",
    )  # fmt: skip
    assert meta.query == "from=2020-10-05&violation=assault&perpetrator=police&outlet=kloop"


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_without_matches_is_a_whole_file(filled: Database, name: str) -> None:
    content, meta = _write(filled, name, "country=DE")
    assert meta.rows == 0
    if name == "csv":
        assert _rows(content) == []
    else:
        assert json.loads(content)["incidents" if name == "json" else "features"] == []


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_empty_dataset_gives_a_whole_file_that_says_so(database: Database, name: str) -> None:
    content, meta = _write(database, name)
    assert content
    assert (meta.rows, meta.dataset_version, meta.as_of, meta.licence) == (0, 0, None, None)
    if name == "json":
        Draft202012Validator(export_schema()).validate(json.loads(content))


def test_a_file_says_its_version_time_unit_licence_and_what_is_missing(filled: Database) -> None:
    publish(filled, incident("KGZ-2020-0000"), nature=Nature.RESTRICTION)
    _, meta = _write(filled, "csv", "dataset=1")
    assert (meta.dataset_version, meta.rows, meta.unavailable, meta.unit) == (1, COUNT - 1, 1, "incidents")
    assert meta.licence is Licence.CC_BY_4_0
    assert iso_instant(meta.as_of) == "2026-03-01T12:00:00Z"
    assert meta.filter == ("dataset version 1",)
    assert meta.query == "dataset=1"


@pytest.mark.parametrize("name", list(FORMATS))
def test_what_is_published_while_a_file_is_written_is_not_in_it(filled: Database, name: str) -> None:
    with filled.public() as session:
        export = prepare(session, DatasetFilter())
    pieces = FORMATS[name].write(filled.public, export)
    start = next(pieces)
    publish(filled, incident("KGZ-2022-0001"), incident("KGZ-2020-0001", title={"en": "New"}), nature=Nature.CORRECTION)
    whole = (start + b"".join(pieces)).decode()
    assert "KGZ-2022-0001" not in whole
    assert "Title 1" in whole
    assert export.meta.dataset_version == 1


@pytest.mark.parametrize("name", ["json", "csv"])
def test_pages_of_a_file_lead_to_one_another_in_the_order_of_the_list(filled: Database, name: str) -> None:
    references: list[str] = []
    query = "limit=7"
    while True:
        content, meta = _write(filled, name, query)
        if name == "json":
            references += [one["reference"] for one in json.loads(content)["incidents"]]
        else:
            references += [row["reference"] for row in _rows(content)]
        if meta.next is None:
            break
        query = f"limit=7&after={meta.next}"
    dated = [key for key in RECORDS if int(key[-4:]) % 3 != 2]
    assert sorted(references) == sorted(RECORDS)
    assert set(references[: len(dated)]) == set(dated)


def test_all_columns_chosen_give_the_whole_file_byte_for_byte(filled: Database) -> None:
    whole, _ = _write(filled, "csv")
    chosen, _ = _write(filled, "csv", "fields=" + ",".join(csv_header()))
    assert chosen == whole


def test_columns_can_be_chosen_and_come_in_the_order_asked_for(filled: Database) -> None:
    content, _ = _write(filled, "csv", "fields=country,title,reference&violation=threat")
    rows = _rows(content)
    assert list(rows[0]) == ["country", "title", "reference"]
    assert rows[0]["title"].startswith("'=Title")
    assert len(rows) == 12
    single, _ = _write(filled, "csv", "fields=reference")
    assert single.decode().split("\r\n")[:2] == ["reference", "KGZ-2020-0000"]


@pytest.mark.parametrize("name", ["json", "geojson"])
def test_columns_of_a_file_that_has_none_are_refused(filled: Database, name: str) -> None:
    with pytest.raises(FilterError, match="CSV"):
        _write(filled, name, "fields=reference")


def test_a_filter_is_refused_before_the_first_byte(filled: Database) -> None:
    with filled.public() as session:
        for query in ("outlet=nobody", "dataset=99", "as_of=2000-01-01"):
            with pytest.raises(FilterError):
                prepare(session, DatasetFilter.parse(parse_qsl(query)))


def test_no_transaction_is_open_between_two_pieces(filled: Database) -> None:
    opened = 0

    class Counting:
        def __init__(self) -> None:
            self._session = filled.public()

        def __enter__(self) -> Any:
            nonlocal opened
            opened += 1
            return self._session.__enter__()

        def __exit__(self, *error: Any) -> None:
            nonlocal opened
            opened -= 1
            self._session.__exit__(*error)

    with filled.public() as session:
        export = prepare(session, DatasetFilter())
    pieces: Iterator[bytes] = FORMATS["csv"].write(Counting, export)
    for _ in pieces:
        assert opened == 0
