"""What readers ask for first, made before they ask: whenever something was published, the front page is made anew.

So are the columns by which lists of very many incidents are found.
"""

import logging
import threading

from flask import Flask

from tracker.dataset import at_hand
from tracker.dataset.editions import dataset_version
from tracker.dataset.map.table import read_ahead
from tracker.db import Database
from tracker.memory import apart, give_back, keep_for_good
from tracker.web.kept import Under, kept_under
from tracker.web.public.context import reached_at
from tracker.web.public.stored import shelf_of
from tracker.web.translation import DEFAULT, LANGUAGES

SECONDS_BETWEEN_LOOKS = 2.0
AS_ASKED = ("gzip, deflate, br", "")
"""What readers say of themselves: browsers that they take compressed answers, some programs nothing."""

logger = logging.getLogger(__name__)


class Ahead(threading.Thread):
    """Looks for new editions beside a server and asks the application for its front page, as readers would.

    Everything goes into the memories that the first readers of an edition would have filled, and is forgotten with
    them, so that it is asked for anew with each day too.
    """

    def __init__(self, app: Flask, *, every: float = SECONDS_BETWEEN_LOOKS) -> None:
        super().__init__(name="ahead", daemon=True)
        self._app = app
        self._database: Database = app.extensions["tracker_database"]
        self._every = every
        self._ended = threading.Event()
        self._under: Under | None = None

    def run(self) -> None:
        """Go on until `stop`; what fails is noted without what it was about, and tried again with the next look."""
        while not self._ended.is_set():
            try:
                self.look()
            except Exception as error:
                logger.error("The first map could not be made ahead: %s", type(error).__name__)
            self._ended.wait(self._every)
            if at_hand.rest():
                give_back()

    def look(self) -> bool:
        """Make the front page where a new edition stands; returns whether one did."""
        under = kept_under(self._database)
        if under is None or under == self._under:
            return False
        # Browsers come first, and whoever reads in the language that the site is written in.
        for accepted in AS_ASKED:
            for language in sorted(LANGUAGES, key=lambda code: code != DEFAULT):
                self._ask("/" if language == DEFAULT else f"/{language}/", accepted)
        with apart(), self._database.public() as session:
            edition = dataset_version(session)
            at_hand.read_ahead(session, edition, shelf_of(self._app))
        with self._database.public() as session:
            read_ahead(session, edition)
        keep_for_good()
        give_back()
        self._under = under
        return True

    def _ask(self, path: str, accepted: str) -> None:
        # The answer names the site, and so is kept for readers who come under its own name.
        client = self._app.test_client()
        client.get(path, base_url=reached_at(self._app), headers={"Accept-Encoding": accepted}).close()

    def stop(self) -> None:
        """End after the present look."""
        self._ended.set()
