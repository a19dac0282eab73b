"""An incident on its way, and the three people who move it."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.desk import Desk
from tests.support.drafts import record, rich, settle
from tests.web.staff.conftest import member, sign_in
from tracker.db import Database
from tracker.registry.models import Incident
from tracker.registry.permissions import actor_of
from tracker.vocabulary import Status
from tracker.vocabulary.staff import ReviewCheck, Role

FORM = {f"check-{check}": "yes" for check in ReviewCheck}


class Resting:
    """Stands in for the jobs beside the server, and counts how often they were woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        """Begin a round, if this were one that works."""
        self.woken += 1


@dataclass
class Room:
    """An application with an incident in it, and clients for an editor, a safety reviewer and the author."""

    app: Flask
    database: Database
    id: str
    editor: FlaskClient
    reviewer: FlaskClient
    author: FlaskClient
    jobs: Resting

    def incident(self) -> Incident:
        """The incident as it stands."""
        with self.database.read() as session:
            return session.get_one(Incident, self.id)

    def bring(self, stage: Status) -> None:
        """Bring the incident to a stage."""
        with self.database.write() as session:
            desk = Desk(session)
            desk.bring(session.get_one(Incident, self.id), stage)

    def post(self, client: FlaskClient, path: str, **form: Any) -> TestResponse:
        """Post a form with the present version."""
        given = {"version": str(self.incident().version)} | form
        return client.post(f"/staff/incidents/{self.id}/{path}", data=given)

    def get(self, client: FlaskClient, path: str) -> str:
        """A page about the incident."""
        answer = client.get(f"/staff/incidents/{self.id}/{path}")
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)

    def digest(self) -> str:
        """What the review page says it shows."""
        found = re.search(r'name="record" value="([0-9a-f]{64})"', self.get(self.reviewer, "review"))
        assert found
        return found[1]

    def public(self) -> str | None:
        """The public page of the incident, if it has one."""
        reference = self.incident().reference
        answer = self.app.test_client().get(f"/incidents/{reference}")
        return answer.get_data(as_text=True) if answer.status_code == 200 else None


def room_of(app: Flask, database: Database) -> Room:
    """Record a rich incident and sign everybody in."""
    author = member(database, Role.MONITOR, name="author")
    with database.write() as session:
        settle(session)
        made = record(session, rich(), by=actor_of(author))[0]
    app.extensions["tracker_jobs"] = jobs = Resting()
    people = [member(database, role, name=str(role)) for role in (Role.EDITOR, Role.SAFETY_REVIEWER)]
    editor, reviewer = (sign_in(app, database, person) for person in people)
    return Room(app, database, made.id, editor, reviewer, sign_in(app, database, author), jobs)


@pytest.fixture
def room(desk_app: Flask, desk_database: Database) -> Room:
    """The room on SQLite."""
    return room_of(desk_app, desk_database)


@pytest.fixture
def both(staff_app: Flask, database: Database) -> Room:
    """The room on SQLite and on PostgreSQL in turn."""
    return room_of(staff_app, database)
