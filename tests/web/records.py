"""Published records in the public JSON shape, written by hand.

They stand in for what the publication gate would hand over, so that the pages are tested against the dataset
alone: no test of the public site needs the private registry.
"""

from typing import Any

Record = dict[str, Any]


def a_date(edtf: str, earliest: str | None, latest: str | None, precision: str, **more: Any) -> Record:
    """The public shape of an IncidentDate."""
    blank = {"extent": False, "part_of_day": None, "basis": "stated", "as_reported": None, "ongoing": False}
    return {"edtf": edtf, "earliest": earliest, "latest": latest, "precision": precision} | blank | more


def a_place(**known: Any) -> Record:
    """The public shape of a place; what is not given is silence."""
    texts = ("as_reported", "venue", "locality", "admin2", "admin1", "country")
    blank = dict.fromkeys((*texts, "latitude", "longitude", "precision", "uncertainty_m", "credit"))
    return blank | {"generalised": False} | known


def a_victim(name: str | None = None, **known: Any) -> Record:
    """One victim in one act; a name makes it a named person unless told otherwise."""
    keys = ("person", "role", "employment", "gender", "outlet", "count_least", "count_most", "count_as_reported")
    more = ("description", "harm", "custody_from", "custody_until")
    naming = "named" if name else "not_named_in_source"
    blank = {"kind": "person", "naming": naming, "name": name} | dict.fromkeys((*keys, *more))
    return blank | {"equipment": [], "followed": []} | known


def an_involvement(perpetrator: str, description: str | None = None, **known: Any) -> Record:
    """One actor's part in one act."""
    keys = ("named_actor", "affiliation", "count_least", "count_most", "count_as_reported")
    blank: Record = {"role": "direct", "perpetrator": perpetrator, "basis": "reported", "description": description}
    return blank | dict.fromkeys(keys) | known


def an_act(violation: str, victims: list[Record], involvements: list[Record], **known: Any) -> Record:
    """One act: what was done, to whom, by whom."""
    blank: Record = {"violation": violation, "killing_kind": None, "completion": "completed", "method": None}
    blank |= {"ground": None, "arbitrary": None, "description": {}}
    return blank | {"victims": victims, "involvements": involvements} | known


def a_source(number: int, **known: Any) -> Record:
    """One numbered source."""
    keys = ("publisher", "title", "url", "language", "published_on", "accessed_on", "archived_url")
    more = ("archive_sha256", "reliability", "credibility", "independence_group", "locator")
    return {"number": number, "type": "ngo_report"} | dict.fromkeys((*keys, *more)) | {"supports": []} | known


def an_incident(reference: str, title: str, **known: Any) -> Record:
    """A whole incident; what is not given is silence."""
    blank: Record = {
        "reference": reference,
        "id": f"id-{reference.lower()}",
        "title": {"en": title},
        "summary": {},
        "date": a_date("XXXX-XX-XX", None, None, "unknown"),
        "place": a_place(country="KG", precision="country"),
        "covering": [],
        "work_related": "confirmed",
        "verification": "reported",
        "acts": [],
        "outlets": [],
        "sources": [],
        "confidential_sources": 0,
        "topics": [],
        "follow_ups": [],
        "related": [],
        "published_on": "2026-11-20",
        "revised_on": "2026-11-20",
        "revision": 1,
    }
    return blank | known


KLOOP: Record = {"slug": "kloop", "name": "Kloop"}
CURRENT_TIME: Record = {"slug": "current-time", "name": "Current Time"}
SPUTNIK: Record = {"slug": "sputnik", "name": "Sputnik"}
VESTI: Record = {"slug": "vesti-kg", "name": "Vesti.kg"}


def in_incident(outlet: Record, *other_names: str) -> Record:
    """An outlet as an incident lists it, with its other names for the text search."""
    return outlet | {"other_names": list(other_names)}


CRISIS = "2020-kyrgyz-post-election-crisis"
CRISIS_LINK: Record = {"slug": CRISIS, "title": {"en": "2020 Kyrgyz post-election crisis"}}

UPDATE = a_source(
    1,
    publisher="International Partnership for Human Rights and Legal Prosperity Foundation",
    title="Post-election protests plunge Kyrgyzstan into crisis",
    language="en",
    supports=["what", "date", "place", "victims", "perpetrators"],
    reliability="b",
    locator="Attacks on journalists",
)
WATCHDOG = a_source(
    2,
    type="ngo_statement",
    publisher="Committee to Protect Journalists",
    title="Statement on attacks against the press",
    url="https://example.org/statement",
    archived_url="https://archive.example.org/1/statement",
    archive_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    language="en",
    published_on="2020-10-07",
    accessed_on="2026-11-02",
    supports=["what"],
)


def as_document(source: Record) -> Record:
    """A source as a topic lists it, without what a citation in an incident adds."""
    return {name: value for name, value in source.items() if name not in {"supports", "credibility", "locator"}}


NIGHT = a_date(
    "[2020-10-05..2020-10-06]",
    "2020-10-05",
    "2020-10-06",
    "window",
    part_of_day="night",
    as_reported="5th-6th October 2020",
)

RUBBER_BULLET = an_incident(
    "KGZ-2020-0003",
    "Rubber bullet fired at a Current Time journalist during a live broadcast",
    summary={
        "en": "Riot police fired a rubber bullet at Aibol Kozhomuratov while he was live on air from the protests "
        "in Bishkek. He wore a reflective vest marked for the media and stood in a well-lit spot.\n\n"
        "He was not hurt; he said that the bullet passed a millimetre above his head.",
        "ru": "Во время прямого эфира с протестов в Бишкеке ОМОН выстрелил резиновой пулей в Айбола Кожомуратова.",
    },
    date=NIGHT,
    place=a_place(
        as_reported="scene of events in Bishkek",
        locality="Bishkek",
        country="KG",
        latitude=42.87,
        longitude=74.59,
        precision="locality",
        uncertainty_m=10000,
    ),
    covering=["protest", "elections"],
    acts=[
        an_act(
            "assault",
            [
                a_victim(
                    "Aibol Kozhomuratov",
                    person="p-aibol",
                    role="journalist",
                    gender="man",
                    outlet=CURRENT_TIME,
                    harm="none",
                )
            ],
            [an_involvement("police", "riot police")],
            method="kinetic_projectile",
            completion="attempted",
            description={"en": "A rubber bullet was fired at him; it missed."},
        )
    ],
    outlets=[in_incident(CURRENT_TIME, "Настоящее Время")],
    sources=[UPDATE, WATCHDOG],
    topics=[CRISIS_LINK],
    follow_ups=[
        {
            "kind": "denial",
            "date": a_date("2020-10", "2020-10-01", "2020-10-31", "month"),
            "by": "Sadyr Japarov, prime minister elect",
            "text": {"en": "Said that no one had been subjected to pressure."},
            "sources": [1],
        }
    ],
    related=["KGZ-2020-0004"],
    revised_on="2026-11-21",
    revision=2,
)

STONE = an_incident(
    "KGZ-2020-0004",
    "Stone and stun grenade aimed at a Vesti.kg correspondent",
    summary={"en": "Eldos Kazybekov said that one officer threw a stone at him and another aimed a stun grenade."},
    date=NIGHT,
    place=a_place(locality="Bishkek", country="KG", precision="locality"),
    covering=["protest"],
    acts=[
        an_act(
            "assault",
            [a_victim("Eldos Kazybekov", role="correspondent", outlet=VESTI, harm="none", person="p-eldos")],
            [an_involvement("police", "one police officer", count_least=1, count_most=1)],
            method="thrown_object",
        ),
        an_act(
            "assault",
            [a_victim("Eldos Kazybekov", role="correspondent", outlet=VESTI, harm="none", person="p-eldos")],
            [an_involvement("police", "another police officer", count_least=1, count_most=1)],
            method="stun_grenade",
            completion="attempted",
        ),
    ],
    outlets=[in_incident(VESTI, "Вести.kg")],
    sources=[UPDATE],
    topics=[CRISIS_LINK],
    related=["KGZ-2020-0003"],
)

POLLING_STATION = an_incident(
    "KGZ-2020-0001",
    "Two men try to stop a Kloop crew from filming at a polling station in Osh",
    summary={
        "en": "Two unidentified men tried to stop the crew from filming and to take the phones of both journalists. "
        "Police officers who were present reportedly did not step in."
    },
    date=a_date("2020-10-04", "2020-10-04", "2020-10-04", "day", basis="inferred", as_reported="election day"),
    place=a_place(
        as_reported="a polling station in the city of Osh",
        venue="a polling station",
        locality="Osh",
        country="KG",
        latitude=40.53,
        longitude=72.79,
        precision="locality",
        uncertainty_m=10000,
        generalised=True,
    ),
    covering=["elections"],
    acts=[
        an_act(
            "equipment_robbery",
            [
                a_victim(
                    "Khamidullo Uzakov",
                    role="camera_operator",
                    outlet=KLOOP,
                    equipment=[{"item": "phone", "count": 1, "fate": "robbed", "returned": None}],
                ),
                a_victim(
                    "Adilet Kyzy",
                    role="correspondent",
                    outlet=KLOOP,
                    equipment=[{"item": "phone", "count": 1, "fate": "robbed", "returned": None}],
                ),
            ],
            [
                an_involvement("unknown", "two unidentified men", count_least=2, count_most=2),
                an_involvement("police", "police officers at the polling station", role="present_did_not_intervene"),
            ],
            completion="attempted",
        ),
    ],
    outlets=[in_incident(KLOOP, "Клооп")],
    sources=[UPDATE],
    topics=[CRISIS_LINK],
)

SPUTNIK_OFFICE = an_incident(
    "KGZ-2020-0013",
    "A group comes to the Sputnik office and demands coverage of a rally",
    summary={"en": "A group of 25–30 people demanded that a correspondent be sent to the rally at once."},
    date=a_date("2020-10-10", "2020-10-10", "2020-10-10", "day"),
    place=a_place(
        as_reported="Sputnik's office", venue="Sputnik office", locality="Bishkek", country="KG", precision="site"
    ),
    covering=["politics"],
    work_related="likely",
    acts=[
        an_act(
            "threat",
            [
                a_victim(None, naming="withheld", role="editor", outlet=SPUTNIK, followed=["sought_protection"]),
                a_victim(None, kind="outlet", outlet=SPUTNIK, count_as_reported="the whole newsroom"),
            ],
            [
                an_involvement(
                    "political_supporters",
                    None,
                    affiliation="supporters of Sadyr Japarov",
                    count_least=25,
                    count_most=30,
                    count_as_reported="25-30",
                ),
                an_involvement("volunteer_patrol", "a group of volunteers", role="helped_victim"),
            ],
            method="crowd_pressure",
            ground="political_opinion",
        )
    ],
    outlets=[in_incident(SPUTNIK)],
    sources=[],
    confidential_sources=2,
    topics=[CRISIS_LINK],
)

UNDATED = an_incident("KGZ-2020-0017", "Customers of mobile operators report internet problems") | {
    "title": {"ky": "Мобилдик интернетте үзгүлтүктөр"},
    "acts": [an_act("network_disruption", [a_victim(None, kind="public")], [], completion=None)],
    "verification": "disputed",
    "work_related": "unclear",
}

INCIDENTS = (RUBBER_BULLET, STONE, POLLING_STATION, SPUTNIK_OFFICE, UNDATED)


def an_outlet(slug: str, name: str, **known: Any) -> Record:
    """A published outlet."""
    blank: Record = {"slug": slug, "id": f"id-{slug}", "name": name, "other_names": [], "media": []}
    blank |= {"ownership": None, "country": "KG", "website": None}
    return blank | {"published_on": "2026-11-20", "revised_on": "2026-11-20", "revision": 1} | known


OUTLETS = (
    an_outlet(
        "kloop",
        "Kloop",
        other_names=[{"name": "Клооп", "language": "ru"}],
        media=["online"],
        ownership="private",
        website="https://kloop.example.org",
    ),
    an_outlet("current-time", "Current Time", other_names=[{"name": "Настоящее Время", "language": "ru"}]),
    an_outlet("sputnik", "Sputnik"),
    an_outlet("vesti-kg", "Vesti.kg", other_names=[{"name": "Вести.kg", "language": "ru"}], media=["online"]),
)

TOPIC: Record = {
    "slug": CRISIS,
    "id": "id-topic-1",
    "title": {"en": "2020 Kyrgyz post-election crisis"},
    "summary": {
        "en": "What happened around the attacks on journalists after the parliamentary vote of 4 October 2020."
    },
    "timeline": [
        {
            "date": a_date("2020-10-04", "2020-10-04", "2020-10-04", "day"),
            "text": {"en": "Kyrgyzstan votes for a new parliament."},
            "disagreement": {},
            "sources": [1],
        },
        {
            "date": NIGHT | {"extent": True, "edtf": "2020-10-05/2020-10-06", "precision": "range"},
            "text": {"en": "Police and protesters clash in Bishkek; one person dies and hundreds are injured."},
            "disagreement": {"en": "Accounts of the number of injured run from several hundred to more than 1,000."},
            "sources": [1, 2],
        },
        {
            "date": a_date("2020-10-09", "2020-10-09", "2020-10-09", "day"),
            "text": {"en": "The president declares a state of emergency in the capital."},
            "disagreement": {},
            "sources": [2],
        },
    ],
    "follow_ups": [
        {
            "kind": "denial",
            "date": None,
            "by": "Sadyr Japarov, prime minister elect",
            "text": {"en": "Said that people might think badly of media that publish false information."},
            "sources": [1],
        }
    ],
    "sources": [as_document(UPDATE), as_document(WATCHDOG)],
    "published_on": "2026-11-20",
    "revised_on": "2026-11-20",
    "revision": 1,
}

SITE: Record = {
    "name": {"en": "Register of attacks on the press"},
    "organisation": None,
    "contact": None,
    "licence": "cc_by_4_0",
    "introduction": {
        "en": "A public record of attacks on journalists, media workers, outlets and the means of reporting. "
        "Each entry says who did what to whom, when and where, and how we know."
    },
    "about": {
        "en": "This register is kept so that attacks on the press can be cited, counted and answered for.\n\n"
        "Anyone may read it, download it and build on it."
    },
    "published_on": "2026-11-20",
    "revised_on": "2026-11-20",
    "revision": 1,
}
