"""Putting together what two people made of the same record."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import drafts
from tests.support.any_drafts import INCIDENTS
from tracker.registry.merging import Difference, Side, Undecided, apply, three_way
from tracker.registry.rows import pairs_of

Snapshot = dict[str, Any]


def edited(base: Snapshot, **changes: Any) -> Snapshot:
    return {name: value for name, value in (base | changes).items() if value is not None}


def all_of(side: Side, differences: list[Difference]) -> dict[str, str]:
    return {each.where: side for each in differences}


def merged(base: Snapshot, theirs: Snapshot, mine: Snapshot) -> Snapshot:
    differences = three_way(base, theirs, mine)
    assert not [each.where for each in differences if each.conflict]
    return apply(theirs, differences, {})


BASE: Snapshot = {"title": {"en": "A crew is turned away"}, "verification": "reported"}
AIDA = {"kind": "person", "person": "aida", "naming": "named", "role": "reporter"}
BAKYT = {"kind": "person", "person": "bakyt", "naming": "withheld", "role": "camera_operator"}
CREW = {"kind": "group", "description": "two crews", "count_least": 4}
ACT = {"violation": "assault", "completion": "completed", "victims": [AIDA, BAKYT]}
INCIDENT = BASE | {"acts": [ACT], "sources": [{"source": "report"}, {"source": "wire"}], "topics": ["election"]}


def with_victims(*victims: Snapshot) -> Snapshot:
    return INCIDENT | {"acts": [ACT | {"victims": list(victims)}]}


def test_what_only_one_of_us_changed_needs_no_choice() -> None:
    theirs, mine = edited(BASE, verification="confirmed"), edited(BASE, title={"en": "A crew is beaten"})
    assert merged(BASE, theirs, mine) == {"title": {"en": "A crew is beaten"}, "verification": "confirmed"}


def test_what_both_of_us_changed_is_a_conflict_until_somebody_chooses() -> None:
    theirs, mine = edited(BASE, verification="confirmed"), edited(BASE, verification=None)
    (difference,) = three_way(BASE, theirs, mine)
    assert difference == Difference(("verification",), "reported", "confirmed", None, conflict=True)
    with pytest.raises(Undecided):
        apply(theirs, [difference], {})
    assert apply(theirs, [difference], {"verification": "mine"}) == edited(BASE, verification=None)
    assert apply(theirs, [difference], {"verification": "theirs"}) == theirs


def test_the_same_change_on_both_sides_is_no_difference() -> None:
    both = edited(BASE, verification="confirmed")
    assert three_way(BASE, both, copy.deepcopy(both)) == []


def test_a_choice_can_take_back_a_change_that_nobody_disputes() -> None:
    mine = edited(BASE, verification="confirmed")
    differences = three_way(BASE, BASE, mine)
    assert apply(BASE, differences, {"verification": "theirs"}) == BASE


def test_two_languages_of_a_title_are_two_places() -> None:
    theirs, mine = edited(BASE, title={"en": "New words"}), edited(BASE, title=BASE["title"] | {"ru": "Слова"})
    assert merged(BASE, theirs, mine)["title"] == {"en": "New words", "ru": "Слова"}


def test_a_victim_that_one_added_and_another_that_the_other_changed_both_survive() -> None:
    theirs = with_victims(AIDA, BAKYT, CREW)
    mine = with_victims(AIDA | {"harm": "injured"}, BAKYT)
    assert merged(INCIDENT, theirs, mine) == with_victims(AIDA | {"harm": "injured"}, BAKYT, CREW)
    assert merged(INCIDENT, mine, theirs) == with_victims(AIDA | {"harm": "injured"}, BAKYT, CREW)


def test_rows_that_both_added_both_survive() -> None:
    editor = AIDA | {"person": "other"}
    assert merged(INCIDENT, with_victims(AIDA, BAKYT, CREW), with_victims(editor, AIDA, BAKYT)) == with_victims(
        editor, AIDA, BAKYT, CREW
    )


def test_a_row_that_both_added_alike_stands_once() -> None:
    more = with_victims(AIDA, BAKYT, CREW)
    assert merged(INCIDENT, more, edited(more, verification="confirmed"))["acts"] == more["acts"]


def test_a_removal_and_a_change_of_the_same_row_is_a_conflict() -> None:
    theirs, mine = with_victims(BAKYT), with_victims(AIDA | {"harm": "injured"}, BAKYT)
    (difference,) = three_way(INCIDENT, theirs, mine)
    assert (difference.where, difference.conflict, difference.theirs) == ("acts[0].victims[0]", True, None)


def test_a_removal_of_one_row_leaves_changes_of_the_others() -> None:
    theirs, mine = with_victims(BAKYT), with_victims(AIDA, BAKYT | {"harm": "injured"})
    assert merged(INCIDENT, theirs, mine) == with_victims(BAKYT | {"harm": "injured"})


def test_a_row_about_another_person_is_another_row() -> None:
    # Otherwise what one side learned of Aida's consent would be written down for somebody else.
    other = AIDA | {"person": "other"}
    theirs, mine = with_victims(AIDA | {"consent": {"publish_identity": "given"}}, BAKYT), with_victims(other, BAKYT)
    differences = three_way(INCIDENT, theirs, mine)
    assert [(each.where, each.conflict) for each in differences] == [
        ("acts[0].victims[0]", True),
        ("acts[0].victims[1]", False),
    ]
    taken = apply(theirs, differences, {"acts[0].victims[0]": "mine"})
    assert taken == with_victims(other, BAKYT)


def test_rows_that_were_moved_about_are_one_conflict() -> None:
    theirs, mine = with_victims(BAKYT, AIDA), with_victims(AIDA | {"harm": "injured"}, BAKYT)
    (difference,) = three_way(INCIDENT, theirs, mine)
    assert (difference.where, difference.conflict) == ("acts[0].victims", True)


def test_somebody_that_each_of_us_put_in_another_place_does_not_stand_there_twice() -> None:
    unnamed = {"kind": "person", "naming": "not_named_in_source", "role": "fixer"}
    base = with_victims(unnamed)
    theirs, mine = with_victims(unnamed | {"person": "aida", "naming": "named"}), with_victims(unnamed, AIDA)
    (difference,) = three_way(base, theirs, mine)
    assert (difference.where, difference.conflict) == ("acts[0].victims", True)


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ({"place": {"latitude": 1.0, "longitude": 2.0}}, {"place": {"latitude": 3.0, "longitude": 1.0}}),
        ({"date": {"edtf": "2020-10-06"}}, {"date": {"edtf": "2020-10-05", "part_of_day": "night"}}),
        ({"acts": [{"victims": [AIDA | {"naming": "withheld"}]}]}, {"acts": [{"victims": [AIDA | {"minor": True}]}]}),
    ],
    ids=["coordinates", "date", "naming"],
)
def test_parts_of_one_statement_that_each_of_us_changed_are_a_conflict(theirs: Snapshot, mine: Snapshot) -> None:
    base = {
        "place": {"latitude": 1.0, "longitude": 1.0},
        "date": {"edtf": "2020-10-05"},
        "acts": [{"victims": [AIDA]}],
    }
    differences = three_way(base, base | theirs, base | mine)
    assert differences
    assert all(each.conflict for each in differences)


def test_codes_and_keys_that_both_added_are_all_kept() -> None:
    base = INCIDENT | {"covering": ["protest"]}
    theirs, mine = base | {"covering": ["protest", "elections"]}, base | {"covering": []}
    assert merged(base, theirs, edited(mine, covering=None))["covering"] == ["elections"]


def test_a_list_that_neither_had_before_takes_the_rows_of_both() -> None:
    theirs, mine = BASE | {"topics": ["election"]}, BASE | {"topics": ["war"]}
    assert merged(BASE, theirs, mine)["topics"] == ["election", "war"]


def test_an_inserted_row_is_told_from_a_changed_one() -> None:
    assert pairs_of([AIDA, BAKYT], [AIDA, CREW, BAKYT]) == {0: 0, 1: 2}
    assert pairs_of([CREW, BAKYT], [AIDA, CREW | {"count_least": 5}, BAKYT]) == {0: 1, 1: 2}


def _leaf_edit(snapshot: Any, chance: random.Random) -> Any:
    """The same record with something changed, removed, added, doubled or moved."""
    if isinstance(snapshot, dict):
        names = list(snapshot)
        if not names or chance.random() < 0.15:
            return snapshot | {"method": chance.choice(["beating", "shooting"])}
        name = chance.choice(names)
        if chance.random() < 0.15:
            return {key: value for key, value in snapshot.items() if key != name}
        return snapshot | {name: _leaf_edit(snapshot[name], chance)}
    if isinstance(snapshot, list):
        return _list_edit(snapshot, chance)
    return f"{chance.choice('abc')}"


def _list_edit(rows: list[Any], chance: random.Random) -> list[Any]:
    rows, place = list(rows), chance.randrange(len(rows)) if rows else 0
    what = chance.choice(["change", "remove", "add", "copy", "move"])
    if rows and what == "change":
        rows[place] = _leaf_edit(rows[place], chance)
    elif rows and what == "remove":
        del rows[place]
    elif rows and what == "copy":
        rows.insert(place, rows[place])
    elif rows and what == "move":
        rows.append(rows.pop(place))
    else:
        rows.insert(place, {"kind": chance.choice(["group", "class"]), "person": chance.choice(["x", "y"])})
    return rows


def _without_silence(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_silence(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part not in (None, {}, [])}
    return [_without_silence(part) for part in value] if isinstance(value, list) else value


def _made_of(base: Snapshot, edits: int, chance: random.Random) -> Snapshot:
    made = base
    for _ in range(edits):
        made = _leaf_edit(made, chance)
    found: Snapshot = _without_silence(made)
    return found


@given(INCIDENTS, st.integers(0, 4), st.integers(0, 4), st.randoms(use_true_random=False))
def test_any_two_edits_of_any_record_can_be_put_together(
    raw: Any, my_edits: int, their_edits: int, chance: random.Random
) -> None:
    base = _without_silence(raw)
    theirs, mine = _made_of(base, their_edits, chance), _made_of(base, my_edits, chance)
    before = copy.deepcopy((base, theirs, mine))
    differences = three_way(base, theirs, mine)
    assert apply(theirs, differences, all_of(Side.THEIRS, differences)) == theirs
    assert apply(theirs, differences, all_of(Side.MINE, differences)) == mine
    assert bool(differences) == (theirs != mine)
    if not any(each.conflict for each in differences):
        both = apply(theirs, differences, {})
        assert _contents(theirs) - _contents(base) <= _contents(both)
        assert _contents(mine) - _contents(base) <= _contents(both)
    assert (base, theirs, mine) == before


def _contents(value: Any, path: tuple[str, ...] = ()) -> set[Any]:
    """What a record says, apart from where in its lists it says it."""
    if isinstance(value, dict):
        return {found for name, part in value.items() for found in _contents(part, (*path, name))}
    if isinstance(value, list):
        return {found for part in value for found in _contents(part, path)}
    return {(path, value)}


@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_what_only_one_side_edited_is_taken_as_it_is(chance: random.Random, edits: int) -> None:
    base = _without_silence(drafts.rich())
    mine = _made_of(base, edits, chance)
    assert merged(base, base, mine) == mine
    assert merged(base, mine, base) == mine
