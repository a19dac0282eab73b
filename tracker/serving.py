"""Serving the application with gunicorn, from our own command and with our own defaults."""

import ipaddress
import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from tracker.app import Part, create_app
from tracker.db import Database
from tracker.jobs import Releases, Runner
from tracker.memory import keep_for_good, share_heaps
from tracker.settings import Settings
from tracker.web.headers import HEADERS
from tracker.web.public.maps.ahead import Ahead

HEADERS_WITHOUT_APPLICATION = HEADERS | {"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache"}

WAITING_READERS = 1024

# The most that gunicorn takes; the application refuses an address that is too long in its own dress before that.
LONGEST_REQUEST_LINE = 8190


class AddressProblem(RuntimeError):
    """Nobody can be served at this address; the message is one line that says why."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn as a library: workers make their own application, with their own engines, after the fork."""

    def __init__(
        self, settings: Settings, options: dict[str, Any], only: Part | None = None, jobs: bool = False
    ) -> None:
        self._settings = settings
        self._options = options
        self._only = only
        self._jobs = jobs
        super().__init__()

    def load_config(self) -> None:
        """Hand over our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of one worker, with the jobs beside it.

        Each worker runs them, so that they go on whichever of them dies; they are made to be run by several at once.
        """
        app = create_app(self._settings, only=self._only)
        if self._only != "staff":
            app.extensions["tracker_ahead"] = ahead = Ahead(app)
            ahead.start()
        if self._jobs:
            database: Database = app.extensions["tracker_database"]
            app.extensions["tracker_jobs"] = runner = Runner(database, kept=Releases.of(self._settings))
            runner.start()
        keep_for_good()
        return app


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker, except that it writes nobody's address and nothing that they asked for into the log."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what is no proper request, or met a fault of the application; only faults are logged."""
        super().handle_error(None, _Guarded(client), None, exc)


class _Guarded:
    """A connection on which the server answers by itself: the few answers that the application never sees.

    They get the headers of all others; what the server writes begins with a line for the status.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def sendall(self, answer: bytes) -> None:
        """Send a whole answer with the headers put in."""
        status, _, rest = answer.partition(b"\r\n")
        said = "".join(f"{name}: {value}\r\n" for name, value in HEADERS_WITHOUT_APPLICATION.items())
        self._connection.sendall(b"%b\r\n%b%b" % (status, said.encode("ascii"), rest))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at a name, an IPv4 or an IPv6 address. Raises `AddressProblem`.

    It is opened here and not by gunicorn, which would try a port that is in use for five seconds before it gives up.
    """
    host = host.removeprefix("[").removesuffix("]")
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise AddressProblem(f"{host!r} is no address of this machine. Give another with --host.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(WAITING_READERS)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise AddressProblem(f"Cannot listen on {host} port {port}: {reason}. Choose another with --port.") from error
    return listener


def address(listener: socket.socket) -> str:
    """The web address of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def is_here(listener: socket.socket) -> bool:
    """Whether a listening socket can be reached from this machine alone."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def serve(
    settings: Settings,
    listener: socket.socket,
    *,
    workers: int,
    threads: int,
    only: Part | None = None,
    jobs: bool = True,
) -> None:
    """Serve until told to stop, all pages or `only` one part of them, with or without the jobs.

    Readers' addresses and what they read are written nowhere.
    """
    share_heaps()
    # Where only readers are served, nobody may be able to write.
    Server(settings, gunicorn_options(listener, workers, threads), only, jobs and only != "public").run()


def gunicorn_options(listener: socket.socket, workers: int, threads: int) -> dict[str, Any]:
    """How gunicorn serves here; the listening socket is handed over to it."""
    return {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "threads": threads,
        "worker_class": Worker,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 5,
        "limit_request_line": LONGEST_REQUEST_LINE,
        # A reader's own headers must not move the site to another path, even where a proxy hands them on.
        "forwarder_headers": "",
        "accesslog": None,
        # What is no proper request is logged as a warning, with the address of whoever sent it and their words.
        "loglevel": "error",
        "control_socket_disable": True,
        "worker_tmp_dir": None,
    }
