"""Files that are made once: found again, never beyond a quarantine, and never half-made."""

import errno
import os
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.dataset.samples import incident, publish, record_id, site
from tracker.dataset import store
from tracker.dataset.editions import dataset_version, still_holds
from tracker.dataset.exports import FORMATS, Export, Format, Sessions
from tracker.dataset.exports.shelf import Busy, Kept, Recipe, Shelf, TakenBack, export_recipe
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database, utc_now
from tracker.vocabulary import Nature

ZIP = FORMATS["zip"]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf in a folder that is not there yet."""
    return Shelf(tmp_path / "made" / "files", most=10_000_000, mark="a build")


def _export(database: Database, form: Format = ZIP, **query: str) -> Export:
    with database.public() as session:
        return form.prepare(session, DatasetFilter.parse(query.items()))


def _recipe(database: Database, form: Format = ZIP, **query: str) -> Recipe:
    return export_recipe(database.public, form, _export(database, form, **query))


def _read(kept: Kept) -> bytes:
    with kept.file as file:
        content = file.read()
    assert len(content) == kept.size
    assert sha256(content).hexdigest() == kept.sha256
    return content


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def _counted(made: list[str], during: Callable[[], object] = lambda: None) -> Format:
    """The ZIP, which notes each making and does something in the middle of it."""

    def making(sessions: Sessions, export: Export, folder: Path) -> Path:
        made.append(export.meta.query)
        assert ZIP.making is not None
        path = ZIP.making(sessions, export, folder)
        during()
        return path

    return replace(ZIP, making=making)


def _hide(database: Database, reference: str) -> None:
    with database.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference))


def test_a_file_is_made_once_for_a_version_and_a_filter_and_kept_for_its_owner_alone(
    database: Database, shelf: Shelf, tmp_path: Path
) -> None:
    publish(database, site(), incident("KGZ-2020-0001"))
    made: list[str] = []
    form = _counted(made)
    first = _read(shelf.get(database.public, _recipe(database, form)))
    assert _read(shelf.get(database.public, _recipe(database, form))) == first
    other = Shelf(tmp_path / "made" / "files", most=10_000_000, mark="a build")
    assert _read(other.get(database.public, _recipe(database, form))) == first
    assert _read(shelf.get(database.public, _recipe(database, form, country="KG"))) != first
    assert made == ["", "country=KG"]
    assert len(_files(tmp_path)) == 2
    for path in (tmp_path / "made").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_nothing_is_left_of_what_was_made_before_the_newest_publication(
    database: Database, shelf: Shelf, tmp_path: Path
) -> None:
    publish(database, site(), incident("KGZ-2020-0001"))
    shelf.get(database.public, _recipe(database, ZIP)).file.close()
    publish(database, incident("KGZ-2020-0002"))
    [old] = _files(tmp_path)
    with database.public() as session:
        shelf.clear_older(dataset_version(session))
    assert not old.exists()
    assert _files(tmp_path) == []
    # Another process that had seen nothing yet does the same.
    shelf.get(database.public, _recipe(database, ZIP)).file.close()
    publish(database, incident("KGZ-2020-0003"))
    new = Shelf(tmp_path / "made" / "files", most=10_000_000, mark="a build")
    new.get(database.public, _recipe(database, ZIP, dataset="1")).file.close()
    [only] = _files(tmp_path)
    assert "-tracker-files" in only.parent.name


def test_a_new_build_makes_the_file_anew_and_other_folders_are_left_alone(
    sqlite_database: Database, shelf: Shelf, tmp_path: Path
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001"))
    shelf.get(sqlite_database.public, _recipe(sqlite_database, ZIP)).file.close()
    mine = tmp_path / "made" / "files" / "holiday" / "photo.jpg"
    mine.parent.mkdir()
    mine.write_text("mine")
    newer = Shelf(tmp_path / "made" / "files", most=10_000_000, mark="another build")
    newer.get(sqlite_database.public, _recipe(sqlite_database, ZIP)).file.close()
    assert len(_files(tmp_path)) == 2
    assert mine.exists()


def test_what_is_taken_back_while_a_file_is_made_is_neither_kept_nor_served(
    database: Database, shelf: Shelf, tmp_path: Path
) -> None:
    publish(database, site(), incident("KGZ-2020-0001"), incident("KGZ-2020-0002"))
    recipe = _recipe(database, _counted([], lambda: _hide(database, "KGZ-2020-0001")))
    with pytest.raises(TakenBack):
        shelf.get(database.public, recipe)
    assert _files(tmp_path) == []
    again = _read(shelf.get(database.public, _recipe(database, ZIP)))
    assert again


def test_an_edition_holds_until_something_is_taken_back(database: Database) -> None:
    with database.public() as session:
        empty = dataset_version(session)
        assert still_holds(session, empty)
    publish(database, incident("KGZ-2020-0001"), incident("KGZ-2020-0002"))
    with database.public() as session:
        edition = dataset_version(session)
        assert still_holds(session, edition)
        assert not still_holds(session, replace(edition, stamp="before a backup was restored"))
    publish(database, incident("KGZ-2020-0003"))
    publish(database, incident("KGZ-2020-0003", title={"en": "New"}), nature=Nature.CORRECTION)
    with database.public() as session:
        assert still_holds(session, edition)
    publish(database, incident("KGZ-2020-0001"), nature=Nature.RESTRICTION)
    with database.public() as session:
        assert not still_holds(session, edition)
        assert still_holds(session, dataset_version(session))


def test_the_files_that_were_unused_for_longest_make_room(sqlite_database: Database, tmp_path: Path) -> None:
    publish(sqlite_database, site(), *(incident(f"KGZ-2020-{number:04d}") for number in range(3)))
    size = len(b"".join(ZIP.write(sqlite_database.public, _export(sqlite_database))))
    shelf = Shelf(tmp_path, most=int(2.5 * size), mark="")
    queries = ("KG", "NA", "DE")
    for place, code in enumerate(queries[:2]):
        shelf.get(sqlite_database.public, _recipe(sqlite_database, ZIP, country=code)).file.close()
        for path in _files(tmp_path):
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**12 * (2 - place)))
    # The older of the two is asked for again, so that the other one goes.
    made: list[str] = []
    shelf.get(sqlite_database.public, _recipe(sqlite_database, _counted(made), country="KG")).file.close()
    shelf.get(sqlite_database.public, _recipe(sqlite_database, _counted(made), country="DE")).file.close()
    shelf.get(sqlite_database.public, _recipe(sqlite_database, _counted(made), country="KG")).file.close()
    assert made == ["country=DE"]
    assert len(_files(tmp_path)) == 2
    # A file that alone is too large is served and not kept.
    small = Shelf(tmp_path / "small", most=10, mark="")
    assert _read(small.get(sqlite_database.public, _recipe(sqlite_database, ZIP)))
    assert _files(tmp_path / "small") == []


def test_several_who_ask_at_once_get_the_one_file_that_the_first_makes(
    sqlite_database: Database, tmp_path: Path
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001"))
    made: list[str] = []
    form = _counted(made, lambda: time.sleep(0.3))
    # As many processes have a shelf each, and know of one another by the folder alone.
    shelves = [Shelf(tmp_path, most=10_000_000, mark="") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(one.get, sqlite_database.public, _recipe(sqlite_database, form)) for one in shelves]
        contents = {_read(one.result()) for one in asked}
    assert len(contents) == len(made) == 1


def test_who_comes_while_one_is_made_and_one_waits_is_sent_away_at_once(
    sqlite_database: Database, shelf: Shelf
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001"))
    begun, end = threading.Barrier(2), threading.Event()

    def during() -> None:
        if not end.is_set():
            begun.wait(20)
            end.wait(20)

    form = _counted([], during)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shelf.get, sqlite_database.public, _recipe(sqlite_database, form))
        begun.wait(20)
        second = pool.submit(shelf.get, sqlite_database.public, _recipe(sqlite_database, form, country="KG"))
        until = time.monotonic() + 20
        while shelf._line._value and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(Busy):
            shelf.get(sqlite_database.public, _recipe(sqlite_database, form, country="NA"))
        end.set()
        for asked in (first, second):
            asked.result().file.close()


@pytest.mark.parametrize("name", ["zip", "xlsx"])
def test_a_full_disk_leaves_nothing_half_made(
    sqlite_database: Database, shelf: Shelf, tmp_path: Path, name: str
) -> None:
    publish(sqlite_database, site(), incident("KGZ-2020-0001"))

    def full(sessions: Sessions, export: Export, folder: Path) -> Path:
        form = FORMATS[name]
        assert form.making is not None
        form.making(sessions, export, folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        shelf.get(sqlite_database.public, _recipe(sqlite_database, replace(FORMATS[name], making=full)))
    assert _files(tmp_path) == []
    assert [path for path in tmp_path.rglob("*") if path.is_dir() and path.name.count("-") == 1] == []
    shelf.get(sqlite_database.public, _recipe(sqlite_database, FORMATS[name])).file.close()
    assert len(_files(tmp_path)) == 1
