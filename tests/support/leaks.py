"""Everything public, as it lies in the tables and in the files, to look for what should not be there."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from tracker.db import Database

FRAGMENT = 12


def public_rows(session: Session) -> dict[str, list[str]]:
    """Every row of every public table as text, sorted, by table; the search words as well."""
    tables = [name for name in inspect(session.connection()).get_table_names() if name.startswith("public_")]
    plain = [name for name in tables if not name.startswith("public_search_")]
    return {name: sorted(map(str, session.execute(text(f"SELECT * FROM {name}")).all())) for name in sorted(plain)}


def public_dump(database: Database) -> str:
    """All public rows as one text."""
    with database.read() as session:
        return "\n".join(row for rows in public_rows(session).values() for row in rows)


def hits(dump: str, canaries: list[str]) -> list[str]:
    """The canaries of which a part of twelve characters stands in the dump, in any case."""
    folded = dump.casefold()
    wanted = {fragment for canary in canaries for fragment in _fragments(canary.casefold())}
    # Of a long text only what is looked for is kept.
    pieces = (folded[start : start + FRAGMENT] for start in range(len(folded) - FRAGMENT + 1))
    standing = {piece for piece in pieces if piece in wanted}
    return [canary for canary in canaries if _fragments(canary.casefold()) & standing]


def _fragments(canary: str) -> set[str]:
    return {canary[start : start + FRAGMENT] for start in range(len(canary) - FRAGMENT + 1)}


def public_bytes(database: Database, path: Path) -> bytes:
    """What an SQLite file holds outside the private tables: the pages of public tables, free pages, and the log.

    A page belongs to a private table if SQLite's own account of its pages (dbstat) says so; all others are looked at.
    """
    with database.writer_engine.connect() as connection:
        size: int = connection.scalar(text("PRAGMA page_size")) or 0
        rows = connection.execute(text("SELECT name, pageno FROM dbstat")).all()
        master = connection.execute(text("SELECT name, tbl_name FROM sqlite_master")).all()
    owner: dict[str, str] = {row.name: row.tbl_name for row in master}
    private = {row.pageno for row in rows if not str(owner.get(row.name, "public_")).startswith("public_")}
    whole = path.read_bytes()
    pages = [whole[start : start + size] for start in range(0, len(whole), size)]
    log = path.with_name(path.name + "-wal")
    return b"".join(page for number, page in enumerate(pages, 1) if number not in private) + (
        log.read_bytes() if log.exists() else b""
    )
