"""The public record: built by allowlist, exactly what is written here, and never a name against its bearer."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.drafts import (
    NOON,
    REPORT,
    SHA,
    Raw,
    draft,
    found,
    minimal,
    publish,
    record,
    rich,
    site,
    victim,
    with_victims,
)
from tracker.dataset.canonical import canonical
from tracker.dataset.fields import TREES, FieldType, Kind, walk
from tracker.publication import Gate, preview
from tracker.publication.record import RULES
from tracker.registry import operations
from tracker.registry.drafts import SourceDraft
from tracker.registry.models import (  # fmt: skip
    Act,
    Citation,
    FollowUp,
    Incident,
    Involvement,
    Outlet,
    Person,
    Place,
    Site,
    Source,
    Topic,
    Victim,
)
from tracker.vocabulary import Basis, Consent, Ground

PATHS = {f"{kind}.{step.path}": step.field for kind, tree in TREES.items() for step in walk(tree)}


def test_every_rule_of_the_gate_is_about_a_public_field() -> None:
    assert set(RULES) <= set(PATHS)


def test_every_public_field_is_made_by_a_rule_or_stands_in_the_registry_under_its_own_name(session: Session) -> None:
    # The rich records hold an object at every level, so that each field is really asked for.
    made = record(session, rich())[0]
    publish(session, made)
    filled = _paths("incident", preview(session, made))
    assert {path for path in PATHS if path.startswith("incident.")} == filled


def _paths(kind: str, value: Any) -> set[str]:
    if isinstance(value, list):
        return {path for item in value for path in _paths(kind, item)}
    if not isinstance(value, dict) or (PATHS.get(kind) and PATHS[kind].type is FieldType.TRANSLATIONS):
        return {kind} if kind in PATHS else set()
    inner = {path for name, item in value.items() for path in _paths(f"{kind}.{name}", item)}
    return inner | ({kind} & set(PATHS)) | {f"{kind}.{name}" for name in value}


def test_the_public_record_of_a_rich_incident_is_this_one(session: Session) -> None:
    made = record(session, rich())[0]
    publish(session, made)
    aida, herald = found(session, Person, "aida"), found(session, Outlet, "herald")
    assert preview(session, made) == _expected(made.id, aida.id) | {"revision": 2, "revised_on": _today(session, made)}
    assert herald.key == "herald"


def _today(session: Session, made: Incident) -> str:
    return str(preview(session, made)["revised_on"])


def _a_date(**known: Any) -> Raw:
    return {
        "edtf": "", "earliest": None, "latest": None, "precision": "day", "extent": False, "part_of_day": None,
        "basis": "stated", "as_reported": None, "ongoing": False,
    } | known  # fmt: skip


def _a_victim(**known: Any) -> Raw:
    return {
        "kind": "person", "naming": "withheld", "name": None, "person": None, "role": None, "employment": None,
        "gender": None, "outlet": None, "count_least": None, "count_most": None, "count_as_reported": None,
        "description": None, "harm": None, "custody_from": None, "custody_until": None, "equipment": [], "followed": [],
    } | known  # fmt: skip


def _an_involvement(**known: Any) -> Raw:
    return {
        "role": "direct", "perpetrator": None, "named_actor": None, "affiliation": None, "count_least": None,
        "count_most": None, "count_as_reported": None, "basis": "reported", "description": None,
    } | known  # fmt: skip


def _expected(incident_id: str, aida_id: str) -> Raw:
    herald = {"slug": "herald", "name": "The Herald"}
    return {
        "reference": "KGZ-2020-0001",
        "id": incident_id,
        "title": {"en": "Crew beaten at a rally", "ru": "Съёмочную группу избили на митинге"},
        "summary": {"en": "Aida Testova and a colleague were beaten.\n\nTheir camera was broken."},
        "date": _a_date(
            edtf="[2020-10-05..2020-10-06]", earliest="2020-10-05", latest="2020-10-06", precision="window",
            part_of_day="night", basis="inferred", as_reported="that night",
        ),
        "place": {
            "as_reported": None, "venue": None, "locality": "Bishkek", "admin2": "Pervomay", "admin1": "Chuy",
            "country": "KG", "latitude": 42.85, "longitude": 74.65, "precision": "locality",
            # Half the diagonal of a cell of 0.1 degrees, and the 100 metres of a place recorded as a site.
            "uncertainty_m": 7_872 + 100, "generalised": True, "credit": None,
        },
        "covering": ["elections", "protest"],
        "work_related": "confirmed",
        "verification": "corroborated",
        "acts": [
            {
                "violation": "assault", "killing_kind": None, "completion": "completed", "method": "beating",
                "ground": None, "arbitrary": None, "description": {"en": "They were beaten."},
                "victims": [
                    _a_victim(
                        naming="named", name="Aida Testova", person=aida_id, role="reporter", employment="staff",
                        gender="woman", outlet=herald, harm="injured", description="in a red coat",
                        equipment=[{"item": "camera", "count": 1, "fate": "damaged", "returned": "no"}],
                        followed=["hospitalised", "left_scene"],
                    ),
                    _a_victim(role="camera_operator", outlet=herald, harm="injured", followed=["relocated"]),
                ],
                "involvements": [
                    _an_involvement(
                        perpetrator="police", named_actor="Unit Seven", affiliation="riot police", count_least=2,
                        count_most=3, count_as_reported="two or three", description="men in black",
                    ),
                    _an_involvement(role="ordered", perpetrator="executive_official"),
                ],
            },
            {
                "violation": "arrest_detention", "killing_kind": None, "completion": "completed", "method": None,
                "ground": None, "arbitrary": "arbitrary", "description": {}, "victims": [_a_victim()],
                "involvements": [_an_involvement(perpetrator="police", basis="claimed")],
            },
            {
                "violation": "death_threat", "killing_kind": None, "completion": None, "method": None,
                "ground": "language", "arbitrary": None, "description": {},
                "victims": [
                    _a_victim(kind="outlet", naming=None, outlet=herald),
                    _a_victim(kind="group", naming=None, description="two crews", count_least=4, count_most=6,
                              count_as_reported="about five"),
                ],
                "involvements": [_an_involvement(perpetrator="unknown", named_actor="Ermek Obvinov", basis="charged")],
            },
        ],
        "outlets": [herald | {"other_names": ["Вестник", "Herald"]}],
        "sources": [
            {
                "number": 1, "type": "ngo_report", "publisher": "Forum", "title": "Attacks on the press",
                "url": "https://example.org/report", "language": "en", "published_on": "2020-10-20",
                "accessed_on": "2020-11-01", "archived_url": "https://archive.example.org/report",
                "archive_sha256": SHA, "reliability": "a", "independence_group": "forum", "credibility": "1",
                "supports": ["what", "date"], "locator": "p. 4",
            },
            {
                "number": 2, "type": "wire_report", "publisher": "Agency", "title": "Crews attacked in the capital",
                "url": None, "language": None, "published_on": None, "accessed_on": None, "archived_url": None,
                "archive_sha256": None, "reliability": None, "independence_group": None, "credibility": None,
                "supports": [], "locator": None,
            },
        ],
        "confidential_sources": 1,
        "topics": [{"slug": "election", "title": {"en": "An election"}}],
        "follow_ups": [
            {"kind": "complaint", "by": "The editors", "text": {"en": "They complained."}, "sources": [2],
             "date": _a_date(edtf="2020-10-07", earliest="2020-10-07", latest="2020-10-07")},
            {"kind": "denial", "date": None, "by": None, "text": {"en": "The police deny it."}, "sources": [1]},
        ],
        "related": [],
        "published_on": "2020-11-22",
    }  # fmt: skip


def test_topic_outlet_and_site_are_public_as_written_without_confidential_sources(session: Session) -> None:
    operations.record(session, site(), by="editor")
    topic, outlet, home = (
        found(session, Topic, "election"),
        found(session, Outlet, "herald"),
        found(session, Site, "site"),
    )
    gate = Gate(session, by="editor", at=NOON)
    gate.publish_entities([topic, outlet, home])
    standing = gate.standing([topic, outlet, home])
    assert standing[topic.id]["timeline"][0]["sources"] == [1]
    assert [source["title"] for source in standing[topic.id]["sources"]] == [
        "Attacks on the press",
        "Crews attacked in the capital",
    ]
    assert standing[outlet.id]["other_names"] == [
        {"name": "Вестник", "language": "ru"},
        {"name": "Herald", "language": None},
    ]
    assert standing[home.id]["contact"] == "desk@example.org"


@pytest.mark.parametrize(
    "table", [Incident, Place, Act, Victim, Involvement, Citation, FollowUp, Source, Outlet, Topic, Site, Person]
)
def test_a_column_that_is_added_to_any_private_table_does_not_come_out(session: Session, table: type[Any]) -> None:
    made = record(session, rich())[0]
    marker = "added-yesterday"
    table.added_yesterday = marker
    try:
        assert marker not in canonical(Kind.INCIDENT, preview(session, made) | {"reference": "KGZ-2020-0001"})
    finally:
        del table.added_yesterday


# Who is named.

MATRIX = list(product(["named", "withheld"], Consent.codes(), [None, False, True], ["report", "wire", "nowhere"]))


def _should_be_named(naming: str, consent: str, minor: bool | None, printed: str) -> bool:
    """The rule in the words of the safety page, written apart from the code."""
    if naming != "named" or consent in {"refused", "withdrawn"}:
        return False
    return consent == "given" or (minor is not True and printed != "nowhere")


def test_the_whole_matrix_of_naming_consent_age_and_source_is_held(session: Session) -> None:
    raws = []
    for number, (naming, consent, minor, printed) in enumerate(MATRIX):
        person = victim(
            "aida",
            naming=naming,
            minor=minor,
            consent={"publish_identity": consent},
            gender="woman",
            description="in a red coat",
            employment="staff",
            name_published_in=[] if printed == "nowhere" else [printed],
        )
        raws.append(with_victims(person, key=f"case-{number}", sources=[{"source": "report"}, {"source": "wire"}]))
    made = record(session, *raws)
    aida = found(session, Person, "aida")
    for case, one in zip(MATRIX, made, strict=True):
        (told,) = preview(session, one)["acts"][0]["victims"]
        named = _should_be_named(*case)
        assert told["naming"] == ("named" if named else "withheld"), case
        assert (told["name"], told["person"]) == (("Aida Testova", aida.id) if named else (None, None)), case
        traits = (told["gender"], told["description"], told["employment"])
        assert traits == (("woman", "in a red coat", "staff") if named else (None, None, None)), case


@pytest.mark.parametrize("change", [{"confidential": True}, {"url": None, "title": None}])
def test_a_source_that_no_longer_shows_the_name_no_longer_proves_it(session: Session, change: Raw) -> None:
    made = record(session, with_victims(victim("aida")))[0]
    assert preview(session, made)["acts"][0]["victims"][0]["name"] == "Aida Testova"
    operations.amend(session, found(session, Source, "report"), draft(SourceDraft, REPORT | change), by="editor")
    assert preview(session, made)["acts"][0]["victims"][0]["name"] is None


def test_a_person_whom_no_source_names_may_be_described(session: Session) -> None:
    raw = with_victims({"kind": "person", "naming": "not_named_in_source", "gender": "man", "description": "a driver"})
    (told,) = preview(session, record(session, raw)[0])["acts"][0]["victims"]
    assert (told["naming"], told["gender"], told["description"]) == ("not_named_in_source", "man", "a driver")


ACCOUNT = {
    "harm": "injured", "custody_from": "2020-10-06", "custody_until": "2020-10-07", "followed": ["relocated"],
    "equipment": [{"item": "phone", "count": 1, "fate": "seized", "returned": "no"}], "gender": "woman",
    "description": "in a red coat", "employment": "staff",
}  # fmt: skip


@pytest.mark.parametrize("consent", Consent.codes())
def test_an_account_is_told_unless_it_was_refused(session: Session, consent: str) -> None:
    person = victim("aida", **ACCOUNT, consent={"publish_account": consent})
    raw = with_victims(person, act={"description": {"en": "What happened."}})
    (act,) = preview(session, record(session, raw)[0])["acts"]
    told = {name: act["victims"][0][name] for name in ACCOUNT} | {"act": act["description"]}
    if consent in {"refused", "withdrawn"}:
        assert set(map(str, told.values())) == {"None", "[]", "{}"}
    else:
        assert told == ACCOUNT | {"act": {"en": "What happened."}}


@pytest.mark.parametrize("consent", Consent.codes())
@pytest.mark.parametrize("ground", Ground.codes())
def test_the_ground_of_an_act_against_a_person_is_told_only_with_their_consent(
    session: Session, ground: str, consent: str
) -> None:
    person = victim("aida", consent={"publish_account": consent})
    (act,) = preview(session, record(session, with_victims(person, act={"ground": ground}))[0])["acts"]
    assert act["ground"] == (ground if consent == "given" else None)


def test_one_person_who_did_not_consent_keeps_the_ground_back_for_all(session: Session) -> None:
    agreed = victim("aida", consent={"publish_account": "given"})
    raw = with_victims(agreed, victim("bakyt", naming="withheld"), {"kind": "group"}, act={"ground": "gender"})
    assert preview(session, record(session, raw)[0])["acts"][0]["ground"] is None


@pytest.mark.parametrize("basis", Basis.codes())
@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_a_person_is_accused_by_name_only_where_they_claimed_it_or_were_charged(
    session: Session, kind: str, basis: str
) -> None:
    act = {"involvements": [{"role": "direct", "basis": basis, "named_actor": "Ermek Obvinov", "named_actor_is": kind}]}
    made = record(session, with_victims({"kind": "group"}, act=act))[0]
    named = kind == "organisation" or basis in {"claimed", "charged", "convicted"}
    assert preview(session, made)["acts"][0]["involvements"][0]["named_actor"] == ("Ermek Obvinov" if named else None)


# Sources and relations.


def test_confidential_sources_are_counted_and_not_told(session: Session) -> None:
    made = record(session, minimal(sources=[{"source": "insider", "locator": "minute 3"}]))[0]
    told = preview(session, made)
    assert (told["sources"], told["confidential_sources"]) == ([], 1)


def test_a_follow_up_from_a_confidential_source_alone_cites_no_number(session: Session) -> None:
    follow_up = {"kind": "trial", "text": {"en": "A hearing."}, "sources": ["insider"]}
    told = preview(session, record(session, minimal(follow_ups=[follow_up]))[0])
    assert told["follow_ups"][0]["sources"] == []
    assert "Somebody inside" not in canonical(Kind.INCIDENT, told | {"reference": "KGZ-2020-0001"})


def test_only_public_related_incidents_are_told_and_only_by_reference(session: Session) -> None:
    raws = [minimal("a", related=["b", "c", "d"]), minimal("b"), minimal("c"), minimal("d")]
    made = record(session, *raws)
    publish(session, made[1])
    made[3].status = "quarantined"
    made[3].reference = "KGZ-2020-0099"
    publish(session, made[0])
    assert preview(session, made[0])["related"] == ["KGZ-2020-0001"]
    assert Gate(session, by="editor").standing([made[0]])[made[0].id]["related"] == ["KGZ-2020-0001"]
