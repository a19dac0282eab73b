"""What the tests of the door need: people who have a password and a code generator, and their next code."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.web.staff.conftest import CHEAP, SECRET, member
from tracker.db import Database
from tracker.registry.accounts.keys import Keys
from tracker.registry.accounts.passwords import Passwords
from tracker.registry.models import AuditEntry, StaffMember
from tracker.vocabulary.staff import Role

PASSWORD = "amber kettle under the old bridge"
OTHER_PASSWORD = "seven quiet herons at the mill"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEYS = Keys(SECRET)


def joined(
    database: Database, *roles: Role, key: str | None = KEY, name: str | None = None, language: str = "en"
) -> StaffMember:
    """Somebody with a password, and with a code generator unless `key` is None."""
    staff = member(database, *roles, name=name, language=language)
    with database.write() as session:
        found = session.get_one(StaffMember, staff.id)
        found.password_hash = Passwords(CHEAP).hash(PASSWORD)
        found.totp_secret = key
        found.totp_confirmed_at = datetime(2026, 1, 1, tzinfo=UTC) if key else None
        found.totp_last_step = None
    return found


def code(key: str = KEY, *, steps: int = 0) -> str:
    """The code of now, or of some steps later."""
    return pyotp.TOTP(key).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def enter(client: FlaskClient, staff: StaffMember, *, with_code: str | None = None) -> None:
    """Sign somebody in by the pages."""
    client.post("/staff/sign-in", data={"email": staff.email, "password": PASSWORD})
    if staff.totp_confirmed_at is not None:
        client.post("/staff/sign-in/code", data={"code": with_code or code()})


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the form in the content of a page, in their order."""
    content = page.partition("<main")[2]
    found = re.findall(r'<input type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"', content)
    return [(unescape(name), unescape(value)) for name, value in found]


def events(database: Database) -> list[str]:
    """What the log tells of, in order."""
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))
