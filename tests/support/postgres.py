"""The one PostgreSQL server of a test run, shared by all of its workers.

The first worker that needs it makes a throw-away cluster on a free loopback port; the sweeper stops it at
the end. No server of the system is used or touched. Durability is off, since nothing in it is to survive.
"""

import json
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.support.run import Run, migrate

# The tracker connects as an ordinary role, so that a missing privilege shows here as it would in production.
ROLE = "tracker"
SUPERUSER = "postgres"
TEMPLATE = "tracker_template"
PORTS_TO_TRY = 5
SECONDS_TO_START = "60"

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
jit = off
# Shared memory as files of the cluster: then nothing outlives the folder, however the server ends.
dynamic_shared_memory_type = mmap
# Neither UTC nor the zone of the machine: a time that forgets its zone gets noticed.
timezone = 'Asia/Bishkek'
"""


@dataclass
class Server:
    """The running server; `connection` is opened at first use and closed by `close`."""

    port: int
    _connection: "psycopg.Connection[tuple[object, ...]] | None" = field(default=None, repr=False)
    _kept: "dict[str, KeptDatabase]" = field(default_factory=dict, repr=False)

    def url(self, database: str, role: str = ROLE) -> str:
        """The address of a database of this server, for SQLAlchemy."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    @property
    def connection(self) -> "psycopg.Connection[tuple[object, ...]]":
        """The superuser's connection, each statement in a transaction of its own."""
        if self._connection is None:
            self._connection = psycopg.connect(
                host="127.0.0.1", port=self.port, user=SUPERUSER, dbname="postgres", autocommit=True
            )
        return self._connection

    def execute(self, *statements: str) -> None:
        """Carry out fixed statements as superuser."""
        for statement in statements:
            self.connection.execute(statement.encode())

    def recreate(self, database: str, template: str = TEMPLATE) -> str:
        """Make the database anew as a copy of the template, whoever is connected; return its address."""
        # Copying files is the faster way with durability off; before PostgreSQL 15 it was the only one.
        strategy = "STRATEGY file_copy" if self.connection.info.server_version >= 150_000 else ""
        self.execute(
            f"DROP DATABASE IF EXISTS {database} WITH (FORCE)",
            f"CREATE DATABASE {database} TEMPLATE {template} OWNER {ROLE} {strategy}",
        )
        return self.url(database)

    def renew(self, database: str, template: str = TEMPLATE) -> str:
        """The same as `recreate`, but quicker where only rows differ: what a test wrote is cleared away.

        A database of another shape than the template (tables, columns, rights), or that somebody still uses, is made
        anew.
        """
        kept = self._kept.get(database)
        if kept is not None and kept.is_clear_after_clearing():
            return self.url(database)
        if kept is not None:
            kept.close()
        url = self.recreate(database, template)
        self._kept[database] = KeptDatabase.of(self.port, database)
        return url

    def close(self) -> None:
        """Close this worker's own connection; the server goes on for the other workers."""
        for kept in self._kept.values():
            kept.close()
        if self._connection is not None:
            self._connection.close()


# What makes the shape of a database: its tables, indexes and sequences, their columns, and who may use them.
SHAPE = """
SELECT md5(string_agg(concat_ws(' ', c.oid, c.relname, c.relacl, a.columns), ',' ORDER BY c.oid))
FROM pg_class c JOIN LATERAL (
    SELECT string_agg(concat_ws(' ', attname, atttypid, attnotnull, attisdropped), ';' ORDER BY attnum) AS columns
    FROM pg_attribute WHERE attrelid = c.oid
) a ON true
WHERE c.relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
SEQUENCES_TO_THE_BEGINNING = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
# A table with a larger file than this gets a new one when it is cleared.
BYTES_TO_KEEP = 256 * 1024


@dataclass
class KeptDatabase:
    """A database of a worker that is cleared between tests, with the shape and the rows that it began with."""

    name: str
    connection: "psycopg.Connection[tuple[object, ...]]"
    shape: object
    tables: list[str]
    rows: dict[str, list[bytes]]

    @classmethod
    def of(cls, port: int, name: str) -> "KeptDatabase":
        """A database that was just made: what is in it now is what it will be brought back to."""
        connection = psycopg.connect(host="127.0.0.1", port=port, user=SUPERUSER, dbname=name, autocommit=True)
        # A test that left a transaction open holds its tables.
        connection.execute("SET lock_timeout = '1s'")
        tables = [str(row[0]) for row in connection.execute(TABLES)]
        kept = cls(name, connection, None, tables, {})
        kept.shape = kept._shape()
        for table in kept._filled():
            with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as out:
                kept.rows[table] = [bytes(part) for part in out]
        return kept

    def is_clear_after_clearing(self) -> bool:
        """Bring all rows back to the beginning, unless more than rows has changed.

        Rows are deleted, which costs a twentieth of what it costs to give twenty tables and their indexes new files.
        What was deleted stays in the file until the database tidies up; a table that has grown gets a new file.
        """
        try:
            if self._shape() != self.shape:
                return False
            with self.connection.transaction():
                # Whoever still writes or reads is noticed here, before they could add a row to a later test.
                self._execute(f"LOCK TABLE {', '.join(self.tables)} IN ACCESS EXCLUSIVE MODE")
                self._empty()
                # Rows that lead to others come after them; none of the first rows do.
                for table, parts in self.rows.items():
                    with self.connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as into:
                        for part in parts:
                            into.write(part)
        except psycopg.Error:
            return False
        return True

    def _empty(self) -> None:
        filled = self._filled()
        grown = [table for table in filled if self._value(f"SELECT pg_relation_size('{table}')") > BYTES_TO_KEEP]
        if grown:
            self._execute(f"TRUNCATE {', '.join(grown)} CASCADE")
        # All of them are emptied, so that no row is left to lead into nothing.
        self._execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            self._execute(f"DELETE FROM {table}")
        self._execute(SEQUENCES_TO_THE_BEGINNING)

    def close(self) -> None:
        """Let go of the database, so that it can be made anew."""
        self.connection.close()

    def _shape(self) -> object:
        return self._value(SHAPE)

    def _execute(self, statement: str) -> "psycopg.Cursor[tuple[object, ...]]":
        return self.connection.execute(statement.encode())

    def _value(self, question: str) -> Any:
        row = self._execute(question).fetchone()
        return row and row[0]

    def _filled(self) -> list[str]:
        asked = ", ".join(f"EXISTS (SELECT FROM {table})" for table in self.tables)
        row = self._execute(f"SELECT {asked}").fetchone() or ()
        return [table for table, filled in zip(self.tables, row, strict=True) if filled]


def server_of(run: Run) -> Server:
    """The server of this run: started, and given a migrated template, by whichever worker asks first."""
    note = run.folder / "postgres.json"
    with run.alone("postgres"):
        if not note.exists():
            port = _start(run.folder / "postgres")
            note.write_text(json.dumps({"port": port}))
    return Server(port=json.loads(note.read_text())["port"])


def migrated_template(run: Run, server: Server) -> str:
    """The name of an empty database with all migrations, made once per run."""
    done = run.folder / "postgres-migrated"
    with run.alone("postgres-template"):
        if not done.exists():
            migrate(server.recreate(TEMPLATE, template="template1"), run.folder)
            done.touch()
    return TEMPLATE


def _start(home: Path) -> int:
    home.mkdir(exist_ok=True)
    user = _user()
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    problem = ""
    for _ in range(PORTS_TO_TRY):
        port = _free_port()
        problem = _try_to_start(home, port, user)
        if not problem:
            return port
    raise RuntimeError(f"PostgreSQL did not start:\n{problem}")


def _try_to_start(home: Path, port: int, user: "pwd.struct_passwd | None") -> str:
    """Make a cluster and start it; return what went wrong, or nothing."""
    programs = find_programs()
    data, log = home / "data", home / "log"
    shutil.rmtree(data, ignore_errors=True)
    choices = ["--auth=trust", "--no-sync", "--encoding=UTF8", f"--locale={_locale()}"]
    made = _call([programs / "initdb", "--pgdata", data, "--username", SUPERUSER, *choices], home, user)
    if made.returncode != 0:
        return made.stdout
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION.format(port=port))
    choices = ["--wait", "--timeout", SECONDS_TO_START, "--log", str(log)]
    started = _call([programs / "pg_ctl", "start", "--pgdata", data, *choices], home, user)
    if started.returncode != 0:
        return started.stdout + (log.read_text() if log.exists() else "")
    server = Server(port)
    server.execute(f"CREATE ROLE {ROLE} LOGIN")
    server.close()
    return ""


def _call(
    command: "list[str | Path]", home: Path, user: "pwd.struct_passwd | None"
) -> "subprocess.CompletedProcess[str]":
    # PostgreSQL refuses to run as root, so root hands each program to another user; others run it plainly.
    other = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    output = home.parent / "postgres-output"
    # The output goes to a file: the server would inherit a pipe and keep it open for as long as it runs.
    with output.open("w+") as stream:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=home,
            # A clean environment: no PG… variable of the person who runs the tests may lead elsewhere.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(home)},
            check=False,
            **other,  # type: ignore[call-overload]
        )
    return subprocess.CompletedProcess(done.args, done.returncode, output.read_text(), "")


def _user() -> "pwd.struct_passwd | None":
    """The user to run the server as, or None for the present one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def find_programs() -> Path:
    """The folder of the newest PostgreSQL server programs on this machine."""
    packaged = [program.parent for program in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if packaged:
        return max(packaged, key=lambda folder: float(folder.parent.name))
    folders = [Path(found).resolve().parent for found in (shutil.which("initdb"),) if found]
    if configuration := shutil.which("pg_config"):
        answer = subprocess.run([configuration, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(answer.stdout.strip()))
    for folder in folders:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise RuntimeError("no PostgreSQL server was found; `requirements/system.sh postgresql` sees to it")


def _locale() -> str:
    """Byte order that knows all letters, where the system has that locale; plain byte order elsewhere."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return "C.UTF-8" if {"C.UTF-8", "C.utf8"} & set(known) else "C"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
