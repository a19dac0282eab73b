"""Addresses of this site for each data endpoint, as a program would ask for them: the small dataset, with a release."""

from flask import Flask

from tests.web import records
from tracker.web.public.api.document import paths_of

RELEASE = "2026.1"
_OF_ONE: dict[tuple[str, ...], dict[str, str]] = {
    ("incident", "incident_json", "incident_bib", "incident_csl"): {"<reference>": "KGZ-2020-0003"},
    ("topic", "topic_json"): {"<slug>": records.CRISIS},
    ("outlet", "outlet_json"): {"<slug>": "kloop"},
    ("crosswalk", "crosswalk_csv", "crosswalk_json"): {"<scheme>": "cpj"},
    ("crosswalk_acts_csv", "crosswalk_mapping_csv"): {"<scheme>": "cpj"},
    ("release", "release_json"): {"<name>": RELEASE},
    # A file whose name does not tell that it is data.
    ("release_file",): {"<name>": RELEASE, "<file>": "SHA256SUMS"},
    ("no_such_file",): {"<ending>": "xml"},
}
KEYS = {endpoint: keys for endpoints, keys in _OF_ONE.items() for endpoint in endpoints}


def addresses_of(app: Flask) -> dict[str, str]:
    """One address of each data endpoint over the small dataset, by its name."""
    return {name: filled(path, name) for name, path in paths_of(app.url_map).items()}


def filled(path: str, endpoint: str) -> str:
    """The path of an endpoint of the public site, page or data, with a key that is there in its place."""
    for place, value in KEYS.get(endpoint, {}).items():
        path = path.replace(place, value)
    assert "<" not in path, f"{endpoint} needs a key of the small dataset in tests/web/api/asking.py"
    return path
