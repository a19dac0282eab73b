"""The roof: one web application over the public pages, made anew in each worker process."""

from flask import Flask
from flask_babel import Babel

from tracker.db import Database
from tracker.settings import STATIC, Settings
from tracker.web import public

# Nothing that the public pages take is longer than a query string; a body is never read.
LARGEST_BODY = 1_000_000


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The application for one process; `database` is opened here unless one is given.

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
    Babel(app)
    public.init_app(app)
    return app
