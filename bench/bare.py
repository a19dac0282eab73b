"""The least that a Flask application can do for a 304, served as the tracker is: what its own 304 is compared with.

python -m bench.bare PORT WORKERS THREADS
"""

import sys
from typing import Any

from flask import Flask, Response
from gunicorn.app.base import BaseApplication

from tracker.serving import gunicorn_options, listen


class Bare(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types.
    """Gunicorn over an application of one route."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options of the tracker."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        app = Flask("bare", static_folder=None)

        @app.get("/about")
        def unchanged() -> Response:
            return Response(status=304, headers={"ETag": '"known"'})

        return app


if __name__ == "__main__":
    port, workers, threads = map(int, sys.argv[1:])
    Bare(gunicorn_options(listen("127.0.0.1", port), workers, threads)).run()
