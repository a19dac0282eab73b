"""What is answered about the map: counts, countries, months, and spots or clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.dataset.boxes import Box
from tracker.dataset.editions import Edition, dataset_version
from tracker.dataset.exports.meta import ExportMeta, describe, refuse_columns
from tracker.dataset.filters import PAGING, DatasetFilter
from tracker.dataset.map.clusters import Cluster, clusters
from tracker.dataset.map.points import GROUPS, month_text
from tracker.dataset.map.spots import Spots, spots
from tracker.dataset.map.summary import Summary, summary
from tracker.dataset.map.views import WHOLE_WORLD, View
from tracker.dataset.problems import FilterError, Problem
from tracker.dataset.selection import check_names
from tracker.phrases import phrase
from tracker.vocabulary import Placing

MOST_SPOTS = 20_000
"""Up to how many incidents with a point are given out one by one."""


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """The map of a filter; exactly one of `spots` and `clusters` is there.

    Attributes:
        view: the tiles that it was narrowed down to, or None for the whole map.
    """

    edition: Edition
    summary: Summary
    view: View | None
    spots: Spots | None
    clusters: tuple[Cluster, ...] | None

    @property
    def box(self) -> Box | None:
        """The box that the answer was narrowed down to."""
        return self.view.box() if self.view else None

    def as_dict(self, meta: ExportMeta) -> dict[str, Any]:
        """The answer as it stands in JSON."""
        return {
            "meta": meta.as_dict(),
            "counts": self.summary.counts(),
            "countries": self.summary.countries,
            "by_country": self.summary.by_country,
            "months": [
                [month_text(period.number), period.certain, period.possible] for period in self.summary.periods()
            ],
            "undated": self.summary.undated,
            "groups": [group.value for group in GROUPS],
            "mode": "spots" if self.spots is not None else "clusters",
            "box": self.box.in_degrees() if self.box else None,
            "zoom": self.view.zoom if self.view else None,
            "spots": self.spots.as_dict() if self.spots is not None else None,
            "clusters": self.clusters or [],
        }


def map_answer(session: Session, wanted: DatasetFilter, view: View | None = None) -> MapAnswer:
    """The map of a filter, of its whole or of a view.

    Up to `MOST_SPOTS` incidents come as spots, more as clusters. Counts, countries and months are always those of the
    whole filter. Raises `FilterError`.
    """
    refuse_pages(wanted)
    edition = dataset_version(session, wanted)
    check_names(session, wanted, edition)
    counted = summary(session, wanted, edition)
    if counted.placings[Placing.POINT] <= MOST_SPOTS:
        found = spots(session, wanted, edition)
        return MapAnswer(edition, counted, view, found.within(view.box()) if view else found, None)
    seen = view or WHOLE_WORLD
    return MapAnswer(edition, counted, seen, None, clusters(session, wanted, edition, seen))


def answer_meta(session: Session, wanted: DatasetFilter, answer: MapAnswer) -> ExportMeta:
    """Where an answer comes from, as every file says it."""
    return describe(session, wanted, answer.edition, answer.summary.matching)


def refuse_pages(wanted: DatasetFilter) -> None:
    """Raise `FilterError` for a page or for columns: a map has neither."""
    refuse_columns(wanted)
    message, allowed = phrase("A map has no pages."), (phrase("leave it out"),)
    problems = [Problem.of(name, value, message, allowed) for name, value in wanted.pairs() if name in PAGING]
    if problems:
        raise FilterError(problems)
