"""The text search: one document of folded words per incident version, with the same hits on both databases.

SQLite keeps the words in an FTS5 table, PostgreSQL in a tsvector. Neither is left to split or change words: both
get the sorted words that `text.search_document` made, and queries are made of words that went through the same fold.
The two tables differ, so they are no part of the models; the migration makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, bindparam, cast, column, delete, func, insert, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

TABLE_NAME = "public_search"
_FTS = table(TABLE_NAME, column("rowid"), column("words"), column(TABLE_NAME))
_TSVECTOR = table(TABLE_NAME, column("version_id"), column("words"))


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
        quoted = [f'"{word}"' for word in words]
        return select(_FTS.c.rowid).where(_matches(" ".join(quoted) + "*"))
    lexemes = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
    query = cast(" & ".join(lexemes) + ":*", TSQUERY)
    return select(_TSVECTOR.c.version_id).where(_TSVECTOR.c.words.op("@@")(query))


def _matches(query: str) -> ColumnElement[bool]:
    hits: ColumnElement[bool] = _FTS.c[TABLE_NAME].op("MATCH")(query)
    return hits


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
