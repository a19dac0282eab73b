"""Alembic's way in. `tracker db …` hands over an open connection; the bare `alembic` command makes its own."""

from alembic import context
from sqlalchemy import Connection

import tracker.dataset.models
import tracker.geocoding.models
import tracker.registry.models  # noqa: F401  (the tables must be known before they are compared)
from tracker.db import Base, make_engine
from tracker.settings import Settings
from tracker.upgrades import is_described


def run(connection: Connection) -> None:
    """Run the migrations in the connection's one transaction: all of them happen, or none."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=is_described,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(Settings.from_environment().database_url, writer=True).begin() as own:
        run(own)
