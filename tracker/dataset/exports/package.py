"""ZIP: one CSV file for each entity, joined by keys, and a `datapackage.json` that explains and proves them.

The description follows the Data Package and Table Schema standards of Frictionless Data (version 1). The same incidents
at the same dataset version give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tracker.dataset.exports.batches import Sessions
from tracker.dataset.exports.descriptor import descriptor, readme
from tracker.dataset.exports.entities import Keys, Record, records, rows_of
from tracker.dataset.exports.meta import Export
from tracker.dataset.fields import Table, tables
from tracker.dataset.flatten import Row, to_line
from tracker.text import guard

NAME = "incidents.zip"
MOST_WAITING = 500
# No file of a ZIP can be older; all have the same time, so that the same content gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


@dataclass
class TableFile:
    """The CSV file of one entity in the making; `size` counts bytes."""

    table: Table
    file: IO[bytes]
    count: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self._row = Row(self.table.columns)
        self._has_keys = self.table.parent is not None
        self._waiting: list[list[str]] = []
        self._digest = sha256()
        self._write(to_line(self.table.header))

    @property
    def sha256(self) -> str:
        """The hash of what was written, in hexadecimal digits."""
        return self._digest.hexdigest()

    def add(self, keys: Keys, item: Record) -> None:
        """Take in one object."""
        cells = self._row.cells(item)
        self._waiting.append([guard(str(keys[0])), *map(str, keys[1:]), *cells] if self._has_keys else cells)
        if len(self._waiting) == MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what was taken in."""
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(self._waiting)
        self.count += len(self._waiting)
        self._waiting.clear()
        self._write(lines.getvalue())

    def _write(self, text: str) -> None:
        content = text.encode()
        self._digest.update(content)
        self.size += len(content)
        self.file.write(content)


def make_package(sessions: Sessions, export: Export, folder: Path) -> Path:
    """Make the file in an empty folder. Raises `OSError` where there is no room for it."""
    with ExitStack() as stack:
        files = [TableFile(table, stack.enter_context(_path(folder, table).open("wb"))) for table in tables()]
        for batch in records(sessions, export):
            for record in batch:
                for file in files:
                    for keys, item in rows_of(file.table, record):
                        file.add(keys, item)
        for file in files:
            file.flush()
    return _pack(folder, files, export)


def _pack(folder: Path, files: list[TableFile], export: Export) -> Path:
    described = descriptor(export, [(file.table, file.count, file.size, file.sha256) for file in files])
    texts = {
        "datapackage.json": json.dumps(described, indent=2, ensure_ascii=False) + "\n",
        "README.txt": readme(export, [(file.table, file.count) for file in files]),
    }
    path = folder / NAME
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, text in texts.items():
            package.writestr(_entry(name), text.encode())
        for file in files:
            table = _path(folder, file.table)
            entry = _entry(table.name)
            # ZIP has another form for files of more than 2 GiB, which has to be chosen beforehand.
            entry.file_size = file.size
            with table.open("rb") as content, package.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed, 1 << 20)
            table.unlink()
    return path


def _path(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.csv"


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = _MODE
    return entry
