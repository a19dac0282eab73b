"""The generated incidents: the same for a seed, without a fault, and fit to be published."""

from bench.generator import Generator
from bench.world import World
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry.directory import offered
from tracker.registry.models import Incident
from tracker.registry.operations import problems_of, record_many
from tracker.vocabulary import Naming

SMALL = Generator(world=World(localities=50, outlets=40, people=200, documents=300, topics=5))


def test_the_same_seed_gives_the_same_incidents_wherever_one_begins() -> None:
    assert list(SMALL.incidents(5, start=10)) == list(SMALL.incidents(20))[10:15]


def test_another_seed_gives_other_incidents() -> None:
    assert Generator(seed=7, world=SMALL.world).incident(3) != SMALL.incident(3)


def test_nothing_is_wrong_with_what_is_generated() -> None:
    drafts = [*SMALL.others(), *SMALL.incidents(300)]
    known = offered(drafts)
    assert [str(problem) for draft in drafts for problem in problems_of(draft, known)] == []


def test_victims_are_named_withheld_and_not_named() -> None:
    victims = (victim for draft in SMALL.incidents(200) for act in draft.acts for victim in act.victims)
    assert {victim.naming for victim in victims} == {None, *Naming}


def test_incidents_are_recorded_and_published_without_a_refusal(database: Database) -> None:
    with database.write() as session:
        record_many(session, list(SMALL.others()), by="monitor")
        recorded = record_many(session, list(SMALL.incidents(100)), by="monitor")
        outcome = Gate(session, by="editor").publish([one for one in recorded if isinstance(one, Incident)])
    assert outcome.version == 1
