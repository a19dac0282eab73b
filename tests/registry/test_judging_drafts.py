"""What an incident may not say: each rule of meaning, with the place and the words that explain it."""

from typing import Any

import pytest

from tests.support.drafts import KNOWN, Raw, draft, minimal, rich, said_of, victim, where, with_victims
from tracker.registry.drafts import (
    Draft,
    IncidentDraft,
    OutletDraft,
    PersonDraft,
    SiteDraft,
    SourceDraft,
    TopicDraft,
    prune_missing,
    read,
)


@pytest.mark.parametrize("name", ["date", "place", "sources", "acts"])
def test_date_place_source_and_act_are_needed(name: str) -> None:
    raw = minimal()
    del raw[name]
    assert where(said_of(raw)) == [name]


def test_country_violation_and_victim_are_needed() -> None:
    found = said_of(minimal(place={}, acts=[{}]))
    assert where(found) == ["place.country", "acts[0].violation", "acts[0].victims"]
    assert "access_denial" in found[1].allowed


def place(**known: Any) -> Raw:
    return minimal(place={"country": "KG"} | known)


def act(violation: str = "assault", **known: Any) -> Raw:
    return minimal(acts=[{"violation": violation, "victims": [{"kind": "group"}]} | known])


def by(**known: Any) -> Raw:
    return act(involvements=[{"role": "direct", "basis": "reported"} | known])


CASES: dict[str, tuple[Raw, str]] = {
    "a country of no list": (place(country="QQ"), "place.country"),
    "a country in small letters": (place(country="kg"), "place.country"),
    "a latitude without a longitude": (place(latitude=1), "place.longitude"),
    "a longitude without a latitude": (place(longitude=1), "place.latitude"),
    "a longitude past the date line": (place(latitude=1, longitude=180.5), "place.longitude"),
    "a point of a whole country": (place(latitude=1, longitude=1, precision="country"), "place.latitude"),
    "a point of something online": (place(latitude=1, longitude=1, precision="online"), "place.latitude"),
    "a public place finer than the recorded one": (
        place(precision="locality", public_precision="site"),
        "place.public_precision",
    ),
    "a public place without a recorded one": (place(public_precision="admin1"), "place.precision"),
    "a topic that nobody knows": (minimal(topics=["nowhere"]), "topics[0]"),
    "a topic twice": (minimal(topics=["election", "election"]), "topics[1]"),
    "a coverage twice": (minimal(covering=["sport", "sport"]), "covering[1]"),
    "an incident related to itself": (minimal(related=["minimal"]), "related[0]"),
    "a related incident that nobody knows": (minimal(related=["nowhere"]), "related[0]"),
    "a related incident twice": (minimal(related=["earlier", "earlier"]), "related[1]"),
    "a source that nobody knows": (minimal(sources=[{"source": "nowhere"}]), "sources[0].source"),
    "a source without a key": (minimal(sources=[{}]), "sources[0].source"),
    "a source twice": (minimal(sources=[{"source": "report"}, {"source": "report"}]), "sources[1]"),
    "a kind of killing without a killing": (act(killing_kind="murder"), "acts[0].killing_kind"),
    "an arbitrary assault": (act(arbitrary="arbitrary"), "acts[0].arbitrary"),
    "a victim without a kind": (with_victims({}), "acts[0].victims[0].kind"),
    "a person without a naming": (with_victims({"kind": "person"}), "acts[0].victims[0].naming"),
    "a named nobody": (with_victims({"kind": "person", "naming": "named"}), "acts[0].victims[0].person"),
    "a person whom no source names": (
        with_victims({"kind": "person", "person": "aida", "naming": "not_named_in_source"}),
        "acts[0].victims[0].naming",
    ),
    "a person who is a group": (with_victims({"kind": "group", "person": "aida"}), "acts[0].victims[0].person"),
    "a person whom nobody knows": (
        with_victims({"kind": "person", "person": "nobody", "naming": "withheld"}),
        "acts[0].victims[0].person",
    ),
    "an outlet that is no outlet": (with_victims({"kind": "outlet"}), "acts[0].victims[0].outlet"),
    "an outlet that nobody knows": (with_victims({"kind": "group", "outlet": "gazette"}), "acts[0].victims[0].outlet"),
    "a name printed in a source of another incident": (
        with_victims(victim("aida", name_published_in=["wire"])),
        "acts[0].victims[0].name_published_in[0]",
    ),
    "a name printed where nobody can find it": (
        with_victims(victim("aida", name_published_in=["leaflet"]), sources=[{"source": "leaflet"}]),
        "acts[0].victims[0].name_published_in[0]",
    ),
    "a name printed in a confidential source": (
        with_victims(victim("aida", name_published_in=["insider"]), sources=[{"source": "insider"}]),
        "acts[0].victims[0].name_published_in[0]",
    ),
    "released before detained": (
        with_victims(victim(custody_from="2020-10-06", custody_until="2020-10-05")),
        "acts[0].victims[0].custody_until",
    ),
    "at most fewer than at least": (with_victims(victim(count_least=3, count_most=2)), "acts[0].victims[0].count_most"),
    "a consequence twice": (with_victims(victim(followed=["other", "other"])), "acts[0].victims[0].followed[1]"),
    "equipment without a fate": (with_victims(victim(equipment=[{}])), "acts[0].victims[0].equipment[0].fate"),
    "an involvement without a role": (by(role=None), "acts[0].involvements[0].role"),
    "an involvement without a basis": (by(basis=None), "acts[0].involvements[0].basis"),
    "a named actor of no kind": (by(named_actor="A"), "acts[0].involvements[0].named_actor_is"),
    "a kind of actor without a name": (by(named_actor_is="person"), "acts[0].involvements[0].named_actor"),
    "at most fewer actors than at least": (by(count_least=9, count_most=1), "acts[0].involvements[0].count_most"),
    "a follow-up without a kind": (
        minimal(follow_ups=[{"text": {"en": "A"}, "sources": ["report"]}]),
        "follow_ups[0].kind",
    ),
    "a follow-up without a text": (
        minimal(follow_ups=[{"kind": "trial", "sources": ["report"]}]),
        "follow_ups[0].text",
    ),
    "a follow-up without a source": (
        minimal(follow_ups=[{"kind": "trial", "text": {"en": "A"}}]),
        "follow_ups[0].sources",
    ),
    "a follow-up from a source that nobody knows": (
        minimal(follow_ups=[{"kind": "trial", "text": {"en": "A"}, "sources": ["report", "nowhere"]}]),
        "follow_ups[0].sources[1]",
    ),
    "a follow-up that cites a source twice": (
        minimal(follow_ups=[{"kind": "trial", "text": {"en": "A"}, "sources": ["report", "report"]}]),
        "follow_ups[0].sources[1]",
    ),
    "a follow-up on a day that does not exist": (
        minimal(
            follow_ups=[{"kind": "trial", "text": {"en": "A"}, "sources": ["report"], "date": {"edtf": "2020-13"}}]
        ),
        "follow_ups[0].date.edtf",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_of_meaning_is_held(case: str) -> None:
    raw, path = CASES[case]
    found = said_of(raw)
    assert where(found) == [path]
    assert str(found[0]).startswith(f"{path}: ")


EDTF = [
    "0000",
    "0000-01-01",
    "2020-02-30",
    "2020-13-01",
    "2020-10-06/2020-10-05",
    "[2020-10-06..2020-10-05]",
    "2020~",
    "2020?",
    "[..]",
    "yesterday",
    "",
    " 2020",
    "2020-10-05\n",
    "٢٠٢٠",
    "20201005",
    "2020-10-05T10:00",
    "10000-01-01",
    "2020-10-05/2020-10-05",
    "2020-21",
    "-0001",
    "2020-1-1",
    "\x00",
    "9" * 5_000,
]


@pytest.mark.parametrize("edtf", EDTF, ids=lambda text: ascii(text)[:30])
def test_a_date_that_cannot_be_is_refused_with_advice(edtf: str) -> None:
    (problem,) = said_of(minimal(date={"edtf": edtf}))
    assert problem.where == "date.edtf"
    assert problem.allowed


@pytest.mark.parametrize("edtf", ["0001-01-01", "9999-12-31", "XXXX-XX-XX", "2020-36", "2020/..", "[2020-01-01..]"])
def test_a_date_at_the_edge_is_taken(edtf: str) -> None:
    assert said_of(minimal(date={"edtf": edtf})) == []


def test_a_key_that_names_nothing_is_answered_with_those_that_look_like_it() -> None:
    (problem,) = said_of(minimal(topics=["elections"]))
    assert problem.allowed == "election"


def test_what_was_refused_for_its_shape_is_not_said_to_be_missing_as_well() -> None:
    made, shape = read(IncidentDraft, minimal(acts=[{"violation": "gardening", "victims": [{"kind": "group"}]}]))
    found = prune_missing([*shape, *made.problems(KNOWN)])
    assert where(found) == ["acts[0].violation"]
    assert found[0].value == "gardening"


@pytest.mark.parametrize(
    ("model", "raw", "places"),
    [
        (SourceDraft, {}, ["key", "type", ""]),
        (SourceDraft, {"key": "a", "type": "other"}, [""]),
        (PersonDraft, {"other_names": [{}]}, ["key", "name", "other_names[0].name"]),
        (OutletDraft, {"key": "a", "name": "A", "country": "QQ"}, ["country"]),
        (
            TopicDraft,
            {"timeline": [{}]},
            ["key", "title", "timeline[0].date", "timeline[0].text", "timeline[0].sources"],
        ),
        (SiteDraft, {}, ["name", "licence"]),
    ],
)
def test_other_records_say_what_they_lack(model: type[Draft], raw: Raw, places: list[str]) -> None:
    assert where(draft(model, raw).problems(KNOWN)) == places  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("raw", "shows"),
    [
        ({"url": "https://example.org"}, True),
        ({"publisher": "A", "title": "B"}, True),
        ({"publisher": "A"}, False),
        ({"title": "B"}, False),
        ({"url": "https://example.org", "confidential": True}, False),
    ],
)
def test_a_source_shows_names_only_if_it_is_open_and_can_be_found(raw: Raw, shows: bool) -> None:
    assert draft(SourceDraft, raw).shows_names is shows


def test_consent_that_nobody_asked_for_is_unknown() -> None:
    raw = rich()
    del raw["acts"][0]["victims"][0]["consent"]
    consent = draft(IncidentDraft, raw).acts[0].victims[0].consent
    assert set(consent.model_dump().values()) == {"unknown"}
