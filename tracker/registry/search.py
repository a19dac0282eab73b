"""The text search of the desk: one document of folded words per incident, with all that it says and all that it names.

Whatever changes an incident, or the name of a person, outlet, source or topic in it, writes the words anew in the same
transaction. SQLite keeps them in an FTS5 table, PostgreSQL in a tsvector; both get the sorted words that
`text.search_document` made, so that both find the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, cast, column, delete, func, insert, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session, aliased

from tracker import text
from tracker.db import Database
from tracker.registry.mapping import snapshot
from tracker.registry.models import (
    Act,
    Citation,
    Entity,
    FollowUp,
    Incident,
    Involvement,
    Outlet,
    Person,
    Place,
    SearchedIncident,
    Source,
    Topic,
    Victim,
)
from tracker.registry.models.documents import follow_up_source
from tracker.registry.models.incident import incident_topic

MADE_WITH = 1
"""Raised when other texts are taken in or words are folded otherwise; `tracker db upgrade` then makes them all anew."""

# What incidents are found by of the records that they name.
NAMES: dict[type[Entity], tuple[str, ...]] = {
    Person: ("name", "other_names"),
    Outlet: ("name", "other_names"),
    Source: ("publisher", "title", "url", "note"),
    Topic: ("title",),
}

AT_ONCE = 500
MANY = 10_000
Progress = Callable[[int, int], None]

_FTS = table("staff_search", column("rowid"), column("words"), column("staff_search"))
_TSVECTOR = table("staff_search", column("searched_id"), column("words"))
_REFERENCE = re.compile(r"[a-z]{3}-(\d{4}|nd)(-\d+)?", re.IGNORECASE | re.ASCII)


def _texts(*, private: bool) -> list[Select[Any]]:
    """Every text of incidents and of what they name: the incident's id first, then the texts.

    Other spellings of people and notes on sources are `private`: not even the author of an incident may know them all.
    """
    cited = aliased(Source)
    of_person = (Person.name, Person.other_names) if private else (Person.name,)
    victims = select(Act.incident_id).join(Victim, Victim.act_id == Act.id)
    follow_ups = (
        select(FollowUp.incident_id)
        .join(follow_up_source, follow_up_source.c.follow_up_id == FollowUp.id)
        .join(cited, cited.id == follow_up_source.c.source_id)
    )
    return [
        select(
            Incident.id,
            Incident.title,
            Incident.summary,
            Incident.internal_notes,
            Incident.look_again_for,
            Incident.date_as_reported,
        ),
        select(Place.incident_id, Place.as_reported, Place.venue, Place.locality, Place.admin2, Place.admin1),
        select(Act.incident_id, Act.description),
        victims.add_columns(Victim.description, Victim.count_as_reported),
        victims.join(Person, Person.id == Victim.person_id).add_columns(*of_person),
        victims.join(Outlet, Outlet.id == Victim.outlet_id).add_columns(Outlet.name, Outlet.other_names),
        select(
            Act.incident_id,
            Involvement.named_actor,
            Involvement.affiliation,
            Involvement.description,
            Involvement.count_as_reported,
        )
        .select_from(Act)
        .join(Involvement, Involvement.act_id == Act.id),
        select(Citation.incident_id, Citation.locator, *_of_source(Source, private)).select_from(Citation).join(Source),
        select(FollowUp.incident_id, FollowUp.by, FollowUp.text, FollowUp.date_as_reported),
        follow_ups.add_columns(*_of_source(cited, private)),
        select(incident_topic.c.incident_id, Topic.title).select_from(incident_topic).join(Topic),
    ]


def _of_source(source: Any, private: bool) -> tuple[Any, ...]:
    return source.publisher, source.title, source.url, *([source.note] if private else [])


TEXTS = _texts(private=True)
OPEN_TEXTS = _texts(private=False)


def index(session: Session, incident_ids: Iterable[str]) -> None:
    """Write the words of incidents anew, in the transaction that changed them."""
    ids = sorted(set(incident_ids))
    for start in range(0, len(ids), AT_ONCE):
        _index(session, ids[start : start + AT_ONCE])


def index_recorded(session: Session, entities: Iterable[Entity]) -> None:
    """Write the words of the incidents among records just made; nothing can name the others yet."""
    index(session, [entity.id for entity in entities if isinstance(entity, Incident)])


def index_amended(session: Session, entity: Entity, before: Mapping[str, Any]) -> None:
    """Write the words anew of an incident just changed, or of those that name another record, if its name changed.

    `before` is the snapshot of the record before the change.
    """
    if isinstance(entity, Incident):
        index(session, [entity.id])
    elif any(before.get(name) != snapshot(entity).get(name) for name in NAMES.get(type(entity), ())):
        index(session, mentioning(session, entity))


def mentioning(session: Session, entity: Entity) -> list[str]:
    """The ids of incidents that name a person, outlet, source or topic; they are kept from changing until the end."""
    found: set[str] = set()
    for statement in _mentions(entity):
        found.update(session.scalars(statement))
    # Whoever changes one of them now would write its words with the old name: they wait.
    for start in range(0, len(found), AT_ONCE):
        some = sorted(found)[start : start + AT_ONCE]
        session.execute(select(Incident.id).where(Incident.id.in_(some)).order_by(Incident.id).with_for_update())
    return sorted(found)


def _mentions(entity: Entity) -> Iterator[Select[Any]]:
    in_acts = select(Act.incident_id).join(Victim, Victim.act_id == Act.id)
    if isinstance(entity, Person):
        yield in_acts.where(Victim.person_id == entity.id)
    elif isinstance(entity, Outlet):
        yield in_acts.where(Victim.outlet_id == entity.id)
    elif isinstance(entity, Topic):
        yield select(incident_topic.c.incident_id).where(incident_topic.c.topic_id == entity.id)
    elif isinstance(entity, Source):
        yield select(Citation.incident_id).where(Citation.source_id == entity.id)
        in_follow_ups = select(FollowUp.incident_id).join(
            follow_up_source, follow_up_source.c.follow_up_id == FollowUp.id
        )
        yield in_follow_ups.where(follow_up_source.c.source_id == entity.id, FollowUp.incident_id.is_not(None))


def rebuild(database: Database, progress: Progress | None = None) -> int:
    """Write the words of all incidents that have none, or old ones; returns how many that were.

    Each batch is a transaction of its own: when this is interrupted, the next call goes on where it stopped.
    """
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(_without_words().subquery())) or 0
    done = 0
    while done <= total:
        with database.write() as session:
            ids = session.scalars(_without_words().order_by(Incident.id).limit(AT_ONCE)).all()
            _index(session, ids)
        if not ids:
            break
        done += len(ids)
        if progress is not None:
            progress(done, max(total, done))
    return done


def hits(session: Session, query: str) -> ColumnElement[bool] | None:
    """The condition that an incident holds all words of a query, the last one perhaps only begun; or its reference.

    None where the query holds no letter or digit, and so nothing to look for.
    """
    words = text.search_words(query)
    if not words:
        return None
    matching = _matching(session, words)
    numbers = select(SearchedIncident.incident_id).where(SearchedIncident.id.in_(matching))
    found: ColumnElement[bool] = Incident.id.in_(numbers)
    if are_many(session, matching):
        found = numbers.where(SearchedIncident.incident_id == Incident.id).correlate(Incident).exists()
    if _REFERENCE.fullmatch(query.strip()):
        return or_(found, Incident.reference.startswith(query.strip().upper(), autoescape=True))
    return found


def hits_of_own(session: Session, query: str, author: str) -> ColumnElement[bool] | None:
    """The same condition for somebody who sees their own incidents alone, and is not to find them by what is private.

    Whoever could would learn by trying what editors have noted of a person or a source that they cited themselves.
    """
    words = text.search_words(query)
    if not words:
        return None
    own = (
        select(SearchedIncident.incident_id)
        .join(Incident, Incident.id == SearchedIncident.incident_id)
        .where(Incident.created_by == author, SearchedIncident.id.in_(_matching(session, words)))
        .order_by(Incident.updated_at.desc())
        .limit(MANY)
    )
    ids, kept = session.scalars(own).all(), []
    for start in range(0, len(ids), AT_ONCE):
        for incident_id, texts in _told(session, ids[start : start + AT_ONCE], OPEN_TEXTS).items():
            open_words = text.search_document(texts).split()
            begun = any(word.startswith(words[-1]) for word in open_words)
            kept += [incident_id] if begun and set(words[:-1]) <= set(open_words) else []
    found = Incident.id.in_(kept)
    is_reference = _REFERENCE.fullmatch(query.strip())
    return or_(found, Incident.reference.startswith(query.strip().upper(), autoescape=True)) if is_reference else found


def are_many(session: Session, matching: Select[Any]) -> bool:
    """Whether so many match that it is quicker to ask of one incident after the other whether it is among them."""
    return session.scalar(select(func.count()).select_from(matching.limit(MANY).subquery())) == MANY


def _without_words() -> Select[str]:
    return (
        select(Incident.id)
        .outerjoin(SearchedIncident, SearchedIncident.incident_id == Incident.id)
        .where(or_(SearchedIncident.id.is_(None), SearchedIncident.made_with != MADE_WITH))
    )


def _index(session: Session, ids: Sequence[str]) -> None:
    if not ids:
        return
    told = _told(session, ids, TEXTS)
    numbers = _numbers(session, ids)
    _store(session, [(numbers[each], text.search_document(texts)) for each, texts in told.items()])


def _told(session: Session, ids: Sequence[str], statements: Iterable[Select[Any]]) -> dict[str, list[str]]:
    """The texts that these statements find of incidents."""
    told: dict[str, list[str]] = {incident_id: [] for incident_id in ids}
    for statement in statements:
        for incident_id, *values in session.execute(statement.where(statement.selected_columns[0].in_(ids))):
            told[incident_id].extend(_plain(values))
    return told


def _plain(values: Iterable[Any]) -> Iterator[str]:
    """The texts in columns: single ones, those of each language, and names with their languages."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value.values()
        elif value:
            yield from (other["name"] for other in value if other.get("name"))


def _numbers(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """The number of each incident in the search table, which it keeps."""
    insert_new = insert_on_sqlite if _is_sqlite(session) else insert_on_postgresql
    rows = [{"incident_id": incident_id, "made_with": MADE_WITH} for incident_id in ids]
    asked = insert_new(SearchedIncident).values(rows)
    session.execute(asked.on_conflict_do_update(index_elements=["incident_id"], set_={"made_with": MADE_WITH}))
    wanted = select(SearchedIncident.incident_id, SearchedIncident.id).where(SearchedIncident.incident_id.in_(ids))
    return {row.incident_id: row.id for row in session.execute(wanted)}


def _store(session: Session, documents: list[tuple[int, str]]) -> None:
    rows = [{"number": number, "found": words} for number, words in documents]
    if _is_sqlite(session):
        session.execute(delete(_FTS).where(_FTS.c.rowid.in_([number for number, _ in documents])))
        session.execute(insert(_FTS).values(rowid=bindparam("number"), words=bindparam("found")), rows)
        return
    words = func.array_to_tsvector(func.string_to_array(bindparam("found"), " "))
    asked = insert_on_postgresql(_TSVECTOR).values(searched_id=bindparam("number"), words=words)
    again = asked.on_conflict_do_update(index_elements=["searched_id"], set_={"words": asked.excluded.words})
    session.execute(again, rows)


def _matching(session: Session, words: Sequence[str]) -> Select[int]:
    if _is_sqlite(session):
        quoted = " ".join(f'"{word}"' for word in words) + "*"
        return select(_FTS.c.rowid).where(_FTS.c.staff_search.op("MATCH")(quoted))
    lexemes = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    query = cast(" & ".join(lexemes) + ":*", TSQUERY)
    return select(_TSVECTOR.c.searched_id).where(_TSVECTOR.c.words.op("@@")(query))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
