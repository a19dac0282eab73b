"""Settings: read once from the environment, refused by name where they cannot be used."""

import dataclasses
import stat
from pathlib import Path

import pytest

from tracker.settings import KEY_FILE, MIGRATIONS, STATIC, RemoteGeocoder, Settings, SettingsProblem

KEY = "b9d1f0a27c3e4856" * 2
OLDER = "0123456789abcdef" * 2


def test_without_any_variable_everything_has_a_default() -> None:
    settings = Settings.from_environment({})
    assert settings.instance.name == "instance"
    assert settings.database_url == f"sqlite:///{settings.instance / 'tracker.sqlite'}"
    assert settings.address_for_public == settings.database_url
    assert (settings.secret_key, settings.base_url, settings.hosts, settings.hsts) == (None, None, (), False)


def test_an_empty_variable_counts_as_none() -> None:
    names = ("INSTANCE", "DATABASE_URL", "PUBLIC_DATABASE_URL", "SECRET_KEY", "BASE_URL", "HOSTS", "HSTS")
    assert Settings.from_environment({f"TRACKER_{name}": "" for name in names}) == Settings.from_environment({})


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.from_environment({
        "TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": "postgresql://a@b/c",
        "TRACKER_PUBLIC_DATABASE_URL": "postgres://d@b/c", "TRACKER_SECRET_KEY": KEY,
        "TRACKER_BASE_URL": "https://example.org//", "TRACKER_HSTS": "yes",
        "TRACKER_HOSTS": "example.org, .Example.com 192.0.2.1", "TRACKER_TRUSTED_PROXIES": "2",
        "TRACKER_SECRET_KEY_FALLBACKS": f"{OLDER} {KEY}",
    })  # fmt: skip
    assert settings.instance == tmp_path
    assert settings.database_url == "postgresql+psycopg://a@b/c"
    assert settings.address_for_public == "postgresql+psycopg://d@b/c"
    assert (settings.secret_key, settings.base_url, settings.hsts) == (KEY, "https://example.org", True)
    assert settings.hosts == ("example.org", ".example.com", "192.0.2.1")
    assert (settings.secret_key_fallbacks, settings.trusted_proxies) == ((OLDER, KEY), 2)


def test_a_folder_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.from_environment({"TRACKER_INSTANCE": "~/data"}).instance == tmp_path / "data"


@pytest.mark.parametrize("name", ["TRACKER_DATABASE_URL", "TRACKER_PUBLIC_DATABASE_URL"])
@pytest.mark.parametrize(
    "url", ["mysql://u:sesame@h/d", "tracker.sqlite", "sqlite://", "http://u:sesame@h", " postgresql://h"]
)
def test_an_address_of_another_kind_is_refused_without_its_password(name: str, url: str) -> None:
    with pytest.raises(SettingsProblem) as problem:
        Settings.from_environment({name: url})
    assert name in str(problem.value)
    assert "sesame" not in str(problem.value)


@pytest.mark.parametrize(
    "url", ["example.org", "javascript:alert(1)", "https://", "//example.org", "ftp://example.org"]
)
def test_a_base_that_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_BASE_URL must begin with http"):
        Settings.from_environment({"TRACKER_BASE_URL": url})


@pytest.mark.parametrize(
    "hosts", ["https://example.org", "example.org/x", "*", "a..b", ".", "example.org:80", "[::1]", "ex_mple;x"]
)
def test_what_is_no_name_of_a_host_is_refused(hosts: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_HOSTS"):
        Settings.from_environment({"TRACKER_HOSTS": f"good.example {hosts}"})


@pytest.mark.parametrize(
    ("word", "on"),
    [
        ("1", True),
        ("YES", True),
        (" on ", True),
        ("true", True),
        ("0", False),
        ("No", False),
        ("off", False),
        ("false", False),
    ],
)
def test_a_switch_is_a_word_for_yes_or_no(word: str, on: bool) -> None:
    assert Settings.from_environment({"TRACKER_HSTS": word}).hsts is on


@pytest.mark.parametrize("word", ["maybe", "2", "ja"])
def test_a_switch_that_says_neither_is_refused(word: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_HSTS"):
        Settings.from_environment({"TRACKER_HSTS": word})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_environment({}).hsts = True  # type: ignore[misc]


def test_migrations_and_static_files_are_found() -> None:
    assert (MIGRATIONS / "env.py").is_file()
    assert STATIC.is_dir()


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "x" * 64,
        "abcabcab" * 8,
        "change-me-change-me-change-me-1234567890",
        "your-secret-key-goes-in-this-place!",
    ],
)
@pytest.mark.parametrize("name", ["TRACKER_SECRET_KEY", "TRACKER_SECRET_KEY_FALLBACKS"])
def test_a_weak_or_known_key_is_refused_and_not_repeated(name: str, key: str) -> None:
    with pytest.raises(SettingsProblem, match=name) as problem:
        Settings.from_environment({name: key})
    assert key not in str(problem.value)


def test_a_key_is_made_once_and_kept_where_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TRACKER_INSTANCE": str(tmp_path / "new")})
    made = settings.with_secret_key()
    file = tmp_path / "new" / KEY_FILE
    assert made.secret_key is not None
    assert len(made.secret_key) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings.with_secret_key() == made
    assert [one.name for one in file.parent.iterdir()] == [KEY_FILE]
    assert made.secret_key not in repr(made)
    given = Settings.from_environment({"TRACKER_INSTANCE": str(tmp_path / "other"), "TRACKER_SECRET_KEY": KEY})
    assert given.with_secret_key() is given
    assert not (tmp_path / "other").exists()


def test_a_kept_key_that_others_can_read_or_that_is_weak_is_refused(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TRACKER_INSTANCE": str(tmp_path)})
    file = tmp_path / KEY_FILE
    file.write_text(KEY, encoding="ascii")
    file.chmod(0o640)
    with pytest.raises(SettingsProblem, match="can be read by others"):
        settings.with_secret_key()
    file.chmod(0o600)
    assert settings.with_secret_key().secret_key == KEY
    file.write_text("", encoding="ascii")
    with pytest.raises(SettingsProblem, match="must hold a random key"):
        settings.with_secret_key()


@pytest.mark.parametrize("number", ["-1", "10", "one", "1.0", "٣"])
def test_a_number_of_proxies_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_TRUSTED_PROXIES"):
        Settings.from_environment({"TRACKER_TRUSTED_PROXIES": number})


LIMITS = {"FILES": 60, "FIGURES": 300, "SEARCHES": 300}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_a_whole_number_and_none_is_zero(name: str) -> None:
    def read(value: str) -> int:
        settings = Settings.from_environment({f"TRACKER_{name}_A_MINUTE": value})
        return int(getattr(settings, f"{name.lower()}_a_minute"))

    assert [read(value) for value in ("", "0", " 7 ", "1000000")] == [LIMITS[name], 0, 7, 1_000_000]
    for value in ("-1", "1.5", "many", "1000001", "²", "9" * 5_000):
        with pytest.raises(SettingsProblem, match=f"TRACKER_{name}_A_MINUTE must be a whole number"):
            read(value)


# Outside services that look places up.


def geocoder(kind: str = "nominatim", **others: str) -> RemoteGeocoder | None:
    names = {"TRACKER_GEOCODER": kind} | {f"TRACKER_GEOCODER_{name.upper()}": value for name, value in others.items()}
    return Settings.from_environment(names).geocoder


def test_a_geocoder_is_chosen_by_its_kind_and_asked_where_it_is_run_for_everybody() -> None:
    assert geocoder("") is None
    assert geocoder("", url="https://example.org", contact="a@example.org") is None
    found = geocoder("Photon", contact="desk@example.org")
    assert found == RemoteGeocoder("photon", "https://photon.komoot.io", "desk@example.org")
    assert geocoder(url="https://example.org/search/", contact="https://example.org/about") == RemoteGeocoder(
        "nominatim", "https://example.org/search", "https://example.org/about"
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080/n", "http://10.0.0.7", "http://geo.local"])
def test_a_geocoder_of_ones_own_network_needs_no_contact(url: str) -> None:
    assert geocoder(url=url) == RemoteGeocoder("nominatim", url)


@pytest.mark.parametrize("url", ["", "https://nominatim.example.org", "http://8.8.8.8"])
def test_a_geocoder_of_others_needs_a_contact(url: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_GEOCODER_CONTACT is needed"):
        geocoder(url=url)


@pytest.mark.parametrize(
    "contact", ["nobody", "a b@example.org", "a@example.org\r\nX: y", "@", "ä@example.org", "x" * 300]
)
def test_a_contact_that_is_no_address_is_refused(contact: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_GEOCODER_CONTACT must be"):
        geocoder(contact=contact)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org", "example.org", "https://me:sesame@example.org", "https://example.org/?key=sesame",
     "https://example.org:99999", "https://exa mple.org", "https://ex\u0430mple.org", "https://" + "e" * 300],
)  # fmt: skip
def test_an_address_of_a_geocoder_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(SettingsProblem, match="TRACKER_GEOCODER_URL") as problem:
        geocoder(url=url, contact="a@example.org")
    assert "sesame" not in str(problem.value)


def test_a_kind_of_geocoder_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsProblem, match="nominatim, photon"):
        geocoder("google")
