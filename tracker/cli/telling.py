"""How commands speak: one clear line for what an operator can mend, and a bar for what takes long."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError

from tracker import upgrades
from tracker.db import Database
from tracker.geocoding import GazetteerProblem
from tracker.importing.load import Collision
from tracker.importing.yaml_file import FileProblem
from tracker.settings import Settings, SettingsProblem
from tracker.upgrades import DatabaseProblem

Advance = Callable[[int, int], None]


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what an operator can mend into one clear line and exit status 1."""
    try:
        yield
    except (SettingsProblem, DatabaseProblem, FileProblem, Collision, GazetteerProblem) as problem:
        fail(str(problem))
    except OperationalError as error:
        fail(upgrades.told_by(error))
    except BrokenPipeError:
        # Whoever reads what is printed has seen enough; click ends the command without a word.
        raise
    except OSError as error:
        fail(f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}")


@contextmanager
def opened(settings: Settings, *, stale: bool = False) -> Iterator[Database]:
    """The database for one command; `stale` renderings are allowed where the command remakes them."""
    database = upgrades.open_database(settings, stale_allowed=stale)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def bar(label: str) -> Iterator[Advance]:
    """A progress bar, from the first step on and only where a terminal is there to show it."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with ExitStack() as stack:
        shown: list[Any] = []

        def advance(done: int, total: int) -> None:
            if not shown:
                shown.append(stack.enter_context(click.progressbar(length=total, label=label, file=sys.stderr)))
            shown[0].length = total
            shown[0].update(done - shown[0].pos)

        yield advance


def note(line: str) -> None:
    """Say what is done now, only where a terminal is there to show it."""
    if sys.stderr.isatty():
        click.echo(line, err=True, nl=False)


def fail(*lines: str) -> NoReturn:
    """Say why not, and end with exit status 1."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)
