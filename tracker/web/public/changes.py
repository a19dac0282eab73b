"""What changed: a page for people, newest first, and the feed by which a copy of the dataset follows it."""

from urllib.parse import urlencode

from flask import Response, g

from tracker.dataset.changes.asked import ChangesAsked
from tracker.dataset.changes.feed import ChangePage, Entry, change_page
from tracker.dataset.changes.history import HistoryPage, history_page
from tracker.dataset.editions import dataset_version
from tracker.db import canonical_json
from tracker.web.headers import unless_known
from tracker.web.public.answers import json_answer, meta_of
from tracker.web.public.asking import pairs
from tracker.web.public.choosing import with_query
from tracker.web.public.context import address, page, reading


def index() -> str:
    """The dataset versions with what each brought, newest first."""
    asked = ChangesAsked.parse(pairs())
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
        found = history_page(session, asked)
    g.version = edition
    since = dict(pairs()).get("since", "").strip()
    return page(
        "public/changes.html",
        canonical=address("public.changes"),
        found=found,
        since=since,
        older=_here(found, since, asked.limit, found.older) if found.older else None,
        newest=_here(found, since, asked.limit) if asked.after else None,
        twin=with_query("public.changes_json", urlencode({"since": since}) if since else ""),
    )


def _here(found: HistoryPage, since: str, limit: int | None, after: int | None = None) -> str:
    query = {"since": since if found.since else None, "limit": limit, "after": after}
    kept = urlencode([(name, value) for name, value in query.items() if value])
    return with_query("public.changes", kept)


def feed() -> Response:
    """What a copy has to do to follow the dataset, oldest change first, with the records themselves."""
    asked = ChangesAsked.parse(pairs())
    with reading() as session:
        edition = dataset_version(session)
        unless_known(edition)
        found = change_page(session, asked)
    meta = meta_of(found.edition) | {
        "since": found.since,
        "rows": len(found.entries),
        "next": str(found.after) if found.after else None,
        "position": str(found.position) if found.position else None,
    }
    entries = ",".join(f"\n{_entry(found, entry)}" for entry in found.entries)
    return json_answer(f'{{"meta":{canonical_json(meta)},"changes":[{entries}\n]}}\n', found.edition)


def _entry(found: ChangePage, entry: Entry) -> str:
    said = {
        "change": entry.change,
        "dataset_version": entry.version,
        "changed_on": found.days[entry.version],
        "kind": entry.kind,
        "id": entry.record_id,
    }
    if entry.tombstone is not None:
        said |= {"key": entry.key, "reason": entry.tombstone.reason, "successor": entry.tombstone.successor}
    if entry.json is None:
        return canonical_json(said)
    # The stored text is the truth; it goes out as it is.
    return f'{canonical_json(said)[:-1]},"record":{entry.json}}}'
