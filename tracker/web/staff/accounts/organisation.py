"""What the organisation calls itself: for code generators, and as words that make a bad password."""

from typing import Any

from tracker.dataset import queries
from tracker.web.staff.context import database
from tracker.web.translation import gettext
from tracker.web.wording import plain


def name() -> str:
    """What the site calls itself."""
    return plain(_record().get("name", {}), gettext("Register of attacks on the press"))


def words() -> list[str]:
    """The names of site and organisation."""
    record = _record()
    return [*map(str, record.get("name", {}).values()), str(record.get("organisation") or "")]


def _record() -> dict[str, Any]:
    with database().public() as session:
        found = queries.site(session)
    return dict(found.record) if found else {}
