"""Files of incidents: what they hold, how they say what it is, and what they refuse."""

import csv
import io
import itertools
import json
import re
import threading
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pandas
import pytest
from geojson_pydantic import FeatureCollection
from jsonschema import Draft202012Validator
from sqlalchemy import text

from tests.dataset.reading import record_of
from tests.dataset.reading_files import references
from tests.dataset.samples import act, by, incident, outlet, place, publish, site, source, topic, victim
from tests.support.waiting import eventually
from tracker.dataset import queries
from tracker.dataset.exports import FORMATS, Export, ExportMeta, Sessions, prepare
from tracker.dataset.exports.meta import iso_instant
from tracker.dataset.fields import csv_header, export_schema
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.problems import FilterError
from tracker.db import Database
from tracker.vocabulary import Licence, Nature

COUNT = 23
ENDED = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
)


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
        export = FORMATS[name].prepare(session, wanted)
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
    FeatureCollection.model_validate_json(content, strict=True)
    for one in read["features"]:
        assert set(one) == {"type", "id", "geometry", "properties"}
        assert one["properties"]["reference"] == one["id"]


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_filtered_file_holds_the_matches_alone(filled: Database, name: str) -> None:
    content, meta = _write(filled, name, "violation=assault&perpetrator=police&from=2020-10-05&outlet=kloop")
    expected = {key for key in RECORDS if int(key[-4:]) % 2 and int(key[-4:]) % 3 != 2}
    assert set(references(name, content)) == expected
    assert meta.rows == len(expected)
    assert meta.filter == (
        "date: possibly from 5 October 2020", "violation: physical assault", "perpetrator: police", "outlet: Kloop",
    )  # fmt: skip
    assert meta.query == "from=2020-10-05&violation=assault&perpetrator=police&outlet=kloop"


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.unit == "incidents"])
def test_a_filtered_file_is_in_the_order_of_publication_and_a_page_in_that_of_the_list(
    filled: Database, name: str
) -> None:
    filtered, _ = _write(filled, name, "violation=assault")
    assert references(name, filtered) == [key for key in RECORDS if int(key[-4:]) % 2]
    if not FORMATS[name].is_stored:
        page, _ = _write(filled, name, f"violation=assault&limit={COUNT}")
        with filled.public() as session:
            listed = queries.incident_page(session, DatasetFilter.parse([("violation", "assault")])).incidents
        assert references(name, page) == [record["reference"] for record in listed]
        assert references(name, page) != references(name, filtered)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_without_matches_is_a_whole_file(filled: Database, name: str) -> None:
    content, meta = _write(filled, name, "country=DE")
    assert meta.rows == 0
    assert references(name, content) == []


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_empty_dataset_gives_a_whole_file_that_says_so(database: Database, name: str) -> None:
    content, meta = _write(database, name)
    assert references(name, content) == []
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


def test_a_file_names_the_licence_of_its_own_version_and_none_that_was_taken_back(filled: Database) -> None:
    assert _write(filled, "csv")[1].licence is Licence.CC_BY_4_0
    publish(filled, site(licence="cc_by_sa_4_0"))
    assert _write(filled, "csv")[1].licence is Licence.CC_BY_SA_4_0
    assert _write(filled, "csv", "dataset=1")[1].licence is Licence.CC_BY_4_0
    publish(filled, site(licence="cc_by_sa_4_0"), nature=Nature.RESTRICTION)
    assert _write(filled, "csv", "dataset=1")[1].licence is None


@pytest.mark.parametrize("name", list(FORMATS))
def test_what_is_published_while_a_file_is_written_is_not_in_it(filled: Database, name: str) -> None:
    with filled.public() as session:
        export = FORMATS[name].prepare(session, DatasetFilter())
    pieces = FORMATS[name].write(_publishing_before_the_first_batch(filled), export)
    assert sorted(set(references(name, b"".join(pieces)))) == sorted(RECORDS)
    with filled.public() as session:
        assert queries.incident(session, "KGZ-2022-0001") is not None
    assert export.meta.dataset_version == 1


@pytest.mark.parametrize("name", ["csv", "jsonl", "geojson"])
def test_a_file_goes_on_though_the_server_ended_all_connections_meanwhile(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("tracker.dataset.exports.batches.BATCH", 2)
    publish(postgres_database, *RECORDS.values())
    with postgres_database.public() as session:
        export = FORMATS[name].prepare(session, DatasetFilter())
    pieces = FORMATS[name].write(postgres_database.public, export)
    # Behind these both readers have their connections.
    begun = [next(pieces) for _ in range(3)]
    with postgres_database.write() as session:
        session.execute(ENDED)
    assert sorted(references(name, b"".join([*begun, *pieces]))) == sorted(RECORDS)


def _publishing_before_the_first_batch(database: Database) -> Sessions:
    opened_so_far = itertools.count()

    def opened() -> Any:
        if next(opened_so_far) == 0:
            new, changed = incident("KGZ-2022-0001"), incident("KGZ-2020-0001", title={"en": "New"})
            publish(database, new, changed, nature=Nature.CORRECTION)
        return database.public()

    return opened


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.is_stored])
def test_pages_of_a_file_lead_to_one_another_in_the_order_of_the_list(filled: Database, name: str) -> None:
    found: list[str] = []
    query = "limit=7"
    while True:
        content, meta = _write(filled, name, query)
        found += references(name, content)
        assert meta.rows == len(references(name, content))
        if meta.next is None:
            break
        query = f"limit=7&after={meta.next}"
    dated = [key for key in RECORDS if int(key[-4:]) % 3 != 2]
    assert sorted(found) == sorted(RECORDS)
    assert set(found[: len(dated)]) == set(dated)


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.is_stored])
def test_a_file_that_is_always_whole_has_no_pages(filled: Database, name: str) -> None:
    with pytest.raises(FilterError, match="limit: This file always holds all that match"):
        _write(filled, name, "limit=7")


@pytest.mark.parametrize("name", ["csv", "acts-csv"])
def test_all_columns_chosen_give_the_whole_file_byte_for_byte(filled: Database, name: str) -> None:
    for hashtags in ("", "&hxl=1"):
        whole, _ = _write(filled, name, hashtags)
        chosen, _ = _write(filled, name, f"fields={','.join(FORMATS[name].columns)}{hashtags}")
        assert chosen == whole


@pytest.mark.parametrize("name", ["csv", "acts-csv"])
def test_hashtags_stand_under_the_header_where_they_are_asked_for(filled: Database, name: str) -> None:
    content, _ = _write(filled, name, "hxl=1&violation=threat")
    plain, _ = _write(filled, name, "violation=threat")
    header, tags, rest = content.decode().split("\r\n", 2)
    assert f"{header}\r\n{rest}" == plain.decode()
    by_column = dict(zip(header.split(","), tags.split(","), strict=True))
    assert all(re.fullmatch(r"(#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*)?", tag) for tag in by_column.values())
    assert by_column["reference"] == "#event+id"
    assert by_column["date_earliest"] == "#date+start"
    assert by_column["act_violation"] == ("#event+type+list" if name == "csv" else "#event+type")
    assert by_column["title_language"] == ""
    chosen, _ = _write(filled, name, "hxl=1&fields=country,reference,revision")
    assert chosen.decode().split("\r\n")[1] == "#country+code+v_iso2,#event+id,"


def test_a_file_by_act_has_a_row_for_each_act_and_victim_and_says_how_many(filled: Database) -> None:
    two = act("threat", [victim(name="A", outlet="kloop"), victim(name="B", harm="injured")], [by("police")])
    publish(filled, incident("KGZ-2021-0001", acts=[two, act("assault"), two]), incident("KGZ-2021-0002"))
    content, meta = _write(filled, "acts-csv", "from=2020-01-01&violation=threat&harm=injured")
    rows = _rows(content)
    assert [(row["act"], row["victim"], row["victim_name"]) for row in rows] == [
        ("1", "1", "A"), ("1", "2", "B"), ("2", "", ""), ("3", "1", "A"), ("3", "2", "B"),
    ]  # fmt: skip
    assert {row["reference"] for row in rows} == {"KGZ-2021-0001"}
    assert [row["involvement_perpetrator"] for row in rows] == ["police", "police", "", "police", "police"]
    assert (meta.unit, meta.rows) == ("acts", 5)
    whole, meta = _write(filled, "acts-csv")
    assert meta.rows == len(_rows(whole)) == COUNT + 5


def test_columns_can_be_chosen_and_come_in_the_order_asked_for(filled: Database) -> None:
    content, _ = _write(filled, "csv", "fields=country,title,reference&violation=threat")
    rows = _rows(content)
    assert list(rows[0]) == ["country", "title", "reference"]
    assert rows[0]["title"].startswith("'=Title")
    assert len(rows) == 12
    single, _ = _write(filled, "csv", "fields=reference")
    assert single.decode().split("\r\n")[:2] == ["reference", "KGZ-2020-0000"]


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.columns])
def test_columns_and_hashtags_of_a_file_that_has_none_are_refused(filled: Database, name: str) -> None:
    for query in ("fields=reference", "hxl=1"):
        with pytest.raises(FilterError, match="CSV"):
            _write(filled, name, query)


def test_a_column_of_the_other_csv_file_is_refused_with_those_that_there_are(filled: Database) -> None:
    for name, strange in (("csv", "victim"), ("acts-csv", "summary")):
        with pytest.raises(FilterError, match="no such column in this file") as refusal:
            _write(filled, name, f"fields=reference,{strange}")
        assert refusal.value.problems[0].allowed == FORMATS[name].columns


def test_a_filter_is_refused_before_the_first_byte(filled: Database) -> None:
    with filled.public() as session:
        for query in ("outlet=nobody", "dataset=99", "as_of=2000-01-01"):
            with pytest.raises(FilterError):
                prepare(session, DatasetFilter.parse(parse_qsl(query)))


def test_no_transaction_outlasts_the_reading_of_a_batch_however_slow_the_reader_is(filled: Database) -> None:
    pieces, opened = _counted_pieces(filled)
    for _ in pieces:
        assert eventually(lambda: opened() == 0)


def test_a_reader_who_goes_away_leaves_nothing_open_and_nobody_reading(filled: Database) -> None:
    pieces, opened = _counted_pieces(filled)
    assert next(pieces)
    assert next(pieces)
    pieces.close()
    assert opened() == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("export")]


def test_what_fails_while_the_next_batch_is_read_reaches_the_reader(filled: Database) -> None:
    def failing() -> Any:
        raise OSError("no more")

    pieces = FORMATS["csv"].write(failing, _export(filled))
    assert next(pieces)
    with pytest.raises(OSError, match="no more"):
        next(pieces)


def _export(database: Database) -> Export:
    with database.public() as session:
        return prepare(session, DatasetFilter())


def _counted_pieces(database: Database) -> tuple[Generator[bytes], Callable[[], int]]:
    """The pieces of a file, and how many sessions are open for it."""
    opened = 0

    class Counting:
        def __init__(self) -> None:
            self._session = database.public()

        def __enter__(self) -> Any:
            nonlocal opened
            opened += 1
            return self._session.__enter__()

        def __exit__(self, *error: Any) -> None:
            nonlocal opened
            self._session.__exit__(*error)
            opened -= 1

    pieces = FORMATS["csv"].write(Counting, _export(database))
    assert isinstance(pieces, Generator)
    return pieces, lambda: opened


@pytest.mark.parametrize("query", ["", "violation=assault", "country=DE"])
def test_whoever_makes_a_file_is_told_evenly_how_far_it_is(filled: Database, query: str, tmp_path: Path) -> None:
    for form in FORMATS.values():
        steps: list[tuple[int, int, int]] = []
        with filled.public() as session:
            export = form.prepare(session, DatasetFilter.parse(parse_qsl(query)))
        written = 0
        watched = replace(export, told=lambda done, total: steps.append((done, total, written)))  # noqa: B023
        for piece in form.write(filled.public, watched, within=tmp_path):
            written += len(piece)
        total = len(steps)
        assert [step[:2] for step in steps] == [(number, total) for number in range(1, total + 1)], form.name
        assert bool(total) is (query != "country=DE"), form.name
        if not query and not form.is_stored:
            # Half of the way is about half of the file.
            assert 0.3 < steps[total // 2 - 1][2] / written < 0.75, (form.name, steps)
