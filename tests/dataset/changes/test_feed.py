"""A copy that follows the changes ends with what is public, from wherever it began; nobody else learns of more."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from tests.dataset.samples import incident, outlet, publication, publish, record_id, site, topic
from tracker.dataset import queries, store
from tracker.dataset.changes import feed
from tracker.dataset.changes.asked import ChangesAsked
from tracker.dataset.changes.feed import ChangePage, change_page
from tracker.dataset.fields import Kind
from tracker.dataset.models import DatasetCounter, DatasetVersion
from tracker.dataset.problems import FilterError
from tracker.dataset.search import TABLE_NAME
from tracker.db import Base, Database, utc_now
from tracker.vocabulary import Nature, WithdrawalReason

Copy = dict[tuple[str, str], dict[str, Any]]
KEYS = ("KGZ-2020-0001", "KGZ-2020-0002", "KGZ-2020-0003", "kloop", "vote", "site")
MAKE = {"kloop": outlet, "vote": topic}
SECRET = "Zaynabidinova"


def ask(database: Database, **asked: object) -> ChangePage:
    with database.public() as session:
        return change_page(session, ChangesAsked.parse([(name, str(value)) for name, value in asked.items()]))


def changes(database: Database, **asked: object) -> list[tuple[str, str | None]]:
    return [(entry.change, entry.key) for entry in ask(database, **asked).entries]


def apply(copy: Copy, page: ChangePage) -> None:
    """What the documentation tells a follower to do, and nothing more."""
    for entry in page.entries:
        if entry.change in {"added", "corrected"}:
            assert entry.json is not None
            copy[entry.kind, entry.record_id] = json.loads(entry.json)
        else:
            copy.pop((entry.kind, entry.record_id), None)


def public_now(database: Database, at: int | None = None) -> Copy:
    with database.public() as session:
        kinds = [(kind, record) for kind in Kind for record in queries.all_of(session, kind, at)]
    return {(kind.value, record.record_id): record.record for kind, record in kinds}


def record_of(key: str, turn: int) -> dict[str, Any]:
    if key == "site":
        return site(name={"en": f"Turn {turn}"})
    if key in MAKE:
        return MAKE[key](key, revision=turn)
    return incident(key, title={"en": f"{SECRET} {turn}"})


def kind_of(key: str) -> Kind:
    return {"kloop": Kind.OUTLET, "vote": Kind.TOPIC, "site": Kind.SITE}.get(key, Kind.INCIDENT)


def hide(database: Database, key: str) -> None:
    with database.write() as session:
        version = store.next_version(session, utc_now())
        store.hide(session, dataset_version=version, kind=kind_of(key), record_id=record_id(key))


def withdraw(database: Database, key: str, reason: WithdrawalReason = WithdrawalReason.UNDISCLOSED) -> None:
    with database.write() as session:
        store.withdraw(
            session, dataset_version=store.next_version(session, utc_now()), kind=kind_of(key),
            record_id=record_id(key), key=key, reason=reason, at=utc_now(),
        )  # fmt: skip


class Life:
    """A dataset to which things happen, and copies of it that were made at every version."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.copies: dict[int, tuple[str, Copy]] = {0: ("0", {})}
        self.turn = 0

    def happen(self, deeds: list[tuple[str, str]]) -> None:
        """Do these deeds in one publishing transaction; what cannot be done to a record is left out."""
        self.turn += 1
        with self.database.write() as session:
            version = store.next_version(session, utc_now())
            for key, deed in dict(deeds).items():
                self._do(session, version, key, deed)
        # A copy is made in full, from the version that was just published.
        with self.database.public() as session:
            stamp = session.get_one(DatasetVersion, version).stamp
        self.copies[version] = (f"{version}.{stamp}", public_now(self.database))

    def _do(self, session: Any, version: int, key: str, deed: str) -> None:
        kind, is_public = kind_of(key), store.current(session, kind_of(key), record_id(key)) is not None
        if deed in {"put", "restrict"}:
            natures = {"put": Nature.CORRECTION, "restrict": Nature.RESTRICTION}
            going = publication(record_of(key, self.turn), natures[deed] if is_public else Nature.ADDITION)
            store.put_many(session, [going], dataset_version=version, at=utc_now())
        elif deed == "hide" and is_public:
            store.hide(session, dataset_version=version, kind=kind, record_id=record_id(key))
        elif deed == "withdraw":
            store.withdraw(
                session, dataset_version=version, kind=kind, record_id=record_id(key), key=key,
                reason=WithdrawalReason.UNDISCLOSED, at=utc_now(),
            )  # fmt: skip


DEEDS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(KEYS), st.sampled_from(["put", "put", "put", "restrict", "hide", "withdraw"])),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=8,
)


def empty(database: Database) -> None:
    with database.write() as session:
        session.execute(text(f"DELETE FROM {TABLE_NAME}"))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name.startswith("public_") and table.name != "public_dataset":
                session.execute(delete(table))
        session.execute(update(DatasetCounter).values(version=0))


def follow(life: Life, position: str, copy: Copy, limit: int, between: list[list[tuple[str, str]]]) -> Copy:
    """Follow from a position to the newest version, while more happens between the pages."""
    copy, waiting = dict(copy), list(between)
    while True:
        after: dict[str, object] = {}
        while True:
            page = ask(life.database, since=position, limit=limit, **after)
            apply(copy, page)
            if waiting:
                life.happen(waiting.pop())
            if page.after is None:
                break
            after = {"after": page.after}
        position = str(page.position)
        if page.edition.version == page.edition.latest and not waiting and not page.entries:
            return copy


# Shrinking a history of publications takes minutes and explains little more.
@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(deeds=DEEDS, limit=st.sampled_from([1, 2, 1000]), between=DEEDS)
def _follow_from_everywhere(database: Database, deeds: Any, limit: int, between: Any) -> None:
    empty(database)
    life = Life(database)
    for together in deeds:
        life.happen(together)
    for position, copy in list(life.copies.values()):
        # What happens meanwhile happens once, to the first follower.
        ended = follow(life, position, copy, limit, between)
        between = []
        assert ended == public_now(database)


def test_a_copy_made_at_any_version_ends_with_what_is_public_whatever_happens(database: Database) -> None:
    _follow_from_everywhere(database)


def test_whoever_asks_from_the_beginning_learns_no_reference_content_or_id_of_what_is_quarantined(
    database: Database,
) -> None:
    publish(database, incident("KGZ-2020-0001"), incident("KGZ-2020-0002", title={"en": SECRET}))
    publish(database, incident("KGZ-2020-0002", title={"en": f"{SECRET} again"}), nature=Nature.CORRECTION)
    hide(database, "KGZ-2020-0002")
    told = repr(ask(database))
    assert "KGZ-2020-0001" in told
    for secret in (SECRET, "KGZ-2020-0002", record_id("KGZ-2020-0002")):
        assert secret not in told
    # Whoever asks from when it was public learns the random id that they hold, and that it is gone.
    for since in (1, 2):
        (entry,) = ask(database, since=since).entries
        assert (entry.change, entry.record_id, entry.version) == ("removed", record_id("KGZ-2020-0002"), 3)
        assert (entry.key, entry.json, entry.tombstone) == (None, None, None)
    assert ask(database, since=3).entries == ()


def test_a_restriction_reads_like_any_correction_and_tells_nothing_of_what_was_before(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001", title={"en": SECRET}), incident("KGZ-2020-0002"))
    publish(database, incident("KGZ-2020-0002"), nature=Nature.CORRECTION)
    publish(database, incident("KGZ-2020-0001"), nature=Nature.RESTRICTION)
    assert changes(database, since=1) == [("corrected", "KGZ-2020-0002"), ("corrected", "KGZ-2020-0001")]
    assert changes(database) == [("added", "KGZ-2020-0002"), ("added", "KGZ-2020-0001")]
    assert SECRET not in repr([ask(database, since=since) for since in range(4)])


def test_a_withdrawal_names_what_its_tombstone_names_even_where_the_record_was_hidden_before(
    database: Database,
) -> None:
    publish(database, incident("KGZ-2020-0001"))
    hide(database, "KGZ-2020-0001")
    withdraw(database, "KGZ-2020-0001", WithdrawalReason.FALSE_REPORT)
    for since in (0, 1, 2):
        (entry,) = ask(database, since=since).entries
        assert (entry.change, entry.key, entry.version) == ("withdrawn", "KGZ-2020-0001", 3)
        assert entry.tombstone is not None
        assert entry.tombstone.reason == WithdrawalReason.FALSE_REPORT


def test_a_record_that_came_back_is_told_as_it_is_now(database: Database) -> None:
    publish(database, incident("KGZ-2020-0001"), outlet("kloop"))
    hide(database, "KGZ-2020-0001")
    publish(database, incident("KGZ-2020-0001", title={"en": "Back"}))
    assert changes(database, since=1) == [("corrected", "KGZ-2020-0001")]
    assert changes(database, since=2) == [("added", "KGZ-2020-0001")]
    assert changes(database) == [("added", "kloop"), ("added", "KGZ-2020-0001")]


def test_a_day_stands_for_all_that_was_published_from_its_beginning_on(database: Database) -> None:
    for number in range(1, 4):
        publish(database, incident(f"KGZ-2020-000{number}"))  # at noon of the first, second and third of March
    assert ask(database, since="2026-02-01").since == 0
    assert ask(database, since="2026-03-01").since == 0
    assert ask(database, since="2026-03-02").since == 1
    assert ask(database, since="2026-03-03").since == 2
    assert ask(database, since="2026-03-04").since == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "4"}, {"since": "-1"}, {"since": "9999999999"}, {"since": "yesterday"}, {"since": "2026-02-30"},
        {"since": "9999-12-31"}, {"since": "3.0123456789abcdef"}, {"since": "0.0123456789abcdef"},
        {"since": "3\0"}, {"limit": "0"}, {"limit": "1001"}, {"limit": "-1"}, {"after": "x"}, {"after": "1"},
        {"after": "3.0.1.0.x"}, {"after": "9.0.1.0.1"}, {"after": "3.1.2.0.1"}, {"since": "1", "after": "3.0.2.0.1"},
        {"after": "3.0.0.0.1"}, {"country": "KG"}, {"as_of": "2026-03-01"}, {"dataset": "1"}, {"sinc": "1"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused_with_what_is_allowed(
    database: Database, asked: dict[str, str]
) -> None:
    for number in range(1, 4):
        publish(database, incident(f"KGZ-2020-000{number}"))
    with pytest.raises(FilterError) as refused:
        ask(database, **asked)
    assert all(problem.allowed or "characters" in problem.message or "Control" in problem.message
               for problem in refused.value.problems)  # fmt: skip


def test_before_anything_is_published_there_is_nothing_to_follow(database: Database) -> None:
    for asked in ({}, {"since": "0"}, {"since": "2026-03-01"}):
        page = ask(database, **asked)
        assert (page.entries, page.after, page.position) == ((), None, None)
    with pytest.raises(FilterError):
        ask(database, since="1")


def test_every_page_reads_rows_by_an_index_and_sorts_nothing(sqlite_database: Database) -> None:
    publish(sqlite_database, *(incident(f"KGZ-2020-{number:04d}") for number in range(1, 60)))
    publish(sqlite_database, incident("KGZ-2020-0001"), nature=Nature.CORRECTION)
    statements: list[str] = []
    engine = sqlite_database.writer_engine
    with engine.connect() as connection:
        for source, query in enumerate((feed.puts(1, 2), feed.removals(1, 2), feed.withdrawals(1, 2))):
            text = str(
                feed._after(query, source, None).limit(9).compile(engine, compile_kwargs={"literal_binds": True})
            )
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
            statements += [row[3] for row in plan]
    assert not [line for line in statements if "SCAN" in line or "TEMP B-TREE" in line], statements
