"""What a route of the desk is: an address, a view, and the right that it needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from tracker.vocabulary.staff import Action

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the desk.

    Attributes:
        rule: the address below /staff.
        name: the endpoint, without `staff.`.
        view: what answers.
        action: the right that is needed; None only for the few pages that lead in.
        methods: GET brings HEAD with it; GET never changes anything but logs of reading, sessions and throttles.
        grave: whether one proves once more who one is before this, besides where the table of rights asks for it.
    """

    rule: str
    name: str
    view: View
    action: Action | None
    methods: tuple[str, ...] = ("GET",)
    grave: bool = False


def make_blueprint(routes: Iterable[Route]) -> tuple[Blueprint, dict[str, Route]]:
    """The blueprint of these routes, and each route by its full endpoint."""
    blueprint = Blueprint("staff", __name__, url_prefix="/staff")
    declared: dict[str, Route] = {}
    for route in routes:
        if f"staff.{route.name}" in declared:
            raise ValueError(f"two routes of the desk are called {route.name}")
        declared[f"staff.{route.name}"] = route
        blueprint.add_url_rule(
            route.rule, route.name, route.view, methods=list(route.methods), provide_automatic_options=False
        )
    return blueprint, declared
