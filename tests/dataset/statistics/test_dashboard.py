"""The dashboard and the table of completeness: their definitions, day by day, at every edition."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.dataset.samples import Record, act, incident, publish, topic, victim
from tests.dataset.statistics import invented
from tracker.dataset import queries
from tracker.dataset.editions import NOTHING_PUBLISHED, dataset_version
from tracker.dataset.fields import INCIDENT, FieldType, walk
from tracker.dataset.filters import DatasetFilter
from tracker.dataset.known import completeness_fields
from tracker.dataset.problems import FilterError
from tracker.dataset.statistics import keeping
from tracker.dataset.statistics.completeness import completeness
from tracker.dataset.statistics.dashboard import Dashboard, clock_day, dashboard, spans
from tracker.db import Database

DAY = date(2026, 3, 31)


def the_dashboard(database: Database, day: date = DAY, **asked: Any) -> Dashboard:
    wanted = DatasetFilter(**asked)
    with database.public() as session:
        return dashboard(session, wanted, dataset_version(session, wanted), day)


def follow_up(kind: str) -> Record:
    return {"kind": kind, "date": None, "by": None, "text": {}, "sources": []}


def test_the_same_span_of_days_of_the_year_before_is_compared(database: Database) -> None:
    publish(
        database,
        incident("KGZ-2026-0001", "2026-01-01", acts=[act("threat")]),
        incident("KGZ-2026-0002", "2026-03-31", acts=[act("threat")]),
        incident("KGZ-2026-0003", "2026-04-01", acts=[act("threat")]),
        incident("KGZ-2026-0004", "2026", acts=[act("assault")]),
        incident("KGZ-2025-0001", "2025-03-31", acts=[act("threat")]),
        incident("KGZ-2025-0002", "2025-04-01", acts=[act("threat")]),
        incident("KGZ-2024-0001", "2024-12-31", acts=[act("threat")]),
    )
    found = the_dashboard(database)
    assert [(one.possible, one.certain) for one in found.incidents] == [(3, 2), (1, 1)]
    lines = {line.key: (line.this.possible, line.last.possible) for line in found.comparisons[0].lines}
    assert lines == {"threat": (2, 1), "assault": (1, 0)}
    assert spans(date(2024, 2, 29)) == (
        (date(2024, 1, 1), date(2024, 2, 29)),
        (date(2023, 1, 1), date(2023, 2, 28)),
    )


def test_all_figures_are_of_one_version_though_something_is_published_while_the_first_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, incident("KGZ-2026-0001", "2026-01-01", acts=[act("threat")]))
    keeping.keeper.forget()
    read_all = keeping._read_all

    def published_meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        publish(database, incident("KGZ-2026-0002", "2026-01-02", acts=[act("threat", [victim()])]))
        return read_all(*given)

    monkeypatch.setattr(keeping, "_read_all", published_meanwhile)
    found = the_dashboard(database)
    tables = [found.victims, found.victims_last, found.custody, *(one.this for one in found.comparisons)]
    assert {table.edition for table in tables} == {found.edition}
    assert [one.possible for one in found.incidents] == [1, 0]
    assert the_dashboard(database).incidents[0].possible == 2


def test_who_is_held_is_who_has_a_first_day_in_custody_and_no_last_one(database: Database) -> None:
    held = victim(name="Aibol", naming="named", person="p-aibol", custody_from="2026-02-03", outlet="kloop")
    released = victim(custody_from="2026-01-01", custody_until="2026-01-05")
    longer = victim(naming="withheld", custody_from="2025-05-05")
    no_person = victim(kind="outlet", custody_from="2025-01-01")
    publish(
        database,
        incident(
            "KGZ-2026-0001", "2026-02-03", acts=[act("arrest_detention", [held, released]), act("threat", [held])]
        ),
        incident(
            "KGZ-2025-0001",
            "2025-05-05",
            acts=[act("arrest_detention", [longer, victim(), no_person])],
        ),
    )
    found = the_dashboard(database)
    assert [one.possible for one in found.custody.at(found.custody.total)] == [1, 1, 0]
    assert [(one.reference, one.name, one.since) for one in found.held] == [
        ("KGZ-2025-0001", None, "2025-05-05"),
        ("KGZ-2026-0001", "Aibol", "2026-02-03"),
    ]


def test_no_official_response_counts_what_surely_lies_so_far_back(database: Database) -> None:
    long_ago = (DAY - timedelta(days=200)).isoformat()
    recent = (DAY - timedelta(days=29)).isoformat()
    just = (DAY - timedelta(days=30)).isoformat()
    publish(
        database,
        topic("vote", follow_ups=[follow_up("state_reply")]),
        topic("other", follow_ups=[follow_up("complaint"), follow_up("denial")]),
        incident("KGZ-2025-0001", long_ago, follow_ups=[follow_up("complaint"), follow_up("denial")]),
        incident("KGZ-2025-0002", long_ago, follow_ups=[follow_up("investigation")]),
        incident("KGZ-2025-0003", long_ago, topics=["vote", "other"]),
        incident("KGZ-2025-0004", long_ago, topics=["other"]),
        incident("KGZ-2025-0005", f"[{long_ago}..{recent}]"),
        incident("KGZ-2025-0006", f"{long_ago}/.."),
        incident("KGZ-2026-0001", recent),
        incident("KGZ-2026-0002", just),
    )
    found = {one.days: one for one in the_dashboard(database).silence}
    assert (found[180].unanswered, found[180].incidents, found[180].on_topic) == (3, 4, 1)
    assert (found[30].unanswered, found[30].incidents) == (4, 5)
    assert (found[365].unanswered, found[365].incidents) == (0, 0)


def test_the_day_is_that_of_as_of_or_of_the_version_or_today(database: Database) -> None:
    publish(database, incident("KGZ-2026-0001"), at=datetime(2026, 3, 5, 23, tzinfo=UTC))
    now = datetime(2026, 5, 5, 1, tzinfo=UTC)
    with database.public() as session:
        for asked, day in (({}, date(2026, 5, 5)), ({"dataset": 1}, date(2026, 3, 5)), ({"as_of": DAY}, DAY)):
            wanted = DatasetFilter(**asked)
            assert clock_day(wanted, dataset_version(session, wanted), now) == day
    assert clock_day(DatasetFilter(), NOTHING_PUBLISHED, now) == date(2026, 5, 5)


def test_an_empty_register_and_an_empty_filter_have_a_dashboard(database: Database) -> None:
    assert the_dashboard(database).incidents[0].possible == 0
    publish(database, *invented.incidents(10))
    assert the_dashboard(database, country=("FJ",)).held == ()
    with pytest.raises(FilterError):
        the_dashboard(database, violation=("threat",))


def _known(record: Record, path: str) -> tuple[bool, bool]:
    """Whether an incident has an object for a field, and whether each of them has it, read from the JSON itself."""
    *parents, name = path.split(".")
    objects: list[Any] = [record]
    for parent in parents:
        found = [one.get(parent) if one else None for one in objects]
        objects = [item for one in found for item in (one if isinstance(one, list) else [one])]
    values = [one.get(name) if one else None for one in objects]
    return bool(values), bool(values) and all(value not in (None, [], {}) for value in values)


def test_completeness_is_what_a_look_at_each_record_says(database: Database) -> None:
    publish(database, *invented.incidents(60))
    with database.public() as session:
        found = completeness(session, DatasetFilter(country=("KG",)), dataset_version(session))
        page = queries.incident_page(session, DatasetFilter(country=("KG",), limit=1000))
    assert found.incidents[0] == page.total == sum(found.incidents[1:])
    for path, shares in found.shares.items():
        told = [_known(record, path) for record in page.incidents]
        assert (shares[0].of, shares[0].known) == (sum(one for one, _ in told), sum(two for _, two in told)), path
        assert sum(share.known for share in shares[1:]) == shares[0].known
    sure = [record for record in page.incidents if _year(record["date"]) == "2020"]
    place = found.years.index("2020")
    assert found.incidents[place] == len(sure)
    assert found.shares["verification"][place].known == sum(bool(record["verification"]) for record in sure)


def _year(date_: Record) -> str | None:
    first, last = date_["earliest"], date_["latest"]
    return first[:4] if first and last and first[:4] == last[:4] else None


def test_completeness_takes_every_public_field_that_can_be_empty() -> None:
    fields = {step.path: step.field for step in walk(INCIDENT)}
    left_out = set(fields) - set(completeness_fields())
    # What is left out is never empty, or only holds other fields together.
    assert all(fields[path].type is FieldType.OBJECT or not fields[path].nullable for path in left_out)
    assert {"acts.victims.role", "sources", "summary", "place.admin1"} <= set(completeness_fields())
    assert "reference" not in completeness_fields()


def test_completeness_of_nothing_is_empty(database: Database) -> None:
    with database.public() as session:
        found = completeness(session, DatasetFilter(), dataset_version(session))
    assert found.years == ("all", "no_year")
    assert all(share.of == 0 for shares in found.shares.values() for share in shares)
