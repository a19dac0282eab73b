"""Invented dates over fifteen years, of every precision that there is."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from bench.world import FIRST_DAY, LAST_DAY
from tracker.registry.drafts import DateDraft
from tracker.vocabulary import DateBasis, PartOfDay

DAYS = (LAST_DAY - FIRST_DAY).days


def _later(dice: random.Random, day: date, most: int) -> date:
    return day + timedelta(days=dice.randint(1, most))


# Each way to write a date (EDTF), and how often it is taken.
WAYS: dict[str, tuple[float, Callable[[random.Random, date], str]]] = {
    "day": (70, lambda _dice, day: day.isoformat()),
    "several days": (6, lambda dice, day: f"{day}/{_later(dice, day, 20)}"),
    "window": (6, lambda dice, day: f"[{day}..{_later(dice, day, 9)}]"),
    "month": (7, lambda _dice, day: f"{day:%Y-%m}"),
    "quarter": (1, lambda _dice, day: f"{day:%Y}-{33 + (day.month - 1) // 3}"),
    "year": (3, lambda _dice, day: f"{day:%Y}"),
    "before": (1, lambda _dice, day: f"[..{day}]"),
    "after": (1, lambda _dice, day: f"[{day}..]"),
    "ongoing": (2, lambda _dice, day: f"{day}/.."),
    "unknown": (3, lambda _dice, _day: "XXXX-XX-XX"),
}
_WEIGHTS = [weight for weight, _ in WAYS.values()]


def date_of(dice: random.Random) -> DateDraft:
    """A date; later years have more of them."""
    day = FIRST_DAY + timedelta(days=int(DAYS * dice.random() ** 0.7))
    way = dice.choices(list(WAYS), weights=_WEIGHTS)[0]
    return DateDraft(
        edtf=WAYS[way][1](dice, day),
        as_reported="last week" if way == "window" else None,
        part_of_day=dice.choice(list(PartOfDay)) if way == "day" and dice.random() < 0.2 else None,
        basis=dice.choices(list(DateBasis), weights=(9, 1))[0],
    )
