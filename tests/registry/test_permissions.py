"""The table of rights, and that the documentation says the same."""

from pathlib import Path

import pytest

from tests.support.run import PROJECT
from tracker.db import utc_now
from tracker.registry.models import Incident, StaffMember
from tracker.registry.permissions import RULES, Reach, actor_of, may, reach
from tracker.registry.roles_table import as_markdown
from tracker.vocabulary import Status
from tracker.vocabulary.staff import Action, Role

READS_INCIDENTS = {
    Action.ENTER, Action.READ, Action.WRITE, Action.LIST, Action.SUGGEST, Action.SUBMIT, Action.RESTORE,
    Action.READ_REFERENCES,
}  # fmt: skip


def somebody(*roles: Role, id: str = "a" * 26) -> StaffMember:
    return StaffMember(id=id, email="x@example.org", email_key="x@example.org", name="X", roles=[str(r) for r in roles])


def incident_of(owner: StaffMember, status: Status, amendment: Status | None = None) -> Incident:
    return Incident(created_by=actor_of(owner), status=status, amendment=amendment)


def test_the_documentation_holds_the_table_as_it_is() -> None:
    written = (Path(PROJECT) / "docs" / "roles.md").read_text(encoding="utf-8")
    assert written == as_markdown(), "make it anew: tracker staff roles > docs/roles.md"


def test_every_action_has_a_rule_and_somebody_who_may_do_it() -> None:
    assert set(RULES) == set(Action)
    assert all(rule.reach for rule in RULES.values())


def test_an_administrator_alone_reads_no_incident_and_no_name() -> None:
    keeper = somebody(Role.ADMINISTRATOR)
    assert {action for action in Action if may(keeper, action)} == {
        Action.DESK, Action.ACCOUNTS, Action.SETTINGS, Action.AUDIT,
    }  # fmt: skip
    assert not any(may(keeper, action, incident_of(keeper, Status.PUBLISHED)) for action in READS_INCIDENTS)


@pytest.mark.parametrize("status", list(Status))
def test_a_monitor_changes_their_own_incident_only_until_it_is_taken_up(status: Status) -> None:
    monitor, other = somebody(Role.MONITOR), somebody(Role.MONITOR, id="b" * 26)
    mine, theirs = incident_of(monitor, status), incident_of(other, status)
    assert may(monitor, Action.WRITE, mine) is (status in {Status.DRAFT, Status.SUBMITTED})
    assert not any(may(monitor, action, theirs) for action in Action if RULES[action].states is not None)
    assert may(monitor, Action.READ, mine) is (status is not Status.ERASED)


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.states is not None])
def test_a_step_can_be_taken_in_its_states_alone(action: Action) -> None:
    everything = somebody(*Role)
    for status in Status:
        allowed = status in (RULES[action].states or ())
        assert may(everything, action, incident_of(everything, status)) is allowed, status


def test_a_published_incident_with_changes_is_judged_by_the_state_of_these() -> None:
    editor = somebody(Role.EDITOR)
    changed = incident_of(editor, Status.PUBLISHED, Status.IN_REVIEW)
    assert may(editor, Action.ASK_SAFETY_REVIEW, changed)
    assert not may(editor, Action.PUBLISH, changed)


def test_rights_add_up_and_end_with_the_account() -> None:
    both = somebody(Role.MONITOR, Role.SAFETY_REVIEWER)
    assert reach(both, Action.READ) is Reach.ANY
    assert may(both, Action.ENTER)
    both.disabled_at = utc_now()
    assert not any(may(both, action) for action in Action)
    assert not any(may(somebody(), action) for action in Action)


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.REOPEN, Action.WITHDRAW, Action.ACCOUNTS])
def test_grave_steps_ask_for_a_proof_and_saying_less_never_does(action: Action) -> None:
    assert RULES[action].grave
    assert not RULES[Action.QUARANTINE].grave
    assert not RULES[Action.RESTRICT].grave
