"""The crosswalks: that no code is left out, that no rule leads nowhere by mistake, and that doubt is never hidden."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tracker.vocabulary import NOT_RECORDED, Certainty, PerpetratorType, Relation, Violation
from tracker.vocabulary.crosswalks import FIELDS, SCHEMES, Listing, Scheme

CODES: dict[str, Any] = {"violation": Violation, "perpetrator": PerpetratorType}
SILENT = dict.fromkeys(FIELDS, NOT_RECORDED)

LISTINGS = {f"{scheme.code} {one.column}": one for scheme in SCHEMES.values() for one in (scheme.acts, scheme.actors)}
EVERY = pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS.keys())


def a_case(**given: str) -> dict[str, str]:
    return SILENT | {name: str(code) for name, code in given.items()}


def cases(listing: Listing, code: str) -> Iterator[dict[str, str]]:
    """Every case of a code that its rules can tell apart, with one code more that none of them names."""
    seen: dict[str, set[str]] = {}
    for condition in (one for rule in (*listing.first, *listing.rules[code]) for one in rule.conditions):
        seen.setdefault(condition.name, {NOT_RECORDED, "?"}).update(condition.codes)
    seen.pop(listing.column, None)
    for codes in product(*seen.values()):
        yield SILENT | {listing.column: code} | dict(zip(seen, codes, strict=True))


@EVERY
def test_every_code_of_ours_is_mapped_and_every_case_of_it_answered(listing: Listing) -> None:
    assert set(listing.rules) == set(CODES[listing.column])
    for code, rules in listing.rules.items():
        assert [rule.conditions == () for rule in rules] == [False] * (len(rules) - 1) + [True]
        for case in cases(listing, code):
            assert listing.rule_of(case) is not None
    assert listing.rule_of(SILENT) is None
    assert listing.reached(SILENT) == {}


@EVERY
def test_rules_name_only_what_there_is(listing: Listing) -> None:
    codes = [one.code for one in listing.classes]
    assert len(set(codes)) == len(codes)
    for place, one in enumerate(listing.classes):
        assert one.parent is None or one.parent in codes[:place]
        assert one.label
        assert (one.origin.url is not None) or one.origin.certainty is Certainty.UNCONFIRMED
    for rule in (*listing.first, *(rule for rules in listing.rules.values() for rule in rules)):
        assert {match.target for match in rule.matches} <= set(codes)
        assert all(match.relation is not Relation.NONE for match in rule.matches)
        for condition in rule.conditions:
            assert condition.codes
            assert set(condition.codes) <= {*FIELDS[condition.name].codes(), NOT_RECORDED}


@EVERY
def test_every_class_is_reached_by_something_unless_ours_has_no_like(listing: Listing) -> None:
    reached = {code for own in listing.rules for case in cases(listing, own) for code in listing.reached(case)}
    unlike = {"legal.state_outlets", "legal.bribery"}
    assert {one.code for one in listing.classes} - reached <= unlike


@EVERY
def test_a_class_is_exact_for_one_of_our_codes_at_most(listing: Listing) -> None:
    exact: dict[str, set[str]] = {}
    for own, rules in listing.rules.items():
        for match in (match for rule in rules for match in rule.matches if match.relation is Relation.EXACT):
            exact.setdefault(match.target, set()).add(own)
    assert all(len(codes) == 1 for codes in exact.values()), exact


@EVERY
def test_what_only_some_of_ours_belong_to_says_what_has_to_be_judged(listing: Listing) -> None:
    for rules in listing.rules.values():
        for rule in rules:
            if not rule.matches:
                assert rule.note or listing.note
            elif any(match.relation is Relation.NARROWER for match in rule.matches):
                assert rule.note


@EVERY
def test_a_rule_is_no_surer_than_what_it_rests_on(listing: Listing) -> None:
    for rules in listing.rules.values():
        for rule in rules:
            doubts = [listing.by_code[match.target].origin.certainty.doubt for match in rule.matches]
            doubts += [rule.origin.certainty.doubt] if rule.origin else []
            assert listing.certainty(rule).doubt >= max(doubts, default=0)
            assert listing.origins(rule)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_a_scheme_says_whose_it_is_and_why_our_counts_are_not_theirs(scheme: Scheme) -> None:
    assert scheme.name
    assert scheme.keeper
    assert scheme.url.startswith("https://")
    assert scheme.about.endswith(".")
    assert scheme.caution.endswith(".")


def test_a_detention_is_a_candidate_case_only_by_the_judgement_that_it_was_arbitrary() -> None:
    reached = SCHEMES["sdg"].acts.reached
    held = a_case(violation="arrest_detention", completion="completed", kind="person")
    assert reached(held | {"arbitrary": "arbitrary"}) == {"arbitrary_detention": Relation.EXACT}
    assert reached(held | {"arbitrary": "not_arbitrary"}) == {}
    assert reached(held) == {"arbitrary_detention": Relation.NARROWER}
    assert reached(held | {"arbitrary": "arbitrary", "completion": "attempted"}) == {
        "other_harmful_acts": Relation.NARROWER
    }


def test_the_state_decides_between_disappearance_and_kidnapping() -> None:
    reached = SCHEMES["sdg"].acts.reached
    taken = a_case(violation="abduction", completion="completed", kind="person")
    assert reached(taken | {"side": "non_state"}) == {"kidnapping": Relation.EXACT}
    assert reached(taken) == {"kidnapping": Relation.NARROWER}
    assert set(reached(taken | {"side": "state"})) == {"kidnapping", "enforced_disappearance"}
    gone = taken | {"violation": "enforced_disappearance"}
    assert reached(gone | {"side": "state"}) == {"enforced_disappearance": Relation.EXACT}
    assert set(reached(gone | {"side": "non_state"}).values()) == {Relation.NARROWER}


@pytest.mark.parametrize("victim", [{"kind": "outlet"}, {"kind": "public"}, {"role": "family_member"}])
def test_the_indicator_counts_journalists_and_no_outlets(victim: dict[str, str]) -> None:
    reached = SCHEMES["sdg"].acts.reached
    killed = a_case(violation="killing", completion="completed", killing_kind="murder", kind="person")
    assert reached(killed) == {"killing": Relation.EXACT}
    assert reached(killed | victim) == {}


def test_what_belongs_to_a_class_belongs_to_the_class_above_it() -> None:
    mmf, huridocs = SCHEMES["mmf"].acts, SCHEMES["huridocs"].acts
    hurt = a_case(violation="assault", completion="completed", harm="injured")
    assert mmf.reached(hurt) == {"physical.injured": Relation.BROADER, "physical": Relation.BROADER}
    assert huridocs.reached(a_case(violation="death_threat")) == {
        "02010302": Relation.EXACT,
        "020103": Relation.BROADER,
        "0201": Relation.BROADER,
        "02": Relation.BROADER,
    }
    # What may belong to a class may belong to the one above it, and no more can be said.
    assert huridocs.reached(a_case(violation="restrictive_law")) == {
        "1021": Relation.NARROWER,
        "10": Relation.NARROWER,
    }


@pytest.mark.parametrize("scheme", ["mmf", "pft", "huridocs", "sdg", "cpj"])
def test_what_was_only_threatened_is_nowhere_counted_as_done(scheme: str) -> None:
    listing = SCHEMES[scheme].acts
    for code in ("assault", "arrest_detention", "property_damage", "killing", "abduction"):
        warned = listing.reached(a_case(violation=code, completion="threatened", kind="person"))
        done = listing.reached(a_case(violation=code, completion="completed", kind="person"))
        deeds = {one for one in done if not one.startswith(("verbal", "other", "02"))}
        assert not deeds & set(warned), code


def test_how_far_an_act_went_is_not_guessed() -> None:
    for scheme, expected in (("mmf", "physical"), ("pft", "assault")):
        reached = SCHEMES[scheme].acts.reached
        assert reached(a_case(violation="assault", completion="completed"))[expected] is Relation.BROADER
        assert reached(a_case(violation="assault"))[expected] is Relation.NARROWER


def test_suspects_are_named_by_cpj_in_cases_of_murder_only() -> None:
    reached = SCHEMES["cpj"].actors.reached
    case = a_case(violation="killing", killing_kind="murder", perpetrator="military", kind="person")
    assert reached(case) == {"military_officials": Relation.BROADER}
    assert reached(case | {"killing_kind": "crossfire"}) == {}
    assert reached(case | {"violation": "assault", "killing_kind": NOT_RECORDED}) == {}
