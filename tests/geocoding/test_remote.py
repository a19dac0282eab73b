"""Outside services: asked by choice alone, believed with care, and their failures told as failures."""

import gzip
import json
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support import nominatim
from tests.support.nominatim import Answering, Service, body, features, osh, photon_osh, places, theatre
from tracker.db import Database
from tracker.geocoding import Outcome, Wanted, fetching
from tracker.geocoding.remote import LONGEST_QUESTION, Remote, remote_of, words_of
from tracker.geocoding.turns import Pace
from tracker.settings import RemoteGeocoder, Settings
from tracker.vocabulary import PlacePrecision as P

QUICK = Pace(pause=0.0, failures=5, rest=600.0, lease=15.0, patience=5.0)
OSH = Wanted(locality="Osh", country="KG")
CONTACT = "desk@example.org"


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that knows Osh."""
    with nominatim.serving(places(osh())) as running:
        yield running


def remote(database: Database, service: Service, kind: str = "nominatim", pace: Pace = QUICK) -> Remote:
    return Remote(RemoteGeocoder(kind, service.url, CONTACT), database, pace)


def test_no_service_is_asked_by_default(database: Database, settings: Settings) -> None:
    assert settings.geocoder is None
    assert remote_of(settings, database) is None
    assert Settings.from_environment({}).geocoder is None
    chosen = replace(settings, geocoder=RemoteGeocoder("photon", "http://127.0.0.1:9"))
    assert isinstance(remote_of(chosen, database), Remote)


def test_a_town_is_found_by_nominatim_with_all_that_is_known_of_it(database: Database, service: Service) -> None:
    answer = remote(database, service).candidates(OSH, confidential=False)
    assert (answer.outcome, answer.problem, answer.attribution) == (Outcome.FOUND, None, nominatim.LICENCE)
    assert answer.best is not None
    found = answer.best
    assert (found.name, found.label) == ("Osh", "Osh, Osh Region, Kyrgyzstan")
    assert (found.latitude, found.longitude, found.precision) == (40.5139, 72.8161, P.LOCALITY)
    assert (found.country, found.admin1, found.admin2) == ("KG", "Osh Region", None)
    assert (found.provider, found.entry, found.matched, found.score) == ("nominatim", "osm:N27539876", "Osh", 1.0)


def test_a_town_is_found_by_photon(database: Database, service: Service) -> None:
    service.answer = features(photon_osh())
    answer = remote(database, service, "photon").candidates(OSH, confidential=False)
    assert answer.outcome is Outcome.FOUND
    assert answer.best is not None
    assert (answer.best.entry, answer.best.country, answer.best.latitude) == ("osm:N27539876", "KG", 40.5139)
    assert answer.attribution == "© OpenStreetMap contributors (ODbL 1.0)"
    assert service.asked[0].path == "/api"


def test_a_town_is_found_by_its_name_in_another_script(database: Database, service: Service) -> None:
    answer = remote(database, service).candidates(Wanted(text="Кыргызстан, Ош", country="KG"), confidential=False)
    assert answer.best is not None
    assert (answer.best.name, answer.best.matched) == ("Osh", "Ош")


def test_only_the_words_of_the_place_are_sent_with_our_name_and_contact(database: Database, service: Service) -> None:
    wanted = Wanted(venue="Opera  and\nBallet Theatre", locality="Bishkek", admin1="Chuy", country="KG")
    remote(database, service).candidates(wanted, confidential=False)
    asked = service.asked[0]
    assert asked.path == "/search"
    assert asked.query == {
        "q": "Opera and Ballet Theatre, Bishkek, Chuy", "format": "json", "limit": "8", "countrycodes": "kg",
        "addressdetails": "1", "namedetails": "1", "accept-language": "en",
    }  # fmt: skip
    assert asked.headers["User-Agent"].startswith("press-freedom-tracker/")
    assert CONTACT in asked.headers["User-Agent"]
    assert set(asked.headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_an_address_with_a_path_is_kept_to(database: Database, service: Service) -> None:
    chosen = RemoteGeocoder("nominatim", f"{service.url}/maps/search-of-ours", CONTACT)
    assert Remote(chosen, database, QUICK).candidates(OSH, confidential=False).outcome is Outcome.FOUND
    assert service.asked[0].path == "/maps/search-of-ours/search"


# What nobody outside may learn.


def test_nobody_is_asked_about_a_confidential_place(database: Database, service: Service) -> None:
    asking = remote(database, service)
    answer = asking.candidates(OSH, confidential=True)
    assert (answer.outcome, answer.candidates) == (Outcome.FAILED, ())
    assert "confidential" in (answer.problem or "")
    assert service.asked == []
    asking.candidates(OSH, confidential=False)
    assert asking.candidates(OSH, confidential=True).candidates == ()


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(country="KG"), Wanted(text="🙂🙂", country="KG"), Wanted(locality="…!?")]
)
def test_nobody_is_asked_for_nothing(database: Database, service: Service, wanted: Wanted) -> None:
    assert remote(database, service).candidates(wanted, confidential=False).outcome is Outcome.NOT_FOUND
    assert service.asked == []


def test_a_text_of_ten_thousand_characters_is_not_sent(database: Database, service: Service) -> None:
    answer = remote(database, service).candidates(Wanted(text="osh " * 2_500), confidential=False)
    assert (answer.outcome, service.asked) == (Outcome.FAILED, [])
    assert "too long" in (answer.problem or "")
    assert len(words_of(Wanted(text="a" * LONGEST_QUESTION))) == LONGEST_QUESTION


def test_no_word_of_a_place_stands_in_the_log(
    database: Database, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for answer in (places(), body("no", status=500), body("{")):
            service.answer = answer
            remote(database, service).candidates(Wanted(locality=f"Qaxwtown {id(answer)}"), confidential=False)
    assert len(service.asked) == 3
    assert "Qaxwtown" not in caplog.text


# Not found, several, elsewhere.


def test_what_is_not_found_is_told_as_that(database: Database, service: Service) -> None:
    service.answer = places()
    answer = remote(database, service).candidates(OSH, confidential=False)
    assert (answer.outcome, answer.candidates, answer.problem) == (Outcome.NOT_FOUND, (), None)


@pytest.mark.parametrize("kind", ["nominatim", "photon"])
def test_a_place_outside_the_stated_country_is_refused(database: Database, service: Service, kind: str) -> None:
    address = {"country": "Germany", "country_code": "de"}
    service.answer = places(osh(address=address)) if kind == "nominatim" else features(photon_osh(countrycode="DE"))
    answer = remote(database, service, kind).candidates(OSH, confidential=False)
    assert (answer.outcome, answer.candidates) == (Outcome.NOT_FOUND, ())
    assert "other countries" in (answer.problem or "")


def test_a_place_that_does_not_say_in_which_country_it_lies_is_refused(database: Database, service: Service) -> None:
    service.answer = places(osh(address={}))
    assert remote(database, service).candidates(OSH, confidential=False).candidates == ()


def test_two_places_of_one_name_are_for_a_person_to_choose_from(database: Database, service: Service) -> None:
    service.answer = places(osh(), osh(osm_id=5, lat="42.1", lon="75.9"))
    answer = remote(database, service).candidates(OSH, confidential=False)
    assert (answer.outcome, len(answer.candidates), answer.best) == (Outcome.AMBIGUOUS, 2, None)


def test_a_town_drawn_as_a_point_and_as_an_area_is_one_place(database: Database, service: Service) -> None:
    service.answer = places(osh(), osh(osm_type="relation", osm_id=9, lat="40.53", lon="72.80"))
    answer = remote(database, service).candidates(OSH, confidential=False)
    assert (answer.outcome, len(answer.candidates)) == (Outcome.FOUND, 1)


def test_something_near_to_the_words_is_never_taken_for_the_answer(database: Database, service: Service) -> None:
    answer = remote(database, service).candidates(Wanted(locality="Oshskaya", country="KG"), confidential=False)
    assert (answer.outcome, len(answer.candidates)) == (Outcome.AMBIGUOUS, 1)


def test_a_building_in_another_town_than_stated_is_never_taken_for_the_answer(
    database: Database, service: Service
) -> None:
    asking = remote(database, service)
    there = Wanted(venue="Opera and Ballet Theatre", locality="Bishkek", country="KG")
    service.answer = places(theatre())
    answer = asking.candidates(there, confidential=False)
    assert answer.best is not None
    assert answer.best.precision is P.SITE
    elsewhere = asking.candidates(replace(there, locality="Talas"), confidential=False)
    assert elsewhere.outcome is Outcome.AMBIGUOUS


def test_a_country_never_becomes_a_pin(database: Database, service: Service) -> None:
    kyrgyzstan = osh(addresstype="country", name="Kyrgyzstan", namedetails={}, display_name="Kyrgyzstan")
    service.answer = places(kyrgyzstan)
    answer = remote(database, service).candidates(Wanted(text="Kyrgyzstan"), confidential=False)
    assert answer.best is not None
    assert (answer.best.precision, answer.best.latitude, answer.best.longitude) == (P.COUNTRY, None, None)


@pytest.mark.parametrize(
    ("told", "precision"),
    [
        ({"addresstype": "state"}, P.ADMIN1), ({"addresstype": "county"}, P.ADMIN2),
        ({"addresstype": "village"}, P.LOCALITY), ({"addresstype": "suburb"}, P.NEIGHBOURHOOD),
        ({"addresstype": "road"}, P.STREET), ({"addresstype": "amenity", "place_rank": 30}, P.SITE),
        ({"addresstype": "aeroway", "place_rank": 22}, P.NEIGHBOURHOOD),
    ],
)  # fmt: skip
def test_the_kind_of_place_gives_its_precision(
    database: Database, service: Service, told: dict[str, Any], precision: P
) -> None:
    service.answer = places(osh(**told))
    assert remote(database, service).candidates(OSH, confidential=False).candidates[0].precision is precision


@pytest.mark.parametrize(
    "told", [{"addresstype": "postcode"}, {"addresstype": "x", "place_rank": None}, {"osm_id": None}]
)
def test_what_has_no_kind_or_no_record_is_left_out(database: Database, service: Service, told: dict[str, Any]) -> None:
    service.answer = places(osh(**told))
    assert remote(database, service).candidates(OSH, confidential=False).outcome is Outcome.NOT_FOUND


# Failures.


LYING: dict[str, Answering] = {
    "a latitude of 91": places(osh(lat="91.0")),
    "a longitude of -181": places(osh(lon="-181")),
    "not a number": places(osh(lat="nan")),
    "infinite": places(osh(lon="inf")),
    "nought point yes": places(osh(lat=True)),
    "no position": places({"display_name": "Osh", "osm_type": "node", "osm_id": 1}),
    "one of two that lies": places(osh(), osh(lat="91")),
    "NaN as only Python writes it": body('[{"lat": NaN, "lon": 1, "display_name": "Osh"}]'),
    "HTML": body("<html><body>Service moved</body></html>", kind="text/html"),
    "nothing": body(""),
    "cut off JSON": body('[{"lat": "40.5", "lon": "72.'),
    "fewer bytes than promised": nominatim.cut_off(90, "[]"),
    "an object": body('{"error": "Unable to geocode"}'),
    "a text": body('"Osh"'),
    "a control character in a name": places(osh(name="O\u0000sh")),
    "a name that runs backwards": places(osh(name="\u202ehsO")),
    "no text": body(b"\xff\xfe[]"),
    "levels without end": body("[" * 100_000),
    "a number of ten thousand digits": body('[{"lat": ' + "1" * 10_000 + "}]"),
    "compressed": body(gzip.compress(b"[]"), Content_Encoding="gzip"),
    "too large": body(json.dumps([osh(display_name="x" * 2_000_000)])),
    "status 500": body("[]", status=500),
    "status 404": body("[]", status=404),
    "status 204": body("", status=204),
    "no HTTP": nominatim.no_http,
    "a hang-up": nominatim.hang_up,
}  # fmt: skip


@pytest.mark.parametrize("what", LYING)
def test_an_answer_that_lies_or_breaks_off_is_a_failure(sqlite_only: Database, service: Service, what: str) -> None:
    service.answer = LYING[what]
    asking = remote(sqlite_only, service)
    answer = asking.candidates(OSH, confidential=False)
    assert (answer.outcome, answer.candidates) == (Outcome.FAILED, ())
    assert answer.problem
    assert "geocoding service" in answer.problem
    assert asking.candidates(OSH, confidential=False).outcome is Outcome.FAILED
    assert len(service.asked) == 2, "a failure is never kept as an answer"


@pytest.mark.parametrize("told", [{"coordinates": [72.8, 91]}, {"coordinates": [72.8]}, {"coordinates": None}, {}])
def test_photon_is_not_believed_either(sqlite_only: Database, service: Service, told: dict[str, Any]) -> None:
    service.answer = features(photon_osh() | {"geometry": told})
    assert remote(sqlite_only, service, "photon").candidates(OSH, confidential=False).outcome is Outcome.FAILED


@pytest.fixture
def sqlite_only(sqlite_url: str, tmp_path: Any) -> Iterator[Database]:
    """A database for what does not depend on which one it is."""
    opened = Database(Settings(instance=tmp_path, database_url=sqlite_url))
    yield opened
    opened.dispose()


def test_a_service_that_is_not_there_is_a_failure(sqlite_only: Database) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    nobody = Service(f"http://127.0.0.1:{port}", places())
    answer = remote(sqlite_only, nobody).candidates(OSH, confidential=False)
    assert (answer.outcome, answer.problem) == (Outcome.FAILED, "The geocoding service cannot be reached.")


@pytest.mark.parametrize(
    "slow",
    [nominatim.slowly(3, places(osh())), nominatim.drop_by_drop(3), nominatim.drop_by_drop(3, in_the_body=True)],
    ids=["late", "headers drop by drop", "body drop by drop"],
)
def test_a_slow_service_is_left_when_the_time_is_over(
    sqlite_only: Database, service: Service, slow: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetching.SECONDS == 5
    monkeypatch.setattr("tracker.geocoding.services.SECONDS", 0.3)
    service.answer = slow
    began = time.monotonic()
    answer = remote(sqlite_only, service).candidates(OSH, confidential=False)
    assert (answer.outcome, answer.problem) == (Outcome.FAILED, "The geocoding service did not answer in time.")
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed(sqlite_only: Database, service: Service, status: int) -> None:
    with nominatim.serving(places(osh())) as other:
        service.answer = body("", status=status, Location=f"{other.url}/search")
        answer = remote(sqlite_only, service).candidates(OSH, confidential=False)
        assert other.asked == []
    assert answer.outcome is Outcome.FAILED
    assert "another address" in (answer.problem or "")


def test_a_proxy_of_the_environment_is_not_used(
    sqlite_only: Database, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nominatim.serving(places()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert remote(sqlite_only, service).candidates(OSH, confidential=False).outcome is Outcome.FOUND
        assert proxy.asked == []
