"""Looking records up by their names while typing: in any script, and from any of their words on.

The keys were written with the records (`name_keys`), so that looking up is one range of an index on either database.
Records that were merged lead to the one that was kept.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.orm import Session, aliased

from tracker import text
from tracker.registry.mapping import KINDS
from tracker.registry.models import NameKey
from tracker.registry.name_keys import (
    AT_ONCE,
    LONGEST_KEY,
    LONGEST_TYPED,
    LONGEST_WHOLE,
    address_key,
    keys_of,
    latin,
    reindex,
    reindex_many,
)
from tracker.registry.suggestions import CONFIDENTIAL, Suggestion, described, withheld

__all__ = [
    "CONFIDENTIAL",
    "KIND_OF_WORD",
    "Only",
    "Suggestion",
    "exact",
    "near",
    "reindex",
    "reindex_many",
    "suggest",
    "withheld",
]

Only = Callable[[Session, Sequence[str]], Mapping[str, Sequence[str] | None]]
"""Of some record ids, those that may be offered to whoever asks, each with the spellings by which they may find it.

None stands for every spelling. What is found by another one is not offered: that would confirm a private spelling.
"""

Fits = Callable[[Sequence[str]], bool]
"""Whether a record would be found by one of these spellings alone."""

KIND_OF_WORD = {
    "outlets": "outlet",
    "people": "person",
    "sources": "source",
    "topics": "topic",
    "incidents": "incident",
}
"""The kinds of record that can be looked up, by the word in the address."""

SHORTEST_TYPED = 2
# How many keys are looked through at most, so that an answer is quick whatever is asked.
LOOKED_THROUGH = 1_000
# Whether something may be offered takes longer to find out than its name.
JUDGED_AT_ONCE, JUDGED = 24, 144
# How like each other two names are that may be the same (rapidfuzz, 0 to 100).
NEAR = 84
BEGINNING = 4
COMPARED = 200


def suggest(session: Session, kind: str, typed: str, limit: int = 8, only: Only | None = None) -> list[Suggestion]:
    """The records of a kind whose names begin, or have words that begin, with what was typed; the nearest first.

    Nothing is found for fewer than two letters. Raises KeyError for a kind that is not in `KIND_OF_WORD`.
    """
    kind = KIND_OF_WORD.get(kind, kind)
    keys = keys_of(typed[:LONGEST_TYPED])
    if not keys or len(keys[0].replace(" ", "")) < SHORTEST_TYPED:
        return []
    if kind == "source" and "." in typed:
        keys.append(address_key(typed[:LONGEST_TYPED]))
    keys = [key for key in dict.fromkeys(key[: LONGEST_KEY.get(kind, LONGEST_TYPED)] for key in keys) if key]
    # Where everything may be offered, the first few are enough.
    most = LOOKED_THROUGH if only else limit * 4
    fits = partial(_begun_by, keys)
    found = _allowed(session, kind, _beginning_with(session, kind, keys, most), limit, only, fits)
    if len(found) < limit and any(" " in key for key in keys):
        more = _allowed(session, kind, _with_all_words(session, kind, keys), limit, only, fits)
        found = list(dict.fromkeys([*found, *more]))[:limit]
    # Nobody is told of another spelling that fits, where only one of them is open to them.
    return described(session, kind, found, keys if kind != "person" or only is None else [], warned=only is None)


def near(
    session: Session, kind: str, name: str, *, limit: int = 5, only: Only | None = None, but_not: str | None = None
) -> list[Suggestion]:
    """The records whose names are so like this one that they may be the same, the likest first.

    `but_not` leaves out the record of that id, and those that were merged into it.
    """
    # Loaded where it is needed: most processes answer readers alone, and it takes some megabytes of each.
    from rapidfuzz import fuzz

    kind = KIND_OF_WORD.get(kind, kind)
    wanted = latin(name[:LONGEST_WHOLE])
    if not wanted:
        return []
    scores: dict[str, float] = {}
    candidates = _candidates(session, kind, wanted)
    for start in range(0, len(candidates), AT_ONCE):
        ids = candidates[start : start + AT_ONCE]
        rows = select(NameKey.entity_id, NameKey.words).where(NameKey.entity_id.in_(ids), NameKey.whole)
        for entity_id, words in session.execute(rows):
            # Whatever its script, a name has one key in Latin letters.
            score = fuzz.token_sort_ratio(wanted, words, score_cutoff=NEAR) if words.isascii() else 0
            scores[entity_id] = max(scores.get(entity_id, 0), score)
    likest = sorted((entity_id for entity_id, score in scores.items() if score), key=lambda i: (-scores[i], i))

    def fits(spelled: Sequence[str]) -> bool:
        return any(fuzz.token_sort_ratio(wanted, latin(each[:LONGEST_WHOLE])) >= NEAR for each in spelled)

    kept = _allowed(session, kind, likest, limit + 1, only, fits)
    return described(
        session, kind, [entity_id for entity_id in kept if entity_id != but_not][:limit], [], warned=only is None
    )


def exact(session: Session, kind: str, name: str, *, only: Only | None = None) -> list[Suggestion]:
    """The records that have this very name, case, accents and punctuation aside; of a source, its address too."""
    kind = KIND_OF_WORD.get(kind, kind)
    keys = [text.fold(name)[:LONGEST_WHOLE], *([address_key(name)] if kind == "source" else [])]
    wanted = (
        select(NameKey.entity_id)
        .where(NameKey.entity_kind == kind, NameKey.words.in_([key for key in keys if key]), NameKey.whole)
        .distinct()
        .limit(AT_ONCE)
    )

    def fits(spelled: Sequence[str]) -> bool:
        return any(text.fold(each)[:LONGEST_WHOLE] == keys[0] for each in spelled)

    kept = _allowed(session, kind, session.scalars(wanted).all(), AT_ONCE, only, fits)
    return described(session, kind, kept, [], warned=only is None)


def _begun_by(keys: Sequence[str], spelled: Sequence[str]) -> bool:
    """Whether one of these spellings has, for each word of a key, a word that begins so."""
    for own in (key.split() for each in spelled for key in keys_of(each)):
        if any(all(any(word.startswith(typed) for word in own) for typed in key.split()) for key in keys):
            return True
    return False


def _begins(column: Any, key: str) -> ColumnElement[bool]:
    """A range of the index, which a pattern would be only under some collations."""
    return cast(ColumnElement[bool], (column >= key) & (column < key + "\U0010ffff"))


def _beginning_with(session: Session, kind: str, keys: Sequence[str], most: int) -> list[str]:
    """The ids of the records that have a key that begins so; those whose whole name does come first."""
    rows: list[Row[str, str, bool]] = []
    for key in keys:
        wanted = select(NameKey.entity_id, NameKey.words, NameKey.whole).where(
            NameKey.entity_kind == kind, _begins(NameKey.words, key)
        )
        rows += session.execute(wanted.order_by(NameKey.words, NameKey.id).limit(most)).all()
    rows.sort(key=lambda row: (row.words not in keys, not row.whole, row.words))
    return list(dict.fromkeys(row.entity_id for row in rows))


def _with_all_words(session: Session, kind: str, keys: Sequence[str]) -> list[str]:
    """The ids of the records that have, for each word typed, a word that begins so, in any order."""
    found: list[str] = []
    for key in keys:
        first, *others = sorted(set(key.split()), key=lambda word: (-len(word), word))
        some = (
            select(NameKey.entity_id, NameKey.words)
            .where(NameKey.entity_kind == kind, _begins(NameKey.words, first))
            .order_by(NameKey.words)
            .limit(LOOKED_THROUGH)
            .subquery()
        )
        wanted: Select[tuple[str]] = select(some.c.entity_id).order_by(some.c.words)
        for word in others:
            other = aliased(NameKey)
            has_word = exists().where(other.entity_id == some.c.entity_id, _begins(other.words, word))
            wanted = wanted.where(has_word)
        found += session.scalars(wanted)
    return list(dict.fromkeys(found))


def _candidates(session: Session, kind: str, wanted: str) -> list[str]:
    """The ids of the records that share the beginnings of two words with this name, or most of its longest word."""
    words = sorted(set(wanted.split()), key=lambda word: (-len(word), word))
    tried = [(words[0][:BEGINNING], words[1][:BEGINNING])] if len(words) > 1 else []
    tried.append((words[0][: max(BEGINNING, len(words[0]) - 2)], ""))
    found: dict[str, None] = {}
    for first, second in tried:
        begins = select(NameKey.entity_id).where(NameKey.entity_kind == kind, _begins(NameKey.words, first))
        some = begins.limit(LOOKED_THROUGH).subquery()
        rows = select(some.c.entity_id)
        if second:
            other = aliased(NameKey)
            rows = rows.where(exists().where(other.entity_id == some.c.entity_id, _begins(other.words, second)))
        found.update(dict.fromkeys(session.scalars(rows.limit(COMPARED))))
    return list(found)


def _allowed(session: Session, kind: str, ids: Sequence[str], limit: int, only: Only | None, fits: Fits) -> list[str]:
    """The first of these records that may be offered; the kept one in place of one that was merged."""
    found: dict[str, None] = {}
    at_once = JUDGED_AT_ONCE if only else AT_ONCE
    for start in range(0, min(len(ids), JUDGED) if only else len(ids), at_once):
        chunk = _kept(session, kind, ids[start : start + at_once])
        by_what = only(session, chunk) if only else dict.fromkeys(chunk)
        offered = (i for i in chunk if i in by_what and ((spelled := by_what[i]) is None or fits(spelled)))
        found.update(dict.fromkeys(offered))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _kept(session: Session, kind: str, ids: Sequence[str]) -> list[str]:
    """These ids, with those of merged records replaced by the ones that were kept."""
    table = KINDS[kind][1]
    if not hasattr(table, "merged_into"):
        return list(ids)
    into: dict[str, str] = {}
    asked = set(ids)
    while asked:
        rows = select(table.id, table.merged_into).where(table.id.in_(asked), table.merged_into.is_not(None))
        new = {row.id: row.merged_into for row in session.execute(rows) if row.id not in into}
        into |= new
        asked = set(new.values())
    kept = []
    for entity_id in ids:
        while entity_id in into:
            entity_id = into[entity_id]
        kept.append(entity_id)
    return list(dict.fromkeys(kept))
