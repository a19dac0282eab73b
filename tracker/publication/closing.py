"""Making sources confidential, and what follows: they go from every topic, and from all versions of every record."""

import json
from collections.abc import Sequence

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from tracker.dataset import past, store
from tracker.dataset.fields import Kind
from tracker.publication.faces import ever_told, tells, without_sources
from tracker.publication.gate import Gate
from tracker.registry import operations
from tracker.registry.mapping import draft_of
from tracker.registry.models import Source

# By these readers tell one source from another.
IDENTITY = ("publisher", "title", "url")


def with_twins(session: Session, sources: Sequence[Source]) -> list[Source]:
    """These sources, and the open ones that readers could never tell from them: the same was recorded twice."""
    told = [each for source in sources for each in ever_told(session, source)]
    known_as = {identity for each in told if any(identity := tuple(each[name] for name in IDENTITY))}
    alike = (
        and_(*(getattr(Source, name).is_not_distinct_from(value) for name, value in zip(IDENTITY, each, strict=True)))
        for each in known_as
    )
    twins = select(Source).where(~Source.confidential, Source.merged_into.is_(None), or_(false(), *alike))
    return list(dict.fromkeys([*sources, *session.scalars(twins.order_by(Source.id))]))


def close(session: Session, source: Source, *, by: str, why: str | None) -> None:
    """Make a source confidential."""
    draft = draft_of(source).model_copy(update={"confidential": True})
    operations.amend(session, source, draft, by=by, why=why, action="restrict")


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
