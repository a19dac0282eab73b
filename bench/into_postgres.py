"""Brings the public tables of an SQLite database into PostgreSQL as they are, indexes last."""

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url


def copy_to_postgres(path: Path, url: str, tables: list[str]) -> None:
    """Bring all public tables of an SQLite database into an empty, migrated database of PostgreSQL (as superuser)."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    began = time.perf_counter()
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with psycopg.connect(address, autocommit=True) as target:
        # Keys that lead elsewhere were right in the database that this comes from.
        target.execute("SET session_replication_role = replica")
        target.execute("SET maintenance_work_mem = '1GB'")
        kept = target.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'public\\_%' "
            "AND indexname NOT LIKE 'pk\\_%' AND indexname <> 'public_search_pkey' "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in kept:
            target.execute(f"DROP INDEX {name}".encode())
        for table in ("public_dataset", "public_dataset_version", "public_tombstone", *tables):
            _copy_table(source, target, table)
            print(f"{table} after {time.perf_counter() - began:.0f} s", flush=True)
        for name, definition in kept:
            target.execute(definition.encode())
            print(f"{name} after {time.perf_counter() - began:.0f} s", flush=True)
        target.execute("SELECT setval(pg_get_serial_sequence('public_version', 'id'), max(id)) FROM public_version")
        target.execute("VACUUM (ANALYZE)")


def _copy_table(source: sqlite3.Connection, target: Any, table: str) -> None:
    target.execute(f"TRUNCATE {table} CASCADE".encode())
    if table == "public_search":
        target.execute("CREATE TEMP TABLE words_of (version_id int, words text)")
        _copy(target, "words_of", ["version_id", "words"], source.execute("SELECT rowid, words FROM public_search"))
        target.execute(
            "INSERT INTO public_search SELECT version_id, array_to_tsvector(string_to_array(words, ' ')) FROM words_of"
        )
        target.execute("DROP TABLE words_of")
        return
    found = source.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    instants = [place for place, name in enumerate(names) if name in {"published_at", "withdrawn_at"}]
    _copy(target, table, names, (_in_utc(row, instants) for row in found))


def _in_utc(row: tuple[Any, ...], instants: list[int]) -> tuple[Any, ...]:
    return tuple(f"{value}+00" if place in instants else value for place, value in enumerate(row)) if instants else row


def _copy(target: Any, table: str, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    # Some of the names are words of SQL.
    columns = ", ".join(f'"{name}"' for name in names)
    with target.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as into:
        for row in rows:
            into.write_row(row)
