"""The server as an operator meets it: where it listens, what it says, and how it stops."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import KNOWN_SETTINGS, Config
from gunicorn.glogging import Logger

from tracker import serving
from tracker.app import create_app
from tracker.db import Database
from tracker.serving import HEADERS_WITHOUT_APPLICATION, AddressProblem, Server
from tracker.settings import Settings

SECONDS_TO_START = 60
SECONDS_TO_STOP = 15

Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts `tracker serve` on a free port and returns the process and its address once it answers."""
    running: list[subprocess.Popen[str]] = []

    def starter(*words: str) -> tuple["subprocess.Popen[str]", str]:
        command = [sys.executable, "-m", "tracker", "serve", "--port", "0", *words]
        environment = os.environ | {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url}
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"Serving on (http://\S+/) \(stop with Ctrl-C\)\n", line)
        assert found, line
        assert process.stdout.readline() == f"Data folder: {tmp_path}\n"
        # Outside one's own machine no link is printed, since what a server prints is kept in logs.
        assert process.stdout.readline().startswith("Nobody can sign in yet. `tracker staff add EMAIL")
        return process, found[1]

    yield starter
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=SECONDS_TO_START) as answer:  # noqa: S310 - our own address
        answer.read()
        return int(answer.status)


def test_every_option_that_is_handed_over_is_one_that_gunicorn_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: dict[str, object] = {}
    monkeypatch.setattr(Server, "run", lambda self: handed.update(self._options))
    settings = Settings(instance=Path(), database_url="sqlite:///unused")
    serving.serve(settings, serving.listen("127.0.0.1", 0), workers=1, threads=1)
    os.close(int(str(handed["bind"]).removeprefix("fd://")))
    assert set(handed) <= {setting.name for setting in KNOWN_SETTINGS}
    assert handed["accesslog"] is None


@pytest.mark.parametrize("asked", [pytest.param(signal.SIGINT, marks=pytest.mark.deep), signal.SIGTERM])
def test_the_server_answers_and_stops_when_it_is_asked_to(start: Start, asked: signal.Signals) -> None:
    process, address = start()
    assert status(f"{address}incidents.json?q=kloop") == 200
    began = time.monotonic()
    process.send_signal(asked)
    output, errors = process.communicate(timeout=SECONDS_TO_STOP)
    assert process.returncode == 0
    assert time.monotonic() - began < SECONDS_TO_STOP
    # Neither a log of readers nor anything of gunicorn's own.
    assert (output, errors) == ("", "")


def test_what_is_asked_for_wrongly_is_refused_and_written_to_no_log(start: Start) -> None:
    process, address = start("--workers", "1")
    asked = {
        "GET /incidents?q=" + "secret" * 1_300 + " HTTP/1.1": b"400",  # Longer than gunicorn takes unless it is told.
        "GET /incidents?q=" + "secret" * 1_350 + " HTTP/1.1": b"414",
        "GET /secret/../incidents HTTP/9.9": b"400",
        "secret /incidents HTTP/1.1": b"400",
        "GET /incidents HTTP/1.1\r\nX-Secret: " + "secret" * 2_000: b"431",
        "GET /incidents/secret HTTP/1.1\r\nSCRIPT_NAME: /secret": b"404",
        "GET /incidents/secret HTTP/1.1\r\nPATH_INFO: /secret": b"404",
    }
    for request, status_code in asked.items():
        answer = _answer(address, request)
        assert answer.split(b" ", 2)[1] == status_code, request[:80]
        # The server's own answers carry what those of the application carry.
        for name, value in HEADERS_WITHOUT_APPLICATION.items():
            assert answer.count(f"\r\n{name}: {value}\r\n".encode()) == 1, (request[:80], name)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=SECONDS_TO_STOP) == ("", "")


def test_a_fault_of_the_server_is_logged_without_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    config = Config()
    worker = serving.Worker(0, os.getppid(), [], None, 1, config, Logger(config))
    worker.tmp.close()
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        request = SimpleNamespace(method="GET", uri="/secret-page")
        try:
            raise RuntimeError("a fault of ours")
        except RuntimeError as fault:
            worker.handle_error(request, ours, ("198.51.100.7", 1234), fault)
        assert theirs.recv(100).startswith(b"HTTP/1.1 500")
    logged = capsys.readouterr().err
    assert "RuntimeError: a fault of ours" in logged
    assert not re.search(r"secret-page|198\.51\.100\.7", logged)


def _answer(address: str, request: str) -> bytes:
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_STOP)) as connection:
        connection.sendall(f"{request}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        with connection.makefile("rb") as received:
            return received.read()


def test_the_server_listens_on_ipv6_addresses(start: Start) -> None:
    _process, address = start("--host", "::1", "--workers", "1")
    assert re.fullmatch(r"http://\[::1\]:[0-9]+/", address)
    assert status(f"{address}incidents.json") == 200


def test_development_is_refused_where_others_can_reach_the_server(sqlite_url: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "TRACKER_INSTANCE": str(tmp_path),
        "TRACKER_DATABASE_URL": sqlite_url,
        "TRACKER_DEVELOPMENT": "yes",
    }
    command = [sys.executable, "-m", "tracker", "serve", "--port", "0", "--host", "0.0.0.0"]  # noqa: S104
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("TRACKER_DEVELOPMENT is for one's own machine")


def test_a_port_in_use_is_told_in_one_line(sqlite_url: str, tmp_path: Path) -> None:
    environment = os.environ | {"TRACKER_INSTANCE": str(tmp_path), "TRACKER_DATABASE_URL": sqlite_url}
    with closing(serving.listen("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "tracker", "serve", "--port", port]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with --port.\n"
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "a" * 300, "300.300.300.300"])
def test_an_address_that_is_none_is_told(host: str) -> None:
    with pytest.raises(AddressProblem, match="is no address of this machine"):
        serving.listen(host, 0)


def test_an_address_of_another_machine_is_told() -> None:
    # TEST-NET-1 (RFC 5737) belongs to nobody.
    with pytest.raises(AddressProblem, match="Cannot listen on 192\\.0\\.2\\.1"):
        serving.listen("192.0.2.1", 0)


def test_brackets_around_an_ipv6_address_are_allowed() -> None:
    with closing(serving.listen("[::1]", 0)) as listener:
        assert listener.family is socket.AF_INET6
        assert serving.address(listener).startswith("http://[::1]:")


def test_each_worker_makes_its_own_engines(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(given: Settings) -> Database:
        made.append(1)
        return Database(given)

    monkeypatch.setattr("tracker.app.Database", counted)
    server = Server(settings, {"preload_app": False})
    assert made == []
    for number in (1, 2):
        made_by_worker = server.load().extensions
        assert len(made) == number
        # What looks for new editions beside the worker has its connections too.
        made_by_worker["tracker_ahead"].stop()
        made_by_worker["tracker_ahead"].join()
        made_by_worker["tracker_database"].dispose()


def test_the_desk_alone_still_has_the_operators_own_outlines(sqlite_url: str, tmp_path: Path) -> None:
    outlines = tmp_path / "outlines.json"
    square = [[70, 40], [80, 40], [80, 44], [70, 44], [70, 40]]
    geometry = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"iso": "KG"}, "geometry": geometry}
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    settings = Settings(
        instance=tmp_path,
        database_url=sqlite_url,
        secret_key="a key that is only good for tests",
        development=True,
        base_map=outlines,
    )
    desk = create_app(settings, only="staff").test_client()
    assert desk.get("/map/base.json").status_code == 200
    assert desk.get("/map.json").status_code == 404


def test_one_part_can_be_served_alone(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(
        instance=tmp_path, database_url=sqlite_url, secret_key="a key that is only good for tests", development=True
    )
    readers, desk = (create_app(settings, only=part).test_client() for part in ("public", "staff"))
    assert (readers.get("/incidents").status_code, readers.get("/staff/").status_code) == (200, 404)
    assert desk.get("/incidents").status_code == 404
    assert desk.get("/").headers["Location"] == "/staff/"
    assert desk.get("/staff/sign-in").status_code == 200


@pytest.mark.parametrize(
    ("only", "jobs", "runs"),
    [(None, True, True), (None, False, False), ("public", True, False), ("staff", True, True)],
)
def test_the_jobs_run_beside_the_server_unless_told_otherwise_and_never_beside_readers_alone(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str | None, jobs: bool, runs: bool
) -> None:
    started: list[object] = []
    monkeypatch.setattr("tracker.jobs.Runner.start", lambda self: started.append(self))
    ahead: list[object] = []
    monkeypatch.setattr("tracker.web.public.maps.ahead.Ahead.start", lambda self: ahead.append(self))
    monkeypatch.setattr(Server, "run", lambda self: self.load().extensions["tracker_database"].dispose())
    settings = Settings(instance=tmp_path, database_url=sqlite_url, secret_key="a key that is only good for tests")
    listener = serving.listen("127.0.0.1", 0)
    serving.serve(settings, listener, workers=1, threads=1, only=only, jobs=jobs)  # type: ignore[arg-type]
    assert bool(started) == runs
    assert bool(ahead) == (only != "staff"), "the first map is made ahead wherever readers come"
