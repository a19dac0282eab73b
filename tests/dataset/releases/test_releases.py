"""A release holds what was public at its version and nothing that was taken back since, and is there whole or not."""

import hashlib
import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.dataset.samples import START, act, incident, outlet, publish, record_id, site, topic, victim
from tracker.dataset import releases, store
from tracker.dataset.exports import FORMATS, prepare
from tracker.dataset.fields import Kind
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.models import PublicRelease
from tracker.dataset.releases import ReleaseProblem, contents, issuing
from tracker.db import Database
from tracker.vocabulary import Nature, WithdrawalReason

NAME = "Zaynabidinova Withheldname"
SECRET = "KGZ-2020-0002"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "releases"


def named(reference: str = SECRET) -> dict[str, Any]:
    return incident(reference, title={"en": f"Attack on {NAME}"}, acts=[act("assault", [victim(name=NAME)])])


@pytest.fixture
def filled(database: Database) -> Database:
    """Two incidents, an outlet, a topic and the site, at dataset version 1."""
    publish(database, incident("KGZ-2020-0001"), named(), outlet("kloop"), topic("vote"), site())
    return database


def read(database: Database, name: str) -> releases.Release:
    with database.public() as session:
        found = releases.release(session, name)
    assert found is not None
    return found


def folder_of(path: Path, release: releases.Release) -> Path:
    assert release.folder is not None
    return path / release.folder


def content(path: Path) -> bytes:
    """Every byte that lies in a folder, archives unpacked."""
    found = []
    for file in sorted(path.rglob("*")):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found += [archive.read(name) for name in archive.namelist()]
        elif file.is_file():
            found.append(file.read_bytes())
    return b"\n".join(found)


def hide(database: Database, reference: str) -> None:
    with database.write() as session:
        version = store.next_version(session, START)
        store.hide(session, dataset_version=version, kind=Kind.INCIDENT, record_id=record_id(reference))


def withdraw(database: Database, reference: str) -> None:
    with database.write() as session:
        store.withdraw(
            session, dataset_version=store.next_version(session, START), kind=Kind.INCIDENT,
            record_id=record_id(reference), reason=WithdrawalReason.FALSE_REPORT, at=START,
        )  # fmt: skip


def nothing_but_the_lock(path: Path) -> bool:
    return not path.is_dir() or [found.name for found in path.iterdir()] in ([], [".lock"])


def test_a_release_says_of_each_file_how_long_it_is_and_what_its_hash_is(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1", notes="First.", base_url="https://example.org")
    made = read(filled, "2026.1")
    folder = folder_of(path, made)
    assert {file.name for file in folder.iterdir()} == {file.name for file in made.files}
    for file in made.files:
        data = (folder / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {file.name: file.sha256 for file in made.files if file.name != "SHA256SUMS"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest == made.manifest
    assert manifest["rows"] == {"incidents": 2, "acts": 1, "topics": 1, "outlets": 1, "site": 1}
    assert (manifest["issue"], manifest["unavailable"], manifest["changes"]) == (1, 0, None)
    assert manifest["citation"] == (
        "Tracker, release 2026.1, dataset version 1 of 2026-03-01T12:00:00Z. https://example.org/releases/2026.1"
    )
    with zipfile.ZipFile(folder / "release-2026.1.zip") as archive:
        assert archive.testzip() is None
        packed = {name.removeprefix("2026.1/"): archive.read(name) for name in archive.namelist()}
    assert packed == {name: (folder / name).read_bytes() for name in sums if name != "release-2026.1.zip"}


def test_a_release_and_the_dataset_at_its_version_agree_to_the_byte(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    publish(filled, incident("KGZ-2020-0003"), incident("KGZ-2020-0001", title={"en": "Corrected"}))
    folder = folder_of(path, read(filled, "2026.1"))
    for form in FORMATS.values():
        with filled.public() as session:
            export = prepare(session, DatasetFilter(dataset=1), columns=form.columns)
        assert (folder / f"{form.stem}.{form.ending}").read_bytes() == b"".join(form.write(filled.public, export))
    assert [one["slug"] for one in json.loads((folder / "outlets.json").read_text())["outlets"]] == ["kloop"]
    assert json.loads((folder / "topics.json").read_text())["meta"]["dataset_version"] == 1


def test_a_release_tells_what_changed_since_the_one_before(filled: Database, path: Path) -> None:
    for number in (3, 4, 5):
        publish(filled, incident(f"KGZ-2020-000{number}"))
    releases.create(filled, path, "2026.1")
    publish(filled, incident("KGZ-2020-0006"), incident("KGZ-2020-0007"), outlet("azattyk"))
    publish(filled, incident("KGZ-2020-0001", title={"en": "Corrected"}), nature=Nature.CORRECTION)
    publish(filled, incident("KGZ-2020-0001", title={"en": "Corrected twice"}), nature=Nature.CORRECTION)
    publish(filled, incident("KGZ-2020-0008"))
    withdraw(filled, "KGZ-2020-0008")  # neither release has it
    withdraw(filled, "KGZ-2020-0003")
    hide(filled, "KGZ-2020-0004")
    releases.create(filled, path, "2026.2")
    manifest = read(filled, "2026.2").manifest
    assert manifest is not None
    assert manifest["changes"] == {
        "since": {"release": "2026.1", "dataset_version": 4},
        "incidents": {"added": 2, "corrected": 1, "withdrawn": 1, "no_longer_available": 1},
        "topics": {"added": 0, "corrected": 0, "withdrawn": 0, "no_longer_available": 0},
        "outlets": {"added": 1, "corrected": 0, "withdrawn": 0, "no_longer_available": 0},
        "site": {"added": 0, "corrected": 0, "withdrawn": 0, "no_longer_available": 0},
    }
    assert manifest["rows"]["incidents"] == 5


# — what is taken back —


def _restrict(database: Database) -> None:
    publish(database, incident(SECRET), nature=Nature.RESTRICTION)


def _hide(database: Database) -> None:
    hide(database, SECRET)


def _withdraw(database: Database) -> None:
    withdraw(database, SECRET)


@pytest.mark.parametrize("take_back", [_restrict, _hide, _withdraw])
def test_from_the_commit_on_nothing_of_a_release_is_handed_out_until_it_is_issued_anew_without_what_was_taken_back(
    filled: Database, path: Path, take_back: Any
) -> None:
    releases.create(filled, path, "2026.1")
    first = read(filled, "2026.1")
    assert NAME.encode() in content(path)
    take_back(filled)
    with filled.public() as session:
        assert not releases.is_whole(session, "2026.1", str(first.folder))
    waiting = read(filled, "2026.1")
    assert (waiting.is_ready, waiting.files, waiting.manifest, waiting.folder) == (False, (), None, None)
    assert releases.verify(filled, path, "2026.1") == ["release 2026.1 waits to be issued anew"]

    assert releases.withhold(filled, path) == ["2026.1"]
    assert nothing_but_the_lock(path)
    with filled.read() as session:
        row = session.scalars(select(PublicRelease)).one()
        assert (row.folder, row.files, row.manifest) == (None, None, None), "no hash of the old files is kept"

    assert releases.reissue(filled, path) == ["2026.1"]
    second = read(filled, "2026.1")
    assert NAME.encode() not in content(path)
    assert second.manifest is not None
    assert (second.issue, second.manifest["unavailable"], second.manifest["rows"]["incidents"]) == (2, 1, 1)
    assert (second.created_at, second.dataset_version) == (first.created_at, 1)
    assert "issue 2" in second.manifest["citation"]
    assert {file.sha256 for file in first.files if "incidents" in file.name}.isdisjoint(
        file.sha256 for file in second.files
    )
    assert releases.verify(filled, path, "2026.1") == []
    assert releases.reissue(filled, path) == []


def test_a_restriction_of_another_kind_of_record_reaches_releases_too(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    publish(filled, topic("vote", title={"en": "Less"}), nature=Nature.RESTRICTION)
    assert not read(filled, "2026.1").is_ready
    assert releases.reissue(filled, path) == ["2026.1"]


def test_a_restriction_of_what_no_release_holds_leaves_them_alone(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    publish(filled, named("KGZ-2020-0009"))
    releases.create(filled, path, "2026.2")
    publish(filled, incident("KGZ-2020-0009"), nature=Nature.RESTRICTION)
    assert (read(filled, "2026.1").is_ready, read(filled, "2026.2").is_ready) == (True, False)
    assert releases.reissue(filled, path) == ["2026.2"]
    assert (read(filled, "2026.1").issue, read(filled, "2026.2").issue) == (1, 2)


def test_what_is_taken_back_while_a_release_is_written_is_not_in_it(
    filled: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, times = contents.write_data, list[int]()

    def slow(database: Database, version: int, folder: Path) -> Any:
        written = write(database, version, folder)
        if not times:
            hide(database, SECRET)
        times.append(version)
        return written

    monkeypatch.setattr(issuing, "write_data", slow)
    releases.create(filled, path, "2026.1")
    made = read(filled, "2026.1")
    assert len(times) == 2
    assert made.is_ready
    assert made.manifest is not None
    assert made.manifest["unavailable"] == 1
    assert NAME.encode() not in content(path)
    assert len([found for found in path.iterdir() if found.is_dir()]) == 1


def test_a_release_is_refused_as_long_as_records_keep_being_taken_back(
    filled: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, victims = contents.write_data, ["KGZ-2020-0003", "KGZ-2020-0001", SECRET]

    def slow(database: Database, version: int, folder: Path) -> Any:
        written = write(database, version, folder)
        hide(database, victims.pop())
        return written

    monkeypatch.setattr(issuing, "write_data", slow)
    publish(filled, incident("KGZ-2020-0003"))
    with pytest.raises(ReleaseProblem, match="taken back while"):
        releases.create(filled, path, "2026.1")
    with filled.public() as session:
        assert releases.all_releases(session) == []


# — what is refused, and what goes wrong —


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "2026", "2026.", "2026.0", "2026.01", "26.1", "2026.1/..", "../2026.1", "2026.1\n", "2026.1\0",
     "2026.1.json", "2026.1.1.1", "２０２６.1", "/2026.1", "2026.1 ", "CON", "2026.12345"],
)  # fmt: skip
def test_a_name_that_could_be_anything_else_is_refused_with_the_form_of_names(
    filled: Database, path: Path, name: str
) -> None:
    with pytest.raises(ReleaseProblem, match=r"a year and a number, as in 2026\.1"):
        releases.create(filled, path, name)
    assert nothing_but_the_lock(path)


def test_nothing_can_be_released_before_anything_is_published(database: Database, path: Path) -> None:
    with pytest.raises(ReleaseProblem, match="Nothing has been published yet"):
        releases.create(database, path, "2026.1")
    assert releases.reissue(database, path) == []


def test_a_name_is_used_once_and_an_unchanged_dataset_is_not_released_again(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    with pytest.raises(ReleaseProblem, match=r"In use: 2026\.1\. Free: 2026\.2\."):
        releases.create(filled, path, "2026.1")
    with pytest.raises(ReleaseProblem, match=r"since release 2026\.1"):
        releases.create(filled, path, "2026.2")
    publish(filled, incident("KGZ-2020-0003"))
    with pytest.raises(ReleaseProblem, match="already"):
        releases.create(filled, path, "2026.1")
    releases.create(filled, path, "2026.2")


@pytest.mark.parametrize("notes", ["bell\a", "x" * 2001, "turned \u202e round"])
def test_notes_that_cannot_be_published_are_refused(filled: Database, path: Path, notes: str) -> None:
    with pytest.raises(ReleaseProblem, match="The notes cannot be published"):
        releases.create(filled, path, "2026.1", notes=notes)


def test_of_several_that_make_the_same_release_one_does(filled: Database, path: Path) -> None:
    told: list[str] = []

    def make() -> None:
        try:
            releases.create(filled, path, "2026.1")
            told.append("made")
        except ReleaseProblem as problem:
            told.append(str(problem))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("made") == 1
    assert all("already" in line for line in told if line != "made")
    assert len([found for found in path.iterdir() if found.is_dir()]) == 1
    assert releases.verify(filled, path, "2026.1") == []


@pytest.mark.parametrize("step", ["write_data", "write_archive", "manifest"])
def test_a_full_disk_leaves_no_release_and_no_file(
    filled: Database, path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patched:

        def full(*_given: object, **_more: object) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr(issuing, step, full)
        with pytest.raises(OSError, match="No space left"):
            releases.create(filled, path, "2026.1")
    assert nothing_but_the_lock(path)
    with filled.public() as session:
        assert releases.all_releases(session) == []
    releases.create(filled, path, "2026.1")


def test_a_full_disk_while_a_release_is_issued_anew_keeps_it_from_being_handed_out(
    filled: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases.create(filled, path, "2026.1")
    _hide(filled)
    with monkeypatch.context() as patched:

        def full(*_given: object) -> None:
            raise OSError(28, "No space left on device")

        patched.setattr(issuing, "write_data", full)
        with pytest.raises(OSError, match="No space left"):
            releases.reissue(filled, path)
    assert not read(filled, "2026.1").is_ready
    assert nothing_but_the_lock(path)
    assert releases.reissue(filled, path) == ["2026.1"]


def test_what_somebody_left_who_was_cut_off_is_swept_away_and_nothing_else_is(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    whole = folder_of(path, read(filled, "2026.1"))
    left = [path / f".{whole.name[:-8]}01234567.part", path / f"{whole.name[:-8]}89abcdef"]
    others = [path / "2026.1-deadbeef-01234567", path / "notes of mine", path / "2026.1"]
    for folder in (*left, *others):
        folder.mkdir()
        (folder / "incidents.csv").write_text(NAME)
    releases.reissue(filled, path)
    assert [folder.exists() for folder in left] == [False, False]
    assert all(folder.exists() for folder in others), "another dataset's releases and an operator's files stay"
    assert releases.verify(filled, path, "2026.1") == []


def test_whoever_is_killed_leaves_nothing_where_nobody_sweeps(
    filled: Database, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files that are made whole need room meanwhile; among the temporary files of the machine nobody would find it.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "not-there"))
    release = releases.create(filled, path, "2026.1")
    assert release.folder is not None
    names = {file.name for file in read(filled, "2026.1").files}
    assert {file.name for file in (path / release.folder).iterdir()} == names
    hide(filled, SECRET)
    assert releases.reissue(filled, path) == ["2026.1"]


def test_missing_and_damaged_files_are_found_and_can_be_issued_anew(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    folder = folder_of(path, read(filled, "2026.1"))
    (folder / "incidents.csv").unlink()
    (folder / "topics.json").write_text("{}")
    assert releases.verify(filled, path, "2026.1") == [
        "incidents.csv: No such file or directory",
        "topics.json: is not the file that was issued",
    ]
    assert releases.reissue(filled, path) == []
    assert releases.reissue(filled, path, name="2026.1") == ["2026.1"]
    assert releases.verify(filled, path, "2026.1") == []
    with pytest.raises(ReleaseProblem, match=r"Known: 2026\.1"):
        releases.reissue(filled, path, name="2026.9")


def test_a_runner_does_not_wait_for_another_one(filled: Database, path: Path) -> None:
    releases.create(filled, path, "2026.1")
    _hide(filled)
    folder = issuing._folder(filled, path)
    with folder.locked(wait=True) as ours:
        assert ours
        assert releases.reissue(filled, path, wait=False) == []
    assert releases.reissue(filled, path, wait=False) == ["2026.1"]
