"""Merging at the desk, likely duplicates while typing, and the settings: what people see and what readers see of it."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.drafts import SITE, draft, found, publish, record, settle, site, victim, with_victims
from tests.web.staff.conftest import Signed, member
from tracker.db import Database
from tracker.publication import Gate
from tracker.registry import operations
from tracker.registry.drafts import OutletDraft
from tracker.registry.mapping import snapshot
from tracker.registry.models import AuditEntry, DuplicateRuling, Entity, Incident, Merge, Outlet, Site
from tracker.registry.permissions import actor_of
from tracker.vocabulary.staff import Role

E, M, A = Role.EDITOR, Role.MONITOR, Role.ADMINISTRATOR
HERALDS = ("herald", "herald-2")


@pytest.fixture(autouse=True)
def world(desk_database: Database) -> None:
    """Two public incidents: one names an outlet, the other its second record; Bakyt is withheld in the first."""
    with desk_database.write() as session:
        settle(session)
        operations.record(session, draft(OutletDraft, {"key": "herald-2", "name": "Herald KG"}), by="m")
        first = with_victims(
            victim("aida", outlet="herald"), victim("bakyt", naming="withheld", name_published_in=[]), key="one"
        )
        publish(session, *record(session, first, with_victims({"kind": "outlet", "outlet": "herald-2"}, key="two")))


def ids(database: Database, model: type[Entity], *keys: str) -> list[str]:
    """The ids of records."""
    with database.read() as session:
        return [found(session, model, key).id for key in keys]


def public(database: Database, model: type[Entity], key: str) -> dict[str, Any] | None:
    """What is public of a record."""
    with database.read() as session:
        entity = found(session, model, key)
        return Gate(session, by="t").standing([entity]).get(entity.id)


def merged(client: FlaskClient, database: Database, **changed: str) -> Any:
    """Merge the second Herald into the first."""
    kept, gone = ids(database, Outlet, *HERALDS)
    fields = {"other": gone, "keep": kept, "do": "merge", "names": "on", f"version:{kept}": "1", f"version:{gone}": "1"}
    return client.post(f"/staff/outlets/{kept}/merge", data={**fields, **changed})


def test_a_merge_reaches_readers_at_once_and_so_does_its_undoing(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(E)
    before = {key: public(desk_database, Incident, key) for key in ("one", "two")}
    assert merged(client, desk_database).headers["Location"].endswith("?done=merged")
    said = public(desk_database, Incident, "two")
    assert said is not None
    assert [outlet["slug"] for outlet in said["outlets"]] == ["herald"]
    assert public(desk_database, Outlet, "herald-2") is None
    herald = public(desk_database, Outlet, "herald")
    assert herald is not None
    assert "Herald KG" in str(herald["other_names"])
    assert client.get("/outlets/herald-2").status_code == 410
    with desk_database.read() as session:
        assert found(session, Incident, "two").amendment is None
        merge_id = session.scalars(select(Merge.id)).one()
    kept, gone = ids(desk_database, Outlet, *HERALDS)
    assert "Herald KG" in client.get(f"/staff/outlets/{kept}").get_data(as_text=True)
    assert "was merged into" in client.get(f"/staff/outlets/{gone}").get_data(as_text=True)
    assert "Herald KG" not in client.get("/staff/outlets").get_data(as_text=True)
    assert client.post(f"/staff/merges/{merge_id}/undo").headers["Location"].endswith("?done=unmerged")
    after = public(desk_database, Incident, "two")
    assert after is not None
    assert after["outlets"] == (before["two"] or {})["outlets"]
    assert public(desk_database, Outlet, "herald-2") is not None
    assert client.get("/outlets/herald-2").status_code == 200
    assert client.post(f"/staff/merges/{merge_id}/undo").status_code == 422


def test_both_records_stand_beside_each_other_before_they_are_merged(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(E)
    kept, gone = ids(desk_database, Outlet, *HERALDS)
    near = client.get(f"/staff/outlets/{kept}/merge").get_data(as_text=True)
    assert "Is it one of these?" in near or "No record" in near
    found_ = client.post(f"/staff/outlets/{kept}/merge", data={"q": "herald k", "do": "find"}).get_data(as_text=True)
    assert gone in found_
    both = client.post(f"/staff/outlets/{kept}/merge", data={"other": gone}).get_data(as_text=True)
    for word in ("The Herald", "Herald KG", "Вестник", "1 incident"):
        assert word in both


def test_a_merge_that_cannot_be_is_refused_with_words(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(E)
    gone = ids(desk_database, Outlet, "herald-2")[0]
    assert merged(client, desk_database, keep="neither").status_code == 422
    assert merged(client, desk_database, other="nobody").status_code == 404
    assert merged(client, desk_database, **{f"version:{gone}": "9"}).status_code == 409
    assert merged(as_staff(Role.SAFETY_REVIEWER), desk_database).status_code == 404
    assert merged(client, desk_database).status_code == 303
    assert merged(client, desk_database).status_code in (409, 422)
    assert client.post(f"/staff/outlets/{gone}", data={"version": "2", "name": "X"}).status_code == 409


def asked(client: FlaskClient, **changed: Any) -> Any:
    """What looks like an assault of that day."""
    data = {"country": "KG", "date": "5 October 2020", "people": ["aida"], "outlets": [], "title": ["Anything"]}
    return client.post("/staff/duplicates", data={**data, **changed}, headers={"Accept": "application/json"})


def test_likely_duplicates_are_offered_as_a_piece_of_a_page_or_as_json(
    as_staff: Signed, desk_database: Database
) -> None:
    answer = asked(as_staff(E)).get_json()
    assert [(each["title"], each["reasons"]) for each in answer["likely"]] == [
        ("A crew is turned away", ["the same person", "the same day"])
    ]
    piece = as_staff(E).post("/staff/duplicates", data={"country": "kg", "earliest": "2020-10-05", "people": "aida"})
    assert "Is this on record already?" in piece.get_data(as_text=True)
    own = ids(desk_database, Incident, "two")[0]
    page = as_staff(E).post(
        "/staff/duplicates", data={"country": "KG", "date": "2020-10-05", "people": "aida", "incident": own}
    )
    assert "Compare and decide" in page.get_data(as_text=True)


def test_a_monitor_learns_nothing_of_what_is_not_theirs(as_staff: Signed, desk_database: Database) -> None:
    monitor = as_staff(M)
    assert asked(monitor).get_json()["likely"][0]["reference"] == "KGZ-2020-0001"
    assert asked(monitor).get_json()["likely"][0]["id"] is None
    # That the public incident is about Bakyt, whom it does not name, is not for them to know.
    assert asked(monitor, people=["bakyt"]).get_json() == {"likely": []}
    assert len(asked(as_staff(E), people=["bakyt"]).get_json()["likely"]) == 1
    me = actor_of(member(desk_database, M))
    with desk_database.write() as session:
        record(session, with_victims(victim("aida"), key="draft"))
        record(session, with_victims(victim("aida"), key="mine"), by=me)
    assert len(asked(monitor).get_json()["likely"]) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"date": "\x00"},
        {"date": "9999-12-31"},
        {"date": "0001-01-01"},
        {"date": "nonsense"},
        {"country": "\x00" * 9},
        {"people": ["\x00", "x" * 5_000, "\ud800"[:0]]},
        {"title": ["x" * 10_000, "\u202e"]},
        {"date": "", "earliest": "x", "latest": "2020-13-01"},
        {"people": [f"p{n}" for n in range(900)]},
    ],
    ids=range(9),
)
def test_anything_may_be_typed_meanwhile(as_staff: Signed, fields: dict[str, Any]) -> None:
    assert asked(as_staff(E), **fields).status_code == 200


def test_a_decision_is_kept_and_leads_on(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(E)
    one, two = ids(desk_database, Incident, "one", "two")
    address = f"/staff/incidents/{one}/duplicates/{two}"
    assert "Two records that look alike" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"decision": "related"}).headers["Location"].endswith(f"/{one}?done=related")
    assert client.post(address, data={"decision": "perhaps"}).status_code == 400
    assert client.post(f"/staff/incidents/{one}/duplicates/{one}", data={"decision": "same"}).status_code == 409
    assert as_staff(M).post(address, data={"decision": "same"}).status_code == 404
    same = client.post(address, data={"decision": "same"}).get_data(as_text=True)
    assert "withdraw it as merged" in same
    with desk_database.read() as session:
        assert session.scalars(select(DuplicateRuling)).one().decision == "same"


SETTINGS = {
    "version": "0", "name__en": "A tracker", "name__ru": "Реестр", "organisation": "A forum",
    "contact": "desk@example.org", "licence": "cc_by_4_0", "about__en": "About us.", "languages": "en, ru ky",
    "default_public_precision": "locality", "one_person": "y",
}  # fmt: skip


def test_settings_are_recorded_published_and_told_without_values(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(A)
    assert client.get("/staff/settings").status_code == 200
    assert client.post("/staff/settings", data=SETTINGS).headers["Location"].endswith("?done=saved")
    with desk_database.read() as session:
        standing = found(session, Site, "site")
        assert (standing.languages, standing.one_person, standing.default_public_precision) == (
            ["en", "ru", "ky"], True, "locality"
        )  # fmt: skip
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "settings_changed")).one()
        assert set(entry.detail) == {"fields"}
        assert "desk@example.org" not in str(entry.detail)
    said = public(desk_database, Site, "site")
    assert said is not None
    assert (said["contact"], "one_person" in said) == ("desk@example.org", False)
    again = {**SETTINGS, "version": "1"}
    assert client.post("/staff/settings", data=again).headers["Location"].endswith("?done=unchanged")
    assert "switches off" in client.get("/staff/settings").get_data(as_text=True)


def test_outdated_settings_show_both_sides(as_staff: Signed, desk_database: Database) -> None:
    client = as_staff(A)
    with desk_database.write() as session:
        recorded = operations.record(session, site(), by="e")
        operations.amend(session, recorded, type(site()).model_validate(SITE | {"organisation": "Theirs"}), by="e")
    answer = client.post("/staff/settings", data={**SETTINGS, "version": "1", "organisation": "Mine"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Theirs" in page, "Mine" in page) == (409, True, True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    choices = dict.fromkeys(re.findall(r'name="(choice:[^"]*)"', page), "mine")
    assert client.post("/staff/settings/conflict", data={**hidden, **choices}).status_code == 303
    with desk_database.read() as session:
        assert snapshot(found(session, Site, "site"))["organisation"] == "Mine"


@pytest.mark.parametrize(
    "fields",
    [
        {"licence": "mine"},
        {"name__en": ""},
        {"languages": "en, klingon"},
        {"contact": "a\x00b"},
        {"about__en": "x" * 30_000},
    ],
    ids=range(5),
)
def test_settings_that_cannot_be_are_refused_at_their_field(as_staff: Signed, fields: dict[str, str]) -> None:
    answer = as_staff(A).post(
        "/staff/settings", data={**SETTINGS, **fields, **({"name__ru": ""} if "name__en" in fields else {})}
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [M, E, Role.SAFETY_REVIEWER])
def test_only_administrators_find_the_settings(as_staff: Signed, role: Role) -> None:
    assert as_staff(role).get("/staff/settings").status_code == 404
