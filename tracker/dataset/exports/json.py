"""JSON: the incidents exactly as they are stored, with the metadata or line by line."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.dataset.exports.batches import FEATURE, JSON, Sessions, Stored, texts
from tracker.dataset.exports.meta import Export
from tracker.db import canonical_json


def write_json(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """`{"meta": {…}, "incidents": […]}` in pieces, one incident to a line."""
    yield f'{{"meta":{canonical_json(export.meta.as_dict())},"incidents":['.encode()
    yield from _listed(sessions, export, JSON)
    yield b"\n]}\n"


def write_jsonl(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """One record to a line, in pieces; there is no room for metadata."""
    first = True
    for batch in texts(sessions, export, JSON, "\n"):
        yield batch[1:] if first else batch
        first = False
    if not first:
        yield b"\n"


def write_geojson(sessions: Sessions, export: Export) -> Iterator[bytes]:
    """A GeoJSON feature collection (RFC 7946) in pieces; what has no public point has a null geometry."""
    yield f'{{"type":"FeatureCollection","meta":{canonical_json(export.meta.as_dict())},"features":['.encode()
    yield from _listed(sessions, export, FEATURE)
    yield b"\n]}\n"


def _listed(sessions: Sessions, export: Export, stored: Stored) -> Iterator[bytes]:
    first = True
    for batch in texts(sessions, export, stored, ",\n"):
        # A batch is too large to be copied for a comma, but for the one that nothing stands before.
        yield batch[1:] if first else batch
        first = False
