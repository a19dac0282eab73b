"""Many editors at the same few records: what was accepted survives, and nobody overwrites what they have not seen."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import drafts
from tests.support.drafts import minimal
from tracker.db import Database
from tracker.registry import operations
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident
from tracker.registry.operations import Stale

KEYS = [f"shared-{number}" for number in range(5)]


def edit(database: Database, editor: int, edits: int) -> list[tuple[str, str]]:
    """Read, change and save, again and again; returns what was accepted: the record and the line that was added."""
    accepted = []
    for number in range(edits):
        key = KEYS[(editor + number) % len(KEYS)]
        with database.read() as session:
            incident = drafts.found(session, Incident, key)
            version, draft = incident.version, draft_of(incident)
        line = f"editor {editor} edit {number}"
        draft.internal_notes = f"{draft.internal_notes or ''}\n{line}".strip()  # type: ignore[attr-defined]
        draft.acts[0].victims[0].count_least = number  # type: ignore[attr-defined]
        try:
            with database.write() as session:
                incident = drafts.found(session, Incident, key)
                operations.amend(session, incident, draft, by=f"staff:{editor}", expected_version=version)
        except Stale:
            continue
        accepted.append((key, line))
    return accepted


def _run(database: Database, editors: int, edits: int) -> None:
    with database.write() as session:
        drafts.settle(session)
        drafts.record(session, *(minimal(key) for key in KEYS))
    with ThreadPoolExecutor(editors) as pool:
        runs = list(pool.map(lambda editor: edit(database, editor, edits), range(editors)))
    accepted = Counter(pair for run in runs for pair in run)
    with database.read() as session:
        records = {key: drafts.found(session, Incident, key) for key in KEYS}
        surviving = Counter(
            (key, line) for key, incident in records.items() for line in (incident.internal_notes or "").splitlines()
        )
        assert accepted == surviving
        assert accepted.total() >= len(KEYS)
        for incident in records.values():
            # Each accepted edit is one revision; the numbers have no gap.
            numbers = [revision.number for revision in operations.revisions(session, incident)]
            assert numbers == list(range(1, incident.version + 1))


def test_no_edit_that_was_accepted_is_lost(database: Database) -> None:
    _run(database, editors=6, edits=4)


@pytest.mark.deep
def test_twenty_editors_with_a_hundred_edits_each_lose_nothing(database: Database) -> None:
    _run(database, editors=20, edits=100)
