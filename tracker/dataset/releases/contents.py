"""The files of a release: all records of one dataset version in every format, and an archive of them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.dataset import queries
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports import FORMATS
from tracker.dataset.exports.meta import describe
from tracker.dataset.fields import Kind, export_schema
from tracker.dataset.filters import DatasetFilter
from tracker.db import Database, canonical_json

PLURALS = {Kind.INCIDENT: "incidents", Kind.TOPIC: "topics", Kind.OUTLET: "outlets", Kind.SITE: "site"}
_FEW = tuple(kind for kind in Kind if kind is not Kind.INCIDENT)
_BLOCK = 1 << 20
_COMPRESSED = (".zip", ".xlsx")


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a release: its name, its media type, its length in bytes and its SHA-256 in hexadecimal digits."""

    name: str
    media_type: str
    bytes: int
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        """The file as the manifest names it."""
        return {"name": self.name, "media_type": self.media_type, "bytes": self.bytes, "sha256": self.sha256}


def write_data(database: Database, version: int, folder: Path) -> tuple[list[ReleaseFile], dict[str, int]]:
    """Write the data files of a dataset version; returns them, and how many records of each kind they hold."""
    asked = DatasetFilter(dataset=version)
    files: list[ReleaseFile] = []
    rows: dict[str, int] = {}
    for form in FORMATS.values():
        with database.public() as session:
            export = form.prepare(session, asked)
        rows[form.unit] = export.meta.rows
        # What is left by whoever is killed has to lie where it is swept away.
        pieces = form.write(database.public, export, within=folder)
        files.append(write_file(folder / f"{form.stem}.{form.ending}", form.media_type, pieces))
    for kind in _FEW:
        with database.public() as session:
            edition = dataset_version(session, asked)
            found = [record.json for record in queries.all_of(session, kind, version)]
            meta = describe(session, asked, edition, len(found)).as_dict() | {"unit": PLURALS[kind]}
        # How many incidents are no longer available is said with the incidents.
        meta.pop("unavailable")
        rows[PLURALS[kind]] = len(found)
        listed = _listed(PLURALS[kind], meta, found)
        files.append(write_file(folder / f"{PLURALS[kind]}.json", "application/json", listed))
    schema = json.dumps(export_schema(), indent=2, ensure_ascii=False) + "\n"
    files.append(write_file(folder / "schema.json", "application/schema+json", [schema.encode()]))
    return files, rows


def _listed(name: str, meta: dict[str, Any], found: list[str]) -> Iterator[bytes]:
    yield f'{{"meta":{canonical_json(meta)},"{name}":['.encode()
    yield ",".join(f"\n{text}" for text in found).encode()
    yield b"\n]}\n"


def write_file(path: Path, media_type: str, pieces: Iterable[bytes]) -> ReleaseFile:
    """Write a new file and press it onto the disk; returns its length and its hash. Raises `OSError`."""
    digest, length = hashlib.sha256(), 0
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            length += len(piece)
        file.flush()
        os.fsync(file.fileno())
    return ReleaseFile(path.name, media_type, length, digest.hexdigest())


def write_archive(path: Path, within: str, members: Iterable[Path], at: datetime) -> ReleaseFile:
    """Write a ZIP of files, in a folder `within` it; the same files give the same bytes."""
    with path.open("xb") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for member in members:
                entry = zipfile.ZipInfo(f"{within}/{member.name}", at.timetuple()[:6])
                entry.external_attr = 0o644 << 16
                stored = member.name.endswith(_COMPRESSED)
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                with member.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, _BLOCK)
        file.flush()
        os.fsync(file.fileno())
    return ReleaseFile(path.name, "application/zip", path.stat().st_size, hash_of(path))


def hash_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def edition_of(database: Database, version: int | None = None) -> Edition:
    """The edition of a version, or the newest."""
    with database.public() as session:
        return dataset_version(session, DatasetFilter(dataset=version))
