"""Clearing what the files of the database still hold of what was taken back, after the commit that took it back."""

from tracker.dataset.maintenance import purge_storage
from tracker.db import Database
from tracker.registry import upkeep


def purge(database: Database) -> bool:
    """Clear the files if that is wanted and nobody is at it; returns whether nothing is left to be done.

    The gate asks for it in the very transaction that takes something back, so that no crash can lose the request.
    Readers are answered meanwhile on SQLite; writers wait, and on PostgreSQL readers of one table at a time do.
    """
    with database.read() as session:
        if not upkeep.is_wanted(session, upkeep.PURGE):
            return True
    done = False
    with upkeep.leased(database, upkeep.PURGE) as ours:
        if ours:
            done = purge_storage(database.writer_engine)
            if not done:
                raise upkeep.Unfinished
    return done
