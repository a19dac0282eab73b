"""The site in each of its languages: addresses, links, errors, and that nothing is left in English."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.web import records
from tests.web.conftest import FIRST_DAY, as_publications, publish
from tests.web.reading import links, tags, words
from tests.web.russian import in_cyrillic, untranslated
from tests.web.test_list import BAD_QUERIES
from tests.web.test_pages import EVERY_PAGE
from tracker.dataset import releases, store
from tracker.dataset.fields import TREES, Kind
from tracker.dates import IncidentDate, period_words
from tracker.db import Database
from tracker.settings import Settings
from tracker.vocabulary import WithdrawalReason
from tracker.vocabulary.crosswalks import SCHEMES
from tracker.web import translation
from tracker.web.public.routes import DATA, PAGES

# What these pages cannot do without.
QUERIES = {"/map/spot": "?lat=42.87&lon=74.59", "/map/box": "?box=69,39,81,44"}
STONE = f"/incidents/{records.STONE['reference']}"
FILTERED = (
    "/incidents?q=x&violation=assault&perpetrator=police&country=KG&outlet=kloop&from=2020-10-05&as_of=2026-11-21"
)

OF_FIGURES = (
    "/dashboard",
    "/completeness",
    "/summary?by=violation",
    "/summary?unit=victims&by=perpetrator&then=year",
    "/summary?unit=acts&by=month&then=harm&from=2020-10-05",
    "/summary?unit=outlets&by=state_or_not&then=country",
    "/summary?by=violation&violation=killing&country=DE",
    "/summary.svg?by=violation",
    "/report",
    "/report?country=KG&from=2020-10-05&to=2020-10-06",
    "/report?violation=killing",
    "/crosswalk",
    *(f"/crosswalk/{scheme}" for scheme in SCHEMES),
)
RELEASE = "2026.1"


@pytest.fixture
def russian_client(empty_client: FlaskClient, sqlite_database: Database) -> FlaskClient:
    """A client of the application over a dataset whose texts hold no Latin letter."""
    publish(sqlite_database, _in_cyrillic())
    return empty_client


def _in_cyrillic() -> Iterator[store.Publication]:
    for one in as_publications():
        record = in_cyrillic(one.record, TREES[one.kind])
        yield store.Publication(one.kind, one.record_id, one.key, record, one.nature)


def test_no_word_of_a_russian_page_is_left_in_english(russian_client: FlaskClient) -> None:
    for address in (*EVERY_PAGE, *OF_FIGURES, FILTERED, "/incidents?violation=killing", f"{STONE}?dataset=1"):
        response = russian_client.get(f"/ru{address}")
        assert response.status_code == 200
        assert untranslated(response) == [], address
        # A date ends in the full stop of an abbreviation, and no sentence may add another one.
        assert "г.." not in words(response), address
        # The same page in English shows that the reading finds what it looks for.
        assert len(untranslated(russian_client.get(address))) > 10


def test_no_word_of_an_empty_russian_site_is_left_in_english(empty_client: FlaskClient) -> None:
    for address in ("/", "/incidents", "/data", "/about", "/changes", "/releases", *OF_FIGURES):
        assert untranslated(empty_client.get(f"/ru{address}")) == [], address


def test_a_release_and_what_changed_since_are_told_in_russian(
    russian_client: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    releases.create(sqlite_database, sqlite_settings.releases, RELEASE)
    with sqlite_database.write() as session:
        store.withdraw(
            session,
            dataset_version=store.next_version(session, FIRST_DAY),
            kind=Kind.INCIDENT,
            record_id=records.STONE["id"],
            reason=WithdrawalReason.FALSE_REPORT,
            at=FIRST_DAY,
        )
    releases.create(sqlite_database, sqlite_settings.releases, "2026.2", notes="Для доклада.")
    for address in ("/releases", f"/releases/{RELEASE}", "/releases/2026.2", "/changes", "/changes?since=1"):
        response = russian_client.get(f"/ru{address}")
        assert response.status_code == 200
        assert untranslated(response) == [], address
    # The files have no language, and neither has the address that a shell is told.
    assert "curl -O http://localhost/releases/2026.2/SHA256SUMS" in words(russian_client.get("/ru/releases/2026.2"))


@pytest.mark.parametrize(
    "query",
    ["unit=x", "by=x", "by=year&then=year", "by=year&limit=3", "by=outlet&then=month&from=x", "by=month&then=day"],
)
def test_a_question_that_cannot_be_counted_is_refused_in_russian(russian_client: FlaskClient, query: str) -> None:
    response = russian_client.get(f"/ru/summary?{query}")
    assert response.status_code == 400
    assert untranslated(response) == []


def test_a_refused_filter_is_explained_in_russian(russian_client: FlaskClient) -> None:
    for query in (
        *BAD_QUERIES,
        "&".join(f"place={number}" for number in range(201)),
        "q=%FF",
        "as_of=2026-11-20&dataset=1",
    ):
        response = russian_client.get(f"/ru/incidents?{query}")
        assert response.status_code == 400
        assert untranslated(response) == [], query


@pytest.mark.parametrize(
    ("method", "address", "status", "said"),
    [
        ("GET", "/ru/some-secret-word", 404, "Такой страницы нет"),
        ("GET", "/ru/incidents/KGZ-1999-0001", 404, "Такой страницы нет"),
        ("GET", "/ru/about?colour=red", 400, "Эта страница не принимает такой параметр."),
        ("POST", "/ru/incidents", 405, "Эту страницу можно только читать"),
        ("GET", "/ru/?q=" + "a" * 9000, 414, "Адрес слишком длинный"),
    ],
)
def test_an_error_below_a_russian_address_is_told_in_russian(
    russian_client: FlaskClient, method: str, address: str, status: int, said: str
) -> None:
    response = russian_client.open(address, method=method)
    assert response.status_code == status
    assert said in words(response)
    assert untranslated(response) == []
    assert tags(response, "html") == [{"lang": "ru"}]
    assert "some-secret-word" not in response.get_data(as_text=True)
    assert {"/", "/ru/"} <= set(links(response))


def test_a_withdrawn_record_says_so_in_russian(russian_client: FlaskClient, sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        store.withdraw(
            session,
            dataset_version=store.next_version(session, FIRST_DAY),
            kind=Kind.INCIDENT,
            record_id=records.STONE["id"],
            reason=WithdrawalReason.MERGED,
            successor="KGZ-2020-0003",
            at=FIRST_DAY,
        )
    response = russian_client.get(f"/ru{STONE}")
    assert response.status_code == 410
    assert "/ru/incidents/KGZ-2020-0003" in links(response)
    assert untranslated(response) == []


def test_what_a_page_leads_to_is_in_its_own_language(client: FlaskClient) -> None:
    data = tuple(rule.rpartition(".")[2] for rule, _, _ in DATA)
    for address in EVERY_PAGE:
        for prefix, other in (("", "ru"), ("/ru", "en")):
            for link in tags(client.get(prefix + address), "a"):
                target = str(link["href"]).partition("?")[0]
                if link.get("hreflang") == other or not target.startswith("/") or target.endswith(data):
                    continue
                # The table of all addresses gives them as programs ask for them.
                if address == "/data/api" and target in {"/map.svg", "/summary.svg", "/report.pdf"}:
                    continue
                assert target.startswith("/ru/") == bool(prefix), target


def test_a_reader_changes_the_language_and_stays_where_they_are(client: FlaskClient) -> None:
    address = "/incidents?q=%D0%B0&place=Osh&place=Bishkek"
    assert f"/ru{address}" in links(client.get(address))
    there = client.get(f"/ru{address}")
    assert address in links(there)
    assert tags(there, "html") == [{"lang": "ru"}]
    assert [link["lang"] for link in tags(there, "a") if link.get("aria-current") == "true"] == ["ru"]
    refused = client.get("/ru/incidents?place=Osh&colour=red")
    assert "/incidents?place=Osh&colour=red" in links(refused)


def test_search_engines_learn_of_a_page_in_all_languages(client: FlaskClient) -> None:
    for prefix in ("", "/ru"):
        found = tags(client.get(f"{prefix}/incidents?violation=assault&from="), "link")
        alternates = {link["hreflang"]: link["href"] for link in found if "hreflang" in link}
        english, russian = (f"http://localhost{path}/incidents?violation=assault" for path in ("", "/ru"))
        assert alternates == {"en": english, "x-default": english, "ru": russian}
        assert [link["href"] for link in found if link["rel"] == "canonical"] == [russian if prefix else english]


def test_the_address_alone_decides_the_language(client: FlaskClient) -> None:
    for address in ("/", "/ru/"):
        plain = client.get(address)
        asked = client.get(address, headers={"Accept-Language": "ru, de", "Cookie": "language=ru"})
        assert asked.data == plain.data
        assert asked.headers["ETag"] == plain.headers["ETag"]
        assert "Accept-Language" not in plain.headers.get("Vary", "")
    assert client.get("/").headers["ETag"] != client.get("/ru/").headers["ETag"]
    held = client.get("/ru/", headers={"If-None-Match": client.get("/ru/").headers["ETag"]})
    assert held.status_code == 304


def test_every_page_and_no_data_file_has_a_russian_address(
    client: FlaskClient, sqlite_database: Database, sqlite_settings: Settings
) -> None:
    releases.create(sqlite_database, sqlite_settings.releases, RELEASE)
    for rules, status in ((PAGES, 200), (DATA, 404)):
        for rule, _, _ in rules:
            path = f"{rule}{QUERIES.get(rule, '')}".replace("<reference>", "KGZ-2020-0003")
            path = path.replace("<slug>", records.CRISIS if "topics" in rule else "kloop").replace("<scheme>", "sdg")
            path = path.replace("<name>", RELEASE).replace("<file>", "incidents.csv").replace("<ending>", "csv")
            assert client.get(f"/ru{path}", buffered=True).status_code == status, path
    assert client.get("/en/about").status_code == 404
    assert client.get("/russia").status_code == 404


def test_a_shared_russian_link_stays_russian_without_its_trackers(client: FlaskClient) -> None:
    assert client.get("/ru/incidents?utm_source=x&q=a").headers["Location"] == "/ru/incidents?q=a"
    assert client.get("/ru?q=a").headers["Location"].endswith("/ru/?q=a")


def test_robots_need_not_read_each_filter_in_any_language(client: FlaskClient) -> None:
    assert "Disallow: /ru/incidents?\n" in client.get("/robots.txt").get_data(as_text=True)


def test_a_citation_in_russian_is_marked_as_such_and_leads_to_the_russian_page(client: FlaskClient) -> None:
    said = words(client.get("/ru/incidents/KGZ-2020-0003"))
    assert re.search("KGZ-2020-0003, редакция 2 от 21 ноября 2026.г., версия данных 1.", said)
    assert "http://localhost/ru/incidents/KGZ-2020-0003?dataset=1" in said


@pytest.mark.parametrize(
    ("edtf", "part_of_day", "said"),
    [
        ("2020-10-05", "morning", "утром 5 октября 2020 г."),
        ("2020-10-05", "night", "в ночь, начавшуюся 5 октября 2020 г."),
        ("[2020-10-05..2020-10-06]", "night", "в ночь с 5 на 6 октября 2020 г."),
        ("2020-09-30/2020-10-01", "night", "в ночь с 30 сентября на 1 октября 2020 г."),
        ("[2020-10-05..2020-10-06]", None, "5 или 6 октября 2020 г."),
        ("[2020-10-05..2020-10-09]", None, "в один из дней с 5 по 9 октября 2020 г."),
        ("2020-10-05/2020-10-09", None, "с 5 по 9 октября 2020 г."),
        ("2020-10/2020-12", None, "с октября по декабрь 2020 г."),
        ("2019-10/2020-12", None, "с октября 2019 г. по декабрь 2020 г."),
        ("2020-10/..", None, "с октября 2020 г. (продолжается)"),
        ("2020-10", None, "октябрь 2020 г."),
        ("2020-35", None, "третий квартал 2020 г."),
        ("[..2020-10-06]", None, "не позднее 6 октября 2020 г."),
    ],
)
def test_a_date_is_said_in_russian_grammar(
    empty_client: FlaskClient, edtf: str, part_of_day: str | None, said: str
) -> None:
    with empty_client.application.test_request_context("/ru/"):
        words_of_date = IncidentDate.from_edtf(edtf, part_of_day=part_of_day).in_words("ru", translation.gettext)
        assert words_of_date.replace("\u202f", " ").replace("\xa0", " ") == said
        assert period_words(None, None, "ru", translation.gettext) == "в любое время"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 инцидент"), (2, "2 инцидента"), (5, "5 инцидентов"), (21, "21 инцидент")]
)
def test_numbers_take_their_russian_forms(empty_client: FlaskClient, count: int, said: str) -> None:
    with empty_client.application.test_request_context("/ru/"):
        assert translation.ngettext("%(num)s incident", "%(num)s incidents", count) == said
