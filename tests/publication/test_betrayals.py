"""A text that still tells what is withheld stops the publication, wherever it stands and however it is written."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import (
    HERALD,
    REPORT,
    Raw,
    draft,
    found,
    incident,
    minimal,
    publish,
    record,
    victim,
    where,
    with_victims,
)
from tracker.publication import Gate, problems
from tracker.registry import operations
from tracker.registry.drafts import OutletDraft, SourceDraft, TopicDraft
from tracker.registry.models import Outlet, Source, Topic
from tracker.registry.operations import Refused

WITHHELD = victim("bakyt", naming="withheld")
WRITTEN = ["Bakyt Proberov", "BAKYT PROBEROV", "Proberov, Bakyt", "Próberov", "proberov’s camera", "Бакыт Проберов",
           "ПРОБЕРОВ", "«Проберов»", "#Proberov", "Ｐｒｏｂｅｒｏｖ", "Probe\u00adrov"]  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_a_withheld_name_is_found_whole_or_by_a_part_in_any_form_and_case(session: Session, name: str) -> None:
    made = record(session, with_victims(WITHHELD, summary={"en": f"Yesterday {name} was beaten."}))[0]
    assert where(problems(session, made)) == ["summary.en"]
    with pytest.raises(Refused):
        publish(session, made)
    assert (made.status, made.reference) == ("submitted", None)


PLACES: dict[str, tuple[Raw, str]] = {
    "the title": ({"title": {"ru": "Избит Проберов"}}, "title.ru"),
    "the summary": ({"summary": {"en": "A Proberov"}}, "summary.en"),
    "a description of the act": ({"act": {"description": {"en": "Proberov fell."}}}, "acts[0].description.en"),
    "the words for the place": ({"place": {"country": "KG", "as_reported": "at Proberov's"}}, "place.as_reported"),
    "the venue": ({"place": {"country": "KG", "venue": "Proberov's flat"}}, "place.venue"),
    "the words for the date": ({"date": {"edtf": "2020", "as_reported": "Proberov's birthday"}}, "date.as_reported"),
    "the text of a follow-up": (
        {"follow_ups": [{"kind": "trial", "text": {"en": "Proberov testified."}, "sources": ["report"]}]},
        "follow_ups[0].text.en",
    ),
    "who followed up": (
        {"follow_ups": [{"kind": "trial", "by": "Proberov", "text": {"en": "A"}, "sources": ["report"]}]},
        "follow_ups[0].by",
    ),
    "an affiliation": (
        {"act": {"involvements": [{"role": "direct", "basis": "reported", "affiliation": "Proberov's guards"}]}},
        "acts[0].involvements[0].affiliation",
    ),
    "the words for the number": ({"count_as_reported": "Proberov and another"}, "acts[0].victims[0].count_as_reported"),
    "where in the source": ({"sources": [{"source": "report", "locator": "see Proberov"}]}, "sources[0].locator"),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_a_withheld_name_is_found_in(session: Session, case: str) -> None:
    known, path = PLACES[case]
    known = dict(known)
    act = known.pop("act", None)
    person = WITHHELD | {name: known.pop(name) for name in ("count_as_reported",) if name in known}
    made = record(session, with_victims(person, act=act, **known))[0]
    assert where(problems(session, made)) == [path]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Proberov speaks"},
        {"url": "https://example.org/2020/proberov-beaten"},
        {"publisher": "Proberov's blog"},
        {"archived_url": "https://a.example/x?q=Proberov"},
    ],
)
def test_a_withheld_name_is_found_in_a_source(session: Session, change: Raw) -> None:
    operations.amend(session, found(session, Source, "report"), draft(SourceDraft, REPORT | change), by="editor")
    made = record(session, with_victims(WITHHELD))[0]
    assert where(problems(session, made)) == [f"sources[0].{next(iter(change))}"]


def test_a_withheld_name_is_found_in_the_name_of_an_outlet(session: Session) -> None:
    operations.amend(
        session, found(session, Outlet, "herald"), draft(OutletDraft, HERALD | {"name": "Proberov Daily"}), by="editor"
    )
    made = record(session, with_victims(WITHHELD | {"outlet": "herald"}))[0]
    assert "outlets[0].name" in where(problems(session, made))


def test_a_name_withheld_from_the_accused_is_found_too(session: Session) -> None:
    actor = {"role": "direct", "basis": "reported", "named_actor": "Kalyk Komandirov", "named_actor_is": "person"}
    raw = with_victims({"kind": "group"}, act={"involvements": [actor]}, title={"en": "Komandirov’s men attack"})
    assert where(problems(session, record(session, raw)[0])) == ["title.en"]


@pytest.mark.parametrize("text", ["The probe rover", "Bak yt", "problems", ""])
def test_other_words_are_let_through(session: Session, text: str) -> None:
    made = record(session, with_victims(WITHHELD, title={"en": f"A crew beaten. {text}"}))[0]
    assert problems(session, made) == []


def test_a_part_that_a_published_name_shares_is_let_through_and_the_whole_name_is_not(session: Session) -> None:
    brother = victim("bakyt", naming="withheld")
    named = victim("aida")
    operations.record(session, _person("clara", "Clara Proberov"), by="monitor")
    shared = victim("clara")
    made = record(session, with_victims(brother, named, shared, title={"en": "Proberov and Testova beaten"}))[0]
    assert problems(session, made) == []
    told = record(session, with_victims(brother, shared, key="told", title={"en": "Bakyt beaten with Clara Proberov"}))[
        0
    ]
    assert where(problems(session, told)) == ["title.en"]


def _person(key: str, name: str) -> Any:
    from tracker.registry.drafts import PersonDraft

    return draft(PersonDraft, {"key": key, "name": name})


def test_somebody_named_in_one_act_and_withheld_in_another_is_no_secret(session: Session) -> None:
    raw = minimal(
        acts=[{"violation": "assault", "victims": [victim("bakyt")]}, {"violation": "threat", "victims": [WITHHELD]}],
        summary={"en": "Proberov"},
    )
    assert problems(session, record(session, raw)[0]) == []


HIDDEN = {"country": "KG", "venue": "Old Square", "locality": "Bishkek", "admin1": "Chuy", "precision": "site",
          "public_precision": "admin1", "as_reported": "by the fountain"}  # fmt: skip


@pytest.mark.parametrize("text", ["on Old Square", "in BISHKEK", "by the fountain", "old  square!"])
def test_a_withheld_part_of_the_place_is_found(session: Session, text: str) -> None:
    made = record(session, minimal(place=HIDDEN, summary={"en": f"It happened {text}."}))[0]
    assert where(problems(session, made)) == ["summary.en"]


def test_what_is_told_of_the_place_may_be_told_in_the_text(session: Session) -> None:
    made = record(session, minimal(place=HIDDEN, summary={"en": "It happened in Chuy, on a square."}))[0]
    assert problems(session, made) == []


def test_a_place_told_as_recorded_stops_nothing(session: Session) -> None:
    made = record(session, minimal(place=HIDDEN | {"public_precision": None}, summary={"en": "On Old Square."}))[0]
    assert problems(session, made) == []


def test_an_incident_without_a_title_waits_for_one(session: Session) -> None:
    raw = minimal()
    del raw["title"]
    assert where(problems(session, record(session, raw)[0])) == ["title"]


def test_all_that_stands_against_a_publication_is_said_at_once(session: Session) -> None:
    made = record(
        session, with_victims(WITHHELD, title={"en": "Proberov"}, summary={"en": "In Bishkek"}, place=HIDDEN)
    )[0]
    made.status = "withdrawn"
    assert where(problems(session, made)) == ["status", "title.en", "summary.en"]


def test_one_betrayal_holds_back_the_whole_sitting(session: Session) -> None:
    good, bad = record(session, minimal(), with_victims(WITHHELD, title={"en": "Proberov"}))
    with pytest.raises(Refused) as refused:
        publish(session, good, bad)
    assert where(refused.value.problems) == ["with-victims.title.en"]
    assert (good.status, good.reference) == ("submitted", None)
    assert incident(minimal()).title == good.title


def _retold(session: Session, words: str) -> Topic:
    """The topic of the world, with a timeline that says these words."""
    topic = found(session, Topic, "election")
    entry = {"date": {"edtf": "2020-10-05"}, "text": {"en": words}, "sources": ["report"]}
    raw = {"key": "election", "title": {"en": "The election"}, "timeline": [entry]}
    operations.amend(session, topic, draft(TopicDraft, raw), by="monitor")
    return topic


def test_a_topic_that_tells_a_name_stops_the_incident_that_withholds_it(session: Session) -> None:
    _retold(session, "Bakyt Proberov led the march.")
    made = record(session, with_victims(WITHHELD, topics=["election"]))[0]
    with pytest.raises(Refused) as refused:
        publish(session, made)
    assert where(refused.value.problems) == ["election.timeline[0].text.en"]
    assert made.status == "submitted"


def test_a_topic_cannot_begin_to_tell_what_a_public_incident_of_it_withholds(session: Session) -> None:
    publish(session, record(session, with_victims(WITHHELD, topics=["election"]))[0])
    topic = _retold(session, "БАКЫТ ПРОБЕРОВ led the march.")
    with pytest.raises(Refused):
        Gate(session, by="editor").publish_entities([topic])


def test_a_topic_may_tell_of_somebody_who_shares_a_part_of_a_withheld_name(session: Session) -> None:
    _retold(session, "Bakyt Somebody-Else led the march.")
    publish(session, record(session, with_victims(WITHHELD, topics=["election"]))[0])
