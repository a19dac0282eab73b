"""The same figures counted with pandas over the public JSON, slowly, and with nothing taken from the engine.

Only what the list finds under the filter is given here (`/incidents.json` with the same query); filters of acts are
applied once more, since they say which acts and victims of an incident are counted.
"""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from tracker.vocabulary import PerpetratorType

Pairs = list[tuple[str, str]]
Key = tuple[str, ...]
SILENT = "not_recorded"
COUNTED = {"direct", "ordered", "aided"}
FACETS = {
    "violation": "violation",
    "completion": "completion",
    "perpetrator": "perpetrator",
    "state": "side",
    "outlet": "outlet",
    "role": "role",
    "harm": "harm",
    "custody": "custody",
}
COLUMN = {"state_or_not": "side", "admin1": "region"}
PERIODS = {"year": 12, "quarter": 3, "month": 1}
MEASURES = {"victims": ("named", "unnamed", "group")}


def _side(perpetrator: str | None) -> str:
    sides = {kind.value: kind.side.value for kind in PerpetratorType}
    return sides[perpetrator] if perpetrator else SILENT


def _counts_as(victim: dict[str, Any]) -> str:
    if victim["kind"] == "person":
        return "named" if victim["naming"] == "named" else "unnamed"
    return "group" if victim["kind"] == "group" else "other"


def _rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for act_number, act in enumerate(record["acts"]):
        by = [one for one in act["involvements"] if one["role"] in COUNTED] or [{"perpetrator": None}]
        for victim_number, victim in enumerate(act["victims"] or [None]):
            for one in by:
                row = {
                    "reference": record["reference"],
                    "pair": f"{record['reference']}/{act_number}/{victim_number}",
                    "violation": act["violation"],
                    "completion": act["completion"] or SILENT,
                    "perpetrator": one["perpetrator"] or SILENT,
                    "side": _side(one["perpetrator"]),
                    **dict.fromkeys(("role", "harm", "outlet", "custody"), SILENT),
                    "counts_as": "other",
                    "person": "",
                }
                if victim:
                    named = _counts_as(victim) == "named" and victim["person"]
                    held = "ended" if victim["custody_until"] else "open" if victim["custody_from"] else SILENT
                    row |= {
                        "role": victim["role"] or SILENT,
                        "harm": victim["harm"] or SILENT,
                        "outlet": victim["outlet"]["slug"] if victim["outlet"] else SILENT,
                        "custody": held,
                        "counts_as": _counts_as(victim),
                        "person": f"{record['reference']}/{victim['person']}" if named else row["pair"],
                    }
                found.append(row)
    return found


def _of_incident(record: dict[str, Any]) -> dict[str, Any]:
    place, when = record["place"], record["date"]
    country = place["country"] or ("unknown" if place["precision"] == "unknown" else SILENT)
    return {
        "reference": record["reference"],
        "country": country,
        "region": f"{country}:{_folded(place['admin1'])}",
        "verification": record["verification"] or SILENT,
        "topic": [one["slug"] for one in record["topics"]] or [SILENT],
        "earliest": date.fromisoformat(when["earliest"]) if when["earliest"] else None,
        "latest": date.fromisoformat(when["latest"]) if when["latest"] else None,
        "undated": not when["earliest"] and not when["latest"],
    }


def _first_of(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(day: date, months: int) -> date:
    first = _first_of(day, months)
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _key(day: date, months: int) -> str:
    return {12: f"{day:%Y}", 3: f"{day:%Y}-Q{(day.month - 1) // 3 + 1}", 1: f"{day:%Y-%m}"}[months]


def _periods(incidents: pd.DataFrame, months: int, asked: dict[str, str]) -> list[tuple[str, date, date]]:
    """Every period from the first to the last known day, or to the limits of the filter."""
    low = date.fromisoformat(asked["from"]) if "from" in asked else None
    high = date.fromisoformat(asked["to"]) if "to" in asked else None
    days = [day for column in ("earliest", "latest") for day in incidents[column] if isinstance(day, date)]
    days = [min(max(day, low or day), high or max(day, low or day)) for day in days]
    days += [day for day in (low, high) if day]
    found = []
    day = _first_of(min(days), months) if days else None
    while day and day <= max(days):
        found.append(
            (_key(day, months), max(day, low or day), min(_next(day, months) - timedelta(days=1), high or date.max))
        )
        day = _next(day, months)
    return found


class Brute:
    """Counts of the incidents that a list gave for a filter."""

    def __init__(self, records: list[dict[str, Any]], pairs: Pairs) -> None:
        self.asked = {name: [value for other, value in pairs if other == name] for name, _ in pairs}
        self.period = {name: values[0] for name, values in self.asked.items() if name in ("from", "to")}
        self.incidents = pd.DataFrame([_of_incident(record) for record in records])
        rows = pd.DataFrame([row for record in records for row in _rows(record)])
        for parameter, column in FACETS.items():
            if parameter in self.asked and len(rows):
                rows = rows[rows[column].isin(self.asked[parameter])]
        self.rows = rows

    def _things(self, unit: str, dimensions: Key) -> pd.DataFrame:
        """One row for each facet (or for each incident) with the thing that it belongs to."""
        if not len(self.incidents):
            return pd.DataFrame(columns=["thing", "measure"])
        of_facets = [COLUMN.get(name, name) for name in dimensions if COLUMN.get(name, name) in FACETS.values()]
        if unit == "incidents" and not of_facets:
            found = self.incidents.assign(thing=self.incidents["reference"], measure="")
        else:
            if not len(self.rows):
                return pd.DataFrame(columns=["thing", "measure"])
            found = self.rows.merge(self.incidents, on="reference")
            thing = {"incidents": "reference", "acts": "pair", "victims": "person", "outlets": "outlet"}[unit]
            found = found.assign(thing=found[thing], measure=found["counts_as"] if unit == "victims" else "")
            if unit == "victims":
                found = found[found["measure"] != "other"]
            if unit == "outlets":
                found = found[~found["outlet"].isin(["not_recorded", "unknown"])]
        if "topic" in dimensions:
            found = found.explode("topic")
            if "topic" in self.asked:
                found = found[found["topic"].isin(self.asked["topic"])]
        return found

    def count(self, unit: str, dimensions: Key) -> dict[tuple[str, Key], tuple[int, int]]:
        """Possible and certain counts by measure and cell; cells without any are left out."""
        found = self._things(unit, dimensions)
        if not len(found):
            return {}
        low = date.fromisoformat(self.period["from"]) if "from" in self.period else date.min
        high = date.fromisoformat(self.period["to"]) if "to" in self.period else date.max
        cells: dict[tuple[str, Key], tuple[set[str], set[str]]] = {}
        lists = [
            _periods(self.incidents, PERIODS[name], self.period) if name in PERIODS else None for name in dimensions
        ]
        for row in found.to_dict("records"):
            earliest = row["earliest"] if isinstance(row["earliest"], date) else date.min
            latest = row["latest"] if isinstance(row["latest"], date) else date.max
            spans: list[tuple[Key, date, date]] = [((), low, high)]
            for name, periods in zip(dimensions, lists, strict=True):
                if periods is None:
                    spans = [((*key, str(row[COLUMN.get(name, name)])), a, b) for key, a, b in spans]
                elif row["undated"]:
                    spans = []
                else:
                    spans = [
                        ((*key, period), max(a, first), min(b, last))
                        for key, a, b in spans
                        for period, first, last in periods
                        if max(a, first) <= min(b, last)
                    ]
            for key, first, last in spans:
                if row["undated"] or (earliest <= last and latest >= first):
                    possible, certain = cells.setdefault((row["measure"], key), (set(), set()))
                    possible.add(row["thing"])
                    unlimited = not self.period and not any(lists)
                    if unlimited or (not row["undated"] and earliest >= first and latest <= last):
                        certain.add(row["thing"])
        return {cell: (len(possible), len(certain)) for cell, (possible, certain) in cells.items()}


def _folded(name: str | None) -> str:
    return "not_recorded" if not name else name.lower()
