"""Addresses of this site for each data endpoint, as a program would ask for them."""

from flask import Flask

from tests.web import records
from tracker.web.public.api.document import paths_of

KEYS = {
    "incident_json": {"<reference>": "KGZ-2020-0003"},
    "topic_json": {"<slug>": records.CRISIS},
    "outlet_json": {"<slug>": "kloop"},
}


def addresses_of(app: Flask) -> dict[str, str]:
    """One address of each data endpoint over the small dataset, by its name."""
    found = {}
    for name, path in paths_of(app.url_map).items():
        for place, value in KEYS.get(name, {}).items():
            path = path.replace(place, value)
        assert "<" not in path, f"{name} needs a key of the small dataset in tests/web/api/asking.py"
        found[name] = path
    return found
