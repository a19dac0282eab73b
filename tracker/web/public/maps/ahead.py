"""What readers ask for first, made before they ask: whenever something was published, the first map is counted anew.

So are the columns by which lists of very many incidents are found.
"""

import logging
import threading

from flask import Flask

from tracker.dataset import at_hand
from tracker.dataset.editions import dataset_version
from tracker.dataset.map.table import read_ahead
from tracker.db import Database
from tracker.settings import Settings
from tracker.web.translation import DEFAULT, LANGUAGES

SECONDS_BETWEEN_LOOKS = 2.0

logger = logging.getLogger(__name__)


class Ahead(threading.Thread):
    """Looks for new editions beside a server and asks the application for its front page, as a reader would.

    Everything goes into the memories that the first reader of an edition would have filled, and is forgotten with them.
    """

    def __init__(self, app: Flask, *, every: float = SECONDS_BETWEEN_LOOKS) -> None:
        super().__init__(name="ahead", daemon=True)
        self._app = app
        self._database: Database = app.extensions["tracker_database"]
        self._every = every
        self._ended = threading.Event()
        self._stamp: str | None = None

    def run(self) -> None:
        """Go on until `stop`; what fails is noted without what it was about, and tried again with the next look."""
        while not self._ended.is_set():
            try:
                self.look()
            except Exception as error:
                logger.error("The first map could not be made ahead: %s", type(error).__name__)
            self._ended.wait(self._every)

    def look(self) -> bool:
        """Make the first map where a new edition stands; returns whether one did."""
        with self._database.public() as session:
            edition = dataset_version(session)
        if edition.stamp == self._stamp:
            return False
        # Whoever reads in the language that the site is written in comes first.
        for language in sorted(LANGUAGES, key=lambda code: code != DEFAULT):
            self._ask("/" if language == DEFAULT else f"/{language}/")
        with self._database.public() as session:
            at_hand.read_ahead(session, edition)
        with self._database.public() as session:
            read_ahead(session, edition)
        self._stamp = edition.stamp
        return True

    def _ask(self, path: str) -> None:
        settings: Settings = self._app.extensions["tracker_settings"]
        host = settings.hosts[0] if settings.hosts else "localhost"
        # The answer names the site, and so is kept for readers who come under its own name.
        self._app.test_client().get(path, base_url=settings.base_url or f"http://{host}").close()

    def stop(self) -> None:
        """End after the present look."""
        self._ended.set()
