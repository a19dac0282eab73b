"""The public site: pages for readers and the same data for programs, all of it read from the dataset.

`routes` is the table of addresses. `maps`, `incidents`, `subjects`, `figures`, `crosswalks`, `report`, `changes`,
`releases` and `pages` make the pages, `twins`, `feeds` and `citations` the data files, `stored` those that are made
once and kept, and `api` describes them for programs. `asking` reads what is asked for, `forms` and `choosing` show it,
and `answers` says what an answer is made from. No session is opened, no cookie set, and nothing of the data is written.
"""

from flask import Flask

from tracker.settings import Settings
from tracker.vocabulary import COUNTED_ROLES
from tracker.web import errors, headers, parties, translation, wording
from tracker.web.public import answers, asking, context, forms, stored
from tracker.web.public.api import asking as api
from tracker.web.public.incidents import as_published
from tracker.web.public.maps import basemap
from tracker.web.public.maps.ground import Ground
from tracker.web.public.routes import blueprint


def init_app(app: Flask) -> None:
    """Add the public pages to an application that has its settings and its database as extensions."""
    settings: Settings = app.extensions["tracker_settings"]
    app.jinja_env.filters.update(
        translation.FILTERS | wording.FILTERS | parties.FILTERS | forms.FILTERS | answers.FILTERS
    )
    app.jinja_env.globals["counted_roles"] = COUNTED_ROLES
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    api.init_app(app)
    app.before_request(asking.refuse_strange_hosts)
    app.before_request(asking.refuse_unreadable_addresses)
    context.init_app(app)
    basemap.init_app(app)
    stored.init_app(app)
    errors.init_app(app)
    headers.init_app(app, hsts=settings.hsts)
    app.register_blueprint(blueprint)


__all__ = ["Ground", "as_published", "blueprint", "init_app"]
