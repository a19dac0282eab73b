"""Measures the desk over a database that `bench.build` made: what the server needs for each answer.

    python -m bench.desk sqlite:////tmp/copy_of_bench.sqlite --rounds 9

The database is changed: some incidents are put on their way to publication, and others are entered and amended. Give
it a copy. Everything is asked through the application itself, by somebody who is signed in. Each figure is a median
over the rounds, or over the many names and incidents that are asked for.
"""

import argparse
import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bench import words
from bench.machine import machine, p95
from tracker import upgrades
from tracker.app import create_app
from tracker.db import Database
from tracker.registry import saved_filters, search, unfinished
from tracker.registry.accounts import sessions
from tracker.registry.drafts import IncidentDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Act, Incident, Outlet, Person, StaffMember, Victim
from tracker.settings import Settings
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Role
from tracker.web.staff.entry.filling import form_from
from tracker.web.staff.entry.registry import RegistryNames

Pairs = Sequence[tuple[str, str]]
Ask = Callable[[FlaskClient], TestResponse]
ALLOWED = {"list": 300, "desk": 500, "form": 100, "typing": 50}
ON_THE_WAY = (Status.SUBMITTED, Status.IN_REVIEW, Status.SAFETY_REVIEW, Status.APPROVED, Status.EMBARGOED)
IN_EACH_QUEUE = 100
VARIANTS = 100
MANY_VICTIMS = 50

LISTS: dict[str, Pairs] = {
    "everything": (),
    "by status": (("sort", "status"),),
    "by date": (("sort", "date"),),
    "by reference": (("sort", "reference"),),
    "status": (("status", "in_review"),),
    "country": (("country", "RU"),),
    "country, rare": (("country", "IS"),),
    "violation, common": (("violation", "assault"),),
    "violation, rare": (("violation", "torture"),),
    "period": (("since", "2020-01-01"), ("until", "2020-12-31")),
    "without place": (("only", "without_place"),),
    "without second source": (("only", "without_second_source"),),
    "language missing": (("missing", "ky"),),
    "common word": (("q", words.noun_of_rank(1)),),
    "rare word": (("q", words.noun_of_rank(3000)),),
    "two words": (("q", f"{words.noun_of_rank(1)} {words.noun_of_rank(5)}"),),
    "beginning of a word": (("q", words.noun_of_rank(1)[:2]),),
    "one letter": (("q", "a"),),
    "word and filter": (("q", words.noun_of_rank(3)), ("country", "RU"), ("violation", "assault")),
}

NEW_INCIDENT: dict[str, str] = {
    "title-en": "Police fire a rubber bullet at a journalist who is on air",
    "when": "5 October 2020",
    "place_country": "KG",
    "place_locality": "Bishkek",
    "acts-0-violation": "assault",
    "acts-0-completion": "attempted",
    "acts-0-victims-0-kind": "person",
    "acts-0-victims-0-person_is": "new",
    "acts-0-victims-0-role": "journalist",
    "acts-0-victims-0-outlet_is": "new",
    "acts-0-involvements-0-perpetrator": "police",
    "sources-0-type": "ngo_report",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: what is asked, in which forms, what it may take, and which status is right."""

    name: str
    kind: str
    asks: Sequence[Ask]
    status: int = 200
    before: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """The application over one database, with an editor who is signed in."""

    app: Flask
    database: Database
    editor: StaffMember
    rounds: int

    def lists(self) -> Iterator[Measure]:
        """The staff list under each filter, and the desk."""
        for name, pairs in LISTS.items():
            ask: Ask = lambda client: client.get("/staff/incidents")  # noqa: E731
            yield Measure(f"list: {name}", "list", [ask] * self.rounds, before=lambda pairs=pairs: self._keep(pairs))  # type: ignore[misc]
        yield Measure("desk", "desk", [lambda client: client.get("/staff/")] * self.rounds)

    def _keep(self, pairs: Pairs) -> None:
        with self.database.write() as session:
            saved_filters.keep(session, self.editor.id, pairs)

    def forms(self) -> Iterator[Measure]:
        """The entry form: shown and handed in, new and amended, right and wrong."""
        yield Measure("form: blank", "form", [lambda client: client.get("/staff/incidents/new")] * self.rounds)
        numbers = [str(unfinished.new_id()) for _ in range(self.rounds)]
        new = [_posting(number, _new_incident(number, place)) for place, number in enumerate(numbers)]
        yield Measure("form: a new incident handed in", "form", new, 303)
        wrong = [_posting(str(unfinished.new_id()), NEW_INCIDENT | {"when": "soon"}) for _ in range(self.rounds)]
        yield Measure("form: handed in and refused", "form", wrong, 422)
        with self.database.read() as session:
            common = self._incidents(session, self.rounds)
            largest = self._crowded(session)
        yield Measure("form: an incident to change", "form", [_getting(f"{one.id}/edit") for one in common])
        yield Measure("form: a change saved", "form", [self._changing(one.id) for one in common], 303)
        name = f"form: an incident with {MANY_VICTIMS} victims"
        yield Measure(name, "form", [_getting(f"{largest}/edit")] * self.rounds)

    def _incidents(self, session: Session, count: int) -> Sequence[Incident]:
        wanted = select(Incident).where(Incident.status == Status.PUBLISHED).order_by(Incident.id).limit(count)
        return session.scalars(wanted).all()

    def _crowded(self, session: Session) -> str:
        return next(iter(session.scalars(
            select(Act.incident_id).join(Victim, Victim.act_id == Act.id).group_by(Act.incident_id)
            .order_by(func.count().desc()).limit(1))))  # fmt: skip

    def _changing(self, incident_id: str) -> Ask:
        with self.database.read() as session, self.app.test_request_context():
            # Which names stand in a form depends on who opens it.
            g.staff_now = self.editor
            incident = session.get_one(Incident, incident_id)
            pairs = dict(form_from(cast(IncidentDraft, draft_of(incident)), RegistryNames(session)))
            pairs |= {"internal_notes": f"Seen again {random.random()}", "why": "A second report"}
            pairs |= {"incident": incident_id, "version": str(incident.version)}
            return _posting(str(unfinished.new_id()), pairs)

    def typing(self) -> Iterator[Measure]:
        """What answers while somebody types."""
        with self.database.read() as session:
            people = [person.name for person in session.scalars(select(Person).order_by(Person.id).limit(VARIANTS))]
            outlets = [outlet.name for outlet in session.scalars(select(Outlet).order_by(Outlet.id).limit(VARIANTS))]
            likely = [_likely(session, one) for one in self._incidents(session, VARIANTS) if one.date_edtf]
        yield Measure("people, two letters", "typing", _suggesting("people", [name[:2] for name in people]))
        yield Measure("people, a first name", "typing", _suggesting("people", [name.split()[0] for name in people]))
        yield Measure("people, a whole name", "typing", _suggesting("people", people))
        turned = [" ".join(reversed(name.split())) for name in people]
        yield Measure("people, words turned round", "typing", _suggesting("people", turned))
        yield Measure("outlets, three letters", "typing", _suggesting("outlets", [name[:3] for name in outlets]))
        yield Measure("sources, three letters", "typing", _suggesting("sources", ["att", "rep", "the", "doc"] * 5))
        yield Measure("incidents, a common word", "typing", _suggesting("incidents", ["reporter", "police"] * 10))
        yield Measure("likely duplicates", "typing", likely)

    def run(self, measure: Measure, client: FlaskClient) -> str:
        """One line of the table."""
        if measure.before is not None:
            measure.before()
        taken, working = [], []
        for ask in measure.asks:
            began, worked = time.perf_counter(), time.process_time()
            answer = ask(client)
            working.append((time.process_time() - worked) * 1000)
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status_code != measure.status:
                raise SystemExit(f"{measure.name}: {answer.status}")
        late = " **late**" if statistics.median(taken) > ALLOWED[measure.kind] else ""
        figures = (statistics.median(taken), p95(taken), statistics.median(working))
        return f"| {measure.name} | {' | '.join(f'{each:.0f}' for each in figures)} | {ALLOWED[measure.kind]}{late} |"


def _getting(path: str) -> Ask:
    return lambda client: client.get(f"/staff/incidents/{path}")


def _posting(form_id: str, fields: dict[str, str]) -> Ask:
    return lambda client: client.post(f"/staff/forms/{form_id}", data={**fields, "do": "submit"})


def _new_incident(number: str, place: int) -> dict[str, str]:
    return NEW_INCIDENT | {
        # A day apart from the others, so that none looks like one handed in before.
        "when": f"{place % 28 + 1} March {1990 + place // 28}",
        "title-en": f"{number[18:]} {number[9:18]} {number[:9]}",
        "acts-0-victims-0-person": f"Q{number[:9]} Z{number[9:18]}",
        "acts-0-victims-0-outlet": f"X{number[:12]}",
        "sources-0-url": f"https://example.org/{number}",
    }


def _suggesting(kind: str, typed: Sequence[str]) -> list[Ask]:
    paths = [f"/staff/suggest/{kind}?{urlencode({'q': one})}" for one in typed]
    return [lambda client, path=path: client.get(path) for path in paths]  # type: ignore[misc]


def _likely(session: Session, incident: Incident) -> Ask:
    victims = [victim for act in incident.acts for victim in act.victims]
    asked = {
        "country": incident.place.country,
        "earliest": str(incident.date_earliest),
        "latest": str(incident.date_latest),
        "title": list(incident.title.values()),
        "people": [victim.person.key for victim in victims if victim.person is not None],
        "outlets": [victim.outlet.key for victim in victims if victim.outlet is not None],
        "violations": [act.violation for act in incident.acts],
    }
    return lambda client: client.post("/staff/duplicates", data=asked)


def _signed_in(app: Flask, database: Database, *roles: Role) -> tuple[StaffMember, FlaskClient]:
    name = "-".join(roles)
    with database.write() as session:
        email = f"{unfinished.new_id()}@bench.example.org"
        staff = StaffMember(email=email, email_key=email, name=name, roles=[str(role) for role in roles])
        session.add(staff)
        session.flush()
        token, _ = sessions.begin(session, staff)
    client = app.test_client()
    client.set_cookie("staff", token)
    return staff, client


def _prepare(database: Database) -> None:
    """Put some incidents on their way, and give one of them many victims; done once for a database."""
    search.rebuild(database)
    with database.write() as session:
        if session.scalar(select(Incident.id).where(Incident.status != Status.PUBLISHED).limit(1)):
            return
        ids = session.scalars(select(Incident.id).order_by(Incident.id.desc()).limit(IN_EACH_QUEUE * 5 + 1)).all()
        for number, status in enumerate(ON_THE_WAY):
            some = ids[number * IN_EACH_QUEUE : (number + 1) * IN_EACH_QUEUE]
            session.execute(update(Incident).where(Incident.id.in_(some)).values(status=status))
        act = session.get_one(Incident, ids[-1]).acts[0]
        act.victims += [Victim(kind="person", position=place) for place in range(len(act.victims), MANY_VICTIMS)]


def main() -> None:
    """Measure as the command line says, and print a table for bench/README.md."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a copy of a database with many incidents")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    choices = parser.parse_args()
    settings = Settings.from_environment(
        {"TRACKER_DATABASE_URL": choices.url, "TRACKER_SECRET_KEY": secrets.token_hex(), "TRACKER_DEVELOPMENT": "1"}
    )
    upgrades.upgrade(settings)
    database = Database(settings)
    _prepare(database)
    app = create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    editor, client = _signed_in(app, database, Role.EDITOR, Role.SAFETY_REVIEWER)
    _, monitor_client = _signed_in(app, database, Role.MONITOR)
    bench = Bench(app, database, editor, choices.rounds)
    with database.read() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Person, Outlet, Incident)]
    print(machine(), "{:,} people, {:,} outlets, {:,} incidents".format(*counts), sep="\n")
    print("| asked | median, ms | p95, ms | processor, ms | allowed |\n|---|--:|--:|--:|--:|")
    asked = [(measure, client) for measure in (*bench.lists(), *bench.forms(), *bench.typing())]
    # Of what may be offered to a monitor, each has to be judged.
    asked += [(replace(each, name=f"{each.name}, for a monitor"), monitor_client) for each in bench.typing()]
    for measure, asking in asked:
        if choices.only in measure.name:
            print(bench.run(measure, asking), flush=True)
    database.dispose()


if __name__ == "__main__":
    main()
