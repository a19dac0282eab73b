"""The settings of one installation: read once from the environment, then frozen."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

# The name of a host, with a dot before it for all names under it.
_HOST = re.compile(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*")


class SettingsProblem(ValueError):
    """A setting that cannot be used; the message names it and says what is allowed."""


def _resource(name: str) -> Path:
    """A folder that stands beside the package in a checkout and inside it in a wheel."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / name


MIGRATIONS = _resource("migrations")
STATIC = _resource("static")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose; every name is an environment variable `TRACKER_…` (docs/settings.md lists them).

    Attributes:
        instance: folder for this installation's data.
        database_url: SQLAlchemy address of the database; SQLite in the instance folder by default.
        public_database_url: address for the public pages, where another role should serve them (PostgreSQL).
        secret_key: signs forms; none is needed while only public pages are served.
        base_url: the address under which readers reach the site, for citations; the request's own by default.
        hosts: the names under which the site answers, `.example.org` for all names under that one; empty for any.
        hsts: whether to tell browsers to insist on HTTPS; off for plain-HTTP mirrors and onion services.
    """

    instance: Path
    # Addresses of databases can hold passwords, which must not reach a log by way of a printed object.
    database_url: str = field(repr=False)
    public_database_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    hsts: bool = False

    @property
    def address_for_public(self) -> str:
        """The database address that the public pages use."""
        return self.public_database_url or self.database_url

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read `TRACKER_…` variables; raise `SettingsProblem` for a value that cannot be used."""
        instance = Path(environment.get("TRACKER_INSTANCE") or PACKAGE.parent / "instance").expanduser().resolve()
        return cls(
            instance=instance,
            database_url=_database_url(environment, "TRACKER_DATABASE_URL")
            or f"sqlite:///{instance / 'tracker.sqlite'}",
            public_database_url=_database_url(environment, "TRACKER_PUBLIC_DATABASE_URL"),
            secret_key=environment.get("TRACKER_SECRET_KEY") or None,
            base_url=_web_address(environment, "TRACKER_BASE_URL"),
            hosts=_hosts(environment, "TRACKER_HOSTS"),
            hsts=_switch(environment, "TRACKER_HSTS"),
        )


def _database_url(environment: Mapping[str, str], name: str) -> str | None:
    url = environment.get(name) or None
    if url is None:
        return None
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        # The address itself may hold a password, so the message does not repeat it.
        raise SettingsProblem(f"{name} must begin with sqlite:/// or postgresql://")
    return url


def _web_address(environment: Mapping[str, str], name: str) -> str | None:
    url = (environment.get(name) or "").strip().rstrip("/")
    if url and not re.match(r"https?://[^/\s]", url):
        raise SettingsProblem(f"{name} must begin with http:// or https:// and the name of a host, not {url!r}")
    return url or None


def _hosts(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    hosts = tuple(environment.get(name, "").replace(",", " ").lower().split())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsProblem(f"{name} must hold names of hosts such as example.org, without port, not {host!r}")
    return hosts


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value in {"", "0", "no", "off", "false"}:
        return False
    if value in {"1", "yes", "on", "true"}:
        return True
    raise SettingsProblem(f"{name} must be yes or no, not {value!r}")
