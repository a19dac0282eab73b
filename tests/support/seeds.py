"""The incidents of incidents.yaml, imported and published once per run; whoever needs them takes a copy."""

from pathlib import Path

from tests.support import postgres
from tests.support.run import PROJECT, Run
from tracker.db import Database
from tracker.importing.drafts import entries_of
from tracker.importing.load import Import
from tracker.importing.yaml_file import read
from tracker.settings import Settings

TEMPLATE = "tracker_seeded_template"


def seeded_sqlite(run: Run) -> Path:
    """An SQLite database with them; copy it, never open it."""
    template = run.folder / "seeded.sqlite"
    with run.alone("seeded-sqlite"):
        if not template.exists():
            new = run.folder / "new-seeded.sqlite"
            new.write_bytes(run.migrated_sqlite().read_bytes())
            _seed(run, f"sqlite:///{new}")
            # All of it lies in the one file only if nothing is left in the log beside it.
            assert not new.with_name(f"{new.name}-wal").exists()
            new.rename(template)
    return template


def seeded_template(run: Run, server: postgres.Server) -> str:
    """The name of a PostgreSQL database with them; copy it, never open it."""
    done = run.folder / "postgres-seeded"
    with run.alone("seeded-postgres"):
        if not done.exists():
            _seed(run, server.recreate(TEMPLATE, postgres.migrated_template(run, server)))
            done.touch()
    return TEMPLATE


def _seed(run: Run, url: str) -> None:
    database = Database(Settings(instance=run.folder / "instance", database_url=url))
    entries, shape = entries_of(read(PROJECT / "incidents.yaml"))
    Import(database, "import:tester", publish=True).run(entries, shape)
    database.dispose()
