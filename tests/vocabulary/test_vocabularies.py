"""What must hold of every vocabulary, so that it can be stored, filtered by and printed."""

import pickle
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError

import tracker.vocabulary
from tracker.vocabulary import (
    COUNTED_ROLES,
    NOT_RECORDED,
    UNKNOWN,
    VOCABULARIES,
    Credibility,
    InvolvementRole,
    KillingKind,
    Licence,
    PerpetratorSide,
    PerpetratorType,
    PlacePrecision,
    Violation,
    Vocabulary,
)

EVERY = pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES.keys())


def every_member() -> Iterator[Vocabulary]:
    for vocabulary in VOCABULARIES.values():
        yield from vocabulary


@EVERY
def test_each_code_is_lower_case_and_given_once(vocabulary: type[Vocabulary]) -> None:
    codes = vocabulary.codes()
    assert len(set(codes)) == len(codes) == len(vocabulary.__members__)
    for code in codes:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", code)


@EVERY
def test_each_member_is_named_by_its_code_unless_the_code_is_a_number(vocabulary: type[Vocabulary]) -> None:
    for member in vocabulary:
        assert member.name.lower() == member.value or member.value.isdecimal()


@EVERY
def test_each_member_equals_its_code_and_is_found_by_it(vocabulary: type[Vocabulary]) -> None:
    for member in vocabulary:
        assert member == member.value == str(member) == f"{member}"
        assert vocabulary(member.value) is member
        assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301


@EVERY
def test_each_definition_is_one_sentence_that_differs_from_the_others(vocabulary: type[Vocabulary]) -> None:
    definitions = [member.definition for member in vocabulary]
    assert len(set(definitions)) == len(definitions)
    for definition in definitions:
        assert definition[0].isupper()
        assert definition.endswith(".")
        assert not re.search(r"[.!?] ", definition)
        assert "  " not in definition


@EVERY
def test_each_label_is_short_and_differs_from_the_others(vocabulary: type[Vocabulary]) -> None:
    labels = [member.label for member in vocabulary]
    assert len(set(labels)) == len(labels)
    for label in labels:
        assert label[0].isupper() or label[0].isdecimal()
        assert len(label) <= 60
        assert not label.endswith(".")


@EVERY
def test_each_vocabulary_introduces_itself_in_its_own_words(vocabulary: type[Vocabulary]) -> None:
    assert vocabulary.__doc__ != Vocabulary.__doc__
    introduction = vocabulary.introduction()
    assert introduction.endswith(".")
    assert not re.search(r"`|  |[^\n]\n[^\n]", introduction)


@EVERY
def test_no_code_can_be_taken_for_silence(vocabulary: type[Vocabulary]) -> None:
    assert NOT_RECORDED not in vocabulary.codes()


def test_whatever_is_unknown_is_unknown_because_a_source_says_so() -> None:
    for member in every_member():
        if member.value == UNKNOWN:
            assert re.search("source says|could not be asked", member.definition), member


def test_every_vocabulary_of_the_package_is_registered() -> None:
    exported = {
        value
        for value in vars(tracker.vocabulary).values()
        if isinstance(value, type) and issubclass(value, Vocabulary) and value is not Vocabulary
    }
    assert set(VOCABULARIES.values()) == exported
    assert len(VOCABULARIES) == len(exported)


def test_everything_public_can_be_imported_from_the_package() -> None:
    for name in tracker.vocabulary.__all__:
        assert hasattr(tracker.vocabulary, name)


def test_a_member_is_a_plain_word_in_json_and_is_read_back_by_pydantic() -> None:
    class Act(BaseModel):
        violation: Violation

    act = Act.model_validate({"violation": "search_seizure"})
    assert act.violation is Violation.SEARCH_SEIZURE
    assert act.model_dump_json() == '{"violation":"search_seizure"}'
    with pytest.raises(ValidationError, match="'killing'"):
        Act.model_validate({"violation": "Killing"})


def test_the_violations_are_those_of_the_design() -> None:
    expected = """
        killing enforced_disappearance abduction torture assault sexual_violence death_threat threat
        harassment_offline harassment_online political_smear arrest_detention criminal_charge conviction civil_suit
        interrogation subpoena_source_order surveillance_spyware search_seizure equipment_robbery property_damage
        premises_attack cyberattack access_denial reporting_obstruction editorial_coercion border_refusal
        censorship_order network_disruption licence_closure_regulatory economic_pressure restrictive_law
        impunity_failure other
    """
    assert Violation.codes() == tuple(expected.split())


def test_the_kinds_of_killing_are_those_of_cpj_and_undetermined() -> None:
    assert KillingKind.codes() == ("murder", "crossfire", "dangerous_assignment", "undetermined")


def test_every_perpetrator_type_has_a_side_and_only_the_unknown_has_none_known() -> None:
    sides = {kind.value: kind.side for kind in PerpetratorType}
    assert sides["police"] is PerpetratorSide.STATE
    assert sides["paramilitary_proxy"] is PerpetratorSide.STATE
    assert sides["legislator_party"] is PerpetratorSide.STATE
    assert sides["political_supporters"] is PerpetratorSide.NON_STATE
    assert sides["volunteer_patrol"] is PerpetratorSide.NON_STATE
    assert [code for code, side in sides.items() if side is PerpetratorSide.UNKNOWN] == ["unknown"]


def test_those_who_stood_by_or_helped_are_not_counted_as_perpetrators() -> None:
    assert set(InvolvementRole) - COUNTED_ROLES == {
        InvolvementRole.PRESENT_DID_NOT_INTERVENE,
        InvolvementRole.HELPED_VICTIM,
    }


def test_a_place_may_be_published_only_as_exactly_as_it_is_recorded_or_less() -> None:
    assert PlacePrecision.LOCALITY.coarser_or_equal(PlacePrecision.SITE)
    assert PlacePrecision.LOCALITY.coarser_or_equal(PlacePrecision.LOCALITY)
    assert not PlacePrecision.SITE.coarser_or_equal(PlacePrecision.LOCALITY)
    assert all(PlacePrecision.UNKNOWN.coarser_or_equal(precision) for precision in PlacePrecision)


def test_credibility_is_stored_as_a_number_and_has_a_word_for_a_name() -> None:
    assert Credibility.codes() == ("1", "2", "3", "4", "5", "6")
    assert Credibility("1") is Credibility.CONFIRMED


def test_every_licence_has_a_name_and_an_address() -> None:
    for licence in Licence:
        assert licence.name_ == licence.label
        assert licence.url.startswith("https://creativecommons.org/")
