"""Columns in a file, which every process of an installation maps into its memory in place of reading them itself.

The system shares what is mapped between the processes and takes it back where memory is short, and who starts anew
finds the columns there. The arrays stand one after the other; behind them stands a table of them with the words (JSON),
and at the very end how long the table is and a checksum of all that is before: after a power failure a file may hold
anything.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO

import numpy as np

from tracker.dataset.statistics.columns import Array, Columns, Words

_END = Struct("<8sQL")
_FORM = b"columns1"
_APART = 64
"""Each array begins at a multiple of this, where the processor reads it the quickest."""
PIECE = 1 << 22


class Damaged(ValueError):
    """A file is none of ours, or not as it was written."""


class _Mapping:
    """A file that lies in memory for as long as anything refers to it."""

    def __init__(self, file: BinaryIO) -> None:
        self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def rest(self, start: int = 0, length: int | None = None) -> None:
        """Let go of the memory that it takes until it is looked at again; of a part where one is named."""
        # Not every system can be told so.
        if hasattr(mmap, "MADV_DONTNEED"):
            self.bytes.madvise(mmap.MADV_DONTNEED, start, len(self.bytes) - start if length is None else length)


class _Writer:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length, self.sum = 0, 0

    def write(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self.length += len(data)
        self.sum = zlib.crc32(data, self.sum)


def write(
    file: BinaryIO, arrays: Iterable[tuple[str, Array]], words: dict[str, Words], at: tuple[int, str] = (0, "")
) -> None:
    """Write arrays by their names, the words behind their codes, and what version and stamp they are of.

    Raises `OSError`.
    """
    writer, table = _Writer(file), {}
    for name, array in arrays:
        writer.write(bytes(-writer.length % _APART))
        table[name] = (array.dtype.str, writer.length, len(array))
        writer.write(np.ascontiguousarray(array).view(np.uint8).data)
    lists = {name: held.list for name, held in words.items()}
    told = json.dumps({"at": at, "arrays": table, "words": lists}).encode()
    writer.write(told)
    file.write(_END.pack(_FORM, len(told), writer.sum))
    file.flush()


def opened(file: BinaryIO) -> Columns:
    """The columns of a file that was written. Raises `Damaged` and `OSError`."""
    size = os.fstat(file.fileno()).st_size
    if size <= _END.size:
        raise Damaged
    mapping = _Mapping(file)
    told = _told(mapping)
    arrays = {
        name: np.frombuffer(mapping.bytes, dtype=dtype, count=count, offset=offset)
        for name, (dtype, offset, count) in told["arrays"].items()
    }
    words = {name: Words.of(held) for name, held in told["words"].items()}
    try:
        return Columns.of(arrays, words, mapping).at(*told["at"])
    except KeyError as error:
        # A file of ours, but not of these columns.
        raise Damaged from error


def _told(mapping: _Mapping) -> dict[str, Any]:
    whole = memoryview(mapping.bytes)
    with whole:
        form, length, expected = _END.unpack(whole[-_END.size :])
        end, found = len(whole) - _END.size, 0
        for start in range(0, end, PIECE):
            found = zlib.crc32(whole[start : min(start + PIECE, end)], found)
            mapping.rest(start, PIECE)
        if form != _FORM or found != expected:
            raise Damaged
        told: dict[str, Any] = json.loads(bytes(whole[end - length : end]))
    return told


def put_aside(folder: Path, columns: Columns) -> Columns:
    """The same columns in a file without a name, which is gone as soon as nobody refers to it. Raises `OSError`."""
    with tempfile.TemporaryFile(dir=folder) as file:
        write(file, columns.arrays.items(), {})
        file.seek(0)
        found = opened(file)
    return Columns.of(found.arrays, columns.words, found.mapping)
