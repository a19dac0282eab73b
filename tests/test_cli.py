"""The commands as people type them."""

import csv
import io
import json
import os
import pty
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from tests.importing.material import SEED, counts, file_of, incident, written
from tracker import upgrades
from tracker.app import create_app
from tracker.cli import main
from tracker.cli.export import OF_THE_SITE
from tracker.dataset.exports import FORMATS
from tracker.db import SQLITE_PRAGMAS, Database
from tracker.settings import Settings

Command = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[bytes]"]
COMMANDS = ["db", "db upgrade", "db downgrade", "db check", "dataset", "dataset rebuild"]
COMMANDS += ["check", "import", "export", "report", "serve", "schema"]
COMMANDS += ["jobs", "jobs run", "log", "log verify", "log head"]
COMMANDS += ["gazetteer", "gazetteer build", "gazetteer add", "gazetteer info", "geocode", "geocode-places"]
COMMANDS += ["release", *(f"release {one}" for one in ("create", "list", "verify", "reissue"))]
COMMANDS += ["staff", *(f"staff {one}" for one in ("add", "invite", "list", "disable", "enable", "roles"))]


def command_over(database_url: str, instance: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("TRACKER_INSTANCE", str(instance))
    monkeypatch.setenv("TRACKER_DATABASE_URL", database_url.replace("postgresql+psycopg", "postgresql"))
    return lambda *words: CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> Command:
    """Runs a command in an installation of its own, on either database."""
    return command_over(database_url, tmp_path, monkeypatch)


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch, seed_url: str, tmp_path: Path) -> Command:
    """Runs a command that only reads where the file of the project is imported and published, on either database."""
    return command_over(seed_url, tmp_path, monkeypatch)


@pytest.fixture
def tracker_process(
    run: object, tmp_path: Path, sqlite_url: str
) -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Runs a command as a process of its own.

    `limit` is the most bytes that a file of it may have, `errors` where it writes what is not its output.
    """

    def process(
        *words: object, limit: int | None = None, errors: int = subprocess.PIPE
    ) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "tracker", *map(str, words)]
        if limit is not None:
            command = ["prlimit", f"--fsize={limit}", *command]
        environment = os.environ | {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url}
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=errors, check=False, timeout=120)

    return process


def file(tmp_path: Path, data: object) -> Path:
    path = tmp_path / "records.yaml"
    path.write_text(written(data), encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output.split("Options:")[0].splitlines()) >= 3


def test_every_command_is_known_to_these_tests() -> None:
    context = click.Context(main)
    found = []
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert isinstance(command, click.Command)
        found += [name, *(f"{name} {inner}" for inner in getattr(command, "commands", {}))]
    assert sorted(found) == sorted(COMMANDS)


@pytest.mark.parametrize(
    "words", [["nonsense"], ["export"], ["export", "--format", "xml"], ["check"], ["serve", "--port", "70000"]]
)
def test_wrong_use_ends_with_status_two(words: list[str]) -> None:
    assert CliRunner().invoke(main, words).exit_code == 2


def test_checking_needs_no_database_and_says_what_it_found(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(SEED)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "18 incidents and 26 other records, nothing wrong." in result.stdout
    bad = file(tmp_path, file_of(incident(topics=["none"], colour="red")))
    result = CliRunner().invoke(main, ["check", str(bad)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 3
    assert f"{bad}:32: an-incident: incidents[0].topics[0]: names no known topic ('none')" in result.stderr


def test_more_problems_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    bad = file(tmp_path, file_of(*(incident(f"i-{n}", topics=["none"]) for n in range(150))))
    lines = CliRunner().invoke(main, ["check", str(bad)]).stderr.splitlines()
    assert lines[100:] == ["… and 50 more", "150 problems; nothing was written."]


def test_importing_tells_what_became_of_the_records(tracker: Command) -> None:
    first = tracker("import", SEED, "--publish", "--by", "Aida")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines()[-2:] == [
        "  incident: 18 created",
        "30 public records published as dataset version 1.",
    ]
    assert tracker("import", SEED, "--publish").stdout.splitlines()[-1] == "Nothing changed."


def test_a_refused_import_says_why_and_writes_nothing(tracker: Command, database: Database, tmp_path: Path) -> None:
    before = counts(database)
    result = tracker("import", file(tmp_path, file_of(incident(date={"edtf": "2020-02-30"}))), "--publish")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "incidents[0].date.edtf: not a date that can be read ('2020-02-30')" in result.stderr
    assert counts(database) == before


def test_a_refusal_of_the_gate_names_the_line_in_the_file(tracker: Command, tmp_path: Path) -> None:
    result = tracker("import", file(tmp_path, file_of(incident(title={}))), "--publish")
    assert result.exit_code == 1
    assert "records.yaml:18: an-incident: incidents[0].title: is missing" in result.stderr


@pytest.mark.parametrize("name", ["", " ", "a\x1bb", "x" * 200])
def test_whoever_imports_needs_a_name_that_can_be_kept(tracker: Command, name: str) -> None:
    assert tracker("import", SEED, "--by", name).exit_code == 2


@pytest.mark.parametrize("format_", list(FORMATS))
def test_an_export_to_standard_output_is_the_file_and_nothing_else(
    seeded: Command, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / f"incidents.{format_}"
    assert seeded("export", "--format", format_, "-o", path).exit_code == 0
    result = seeded("export", "--format", format_)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == path.read_bytes()


def test_the_filters_are_those_of_the_query_string(seeded: Command) -> None:
    def references(*filters: str) -> list[str]:
        output = seeded("export", "--format", "csv", *filters).stdout_bytes.decode()
        return [row["reference"][-4:] for row in csv.DictReader(io.StringIO(output, newline=""))]

    assert len(references()) == 18
    assert references("outlet=kloop") == ["0001", "0006", "0008"]
    assert references("violation=search_seizure", "violation=property_damage") == ["0005", "0007"]
    assert references("violation=assault", "perpetrator=police", "to=2020-10-06") == ["0003", "0004"]
    assert references("q=клооп", "outlet=kloop") == ["0001", "0006", "0008"]
    assert references("country=NO") == []


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (["violation=unkind"], "violation=unkind: This code does not exist here. Allowed: killing, "),
        (["colour=red"], "colour=red: There is no such parameter. Allowed: q, from, to, "),
        (["kloop"], "kloop=: A filter is written NAME=VALUE. Allowed: q, from, to, "),
        (["outlet="], "outlet=: A filter is written NAME=VALUE."),
        (["from=2020-10-06", "to=2020-10-05"], "to=2020-10-05: The period ends before it begins."),
        (["from=2020-02-30"], "from=2020-02-30: There is no such day. Allowed: a day such as 2020-10-05."),
        (["dataset=99"], "dataset=99"),
        (["outlet=no-such-outlet"], "outlet=no-such-outlet"),
        (["fields=reference"], "fields=reference: Columns can be chosen for CSV files only."),
    ],
)
def test_a_bad_filter_is_refused_with_what_is_allowed(
    seeded: Command, tmp_path: Path, filters: list[str], words: str
) -> None:
    result = seeded("export", "--format", "json", "-o", tmp_path / "out.json", *filters)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_all_bad_filters_are_told_at_once(seeded: Command) -> None:
    result = seeded("export", "--format", "csv", "violation=a", "harm=b", "limit=0")
    assert len(result.stderr.splitlines()) == 3


def test_every_file_has_its_hash_and_what_it_is_beside_it(seeded: Command, tmp_path: Path) -> None:
    whole = json.loads(seeded("export", "--format", "json", "violation=assault").stdout_bytes)["incidents"]
    acts = sum(max(len(act["victims"]), 1) for record in whole for act in record["acts"])
    for name, form in FORMATS.items():
        folder = tmp_path / name
        folder.mkdir()
        path = folder / f"{form.stem}.{form.ending}"
        result = seeded("export", "--format", name, "violation=assault", "-o", path)
        assert f"{form.unit} of dataset version 1 (violation: physical assault)" in result.stdout
        assert names(folder) == [path.name, f"{path.name}.meta.json"]
        meta = json.loads((folder / f"{path.name}.meta.json").read_text(encoding="utf-8"))
        assert meta["sha256"] == sha256(path.read_bytes()).hexdigest()
        assert (meta["query"], meta["unit"]) == ("violation=assault", form.unit)
        assert meta["rows"] == (acts if form.unit == "acts" else len(whole))


ADDRESSES = {"atom": "/incidents.atom", "bib": "/incidents.bib", "csl": "/incidents.csl.json"}


@pytest.mark.parametrize("name", OF_THE_SITE)
def test_the_feed_and_the_citations_are_those_of_the_site(
    seeded: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.example")
    settings = Settings.from_environment()
    opened = Database(settings)
    answer = create_app(settings, opened, only="public").test_client().get(f"{ADDRESSES[name]}?outlet=kloop")
    opened.dispose()
    assert answer.status_code == 200
    assert seeded("export", "--format", name, "outlet=kloop").stdout_bytes == answer.data
    path = tmp_path / "out"
    result = seeded("export", "--format", name, "outlet=kloop", "-o", path)
    assert result.stdout == f"{path}: 3 incidents of dataset version 1 (outlet: Kloop).\n"
    assert path.read_bytes() == answer.data
    meta = json.loads((tmp_path / "out.meta.json").read_text(encoding="utf-8"))
    assert (meta["sha256"], meta["rows"], meta["query"]) == (answer.headers["X-SHA256"], 3, "outlet=kloop")


@pytest.mark.parametrize("name", OF_THE_SITE)
def test_what_leads_to_the_site_is_not_written_where_nobody_knows_where_it_is(seeded: Command, name: str) -> None:
    result = seeded("export", "--format", name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "TRACKER_BASE_URL" in result.stderr


def test_a_feed_and_a_citation_refuse_what_the_site_refuses(seeded: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.example")
    for name, asked in (("bib", "limit=1"), ("csl", "fields=reference"), ("atom", "hxl=1"), ("bib", "dataset=99")):
        result = seeded("export", "--format", name, asked)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"{asked}: ")
    assert seeded("export", "--format", "atom", "limit=1").exit_code == 0


def test_nothing_can_be_cited_before_anything_is_published(tracker: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.example")
    for name in ("bib", "csl"):
        result = tracker("export", "--format", name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Nothing has been published yet" in result.stderr
    assert b"1970-01-01T00:00:00Z" in tracker("export", "--format", "atom").stdout_bytes


def test_a_csv_file_has_its_metadata_beside_it(seeded: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    result = seeded("export", "--format", "csv", "outlet=kloop", "-o", folder / "kloop.csv")
    assert names(folder) == ["kloop.csv", "kloop.csv.meta.json"]
    meta = json.loads((folder / "kloop.csv.meta.json").read_text(encoding="utf-8"))
    assert (meta["dataset_version"], meta["rows"], meta["unit"]) == (1, 3, "incidents")
    assert (meta["licence"], meta["query"]) == ("cc_by_4_0", "outlet=kloop")
    assert "3 incidents of dataset version 1" in result.stdout


def test_an_older_file_is_replaced_keeps_its_permissions_and_a_link_stays_a_link(
    seeded: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target, link = folder / "real.json", folder / "link.json"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert seeded("export", "--format", "json", "-o", link).exit_code == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())["meta"]["rows"] == 18
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(folder) == ["link.json", "link.json.meta.json", "real.json"]


def test_a_folder_that_is_not_there_is_told(seeded: Command, tmp_path: Path) -> None:
    result = seeded("export", "--format", "json", "-o", tmp_path / "none" / "out.json")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "No such file or directory" in result.stderr


def test_an_export_fits_the_schema_that_is_printed(seeded: Command) -> None:
    schema = json.loads(seeded("schema", "dataset").stdout)
    Draft202012Validator.check_schema(schema)
    content = json.loads(seeded("export", "--format", "json").stdout_bytes)
    assert list(Draft202012Validator(schema).iter_errors(content)) == []


def test_the_schema_of_the_file_is_printed() -> None:
    schema = json.loads(CliRunner().invoke(main, ["schema"]).stdout)
    assert schema["title"] == "incidents.yaml"


@pytest.mark.parametrize("words", [["import", SEED], ["export", "--format", "csv"], ["serve"], ["dataset", "rebuild"]])
def test_without_a_database_one_line_says_how_to_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[object]
) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "new"))
    result = CliRunner().invoke(main, list(map(str, words)))
    assert result.exit_code == 1
    assert result.stderr == "There is no database yet. Make it with: tracker db upgrade\n"
    assert not (tmp_path / "new").exists()


def test_a_database_of_a_newer_version_is_left_alone(tracker: Command, database: Database) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for words in (["import", SEED], ["export", "--format", "csv"], ["serve"], ["db", "upgrade"]):
        result = tracker(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"{upgrades.ADVICE[upgrades.State.NEWER]}\n"


def test_a_locked_database_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setitem(SQLITE_PRAGMAS, "busy_timeout", 50)
    holder = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    with holder.write() as session:
        session.connection()
        result = CliRunner().invoke(main, ["import", str(SEED)])
    holder.dispose()
    assert result.exit_code == 1
    assert result.stderr == "The database is locked by another program. Try again when that one has finished.\n"


def test_a_setting_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "mysql://root:secret@host/x")
    result = CliRunner().invoke(main, ["db", "check"])
    assert result.exit_code == 1
    assert "TRACKER_DATABASE_URL must begin with" in result.stderr
    assert "secret" not in result.stderr


def test_the_database_commands_make_check_and_empty_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "new"))

    def said(*words: str) -> str:
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == 0, result.output
        return result.stdout

    assert said("db", "upgrade") == "The database is up to date.\n"
    assert said("db", "check") == "The database fits the code.\n"
    assert said("import", str(SEED), "--publish")
    assert said("db", "upgrade") == "The database is up to date.\n"
    assert said("dataset", "rebuild") == "0 public records rendered anew.\n"
    made_before = tmp_path / "new" / "exports" / "stamp-mark-tracker-files"
    made_before.mkdir(parents=True)
    assert said("dataset", "rebuild", "--all") == "18 public records rendered anew.\n"
    assert not made_before.exists()
    assert said("db", "downgrade", "base", "--yes") == "The database is at revision base.\n"


def test_a_real_process_imports_and_exports(tracker_process: Process, tmp_path: Path) -> None:
    assert tracker_process("import", SEED, "--publish").returncode == 0
    done = tracker_process("export", "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["meta"]["rows"] == 18


def test_a_full_disk_leaves_the_older_file_and_nothing_half_written(tracker_process: Process, tmp_path: Path) -> None:
    assert shutil.which("prlimit"), "prlimit of util-linux plays the full disk"
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "out.csv").write_text("old")
    assert tracker_process("import", SEED, "--publish").returncode == 0
    done = tracker_process("export", "--format", "csv", "-o", folder / "out.csv", limit=35_000)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ["File too large"]
    assert names(folder) == ["out.csv"]
    assert (folder / "out.csv").read_text() == "old"
    done = tracker_process("export", "--format", "xlsx", "-o", folder / "out.xlsx", limit=35_000)
    assert (done.returncode, done.stderr.decode().splitlines()) == (1, ["File too large"])
    assert names(folder) == ["out.csv"]
    full = tracker_process("export", "--format", "csv", "-o", "/dev/full")
    assert (full.returncode, full.stderr.decode().splitlines()) == (1, ["No space left on device"])
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("name", ["csv", "zip"])
def test_a_terminal_is_shown_how_far_an_export_is(tracker_process: Process, tmp_path: Path, name: str) -> None:
    assert tracker_process("import", SEED, "--publish").returncode == 0
    main_end, other_end = pty.openpty()
    done = tracker_process("export", "--format", name, "-o", tmp_path / f"out.{name}", errors=other_end)
    shown = os.read(main_end, 10_000).decode()
    os.close(main_end)
    os.close(other_end)
    assert done.returncode == 0
    assert "Exporting" in shown
    assert "100%" in shown
    assert ("Packing the file" in shown) is (name == "zip")


def test_a_closed_pipe_ends_the_export_quietly(tracker_process: Process, sqlite_url: str, tmp_path: Path) -> None:
    data = file_of(*(incident(f"i-{n}", summary={"en": "word " * 2_000}) for n in range(60)))
    assert tracker_process("import", file(tmp_path, data), "--publish").returncode == 0
    environment = os.environ | {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url}
    command = [sys.executable, "-m", "tracker", "export", "--format", "json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b'{"meta":{"'
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1
