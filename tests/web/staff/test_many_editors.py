"""Many editors at the same few incidents through the pages, and a server that dies while they save."""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from tests.support import drafts
from tests.support.drafts import minimal
from tests.support.editors import Editor
from tests.web.staff.conftest import member
from tracker.db import Database
from tracker.registry import audit, operations
from tracker.registry.accounts import sessions
from tracker.registry.models import Incident
from tracker.settings import Settings
from tracker.vocabulary.staff import Role

KEYS = [f"shared-{number}" for number in range(5)]
BEGUN = "begun"


def prepare(database: Database, editors: int) -> tuple[list[str], list[str]]:
    """Five incidents and so many editors; returns the ids of the incidents and a token of each editor."""
    with database.write() as session:
        drafts.settle(session)
        made = drafts.record(session, *(minimal(key, internal_notes=BEGUN) for key in KEYS))
        ids = [incident.id for incident in made]
    people = [member(database, Role.EDITOR, name=f"editor {number}") for number in range(editors)]
    with database.write() as session:
        return ids, [sessions.begin(session, person)[0] for person in people]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a port of its own, a thread for each request."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def work(editor: Editor, number: int, ids: list[str], edits: int) -> list[tuple[str, str]]:
    """Save line after line, each again until it is taken or somebody was quicker too often."""
    accepted = []
    for edit in range(edits):
        incident_id, line = ids[(number + edit) % len(ids)], f"editor {number} edit {edit}"
        if any(editor.append(incident_id, line) for _try in range(3)):
            accepted.append((incident_id, line))
    return accepted


def check(database: Database, ids: list[str], accepted: Counter[tuple[str, str]], *, more: int = 0) -> None:
    """What was accepted is what is there (`more` may have been saved unseen), with its history and an unbroken log."""
    with database.read() as session:
        records = {incident_id: session.get_one(Incident, incident_id) for incident_id in ids}
        surviving = Counter(
            (incident_id, line)
            for incident_id, incident in records.items()
            for line in (incident.internal_notes or "").splitlines()
            if line != BEGUN
        )
        assert not accepted - surviving
        assert (surviving - accepted).total() <= more
        for incident in records.values():
            numbers = [revision.number for revision in operations.revisions(session, incident)]
            assert numbers == list(range(1, incident.version + 1))
        assert audit.broken_at(session) is None
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def run(app: Flask, database: Database, editors: int, edits: int) -> tuple[int, list[int], list[float]]:
    """Let them all work at once; returns how many saves were accepted, all statuses, and how long saves took."""
    ids, tokens = prepare(database, editors)
    with serving(app) as address, ThreadPoolExecutor(editors) as pool:
        people = [Editor(address, token) for token in tokens]
        done = list(pool.map(lambda pair: work(pair[1], pair[0], ids, edits), enumerate(people)))
    accepted = Counter(pair for each in done for pair in each)
    check(database, ids, accepted)
    statuses = [status for person in people for status in person.statuses]
    assert {status for status in statuses if status >= 500} == set()
    return accepted.total(), statuses, sorted(wait for person in people for wait in person.waits)


def test_nothing_that_was_accepted_is_lost_between_many_editors(staff_app: Flask, database: Database) -> None:
    accepted, statuses, _waits = run(staff_app, database, editors=4, edits=2)
    assert accepted >= len(KEYS) - 1
    # A form that could not be kept beside a quicker save is not there to be thrown away (404).
    assert set(statuses) <= {200, 303, 404, 409}


@pytest.mark.deep
def test_twenty_editors_with_a_hundred_edits_each_lose_nothing(staff_app: Flask, database: Database) -> None:
    _accepted, _statuses, waits = run(staff_app, database, editors=20, edits=100)
    assert waits[int(len(waits) * 0.95)] < 5


@contextmanager
def server_process(settings: Settings) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`tracker serve` as a program of its own, and its address."""
    environment = os.environ | {
        "TRACKER_INSTANCE": str(settings.instance),
        "TRACKER_DATABASE_URL": settings.database_url,
        "TRACKER_SECRET_KEY": secrets.token_hex(32),
        "TRACKER_DEVELOPMENT": "yes",
    }
    command = [sys.executable, "-m", "tracker", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+?(?=/ )", process.stdout.readline())
        assert found
        yield process, found[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def interrupt(database: Database, settings: Settings, kills: int) -> int:
    """Kill the server while four editors save, again and again; returns how many saves were acknowledged."""
    ids, tokens = prepare(database, editors=4)
    accepted: Counter[tuple[str, str]] = Counter()

    def save(number: int, address: str, round_: int) -> None:
        editor, edit = Editor(address, tokens[number]), 0
        try:
            while True:
                edit += 1
                pair = ids[(number + edit) % len(ids)], f"{round_} {number} {edit}"
                if editor.append(*pair):
                    accepted[pair] += 1
        except (OSError, http.client.HTTPException):
            return

    for round_ in range(kills):
        with server_process(settings) as (process, address), ThreadPoolExecutor(4) as pool:
            for number in range(4):
                pool.submit(save, number, address, round_)
            before, deadline = accepted.total(), time.monotonic() + 60
            while accepted.total() < before + 2 + round_ % 3 and time.monotonic() < deadline:
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGKILL)
        # Of each editor one save may have been done without an answer.
        check(database, ids, accepted, more=4 * (round_ + 1))
    return accepted.total()


def test_what_was_acknowledged_outlives_the_server(
    desk_database: Database, desk_settings: Settings, tmp_path: Path
) -> None:
    assert interrupt(desk_database, desk_settings, kills=1) >= 1


@pytest.mark.deep
def test_what_was_acknowledged_outlives_ten_violent_ends(staff_settings: Settings, database: Database) -> None:
    assert interrupt(database, staff_settings, kills=10) >= 10
