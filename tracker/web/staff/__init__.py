"""The staff desk: sign-in needed for every route, and each route denied unless its right is declared.

`routing` says what a route is, `routes` lists them all, `guard` lets people in, `context` says who is there and opens
transactions, `objects` finds records for those who may see them. The other rooms are one feature each.
"""

from flask import Flask

from tracker.web.staff import context, guard
from tracker.web.staff.routes import blueprint


def init_app(app: Flask) -> None:
    """Add the staff desk to an application that has its settings and its database as extensions."""
    guard.init_app(app)
    context.init_app(app)
    app.register_blueprint(blueprint)


__all__ = ["blueprint", "init_app"]
