"""Connections of the driver's own, kept for many short statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

T = TypeVar("T")


def driver(connection: PoolProxiedConnection) -> Any:
    """What the driver itself made, which has methods of its own beside those of every driver."""
    return connection.dbapi_connection


class Held:
    """A connection of the driver's own for many statements, each of them a transaction of its own.

    Between two statements it holds nothing that others would wait for: no transaction, and where many connections are
    out no connection either. A session for each of them would cost as much as a short statement does.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: PoolProxiedConnection | None = None

    def ask(self, question: Callable[[Any], T]) -> T:
        """What a question to the driver's connection gives; it may only read.

        It is put once more, on a new connection, where the old one was lost. Raises `DBAPIError`.
        """
        if self._connection is not None:
            with suppress(self._dbapi.Error):
                return self._answer(question, self._connection)
            self._give_up(self._connection)
        try:
            self._connection = self._engine.raw_connection()
            if self._engine.dialect.name != "sqlite":
                driver(self._connection).autocommit = True
            return self._answer(question, self._connection)
        except self._dbapi.Error as error:
            if self._connection is not None:
                self._give_up(self._connection)
            raise DBAPIError.instance(None, None, error, self._dbapi.Error, dialect=self._engine.dialect) from error

    def _answer(self, question: Callable[[Any], T], connection: PoolProxiedConnection) -> T:
        answer = question(driver(connection))
        pool = self._engine.pool
        # Whoever reads a file slowly must not keep others from their pages: there are a few more than the pool keeps.
        if isinstance(pool, QueuePool) and pool.checkedout() > pool.size():
            self.close()
        return answer

    def _give_up(self, connection: PoolProxiedConnection) -> None:
        connection.invalidate()
        self._connection = None

    @property
    def _dbapi(self) -> Any:
        return self._engine.dialect.loaded_dbapi

    def close(self) -> None:
        """Give the connection back as it was, if it still is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._engine.dialect.name != "sqlite":
                driver(connection).autocommit = False
        except self._dbapi.Error:
            connection.invalidate()
        else:
            connection.close()


@contextmanager
def held(engine: Engine) -> Iterator[Held]:
    """A connection that is kept until the block ends; nothing is opened before the first question."""
    kept = Held(engine)
    try:
        yield kept
    finally:
        kept.close()
