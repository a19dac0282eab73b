"""Invented incidents of every shape that figures can trip over, and random questions about them."""

import random

from tests.dataset.samples import Record, act, by, incident, outlet, place, topic, victim

DATES = (
    "2020-10-05", "2020-10-31/2020-11-02", "[2020-12-31..2021-01-01]", "2020", "2020-10", "2020-34", "[..2020-10-06]",
    "[2021-01-05..]", "2021-02-03/..", "XXXX-XX-XX", "2019-12-31", "2019", "2022-06-01", "2021-05-05", "2021-11",
)  # fmt: skip
OUTLETS = ("kloop", "azattyk", "vesti")
TOPICS = ("vote", "protest", "border")
VIOLATIONS = ("assault", "killing", "arrest_detention", "threat")
PERPETRATORS = ("police", "military", "unknown", "private_individual", None)
ROLES = ("reporter", "editor", "unknown", None)
HARMS = ("none", "injured", "killed", None)
PLACES = (("KG", "Osh"), ("KG", "Ош"), ("KG", None), ("KZ", "Osh"), ("KZ", "Алматы"), (None, None))
NAMED = ("Aibol", "Eldos", "Zarina")


def _victim(dice: random.Random) -> Record:
    kind = dice.choice(("person", "person", "person", "group", "outlet", "public"))
    given: Record = {"kind": kind, "naming": None, "role": dice.choice(ROLES), "harm": dice.choice(HARMS)}
    if dice.random() < 0.6:
        given["outlet"] = dice.choice(OUTLETS)
    if kind == "person":
        given["naming"] = dice.choice(("named", "withheld", "not_named_in_source"))
    if given["naming"] == "named":
        name = dice.choice(NAMED)
        given |= {"name": name, "person": f"p-{name.lower()}"}
    if dice.random() < 0.3:
        given["custody_from"] = "2020-10-05"
        given["custody_until"] = dice.choice((None, "2020-10-09"))
    return victim(**given)


def _act(dice: random.Random) -> Record:
    parts = [
        by(dice.choice(PERPETRATORS), dice.choice(("direct", "ordered", "aided", "helped_victim")))
        for _ in range(dice.randint(0, 3))
    ]
    victims = [_victim(dice) for _ in range(dice.randint(0, 3))]
    completion = dice.choice(("completed", "attempted", None))
    return act(dice.choice(VIOLATIONS), victims, parts, completion=completion)


def _incident(dice: random.Random, number: int) -> Record:
    country, admin1 = dice.choice(PLACES)
    follow_up = {"kind": dice.choice(("complaint", "investigation", "denial")), "date": None, "by": None}
    return incident(
        f"KGZ-2020-{number:04}",
        dice.choice(DATES),
        place=place(country=country, admin1=admin1, locality=dice.choice(("Uzgen", "Bishkek", None))),
        verification=dice.choice(("reported", "confirmed", None)),
        topics=dice.sample(TOPICS, dice.randint(0, 2)),
        acts=[_act(dice) for _ in range(dice.randint(0, 3))],
        follow_ups=[follow_up | {"text": {}, "sources": []}] if dice.random() < 0.4 else [],
    )


def others() -> list[Record]:
    """The outlets and topics that the incidents name."""
    return [*(outlet(slug) for slug in OUTLETS), *(topic(slug) for slug in TOPICS)]


def incidents(count: int, seed: int = 1, first: int = 1) -> list[Record]:
    """So many incidents, the same for the same seed."""
    dice = random.Random(seed)
    return [_incident(dice, number) for number in range(first, first + count)]


_VALUES: dict[str, tuple[str, ...]] = {
    "country": ("KG", "KZ", "unknown", "not_recorded"),
    "admin1": ("Osh", "ош", "Алматы", "not_recorded"),
    "place": ("Uzgen", "Bishkek", "not_recorded"),
    "violation": VIOLATIONS,
    "completion": ("completed", "not_recorded"),
    "perpetrator": ("police", "military", "unknown", "not_recorded"),
    "state": ("state", "non_state", "unknown", "not_recorded"),
    "outlet": (*OUTLETS, "not_recorded"),
    "topic": (*TOPICS, "not_recorded"),
    "role": ("reporter", "unknown", "not_recorded"),
    "harm": ("none", "injured", "not_recorded"),
    "custody": ("open", "ended", "not_recorded"),
    "verification": ("reported", "confirmed", "not_recorded"),
    "response": ("recorded", "not_recorded"),
    "placed": ("country", "nowhere"),
    "q": ("incident", "kloop", "bishkek"),
}
_PERIODS = (
    {"from": "2020-10-01"},
    {"to": "2020-12-31"},
    {"from": "2020-10-03", "to": "2021-01-15"},
    {"from": "2020-01-01", "to": "2020-12-31"},
)


def filter_pairs(dice: random.Random) -> list[tuple[str, str]]:
    """The pairs of a random filter."""
    pairs: list[tuple[str, str]] = []
    for name in dice.sample(sorted(_VALUES), dice.choice((0, 1, 1, 2, 3))):
        values = _VALUES[name]
        many = 1 if name == "q" else dice.choice((1, 1, 2))
        pairs += [(name, value) for value in dice.sample(values, min(many, len(values)))]
    if dice.random() < 0.4:
        pairs += dice.choice(_PERIODS).items()
        if dice.random() < 0.5:
            pairs.append(("when", "certain"))
    return pairs


def question_pairs(dice: random.Random, units: tuple[str, ...], dimensions: tuple[str, ...]) -> list[tuple[str, str]]:
    """The pairs of a random question."""
    chosen = dice.sample(dimensions, dice.choice((1, 2, 2)))
    return [("unit", dice.choice(units)), *zip(("by", "then"), chosen, strict=False)]
