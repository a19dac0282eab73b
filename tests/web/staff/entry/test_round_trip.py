"""A form shows any recorded incident and gives it back without loss."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml
from flask import Flask
from hypothesis import HealthCheck, given, settings

from tests.support import drafts
from tests.support.any_drafts import INCIDENTS
from tests.support.drafts import Raw
from tracker.registry.drafts import IncidentDraft
from tracker.registry.names import Suggestion
from tracker.web.staff.entry.filling import form_from
from tracker.web.staff.entry.reading import draft_from
from tracker.web.staff.entry.rows import tree_of

SEED = yaml.safe_load((Path(__file__).parents[4] / "incidents.yaml").read_text(encoding="utf-8"))["incidents"]


class EveryKeyIsKnown:
    """A registry in which each key belongs to a record that is called after it."""

    def name(self, kind: str, key: str) -> str:
        return f"The {kind} {key}"

    def means(self, kind: str, key: str, typed: str) -> bool:
        return typed == self.name(kind, key)

    def exact(self, kind: str, typed: str) -> Sequence[Suggestion]:
        return ()

    def near(self, kind: str, typed: str) -> Sequence[Suggestion]:
        return ()

    def incident_key(self, typed: str) -> str | None:
        return None


@pytest.fixture(autouse=True)
def speaking(desk_app: Flask) -> Iterator[None]:
    """Sentences are made in a language, which a request has."""
    with desk_app.test_request_context():
        yield


def there_and_back(draft: IncidentDraft) -> IncidentDraft:
    """A draft typed into the form and read out of it."""
    names = EveryKeyIsKnown()
    tree = tree_of(form_from(draft, names))
    read = draft_from(tree, names, key=draft.key, today=date(2026, 11, 22), languages=("en", "ru", "ky"))
    assert (read.shape, read.wrong, read.new) == ([], [], [])
    return read.incident


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(INCIDENTS)
def test_any_incident_survives_the_form(raw: Raw) -> None:
    draft = drafts.incident(raw)
    assert there_and_back(draft) == draft


@pytest.mark.parametrize("raw", [*SEED, drafts.rich()], ids=lambda raw: raw["key"])
def test_every_incident_of_the_seed_survives_the_form(raw: Raw) -> None:
    draft = drafts.incident(raw)
    assert there_and_back(draft) == draft


def test_more_rows_than_a_form_takes_survive_it_where_they_are_on_record() -> None:
    crowd = drafts.with_victims(*({"kind": "group", "description": f"crew {n}"} for n in range(60)))
    draft = drafts.incident(crowd)
    assert there_and_back(draft) == draft
