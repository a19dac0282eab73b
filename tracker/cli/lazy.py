"""A group whose commands are read when they are typed: each needs other parts of the tracker, and none needs all."""

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from tracker.memory import loading


class LazyGroup(click.Group):
    """A group of commands that stand in modules not yet imported: name of the command -> `module:attribute`."""

    def __init__(self, *args: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(self.places)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """One command, imported now; None for a name that is none."""
        if name not in self.places:
            return None
        module, _, attribute = self.places[name].partition(":")
        if module not in sys.modules:
            with loading():
                importlib.import_module(module)
        command = getattr(sys.modules[module], attribute)
        assert isinstance(command, click.Command)
        return command
