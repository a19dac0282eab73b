"""Everything that the public site answers: each address of its tables, with every key that the site itself gives.

The addresses are those of the tables of routes and of endpoints, so that a new one is asked without being named here;
one with a new kind of key fails until it is said where such keys come from.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from flask.testing import FlaskClient
from pypdf import PdfReader

from tracker.dataset.exports import FORMATS
from tracker.vocabulary.crosswalks import SCHEMES
from tracker.web.public.api.endpoints import ENDPOINTS
from tracker.web.public.routes import DATA, PAGES
from tracker.web.translation import DEFAULT, LANGUAGES, prefix

NEEDED = {
    "map_spot": ("lat=42.87&lon=74.59",),
    "map_box": ("box=69,39,81,44",),
    "summary_csv": (
        "unit=victims&by=violation&then=country",
        "unit=acts&by=admin1&then=role",
        "unit=outlets&by=outlet",
    ),
    "changes_json": ("limit=1000",),
}
"""What an address cannot be asked without, or tells more with."""

_KEY = re.compile(r"<([^<>]+)>")
_CHANCE = re.compile(
    r"\b(?:[0-9](?:[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]+Z"
    r"|[0-9]? \w+ [0-9]{4}, [0-9:]{5} UTC"
    # Positions in the feed of changes.
    r"|[0-9]{0,8}\.[0-9a-f]{16}\b)"
    # Random ids, and hashes.
    r"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b|[0-9a-z]{26}\b|[0-9a-f]{64}\b)"
    # Lengths of files: that of a compressed one hangs on the random ids in it, and what is in each is compared itself.
    r'|"bytes": ?[0-9]+|<td class="number">[0-9]{2,3}[,\s][0-9]{3}</td>'
)


def every_address(reader: FlaskClient, versions: tuple[int, ...] = (), *, records: int = 3) -> Iterator[str]:
    """Every page in every language and everything that gives data, of now and, in one language, of dataset versions.

    Of the records of each kind that are public at most so many are asked for, and all that were withdrawn.
    """
    keys = _keys(reader, records)
    for rule, endpoint, _ in PAGES:
        for language in LANGUAGES:
            past = versions if language == DEFAULT else ()
            yield from _asked(prefix(language) + rule, endpoint, keys, past)
    for rule, endpoint, _ in DATA:
        yield from _asked(rule, endpoint, keys, versions)


def _asked(rule: str, endpoint: str, keys: dict[str, list[str]], versions: tuple[int, ...]) -> Iterator[str]:
    names = _KEY.findall(rule)
    kinds = [endpoint.removesuffix("_json") if name == "slug" else name for name in names]
    for values in product(*(keys[kind] for kind in kinds)):
        path = rule
        for name, value in zip(names, values, strict=True):
            path = path.replace(f"<{name}>", value)
        for query in ("", *NEEDED.get(endpoint, ())):
            yield f"{path}?{query}" if query else path
        # A page that has no past refuses this, and says nothing else.
        if endpoint not in ENDPOINTS or "dataset" in ENDPOINTS[endpoint].parameters:
            yield from (f"{path}?{'&'.join((*NEEDED.get(endpoint, ())[:1], f'dataset={one}'))}" for one in versions)


def _keys(reader: FlaskClient, most: int) -> dict[str, list[str]]:
    """What the site itself names, by the places in its addresses."""
    found: dict[str, list[str]] = {"incident": [], "topic": [], "outlet": [], "site": []}
    for change in reader.get("/changes.json?limit=1000").get_json()["changes"]:
        if record := change.get("record"):
            found[change["kind"]].append(record.get("reference") or record.get("slug") or "")
    gone = reader.get("/withdrawn.json").get_json()["withdrawn"]
    released = reader.get("/releases.json").get_json()["releases"]
    return {
        **{
            kind: sorted(keys)[:most] + [one["key"] for one in gone if one["kind"] == kind]
            for kind, keys in found.items()
        },
        "reference": sorted(found["incident"])[:most] + [one["key"] for one in gone if one["kind"] == "incident"],
        "scheme": list(SCHEMES),
        "name": [release["name"] for release in released],
        "file": [file["name"] for release in released[:1] for file in release["files"]],
        "ending": [form.ending for form in FORMATS.values()] + ["xml"],
    }


def said(reader: FlaskClient, address: str) -> str:
    """What an address answers, headers too, as text: of archives and workbooks, all that they hold."""
    answer = reader.get(address, buffered=True)
    told = "\n".join(
        f"{name}: {value}" for name, value in answer.headers if name.startswith(("X-", "Content-D", "Link"))
    )
    return f"{told}\n{_as_text(answer.data)}"


def _as_text(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return _text_of_pdf(content)
    if not content.startswith(b"PK\x03\x04"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{_as_text(archive.read(name))}" for name in archive.namelist())


@lru_cache(maxsize=64)
def _text_of_pdf(content: bytes) -> str:
    """What stands on the pages and in the properties, but for the time at which it was made.

    Reading takes longer than making it, and two sites that answer alike send the same bytes.
    """
    document = PdfReader(io.BytesIO(content))
    properties = [f"{name}: {value}" for name, value in (document.metadata or {}).items() if not name.endswith("Date")]
    return "\n".join([*properties, *(page.extract_text() for page in document.pages)])


def without_chance(text: str) -> str:
    """A text without the times of publication, the random ids, and the hashes that follow from them."""
    return _CHANCE.sub("", text)
