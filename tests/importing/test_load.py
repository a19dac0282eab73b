"""Importing a file: what is new, what has changed, and what a person has written since."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from tests.importing.material import SEED, counts, file_of, imported, incident, meaning, rows, written
from tracker import publication
from tracker.db import Database, sqlite_path
from tracker.importing import load
from tracker.importing.load import Collision
from tracker.importing.report import Fate, Report
from tracker.registry import operations
from tracker.registry.drafts import IncidentDraft, PlaceDraft
from tracker.registry.mapping import draft_of
from tracker.registry.models import Incident, Outlet, Person
from tracker.registry.operations import Refused
from tracker.settings import Settings
from tracker.vocabulary import Status

PERSON = {"kind": "person", "naming": "named", "person": "a-person", "name_published_in": ["a-source"]}


def fates(report: Report) -> dict[str, int]:
    return {str(fate): count for fate in Fate if (count := report.total(fate))}


def edit(database: Database, key: str = "an-incident", **changes: Any) -> None:
    """A person changes an incident in the registry."""
    with database.write() as session:
        record = session.scalars(select(Incident).where(Incident.key == key)).one()
        draft = draft_of(record).model_copy(update=changes)
        operations.amend(session, record, draft, by="a person", why="seen the video")


def title(database: Database, key: str = "an-incident") -> dict[str, str]:
    with database.read() as session:
        return session.scalars(select(Incident).where(Incident.key == key)).one().title


def status(database: Database, key: str = "an-incident") -> str:
    with database.read() as session:
        return session.scalars(select(Incident).where(Incident.key == key)).one().status


def set_status(database: Database, to: str, key: str = "an-incident") -> None:
    with database.write() as session:
        session.scalars(select(Incident).where(Incident.key == key)).one().status = to


def public_keys(database: Database, kind: str = "incident") -> list[str]:
    return [row[1] for row in meaning(database)["public"] if row[0] == kind]


def test_the_first_import_creates_and_the_second_changes_nothing_at_all(database: Database) -> None:
    content = SEED.read_text(encoding="utf-8")
    assert fates(imported(database, content, publish=True)) == {"created": 44}
    before = rows(database)
    report = imported(database, content, publish=True)
    assert report.nothing_changed
    assert fates(report) == {"unchanged": 44}
    assert rows(database) == before


def test_spacing_and_order_in_the_file_change_nothing(database: Database) -> None:
    data = file_of(incident(title={"en": "A", "ru": "Б"}))
    imported(database, data, publish=True)
    before = rows(database)
    data["incidents"][0] = dict(reversed(data["incidents"][0].items())) | {"title": {"ru": "Б", "en": "A"}}
    assert imported(database, "# a comment\n" + written(data), publish=True).nothing_changed
    assert rows(database) == before


def test_only_what_changed_in_the_file_is_updated_and_published_again(database: Database) -> None:
    imported(database, file_of(incident("one"), incident("two")), publish=True)
    report = imported(database, file_of(incident("one"), incident("two", title={"en": "Better"})), publish=True)
    assert fates(report) == {"updated": 1, "unchanged": 5}
    assert (report.published, report.version) == (1, 2)
    assert title(database, "two") == {"en": "Better"}


def test_a_new_name_of_an_outlet_reaches_the_incidents_that_show_it(database: Database) -> None:
    imported(database, file_of(), publish=True)
    imported(database, file_of(outlets=[{"key": "an-outlet", "name": "New Name"}]), publish=True)
    public = next(row for row in meaning(database)["public"] if row[0] == "incident")
    assert "New Name" in public[3]


def test_without_publish_nothing_is_public_and_a_later_import_publishes(database: Database) -> None:
    imported(database, file_of())
    assert (status(database), public_keys(database)) == (Status.SUBMITTED, [])
    report = imported(database, file_of(), publish=True)
    assert fates(report) == {"unchanged": 5}
    assert public_keys(database) == ["KGZ-2020-0001"]


def test_a_rehearsal_tells_all_and_writes_nothing(database: Database) -> None:
    before = rows(database)
    report = imported(database, file_of(), publish=True, dry_run=True)
    assert (fates(report), report.published) == ({"created": 5}, 3)
    assert rows(database) == before


def test_a_file_with_one_fault_leaves_every_table_as_it_was(database: Database) -> None:
    imported(database, file_of(), publish=True)
    before = counts(database)
    with pytest.raises(Refused):
        imported(database, file_of(incident("good"), incident("bad", topics=["none"])), publish=True)
    assert counts(database) == before


def test_a_file_may_refer_to_what_an_earlier_one_brought(database: Database) -> None:
    imported(database, file_of(incident("one")))
    report = imported(database, {"incidents": [incident("two", related=["one"])]})
    assert fates(report) == {"created": 1}


def test_what_a_person_edited_is_kept_and_told_every_time(database: Database) -> None:
    imported(database, file_of(), publish=True)
    edit(database, title={"en": "A person's words"})
    changed = file_of(incident(title={"en": "The file's words"}))
    for _ in range(2):
        report = imported(database, changed, publish=True)
        assert fates(report) == {"kept": 1, "unchanged": 4}
        assert report.kept == ["incident an-incident"]
        assert title(database) == {"en": "A person's words"}
    assert "A person" not in str(meaning(database)["public"])


def test_what_a_person_edited_stays_quietly_while_the_file_says_nothing_new(database: Database) -> None:
    imported(database, file_of(), publish=True)
    edit(database, title={"en": "A person's words"})
    assert imported(database, file_of(), publish=True).nothing_changed
    assert title(database) == {"en": "A person's words"}


def test_overwriting_sets_a_record_back_to_the_words_of_the_file(database: Database) -> None:
    imported(database, file_of(), publish=True)
    edit(database, title={"en": "A person's words"})
    report = imported(database, file_of(), publish=True, overwrite=True)
    assert fates(report) == {"updated": 1, "unchanged": 4}
    assert title(database) == {"en": "Title of an-incident"}
    assert imported(database, file_of(), publish=True, overwrite=True).nothing_changed


def test_after_overwriting_the_file_is_followed_again(database: Database) -> None:
    imported(database, file_of())
    edit(database, title={"en": "A person's words"})
    imported(database, file_of(), overwrite=True)
    assert fates(imported(database, file_of(incident(title={"en": "Newer"})))) == {"updated": 1, "unchanged": 4}


def test_a_point_that_a_person_set_stays_even_where_the_file_overwrites_their_words(database: Database) -> None:
    older = {"country": "KG", "locality": "Osh", "latitude": 40.52828, "longitude": 72.7985, "placed_by": "gazetteer"}
    by_hand = older | {"latitude": 40.531, "longitude": 72.801, "placed_by": "hand"}
    imported(database, file_of(incident(place=older)))
    edit(database, title={"en": "A person's words"}, place=PlaceDraft.model_validate(by_hand))
    report = imported(database, file_of(incident(place=older)), overwrite=True)
    assert (report.pins_kept, title(database)) == (["incident an-incident"], {"en": "Title of an-incident"})
    with database.read() as session:
        place = session.scalars(select(Incident)).one().place
        assert (place.latitude, place.longitude, place.placed_by) == (40.531, 72.801, "hand")


def test_what_a_person_recorded_is_never_taken_over(database: Database) -> None:
    with database.write() as session:
        imported_by_hand = file_of()
        from tracker.registry.drafts import OutletDraft

        operations.record(session, OutletDraft(**imported_by_hand["outlets"][0] | {"name": "By hand"}), by="a person")
    report = imported(database, file_of())
    assert report.kept == ["outlet an-outlet"]
    with database.read() as session:
        assert session.scalars(select(Outlet)).one().name == "By hand"


def test_publishing_is_no_edit(database: Database) -> None:
    imported(database, file_of())
    imported(database, file_of(), publish=True)
    assert fates(imported(database, file_of(incident(title={"en": "Newer"})))) == {"updated": 1, "unchanged": 4}


@pytest.mark.parametrize("verb", ["withdraw", "quarantine"])
def test_what_was_taken_back_stays_back(database: Database, verb: str) -> None:
    imported(database, file_of(), publish=True)
    with database.write() as session:
        record = session.scalars(select(Incident)).one()
        getattr(publication, verb)(session, record, by="a person", why="asked to")
    before = status(database)
    for data in (file_of(), file_of(incident(title={"en": "Newer"}))):
        report = imported(database, data, publish=True)
        assert report.held_back == [f"an-incident ({before})"]
        assert (status(database), public_keys(database)) == (before, [])
        # That an outlet is there would tell that an incident named it; of a withdrawn one the mark tells as much.
        assert public_keys(database, "outlet") == ([] if verb == "quarantine" else ["an-outlet"])
        assert public_keys(database, "topic") == ["a-topic"]


def test_an_outlet_that_was_taken_off_the_site_comes_back_with_another_incident_that_names_it(
    database: Database,
) -> None:
    imported(database, file_of(), publish=True)
    with database.write() as session:
        publication.quarantine(session, session.scalars(select(Incident)).one(), by="a person", why="asked to")
    imported(database, file_of(incident(), incident("another")), publish=True)
    assert public_keys(database, "outlet") == ["an-outlet"]


@pytest.mark.parametrize("waiting", [Status.DRAFT, Status.IN_REVIEW, Status.SAFETY_REVIEW, Status.EMBARGOED])
def test_what_waits_for_a_person_is_not_published_by_an_import(database: Database, waiting: Status) -> None:
    imported(database, file_of())
    set_status(database, waiting)
    report = imported(database, file_of(), publish=True)
    assert report.held_back == [f"an-incident ({waiting})"]
    assert (status(database), public_keys(database)) == (waiting, [])


def test_what_the_gate_refuses_is_told_with_its_place_in_the_file_and_nothing_is_written(database: Database) -> None:
    before = counts(database)
    with pytest.raises(Refused) as refused:
        imported(database, file_of(incident("one"), incident("two", title={})), publish=True)
    assert [problem.path for problem in refused.value.problems] == [("incidents", 1, "title")]
    assert counts(database) == before


def test_a_name_withheld_in_the_file_leaves_no_trace_in_the_dataset(database: Database) -> None:
    named = [{"violation": "assault", "victims": [PERSON]}]
    imported(database, file_of(incident(acts=named)), publish=True)
    assert "Aida Example" in str(rows(database)["public_version"])
    withheld = [{"violation": "assault", "victims": [PERSON | {"naming": "withheld"}]}]
    report = imported(database, file_of(incident(acts=withheld)), publish=True)
    assert report.restrictions == 1
    assert not any("Aida" in row for name, found in rows(database).items() if "public" in name for row in found)


def test_a_restriction_is_cleared_from_the_file_of_the_database(sqlite_url: str, tmp_path: Any) -> None:
    database = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    secret = {"claim": "Zyxwvut Qponml"}
    actor = {"role": "direct", "perpetrator": "corporate", "basis": "reported", "named_actor_is": "organisation"}
    acts = [{"violation": "assault", "victims": [{"kind": "group"}]}]
    named = [acts[0] | {"involvements": [actor | {"named_actor": secret["claim"]}]}]
    imported(database, file_of(incident(acts=named)), publish=True)
    assert imported(database, file_of(incident(acts=acts)), publish=True).restrictions == 1
    with database.write() as session:
        # What the registry remembers of it is its own affair; the question is what the public tables leave behind.
        for table in ("revision", "import_origin"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    with database.writer_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    main = sqlite_path(sqlite_url)
    assert main is not None
    content = b"".join(path.read_bytes() for path in main.parent.glob(f"{main.name}*"))
    assert b"public_version" in content
    assert secret["claim"].encode() not in content


def test_progress_is_told_for_every_record_up_to_the_end(database: Database) -> None:
    steps: list[tuple[int, int]] = []
    imported(database, file_of(), publish=True, progress=lambda done, total: steps.append((done, total)))
    assert steps == [*((n, 10) for n in range(1, 6)), (10, 10)]


def test_an_import_and_its_revisions_say_who_did_it(database: Database) -> None:
    imported(database, file_of(), publish=True)
    with database.read() as session:
        record = session.scalars(select(Incident)).one()
        history = operations.revisions(session, record)
        assert [(r.action, r.actor, r.why) for r in history] == [
            ("record", "import:tester", "imported"),
            ("publish", "import:tester", "published by import"),
        ]


def test_the_same_file_imported_twice_at_once_gives_one_set_of_records(database: Database, settings: Settings) -> None:
    content = SEED.read_text(encoding="utf-8")
    both = threading.Barrier(2)
    outcomes: list[Report | BaseException] = []

    def run() -> None:
        own = Database(settings)
        try:
            both.wait()
            outcomes.append(imported(own, content, publish=True))
        except BaseException as error:
            outcomes.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reports = [outcome for outcome in outcomes if isinstance(outcome, Report)]
    assert sorted(str(fates(report)) for report in reports) == ["{'created': 44}", "{'unchanged': 44}"]
    assert len(public_keys(database)) == 18
    assert counts(database)["incident"] == 18


def test_a_collision_with_somebody_else_is_told_and_leaves_nothing_half_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(database, file_of(), publish=True)
    before = rows(database)

    # As if the records had been written by somebody else after the import had looked for them.
    monkeypatch.setattr("tracker.importing.load._parted", lambda entries, directory: (list(entries), []))
    monkeypatch.setattr("tracker.registry.operations._keys_taken", lambda drafts, directory: [])
    with pytest.raises(Collision, match="import the file again"):
        imported(database, file_of())
    assert rows(database) == before


def test_texts_come_back_as_they_were_written(database: Database) -> None:
    words = "Журналистку 24.kg толкнули; “кавычки”, emoji 🎥, İstanbul, قرغيزستان"
    imported(database, file_of(incident(title={"ru": words}), people=[{"key": "a-person", "name": words}]))
    assert title(database) == {"ru": words}
    with database.read() as session:
        assert session.scalars(select(Person)).one().name == words
        draft = draft_of(session.scalars(select(Incident)).one())
    assert isinstance(draft, IncidentDraft)
    assert draft.title == {"ru": words}


def test_the_batch_size_is_that_of_the_design() -> None:
    assert load.LARGEST_TRANSACTION == 1_000
