"""Sources that are confidential now: they go from every topic, and from all versions of every record."""

import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from tracker.dataset import past, store
from tracker.dataset.fields import Kind
from tracker.publication.faces import ever_told, tells, without_sources
from tracker.publication.gate import Gate
from tracker.registry.models import Source


def forget_sources(session: Session, gate: Gate, sources: Sequence[Source]) -> None:
    """Have no topic name those sources that are confidential now any more, and no earlier version of any record.

    What names them is looked for in what is public: what was saved since may name them no more, and goes on waiting.
    """
    told = [each for source in sources if source.confidential for each in ever_told(session, source)]
    if not told:
        return
    found: dict[Kind, set[str]] = {Kind.TOPIC: set(), Kind.INCIDENT: set()}
    for version in past.quoting(session, (each["url"] or each["title"] or each["publisher"] for each in told)):
        if version.kind in found and tells(json.loads(version.json), told):
            found[version.kind].add(version.record_id)
    for kind, ids in found.items():
        for current in store.current_many(session, kind, sorted(ids)).values():
            record = current.record
            if kind is Kind.TOPIC:
                gate.keep_back(kind, current, without_sources(record, told))
            elif not tells(record, told):
                gate.keep_back(kind, current, record)
