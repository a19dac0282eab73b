"""The settings of one installation: read once from the environment, then frozen."""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

PACKAGE = Path(__file__).resolve().parent

A_MINUTE = 1_000_000
"""The most that can be allowed in a minute; nobody comes so far."""

# The name of a host, with a dot before it for all names under it.
_HOST = re.compile(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*")

# What signs and marks must not be found by trying (OWASP ASVS 5.0, 11.2.3 and 13.3.2).
SHORTEST_KEY = 32
_DEFAULT_KEY = re.compile(
    r"change.?me|your.?(?:own.?)?(?:secret|key)|secret.?key|insecure|example|default|password", re.I
)
KEY_FILE = "secret.key"

MEGABYTES_OF_EXPORTS = 2_000

# What stands in a header of each request to a geocoding service: one printable word.
_CONTACT = re.compile(r"(?=[!-~]{3,200}\Z)(?:https?://[^/\s]+\S*|[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+)", re.ASCII)
_PLAIN_ADDRESS = re.compile(r"[!-~]{1,250}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one guess at a stolen password costs, as parameters of argon2id (RFC 9106, section 4)."""

    passes: int = 2
    kibibytes: int = 65_536
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class RemoteGeocoder:
    """An outside service that looks places up: its kind, its address without a slash at the end, and our contact.

    The contact is an e-mail or web address, by which the service's people can reach the operator.
    """

    kind: str
    url: str
    contact: str | None = None


PUBLIC_GEOCODERS = {"nominatim": "https://nominatim.openstreetmap.org", "photon": "https://photon.komoot.io"}
"""The kinds of service that can be asked, and where each is run for everybody."""


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
        secret_key: signs forms and marks what the desk keeps; None stands for the one in the instance folder, which
            `with_secret_key` reads or makes.
        secret_key_fallbacks: keys of earlier days, newest first: what they signed still holds.
        trusted_proxies: how many proxies of one's own stand before the server and each add the address that they saw
            to `X-Forwarded-For`; the delays for those who guess passwords and the limits below go by that address.
        password_cost: what a guess at a password costs; no variable changes it.
        base_url: the address under which readers reach the site, for citations; the request's own by default.
        hosts: the names under which the site answers, `.example.org` for all names under that one; empty for any.
        development: whether this runs on one's own machine over plain HTTP: cookies are not bound to HTTPS, and a
            second factor is offered but not compulsory.
        gazetteer_file: file of the list of places; `gazetteer` says where it lies in either case.
        releases_folder: folder of the dataset's releases; `releases` says where it lies in either case.
        geocoder: the outside service that places are looked up with where our own list knows no answer; None, the
            default, for none.
        base_map: GeoJSON file with the outlines of countries to draw under the map, in the place of the tracker's own.
        exports_folder: folder of the files that are made once and then served; `exports` says where it lies in either
            case.
        exports_megabytes: how much room these files may take.
        files_a_minute, figures_a_minute, searches_a_minute: how many whole files, figures and text searches one address
            may ask of one process in a minute; 0 for any number. Reading pages is never counted.
        hsts: whether to tell browsers to insist on HTTPS; off for plain-HTTP mirrors and onion services.
    """

    instance: Path
    # Addresses of databases can hold passwords, which must not reach a log by way of a printed object.
    database_url: str = field(repr=False)
    public_database_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    base_url: str | None = None
    hosts: tuple[str, ...] = ()
    hsts: bool = False
    base_map: Path | None = None
    development: bool = False
    trusted_proxies: int = 0
    files_a_minute: int = 60
    figures_a_minute: int = 300
    searches_a_minute: int = 300
    gazetteer_file: Path | None = None
    releases_folder: Path | None = None
    exports_folder: Path | None = None
    exports_megabytes: int = MEGABYTES_OF_EXPORTS
    geocoder: RemoteGeocoder | None = None
    password_cost: PasswordCost = PasswordCost()

    @property
    def gazetteer(self) -> Path:
        """The file of the list of places, in the instance folder by default; it need not be there."""
        return self.gazetteer_file or self.instance / "gazetteer.sqlite"

    @property
    def releases(self) -> Path:
        """The folder of the dataset's releases, in the instance folder by default; it need not be there."""
        return self.releases_folder or self.instance / "releases"

    @property
    def exports(self) -> Path:
        """The folder of the files that are made once and then served, in the instance folder by default."""
        return self.exports_folder or self.instance / "exports"

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
            secret_key=_secret_key(environment, "TRACKER_SECRET_KEY"),
            secret_key_fallbacks=_secret_keys(environment, "TRACKER_SECRET_KEY_FALLBACKS"),
            base_url=_web_address(environment, "TRACKER_BASE_URL"),
            hosts=_hosts(environment, "TRACKER_HOSTS"),
            hsts=_switch(environment, "TRACKER_HSTS"),
            base_map=_file(environment, "TRACKER_BASE_MAP"),
            development=_switch(environment, "TRACKER_DEVELOPMENT"),
            trusted_proxies=_number(environment, "TRACKER_TRUSTED_PROXIES", most=9),
            files_a_minute=_number(environment, "TRACKER_FILES_A_MINUTE", most=A_MINUTE, default=60),
            figures_a_minute=_number(environment, "TRACKER_FIGURES_A_MINUTE", most=A_MINUTE, default=300),
            searches_a_minute=_number(environment, "TRACKER_SEARCHES_A_MINUTE", most=A_MINUTE, default=300),
            gazetteer_file=_file(environment, "TRACKER_GAZETTEER"),
            releases_folder=_file(environment, "TRACKER_RELEASES"),
            exports_folder=_file(environment, "TRACKER_EXPORTS"),
            exports_megabytes=_number(
                environment, "TRACKER_EXPORTS_MEGABYTES", least=10, most=1_000_000, default=MEGABYTES_OF_EXPORTS
            ),
            geocoder=_geocoder(environment),
        )

    def with_secret_key(self) -> "Settings":
        """The same with a secret key: the one given, or the one kept in the instance folder, made when first needed.

        Raises `SettingsProblem` for a file that others can read, or that holds no good key.
        """
        if self.secret_key is not None:
            return self
        return replace(self, secret_key=_kept_key(self.instance / KEY_FILE))


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


def _file(environment: Mapping[str, str], name: str) -> Path | None:
    path = environment.get(name, "").strip()
    return Path(path).expanduser().resolve() if path else None


def _secret_key(environment: Mapping[str, str], name: str) -> str | None:
    keys = _secret_keys(environment, name)
    if len(keys) > 1:
        raise SettingsProblem(f"{name} must be one key without blanks")
    return keys[0] if keys else None


def _secret_keys(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(_good_key(key, name) for key in environment.get(name, "").split())


def _good_key(key: str, where: str) -> str:
    # No message repeats the key.
    if len(key) < SHORTEST_KEY or len(set(key)) < 8:
        raise SettingsProblem(f"{where} must hold a random key of at least {SHORTEST_KEY} characters")
    if _DEFAULT_KEY.search(key):
        raise SettingsProblem(f"{where} holds a key from an example; put a random one in its place")
    return key


def _kept_key(path: Path) -> str:
    """The key in a file that only its owner can read; made at once and whole where there is none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            # Of two that make it at once, one is first; the other then reads the key of that one.
            with contextlib.suppress(FileExistsError):
                os.link(new, path)
        finally:
            new.unlink()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsProblem(f"{path} can be read by others. Make a new key, or take their right away: chmod 600")
    return _good_key(path.read_text(encoding="utf-8", errors="replace").strip(), str(path))


def _number(environment: Mapping[str, str], name: str, *, least: int = 0, most: int, default: int = 0) -> int:
    value = environment.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) <= 9 and least <= int(value) <= most):
        raise SettingsProblem(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def _web_address(environment: Mapping[str, str], name: str) -> str | None:
    url = (environment.get(name) or "").strip().rstrip("/")
    if url and not re.match(r"https?://[^/\s]", url):
        raise SettingsProblem(f"{name} must begin with http:// or https:// and the name of a host, not {url!r}")
    return url or None


def _geocoder(environment: Mapping[str, str]) -> RemoteGeocoder | None:
    kind = environment.get("TRACKER_GEOCODER", "").strip().lower()
    if not kind:
        return None
    if kind not in PUBLIC_GEOCODERS:
        raise SettingsProblem(f"TRACKER_GEOCODER must be empty, or one of {', '.join(PUBLIC_GEOCODERS)}, not {kind!r}")
    url = _web_address(environment, "TRACKER_GEOCODER_URL") or PUBLIC_GEOCODERS[kind]
    try:
        address = urlsplit(url)
        usable = not (address.username or address.password or address.query or address.fragment) and address.port != 0
    except ValueError:
        usable = False
    if not usable or not _PLAIN_ADDRESS.fullmatch(url):
        # It might hold a password, so the message does not repeat it.
        raise SettingsProblem("TRACKER_GEOCODER_URL must be a host and perhaps a path, without name, password or ?")
    contact = environment.get("TRACKER_GEOCODER_CONTACT", "").strip() or None
    if contact is not None and not _CONTACT.fullmatch(contact):
        raise SettingsProblem(f"TRACKER_GEOCODER_CONTACT must be an e-mail or web address, not {contact!r}")
    if contact is None and not _is_our_own(address.hostname or ""):
        raise SettingsProblem("TRACKER_GEOCODER_CONTACT is needed: services want to know whom they can write to")
    return RemoteGeocoder(kind, url, contact)


def _is_our_own(host: str) -> bool:
    """Whether a host is this machine or one of the same network, so that nobody else answers there."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))


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
