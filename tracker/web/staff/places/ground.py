"""The ground under a point: outlines of countries, which the public map has and lends to the desk.

The public pages and the desk know nothing of each other; what is lent is handed over by the application.
"""

from typing import Any, Protocol

from flask import current_app, has_app_context

NAME = "tracker_ground"


class Ground(Protocol):
    """What the public map lends."""

    def picture(self, latitude: float, longitude: float, metres: int | None) -> Any:
        """A drawing of one point or area, with the land around it."""

    def addresses(self) -> dict[str, str]:
        """Where a browser finds the outlines: `base`, `near` and `cities`."""


def _lent() -> Ground | None:
    found: Ground | None = current_app.extensions.get(NAME) if has_app_context() else None
    return found


def picture(latitude: float | None, longitude: float | None, metres: int | None) -> Any:
    """A drawing of what is shown at a point, or None where there is no point or nothing to draw it with."""
    lent = _lent()
    if lent is None or latitude is None or longitude is None:
        return None
    return lent.picture(latitude, longitude, metres)


def addresses() -> dict[str, str]:
    """Where a browser finds the outlines; empty where there are none."""
    lent = _lent()
    return {} if lent is None else lent.addresses()
