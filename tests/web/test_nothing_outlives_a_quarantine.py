"""Every address of the site before and after a quarantine: what was hidden stands in no byte of any answer.

The addresses come from the application itself, so that a new one is asked too. What is kept in memory, on disk, in
releases and by readers is filled before.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests.web import records
from tests.web.conftest import FIRST_DAY, SECOND_DAY, an_incident_to_publish, as_publications, publish
from tracker.app import create_app
from tracker.dataset import releases, store
from tracker.dataset.fields import Kind
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import Nature

CANARY = "Zyxqwertz"
OUTLET: records.Record = {"slug": "blue-paper", "name": f"{CANARY} Outlet"}
TOPIC: records.Record = {"slug": "grey-affair", "title": {"en": f"{CANARY} topic"}}
SECRET = records.an_incident(
    "KGZ-2020-0666",
    f"{CANARY} title",
    summary={"ru": f"{CANARY} summary"},
    date=records.NIGHT,
    place=records.a_place(
        as_reported=f"{CANARY} square",
        venue=f"{CANARY} venue",
        locality=f"{CANARY}abad",
        admin1=f"{CANARY} region",
        country="TM",
        latitude=37.95,
        longitude=58.38,
        precision="locality",
        uncertainty_m=10_000,
    ),
    acts=[records.an_act("killing", [records.a_victim(f"{CANARY} Testova", outlet=OUTLET)], [])],
    outlets=[records.in_incident(OUTLET, f"{CANARY} Herald")],
    topics=[TOPIC],
    sources=[records.a_source(1, title=f"{CANARY} source", url=f"https://example.org/{CANARY}")],
)
QUERIES = ("", "dataset=1", f"as_of={FIRST_DAY:%Y-%m-%d}", "country=TM")
SUMMARIES = ("by=admin1", "by=outlet&then=topic", "by=topic&unit=victims&dataset=1")
OF_SECRET = ("KGZ-2020-0666", "blue-paper", "grey-affair")


def _publish(database: Database) -> None:
    outlet = records.OUTLETS[0] | {"id": "id-secret-outlet", **OUTLET}
    topic = records.TOPIC | {"id": "id-secret-topic", **TOPIC}
    publish(
        database,
        [
            *as_publications(),
            store.Publication(Kind.OUTLET, outlet["id"], outlet["slug"], outlet, Nature.ADDITION),
            store.Publication(Kind.TOPIC, topic["id"], topic["slug"], topic, Nature.ADDITION),
            an_incident_to_publish(SECRET),
        ],
    )


def _hide(database: Database) -> None:
    with database.write() as session:
        version = store.next_version(session, SECOND_DAY)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=SECRET["id"])
        store.hide(session, dataset_version=version, kind=Kind.OUTLET, record_id="id-secret-outlet")
        store.hide(session, dataset_version=version, kind=Kind.TOPIC, record_id="id-secret-topic")


def _paths(app: Flask, database: Database) -> list[str]:
    """Every public address, once for each thing of which it can be asked."""
    with database.public() as session:
        files = [file.name for release in releases.all_releases(session) for file in release.files]
    values: dict[str, list[Any]] = {
        "reference": ["KGZ-2020-0666", records.INCIDENTS[0]["reference"]],
        "scheme": ["cpj", "huridocs"],
        "name": ["2026.1"],
        "file": files,
        "ending": ["pdf"],
    }
    found: list[str] = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("public."):
            continue
        slugs = {"slug": ["blue-paper" if "outlet" in rule.endpoint else "grey-affair"]}
        given = [dict(rule.defaults or {})]
        for name in sorted(rule.arguments - set(rule.defaults or {})):
            given = [one | {name: value} for one in given for value in (values | slugs)[name]]
        found += [adapter.build(rule.endpoint, one) for one in given]
    return sorted(set(found))


def _addresses(paths: list[str]) -> Iterator[str]:
    for path in paths:
        # Nobody asks a release for anything but itself.
        queries = QUERIES[:1] if path.startswith(("/ru", "/releases")) else QUERIES
        yield from (f"{path}?{query}" if query else path for query in queries)
        if "/summary" in path:
            yield from (f"{path}?{query}" for query in SUMMARIES)
    yield "/map/spot?lat=37.95&lon=58.38"
    yield "/map/box?box=58,37,59,38"


def _bytes(content: bytes) -> Iterator[bytes]:
    """The content, the text of a PDF, and every member of a ZIP or a workbook, however deep."""
    yield content
    if content.startswith(b"%PDF"):
        yield from (page.extract_text().encode() for page in PdfReader(io.BytesIO(content)).pages)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _bytes(archive.read(name))


@lru_cache(maxsize=32)
def _read(content: bytes) -> tuple[bytes, ...]:
    """The same in small letters; reading a PDF takes long, and the same one is looked through several times."""
    return tuple(part.lower() for part in _bytes(content))


def _holds(content: bytes, *words: str) -> bool:
    return any(word.casefold().encode() in part for part in _read(content) for word in words)


def _ask(reader: FlaskClient, address: str, held: str | None = None) -> Any:
    return reader.get(address, headers={"If-None-Match": held} if held else {})


def test_nothing_that_was_hidden_stands_in_any_answer(sqlite_settings: Settings, sqlite_database: Database) -> None:
    _check(sqlite_settings, sqlite_database)


@pytest.mark.deep
def test_nothing_that_was_hidden_stands_in_any_answer_of_either_database(
    settings: Settings, database: Database
) -> None:
    # What is kept is kept by the application, whatever the database is.
    _check(settings, database)


def _check(settings: Settings, database: Database) -> None:
    _publish(database)
    releases.create(database, settings.releases, "2026.1")
    app = create_app(settings, database, only="public")
    reader = app.test_client()
    paths = _paths(app, database)
    tags: dict[str, str | None] = {}
    told = set()
    for address in _addresses(paths):
        answer = _ask(reader, address)
        tags[address] = answer.headers.get("ETag") if answer.status_code == 200 else None
        if _holds(answer.data, CANARY):
            told.add(address)
        answer.close()
    # The canary was everywhere where it belongs, or this test could not fail.
    expected = {"/incidents", "/incidents.zip", "/incidents.xlsx?dataset=1", "/incidents.atom", "/summary?by=admin1"}
    expected |= {
        "/report.pdf",
        "/ru/report.pdf",
        "/outlets/blue-paper.json",
        "/ru/topics/grey-affair",
        "/releases/2026.1/incidents.zip",
    }
    assert expected <= told
    assert any(_holds(path.read_bytes(), CANARY) for path in _files(settings.exports))
    _hide(database)
    _nothing_stands(reader, tags)
    assert not any(_holds(path.read_bytes(), CANARY) for path in _files(settings.exports))
    before = {path: reader.get(path).data for path in ("/releases.json", "/releases", "/releases/2026.1")}
    releases.reissue(database, settings.releases)
    for path, data in before.items():
        assert reader.get(path).data != data, "a release that was issued anew is no version of the dataset"
    _nothing_stands(reader, {address: tag for address, tag in tags.items() if "/releases" in address})
    assert reader.get("/releases/2026.1/incidents.zip").status_code == 200
    assert not any(_holds(path.read_bytes(), CANARY) for path in _files(settings.releases))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _nothing_stands(reader: FlaskClient, tags: dict[str, str | None]) -> None:
    for address, tag in tags.items():
        for held in {None, tag}:
            answer = _ask(reader, address, held)
            assert answer.status_code < 500 or "/releases/" in address, address
            # Only what never held anything of the dataset may still be the same.
            if answer.status_code != 304:
                assert not _holds(answer.data, CANARY, str(SECRET["id"])), address
                # What was asked for may be named in the refusal.
                if not any(word in address for word in OF_SECRET):
                    assert not _holds(answer.data, *OF_SECRET), address
            else:
                assert not _holds(reader.get(address).data, CANARY), address
                assert answer.headers["ETag"] == reader.get(address).headers["ETag"], address
            answer.close()
