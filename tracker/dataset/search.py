"""The text search: one document of folded words per incident version, with the same hits on both databases.

SQLite keeps the words in an FTS5 table, PostgreSQL in a tsvector. Neither is left to split or change words: both
get the sorted words that `text.search_document` made, and queries are made of words that went through the same fold.
The two tables differ, so they are no part of the models; the migration makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, cast, column, delete, false, func, insert, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

TABLE_NAME = "public_search"
_FTS = table(TABLE_NAME, column("rowid"), column("words"), column(TABLE_NAME))
_TERMS = table(f"{TABLE_NAME}_terms", column("term"))
_TSVECTOR = table(TABLE_NAME, column("version_id"), column("words"))

INDEXED = 3
"""Up to how many characters the index of SQLite holds the beginnings of words themselves."""
MOST_TERMS = 32
"""Up to how many words that begin alike are searched for one by one, which takes a fifth of the time."""
_LAST_CHARACTER = chr(0x10FFFF)


def add_documents(session: Session, documents: Iterable[tuple[int, str]]) -> None:
    """Store the words of incident versions, given as pairs of version id and document."""
    rows = [{"version_id": version_id, "words": words} for version_id, words in documents]
    if not rows:
        return
    if _is_sqlite(session):
        statement = insert(_FTS).values(rowid=bindparam("version_id"), words=bindparam("words"))
    else:
        words = func.array_to_tsvector(func.string_to_array(bindparam("words"), " "))
        statement = insert(_TSVECTOR).values(version_id=bindparam("version_id"), words=words)
    session.execute(statement, rows)


def remove_documents(session: Session, version_ids: Sequence[int]) -> None:
    """Remove the words of these incident versions."""
    key = _FTS.c.rowid if _is_sqlite(session) else _TSVECTOR.c.version_id
    target = _FTS if _is_sqlite(session) else _TSVECTOR
    session.execute(delete(target).where(key.in_(version_ids)))


def matching(session: Session, words: Sequence[str]) -> Select[int]:
    """The ids of versions that hold all `words`; the last one may be the beginning of a word."""
    if _is_sqlite(session):
        asked = _query(session, words)
        return select(_FTS.c.rowid).where(false() if asked is None else _matches(asked))
    lexemes = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    query = cast(" & ".join(lexemes) + ":*", TSQUERY)
    return select(_TSVECTOR.c.version_id).where(_TSVECTOR.c.words.op("@@")(query))


def _query(session: Session, words: Sequence[str]) -> str | None:
    """The query of SQLite's text search for all `words`; None where no word begins like the last one.

    The beginning of a word makes SQLite put the hits of all words together that begin so, before it can give the
    first one. Mostly they are one or a few, and asked for by name they are given as they are.
    """
    *whole, last = (f'"{word}"' for word in words)
    beginning = words[-1]
    if len(beginning) > INDEXED:
        term = _TERMS.c.term
        alike = select(term).where(term >= beginning, term < beginning + _LAST_CHARACTER).limit(MOST_TERMS + 1)
        terms = list(session.scalars(alike))
        if not terms:
            return None
        if len(terms) <= MOST_TERMS:
            named = " OR ".join(f'"{each}"' for each in terms)
            return " AND ".join([*whole, f"({named})"])
    return " ".join([*whole, last + "*"])


def _matches(query: str) -> ColumnElement[bool]:
    hits: ColumnElement[bool] = _FTS.c[TABLE_NAME].op("MATCH")(query)
    return hits


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
