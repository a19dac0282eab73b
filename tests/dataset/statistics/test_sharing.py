"""The columns in a file: made once for all processes, never taken for whole when it is not, and gone with its stamp."""

import fcntl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.dataset.samples import act, by, incident, place, publish, victim
from tests.dataset.statistics import invented
from tests.dataset.statistics.test_keeping import columns_of, hide, seen
from tracker.dataset import at_hand
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import shelf as shelves
from tracker.dataset.exports.shelf import Shelf
from tracker.dataset.maintenance import purge_storage
from tracker.dataset.statistics import keeping, mapped
from tracker.dataset.statistics.columns import Columns
from tracker.dataset.statistics.keeping import Keeper
from tracker.dataset.statistics.reading import Reader
from tracker.dataset.statistics.sharing import Shared
from tracker.db import Database
from tracker.vocabulary import Nature


def a_process(folder: Path) -> Keeper:
    return Keeper(Shared(Shelf(folder, most=0, mark="")))


def settle(database: Database, kept: Keeper) -> None:
    with database.public() as session:
        kept.settle(session)


def file_in(folder: Path) -> Path:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != "columns.lock"]
    assert [path.name for path in found] == ["columns"]
    return found[0]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every batch that is read from the database."""
    found: list[int] = []
    read = Reader.read

    def counted(self: Reader, session: Any, after: int, to: int) -> Columns:
        found.append(after)
        return read(self, session, after, to)

    monkeypatch.setattr(Reader, "read", counted)
    return found


def test_what_one_process_has_read_the_others_find(database: Database, tmp_path: Path, readings: list[int]) -> None:
    publish(database, *invented.others(), *invented.incidents(30))
    first = columns_of(database, a_process(tmp_path))
    assert readings
    readings.clear()
    other = a_process(tmp_path)
    assert seen(columns_of(database, other)) == seen(first)
    assert not readings
    publish(database, *invented.incidents(5, 7, first=60))
    later = columns_of(database, other)
    assert readings
    settle(database, other)
    readings.clear()
    assert seen(columns_of(database, a_process(tmp_path))) == seen(later)
    assert not readings
    assert seen(later) == seen(columns_of(database, Keeper()))


def test_what_was_worked_out_beforehand_is_what_would_be_worked_out(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(40))
    written, read = columns_of(database, a_process(tmp_path)), columns_of(database, Keeper())
    assert set(written.ready) == {"incident_of_facet", "first_month", "last_month", "list_day"}
    assert not read.ready
    assert written.incident_of_facet().tolist() == read.incident_of_facet().tolist()
    assert written.list_days().tolist() == read.list_days().tolist()
    assert [each.tolist() for each in written.months()] == [each.tolist() for each in read.months()]


def test_the_file_is_for_its_owner_alone(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(3))
    columns_of(database, a_process(tmp_path / "new"))
    for path in (tmp_path / "new", file_in(tmp_path / "new").parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_in(tmp_path / "new").stat().st_mode) == 0o600


def _cut(held: bytes) -> Iterator[bytes]:
    yield b""
    yield held[:10]
    yield held[: len(held) // 2]
    yield held[:-1]
    yield held + b"\0"


def _flipped(held: bytes) -> Iterator[bytes]:
    for at in (0, len(held) // 3, len(held) - 30, len(held) - 1):
        yield held[:at] + bytes([held[at] ^ 4]) + held[at + 1 :]


@pytest.mark.parametrize("spoilt", [_cut, _flipped])
def test_a_damaged_file_is_thrown_away_and_everything_read_anew(
    database: Database, tmp_path: Path, readings: list[int], spoilt: Any
) -> None:
    publish(database, *invented.incidents(20))
    right = seen(columns_of(database, a_process(tmp_path)))
    whole = file_in(tmp_path).read_bytes()
    for held in spoilt(whole):
        file_in(tmp_path).write_bytes(held)
        readings.clear()
        assert seen(columns_of(database, a_process(tmp_path))) == right
        assert readings
        assert file_in(tmp_path).read_bytes() == whole


def test_what_a_killed_process_left_does_no_harm(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(20))
    with database.public() as session:
        edition = dataset_version(session)
    room = Shelf(tmp_path, most=0, mark="").room(edition.stamp)
    (room / "columns.new").write_bytes(b"half a file")
    assert seen(columns_of(database, a_process(tmp_path))) == seen(columns_of(database, Keeper()))
    assert [path.name for path in room.iterdir()] == ["columns"]


def test_what_stands_in_the_place_of_the_file_is_replaced_and_not_written_to(
    database: Database, tmp_path: Path
) -> None:
    publish(database, *invented.incidents(20))
    with database.public() as session:
        room = Shelf(tmp_path / "kept", most=0, mark="").room(dataset_version(session).stamp)
    (tmp_path / "another").write_text("of somebody else")
    (tmp_path / "mapped").write_text("of somebody else")
    (room / "columns").symlink_to(tmp_path / "another")
    (room / "columns.new").symlink_to(tmp_path / "mapped")
    assert seen(columns_of(database, a_process(tmp_path / "kept"))) == seen(columns_of(database, Keeper()))
    assert (tmp_path / "another").read_text() == (tmp_path / "mapped").read_text() == "of somebody else"
    assert [(path.name, path.is_symlink()) for path in room.iterdir()] == [("columns", False)]


def test_whoever_writes_the_file_anew_leaves_that_of_another_as_it_is(database: Database, tmp_path: Path) -> None:
    """Where a folder knows no locks (NFS), two may write at once; what one has mapped must not be cut short."""
    publish(database, *invented.incidents(20))
    with database.public() as session:
        room = Shelf(tmp_path, most=0, mark="").room(dataset_version(session).stamp)
    (room / "columns.new").write_bytes(b"what another process is writing")
    with (room / "columns.new").open("rb") as other:
        columns_of(database, a_process(tmp_path))
        assert other.read() == b"what another process is writing"


def test_a_file_of_other_columns_is_thrown_away(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(20))
    right = columns_of(database, a_process(tmp_path))
    path = file_in(tmp_path)
    fewer = {name: array for name, array in right.arrays.items() if name != "person"}
    for arrays in (dict[str, Any](), fewer):
        # The one that is mapped must not be cut short.
        path.unlink()
        with path.open("wb") as file:
            mapped.write(file, arrays.items(), right.words, (right.version, right.stamp))
        assert seen(columns_of(database, a_process(tmp_path))) == seen(right)


def test_without_a_folder_to_write_to_the_columns_lie_in_memory(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(20))
    (tmp_path / "file").write_text("no folder")
    kept = a_process(tmp_path / "file")
    found = columns_of(database, kept)
    assert found.mapping is None
    assert seen(found) == seen(columns_of(database, Keeper()))
    publish(database, *invented.incidents(5, 7, first=60))
    assert seen(columns_of(database, kept)) == seen(columns_of(database, Keeper()))


def test_a_disk_that_becomes_full_leaves_nothing_half_written(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *invented.incidents(20))

    def full(*_any: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mapped, "write", full)
    found = columns_of(database, a_process(tmp_path))
    assert seen(found) == seen(columns_of(database, Keeper()))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "columns.lock"] == []


def test_a_list_waits_for_no_file(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(10))
    kept = a_process(tmp_path)
    columns_of(database, kept)
    publish(database, *invented.incidents(2, first=60))
    with database.public() as session, (tmp_path / "columns.lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        found = kept.at_hand(session, dataset_version(session))
    assert found is not None
    assert len(found) == 12
    settle(database, kept)
    assert len(columns_of(database, a_process(tmp_path))) == 12


def test_columns_that_were_caught_up_with_meanwhile_are_not_settled(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *invented.incidents(10))
    kept = a_process(tmp_path)
    columns_of(database, kept)
    publish(database, *invented.incidents(2, first=60))
    columns_of(database, kept)
    write = mapped.write

    def published_meanwhile(*written: Any) -> None:
        monkeypatch.undo()
        publish(database, *invented.incidents(3, first=80))
        columns_of(database, kept)
        write(*written)

    monkeypatch.setattr(mapped, "write", published_meanwhile)
    settle(database, kept)
    assert len(columns_of(database, kept)) == 15
    settle(database, kept)
    assert seen(columns_of(database, kept)) == seen(columns_of(database, Keeper()))


def test_nothing_of_a_quarantined_incident_stays_in_the_folder(database: Database, tmp_path: Path) -> None:
    lonely = incident(
        "KGZ-2020-0900",
        place=place(country="KG", admin1="Nowherestan"),
        topics=("onlytopic",),
        acts=[act("torture", [victim(outlet="onlyoutlet")], [by("military")])],
    )
    publish(database, *invented.others(), *invented.incidents(20), lonely)
    kept, shelf = a_process(tmp_path), Shelf(tmp_path, most=0, mark="")
    columns_of(database, kept)
    assert _told(tmp_path) == {b"nowherestan", b"onlytopic", b"onlyoutlet"}
    hide(database, "KGZ-2020-0900")
    columns_of(database, kept)
    settle(database, kept)
    shelf.clear_older(_newest(database))
    assert _told(tmp_path) == set()
    assert len(columns_of(database, a_process(tmp_path))) == 20
    assert file_in(tmp_path).exists()


@pytest.mark.parametrize("is_read_anew", [True, False], ids=["read", "settled"])
def test_a_file_that_is_written_while_something_is_quarantined_does_not_stay(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_read_anew: bool
) -> None:
    publish(database, *invented.incidents(20))
    kept = a_process(tmp_path)
    if not is_read_anew:
        columns_of(database, kept)
        publish(database, *invented.incidents(2, first=60))
        columns_of(database, kept)
    kept_as = Shared.keep

    def quarantined_meanwhile(self: Shared, *given: Any) -> Columns:
        hide(database, "KGZ-2020-0005")
        Shelf(tmp_path, most=0, mark="").clear_older(_newest(database))
        return kept_as(self, *given)

    monkeypatch.setattr(Shared, "keep", quarantined_meanwhile)
    if is_read_anew:
        columns_of(database, kept)
    else:
        settle(database, kept)
    monkeypatch.undo()
    assert [path for path in tmp_path.rglob("columns*") if path.name != "columns.lock"] == []
    assert seen(columns_of(database, kept)) == seen(columns_of(database, Keeper()))


def test_a_file_does_not_stay_where_nobody_could_ask_whether_it_may(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, *invented.incidents(20))
    kept_as = Shared.keep

    def lost(*_: object) -> None:
        raise OperationalError(None, None, ConnectionError("the connection was lost"))

    def quarantined_meanwhile(self: Shared, *given: Any) -> Columns:
        hide(database, "KGZ-2020-0005")
        monkeypatch.setattr(keeping, "_fresh", lost)
        return kept_as(self, *given)

    kept = a_process(tmp_path)
    columns_of(database, kept)
    publish(database, *invented.incidents(2, first=60))
    columns_of(database, kept)
    Shelf(tmp_path, most=0, mark="").clear_older(_newest(database))
    monkeypatch.setattr(Shared, "keep", quarantined_meanwhile)
    with pytest.raises(OperationalError):
        settle(database, kept)
    assert [path for path in tmp_path.rglob("columns*") if path.name != "columns.lock"] == []


def test_nobody_keeps_a_transaction_open_while_the_file_is_written(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is emptied after a quarantine waits for transactions, on both databases."""
    publish(database, *invented.incidents(20))
    kept, shelf = Keeper(), Shelf(tmp_path, most=0, mark="")
    monkeypatch.setattr(at_hand, "LARGE", 10)
    monkeypatch.setattr(keeping, "keeper", kept)
    held = Shared.keep
    purged: list[bool] = []

    def purged_meanwhile(self: Shared, *given: Any) -> Columns:
        purged.append(purge_storage(database.writer_engine))
        return held(self, *given)

    monkeypatch.setattr(Shared, "keep", purged_meanwhile)
    for first in (1, 60):
        publish(database, *invented.incidents(2, 5, first=first), nature=Nature.CORRECTION)
        with database.public() as session:
            at_hand.read_ahead(session, dataset_version(session), shelf)
    assert purged == [True, True]


def test_whoever_cleans_up_after_a_quarantine_takes_the_file_too(database: Database, tmp_path: Path) -> None:
    publish(database, *invented.incidents(20))
    columns_of(database, a_process(tmp_path))
    hide(database, "KGZ-2020-0005")
    shelves.sweep(tmp_path, _newest(database))
    assert [path.name for path in tmp_path.iterdir()] == ["columns.lock"]


def _newest(database: Database) -> Edition:
    with database.public() as session:
        return dataset_version(session)


def _told(folder: Path) -> set[bytes]:
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {word for word in (b"nowherestan", b"onlytopic", b"onlyoutlet") if word in held}
