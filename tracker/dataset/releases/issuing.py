"""Making releases, and making them anew without what was taken back.

A release freezes the newest dataset version. Its files are written first and the database names them last, in a
transaction of its own, so that whatever cuts it off leaves no release, and nothing that is served.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.dataset.models import DatasetVersion, PublicRelease
from tracker.dataset.releases.contents import (
    ReleaseFile,
    edition_of,
    hash_of,
    write_archive,
    write_data,
    write_file,
)
from tracker.dataset.releases.folder import ReleaseFolder, file_in
from tracker.dataset.releases.manifest import Facts, manifest
from tracker.dataset.releases.naming import ReleaseProblem, next_free, read_name, read_notes
from tracker.dataset.releases.reading import emptied, is_stale
from tracker.db import Database, utc_now

TRIES = 3
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


class _Outrun(Exception):
    """Something was taken back while the files were being written."""


def create(
    database: Database, path: Path, name: str, *, notes: str | None = None, base_url: str | None = None
) -> PublicRelease:
    """Freeze the newest dataset version as a release in the folder `path`.

    Raises `ReleaseProblem` for a name that cannot be used or is in use, where nothing was published or nothing new
    since the last release; `OSError` where the files cannot be written. Nothing is left of it then.
    """
    name, notes = read_name(name), read_notes(notes)
    folder = _folder(database, path)
    with folder.locked(wait=True):
        version = edition_of(database).version
        with database.read() as session:
            _refuse(session, name, version)
        sweep(database, folder)
        now = utc_now()
        facts = Facts(name, version, now, notes, 1, now, base_url)
        try:
            return _issued(database, folder, facts)
        except IntegrityError:
            # Another machine was quicker; the lock of a folder holds where the folder is shared, and nowhere else.
            with database.read() as session:
                _refuse(session, name, version)
            raise


def withhold(database: Database, path: Path) -> list[str]:
    """Remove the files of each release that a restriction reached, and every hash of them; returns their names.

    The database lets go of them first, so that they are never served again even where they cannot be removed.
    """
    with database.read() as session:
        reached = [row.name for row in session.scalars(_issued_rows()) if is_stale(session, row)]
    for name in reached:
        with database.write() as session:
            row = session.get_one(PublicRelease, name, with_for_update=True)
            old = row.folder if is_stale(session, row) else None
            if old is not None:
                row.folder = row.manifest = row.files = None
        if old is not None:
            _folder(database, path).remove(old)
    return reached


def reissue(
    database: Database, path: Path, *, base_url: str | None = None, name: str | None = None, wait: bool = True
) -> list[str]:
    """Issue anew the releases that a restriction reached, and the one called `name` if its files are not whole.

    Returns the names of those that were; none where somebody else is at it and `wait` is false. What was left by
    those who were cut off is swept away. Raises `ReleaseProblem` for an unknown name, and `OSError`.
    """
    with database.read() as session:
        if name is not None and session.get(PublicRelease, read_name(name)) is None:
            raise _unknown(session, name)
        if session.scalar(select(PublicRelease.name).limit(1)) is None and not path.is_dir():
            return []
        if session.scalar(select(DatasetVersion.version).limit(1)) is None:
            return []
    withhold(database, path)
    if name is not None and verify(database, path, name):
        _let_go(database, path, name)
    folder = _folder(database, path)
    with folder.locked(wait=wait) as ours:
        if not ours:
            return []
        sweep(database, folder)
        with database.read() as session:
            waiting = list(session.scalars(select(PublicRelease).where(PublicRelease.folder.is_(None))))
        for row in waiting:
            facts = Facts(row.name, row.dataset_version, row.created_at, row.notes, row.issue + 1, utc_now(), base_url)
            _issued(database, folder, facts)
        return [row.name for row in waiting]


def verify(database: Database, path: Path, name: str) -> list[str]:
    """What is wrong with the files of a release, a line for each; empty where they are what was issued."""
    with database.read() as session:
        row = session.get(PublicRelease, read_name(name))
        if row is None:
            raise _unknown(session, name)
        if row.folder is None or is_stale(session, row):
            return [f"release {name} waits to be issued anew"]
        issue, files = row.folder, [ReleaseFile(**file) for file in json.loads(row.files or "[]")]
    return [line for file in files if (line := _fault(file_in(path, issue, file.name), file))]


def sweep(database: Database, folder: ReleaseFolder) -> list[str]:
    """Remove what no release names, under the lock of the folder."""
    with database.read() as session:
        named = [issue for issue in session.scalars(select(PublicRelease.folder)) if issue]
    return folder.sweep(named)


def _issued(database: Database, folder: ReleaseFolder, facts: Facts) -> PublicRelease:
    for _ in range(TRIES):
        try:
            return _try_to_issue(database, folder, facts)
        except _Outrun:
            facts = replace(facts, issued_at=utc_now())
    message = f"Records are being taken back while release {facts.name} is written. Try again in a minute."
    raise ReleaseProblem(message)


def _try_to_issue(database: Database, folder: ReleaseFolder, facts: Facts) -> PublicRelease:
    with database.read() as session:
        # Counted before the first byte is read: what is taken back from now on shows as a difference.
        before = emptied(session, facts.version)
    with folder.new_issue(facts.name) as part:
        text, files = _write(database, part, facts)
        with _kept(folder, part) as issue, database.write() as session:
            if emptied(session, facts.version) != before:
                raise _Outrun
            row = session.get(PublicRelease, facts.name)
            if row is None and facts.issue == 1:
                row = PublicRelease(name=facts.name, dataset_version=facts.version, created_at=facts.created_at)
                session.add(row)
            assert row is not None
            row.notes, row.issue, row.issued_at = facts.notes, facts.issue, facts.issued_at
            row.purged, row.folder, row.manifest = before, issue, text
            row.files = json.dumps([file.as_dict() for file in files])
        return row


@contextmanager
def _kept(folder: ReleaseFolder, part: Path) -> Iterator[str]:
    """The written issue under its own name, unless the database then does not take it."""
    issue = folder.keep(part)
    try:
        yield issue
    except BaseException:
        folder.remove(issue)
        raise


def _write(database: Database, part: Path, facts: Facts) -> tuple[str, list[ReleaseFile]]:
    """Write all files of an issue; returns the manifest and what the files are."""
    data, rows = write_data(database, facts.version, part)
    with database.public() as session:
        text = json.dumps(manifest(session, facts, data, rows), indent=2, ensure_ascii=False) + "\n"
    files = [*data, write_file(part / MANIFEST, "application/json", [text.encode()])]
    at = datetime.fromtimestamp(int(facts.issued_at.timestamp()), UTC)
    members = [part / file.name for file in files]
    files.append(write_archive(part / f"release-{facts.name}.zip", facts.name, members, at))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
    return text, [*files, write_file(part / SUMS, "text/plain; charset=utf-8", [sums.encode()])]


def _refuse(session: Session, name: str, version: int) -> None:
    if not version:
        raise ReleaseProblem("Nothing has been published yet, so that there is nothing to release.")
    rows = list(session.scalars(select(PublicRelease).order_by(PublicRelease.dataset_version)))
    used = [row.name for row in rows]
    if name in used:
        free = next_free(name, used)
        raise ReleaseProblem(
            f"There is a release {name} already, and a name is used once. In use: {', '.join(used)}. Free: {free}."
        )
    if rows and rows[-1].dataset_version == version:
        raise ReleaseProblem(
            f"Nothing has been published since release {rows[-1].name}, which holds the same dataset version {version}."
        )


def _unknown(session: Session, name: str) -> ReleaseProblem:
    names = ", ".join(session.scalars(select(PublicRelease.name).order_by(PublicRelease.dataset_version)))
    return ReleaseProblem(f"There is no release {name}. Known: {names or 'none'}.")


def _let_go(database: Database, path: Path, name: str) -> None:
    with database.write() as session:
        row = session.get_one(PublicRelease, name, with_for_update=True)
        old, row.folder, row.manifest, row.files = row.folder, None, None, None
    if old is not None:
        _folder(database, path).remove(old)


def _issued_rows() -> Select[PublicRelease]:
    return select(PublicRelease).where(PublicRelease.folder.is_not(None))


def _folder(database: Database, path: Path) -> ReleaseFolder:
    with database.read() as session:
        first = session.scalar(select(DatasetVersion.stamp).order_by(DatasetVersion.version).limit(1))
    if first is None:
        raise ReleaseProblem("Nothing has been published yet, so that there is nothing to release.")
    return ReleaseFolder(path, first[:8])


def _fault(path: Path, file: ReleaseFile) -> str | None:
    try:
        return None if hash_of(path) == file.sha256 else f"{file.name}: is not the file that was issued"
    except OSError as error:
        return f"{file.name}: {error.strerror or error}"
