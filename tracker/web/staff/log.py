"""The log of the desk, for administrators: filtered, page by page, as a file, and whether its chain holds."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Response, request, stream_with_context

from tracker.registry import audit
from tracker.registry.accounts.people import staff_names
from tracker.registry.audit import Wanted
from tracker.registry.permissions import may
from tracker.text import guard
from tracker.vocabulary.staff import Action, AuditEvent
from tracker.web.staff.context import database, me, page, reading
from tracker.web.staff.routing import Route
from tracker.web.translation import gettext, gettext_noop

AT_ONCE = 100
# Up to so many entries the chain is checked with each look at the log; a longer one when somebody asks.
CHECKED_ALWAYS = 20_000
COLUMNS = (
    "number",
    "at",
    "actor",
    "event",
    "outcome",
    "object_kind",
    "object_id",
    "detail",
    "previous",
    "digest",
)

# Where the page of a record is, by its kind: the endpoint, how the address calls the id, and the right that it needs.
PAGES: Mapping[str, tuple[str, str, Action]] = {
    "incident": ("staff.incident", "incident_id", Action.READ),
    "outlet": ("staff.outlet", "record_id", Action.READ_REFERENCES),
    "person": ("staff.person", "record_id", Action.READ_REFERENCES),
    "source": ("staff.source", "record_id", Action.READ_REFERENCES),
    "topic": ("staff.topic", "record_id", Action.READ_REFERENCES),
    "staff": ("staff.account", "staff_id", Action.ACCOUNTS),
}

# What records and accounts are called in the log; whatever else an entry is about is shown as it is written down.
KINDS: Mapping[str, str] = {
    "incident": gettext_noop("Incident"),
    "outlet": gettext_noop("Outlet"),
    "person": gettext_noop("Person"),
    "source": gettext_noop("Source"),
    "topic": gettext_noop("Topic"),
    "site": gettext_noop("Settings"),
    "staff": gettext_noop("Account"),
    "invitation": gettext_noop("Link"),
}

Problems = list[tuple[str, str]]


def log() -> str | tuple[str, int]:
    """The log, the last entry first."""
    wanted, problems = _asked()
    before = _number(request.args.get("before", ""))
    with reading() as session:
        found = [] if problems else list(audit.entries(session, wanted, before, AT_ONCE + 1))
        names = staff_names(session)
        head = audit.head_of(session)
        checked = head.number <= CHECKED_ALWAYS or request.args.get("check") == "yes"
        broken = audit.broken_at(session) if checked else None
    shown = page(
        "staff/log.html",
        wanted=wanted,
        given=request.args,
        problems=problems,
        problem_of=dict(problems),
        entries=found[:AT_ONCE],
        older=found[AT_ONCE - 1].number if len(found) > AT_ONCE else None,
        asked=_as_query(wanted),
        names=names,
        events=[(event.value, gettext(event.label)) for event in AuditEvent],
        people=sorted(names.items(), key=lambda pair: pair[1].casefold()),
        head=head,
        checked=checked,
        broken=broken,
        kind_words=_kind_words,
        page_of=_page_of,
        detail_of=_detail_of,
    )
    return (shown, 400) if problems else shown


def export(form: str) -> Response | tuple[str, int]:
    """The entries that are asked for as a file, with all that is needed to check the chain without this program."""
    wanted, problems = _asked()
    if problems:
        return log()  # type: ignore[return-value]
    write, kind = FORMS[form]
    # The pieces are made while the answer is under way, each batch in a short transaction of its own.
    answer = Response(stream_with_context(write(_batches(wanted))), mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="log.{form}"'
    return answer


def _batches(wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
    before: int | None = None
    while True:
        with database().read() as session:
            found = audit.entries(session, wanted, before, audit.AT_ONCE)
        if not found:
            return
        yield [{name: getattr(entry, name) for name in COLUMNS} for entry in found]
        before = found[-1].number


def _as_csv(batches: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    for batch in batches:
        written = io.StringIO()
        writer = csv.writer(written)
        for row in batch:
            texts = row | {"at": row["at"].isoformat(), "detail": json.dumps(row["detail"], ensure_ascii=False)}
            writer.writerow([guard(v) if isinstance(v := texts[name], str) else v for name in COLUMNS])
        yield written.getvalue()


def _as_json(batches: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    separator = "["
    for batch in batches:
        for row in batch:
            yield separator + json.dumps(row | {"at": row["at"].isoformat()}, ensure_ascii=False)
            separator = ",\n"
    yield "]\n" if separator != "[" else "[]\n"


FORMS: Mapping[str, tuple[Callable[[Iterator[list[dict[str, Any]]]], Iterator[str]], str]] = {
    "csv": (_as_csv, "text/csv"),
    "json": (_as_json, "application/json"),
}


def _asked() -> tuple[Wanted, Problems]:
    """What is asked for in the address, and what of that cannot be used."""
    given = {name: request.args.get(name, "").strip() for name in ("event", "actor", "object_id", "since", "until")}
    problems: Problems = []
    days: dict[str, date | None] = {}
    if given["event"] and given["event"] not in AuditEvent.codes():
        allowed = ", ".join(gettext(event.label) for event in AuditEvent)
        problems.append(("event", gettext("There is no such event. Allowed: %(allowed)s", allowed=allowed)))
    for name in ("actor", "object_id"):
        if not (given[name].isascii() and given[name].isprintable() and len(given[name]) <= 200):
            problems.append((name, gettext("This names nobody and nothing.")))
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            problems.append((name, gettext("This is not a day. Allowed: such as 2020-10-05")))
    since, until = days.get("since"), days.get("until")
    if since and until and since > until:
        problems.append(("until", gettext("The period ends before it begins.")))
    return Wanted(given["event"] or None, given["actor"] or None, given["object_id"] or None, since, until), problems


def _as_query(wanted: Wanted) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(wanted).items() if value is not None}


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else None


def _kind_words(kind: str | None) -> str:
    """What an entry is about, in words."""
    return gettext(KINDS.get(kind or "", kind or ""))


def _page_of(kind: str | None) -> tuple[str, str] | None:
    """The endpoint of the page of records of a kind and the name of its value, for those who may open it."""
    found = PAGES.get(kind or "")
    return found[:2] if found is not None and may(me(), found[2]) else None


def _detail_of(detail: Mapping[str, Any]) -> str:
    """The particulars of an entry on one line; they are codes, and shown as such."""
    parts = ((name, ", ".join(map(str, value)) if isinstance(value, list) else value) for name, value in detail.items())
    return "; ".join(f"{name}: {value}" for name, value in parts)


ROUTES = [
    Route("/audit", "audit", log, Action.AUDIT),
    Route("/audit.csv", "audit_csv", lambda: export("csv"), Action.AUDIT),
    Route("/audit.json", "audit_json", lambda: export("json"), Action.AUDIT),
]
