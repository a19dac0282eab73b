"""The roof: one web application over the public pages, made anew in each worker process."""

from typing import Literal

from flask import Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.db import Database
from tracker.settings import STATIC, Settings
from tracker.web import compression, kept, public, staff, translation

# Nothing that the public pages take is longer than a query string; a body is never read.
LARGEST_BODY = 1_000_000


Part = Literal["public", "staff"]
"""A part of the application that can be served alone."""


def create_app(settings: Settings, database: Database | None = None, *, only: Part | None = None) -> Flask:
    """The application for one process, or `only` one part of it; `database` is opened here unless one is given.

    Call it after a server has forked, since connections do not survive a fork.
    """
    app = Flask("tracker", static_folder=str(STATIC), static_url_path="/static", template_folder="web/templates")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=500,
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.extensions["tracker_settings"] = settings
    app.extensions["tracker_database"] = database or Database(settings)
    translation.init_app(app)
    if only != "staff":
        kept.init_app(app)
    compression.init_app(app)
    public.init_app(app)
    # Without a key nothing can be signed, and so nobody can sign in.
    if settings.secret_key and only != "public":
        staff.init_app(app)
        app.extensions["tracker_public_page"] = public.as_published
        app.extensions["tracker_ground"] = public.Ground()
    if only == "staff":
        app.before_request(_lead_to_the_desk)
    return app


def _lead_to_the_desk() -> Response | None:
    """Serve no public page where the desk is served alone; their addresses stay known, for the pages that name them."""
    # An operator's own outlines lie under the small maps of the desk too.
    if request.blueprint != "public" or request.endpoint == "public.base_map":
        return None
    if request.endpoint != "public.overview":
        abort(404)
    return redirect(url_for("staff.desk"))
