"""The schemas of what changed, of releases and of citations."""

from __future__ import annotations

from tracker.dataset.fields import Kind
from tracker.dataset.releases.contents import PLURALS
from tracker.vocabulary import Licence, WithdrawalReason
from tracker.web.public.api.shapes import COUNT, DAY, INSTANT, TEXT, TEXT_OR_NULL, Schema, closed, many, ref

_LICENCE: Schema = {"type": ["string", "null"], "enum": [*(licence.value for licence in Licence), None]}
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_FILE: dict[str, Schema] = {"name": TEXT, "media_type": TEXT, "bytes": COUNT, "sha256": _SHA256}
_ORIGIN: dict[str, Schema] = {
    "dataset_version": COUNT,
    "as_of": INSTANT,
    "licence": _LICENCE,
    "licence_url": TEXT_OR_NULL,
}


def components() -> dict[str, Schema]:
    """The schemas of changes, releases and citations by name."""
    return {
        "Changes": closed(
            {
                "meta": closed(
                    {**_ORIGIN, "since": COUNT, "rows": COUNT, "next": TEXT_OR_NULL, "position": TEXT_OR_NULL}
                ),
                "changes": many({"oneOf": [*map(_put, Kind), _withdrawn(), _change("removed")]}),
            }
        ),
        "Releases": closed({"meta": ref("Origin"), "releases": many(_listed())}),
        "Release": _manifest(),
        "Citations": many(_citation()),
    }


def _change(*said: str, kinds: tuple[Kind, ...] = tuple(Kind), **more: Schema) -> Schema:
    """What `changes._entry` says."""
    return closed(
        {
            "change": {"type": "string", "enum": list(said)},
            "dataset_version": {"type": "integer", "minimum": 1},
            "changed_on": DAY,
            "kind": {"type": "string", "enum": [kind.value for kind in kinds]},
            "id": TEXT,
            **more,
        }
    )


def _put(kind: Kind) -> Schema:
    return _change("added", "corrected", kinds=(kind,), record=ref(kind.capitalize()))


def _withdrawn() -> Schema:
    reason = {"type": "string", "enum": list(WithdrawalReason.codes())}
    return _change("withdrawn", key=TEXT, reason=reason, successor=TEXT_OR_NULL)


def _listed() -> Schema:
    """What `releases._as_dict` says."""
    return closed(
        {
            "name": TEXT,
            "dataset_version": COUNT,
            "created_at": INSTANT,
            "notes": TEXT_OR_NULL,
            "issue": COUNT,
            "issued_at": INSTANT,
            "ready": {"type": "boolean"},
            "unavailable": {"type": ["integer", "null"], "minimum": 0},
            "files": many(closed({**_FILE, "path": TEXT})),
        }
    )


def _manifest() -> Schema:
    """What `dataset.releases.manifest` says."""
    since = closed({"release": TEXT, "dataset_version": COUNT})
    told = closed(dict.fromkeys(("added", "corrected", "withdrawn", "no_longer_available"), COUNT))
    changes = closed({"since": since, **dict.fromkeys(PLURALS.values(), told)})
    return closed(
        {
            "release": TEXT,
            "title": TEXT,
            **_ORIGIN,
            "created_at": INSTANT,
            "issue": COUNT,
            "issued_at": INSTANT,
            "unavailable": COUNT,
            "schema_version": COUNT,
            "address": TEXT_OR_NULL,
            "citation": TEXT,
            "notes": TEXT_OR_NULL,
            "rows": {"type": "object", "additionalProperties": COUNT},
            "changes": {"oneOf": [changes, {"type": "null"}]},
            "files": many(closed(_FILE)),
        }
    )


def _citation() -> Schema:
    """What `citations.csl` says: an item of CSL-JSON."""
    numbers = {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 3}
    always: dict[str, Schema] = {
        "id": TEXT,
        "type": {"type": "string", "enum": ["dataset", "entry"]},
        "author": many(closed({"literal": TEXT})),
        "title": TEXT,
        "issued": closed({"date-parts": many(numbers)}),
        **dict.fromkeys(("version", "publisher", "URL", "note", "language"), TEXT),
    }
    item = closed(always)
    return {**item, "properties": {**always, "container-title": TEXT, "number": TEXT}}
