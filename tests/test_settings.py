"""Settings: read once from the environment, refused by name where they cannot be used."""

import dataclasses
from pathlib import Path

import pytest

from tracker.settings import MIGRATIONS, STATIC, Settings, SettingsProblem


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
        "TRACKER_PUBLIC_DATABASE_URL": "postgres://d@b/c", "TRACKER_SECRET_KEY": "k",
        "TRACKER_BASE_URL": "https://example.org//", "TRACKER_HSTS": "yes",
        "TRACKER_HOSTS": "example.org, .Example.com 192.0.2.1",
    })  # fmt: skip
    assert settings.instance == tmp_path
    assert settings.database_url == "postgresql+psycopg://a@b/c"
    assert settings.address_for_public == "postgresql+psycopg://d@b/c"
    assert (settings.secret_key, settings.base_url, settings.hsts) == ("k", "https://example.org", True)
    assert settings.hosts == ("example.org", ".example.com", "192.0.2.1")


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
