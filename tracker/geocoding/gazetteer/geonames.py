"""Reading what GeoNames publishes for one country: all of its villages, or more names for places that are known.

The files are those of its download folder, as text or still packed: `KG.zip` with 19 columns, and `KG.zip` of the
folder `alternatenames` with 10 (or 8), all parted by tabs. Every bad line is told, with its number.
"""

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tracker.geocoding.gazetteer.file import GazetteerProblem
from tracker.geocoding.gazetteer.packages import is_code, is_real
from tracker.geocoding.gazetteer.places import Entry, Kind, Place, Rank
from tracker.phrases import Phrase, phrase
from tracker.vocabulary import COUNTRIES

PLACE_COLUMNS = 19
NAME_COLUMNS = frozenset({8, 10})
SHOWN_PROBLEMS = 20
MOST_BYTES = 2 * 1024**3
# Places that are gone, and stations or quarters that bear their town's name, would only mislead.
_GONE = frozenset({"PPLH", "PPLQ", "PPLW", "PPLCH"})
_PACKED = b"PK\x03\x04"
_DIVISIONS = {"ADM1": Kind.ADMIN1, "ADM2": Kind.ADMIN2}
# In the column of languages these mark links, codes and numbers.
_NO_LANGUAGES = frozenset({"link", "post", "iata", "icao", "faac", "tcid", "wkdt", "unlc", "phon", "piny", "fr_1793"})


@dataclass(slots=True)
class Contents:
    """What a file holds: places with the codes of the divisions that they lie in, or names by the place's number."""

    entries: list[tuple[Entry, str, str]] = field(default_factory=list)
    names: dict[int, list[tuple[str, Rank]]] = field(default_factory=dict)
    skipped: int = 0


def read_geonames(path: Path) -> Contents:
    """Read a whole file; raises `GazetteerProblem` that names the bad lines, of which nothing is taken then."""
    contents = Contents()
    problems: list[str] = []
    bad = 0
    with _lines(path) as lines:
        for number, raw in enumerate(lines, start=1):
            try:
                _take(raw, contents)
            except _BadLine as problem:
                bad += 1
                if len(problems) < SHOWN_PROBLEMS:
                    problems.append(phrase("line {number}: {what}", number=number, what=problem.args[0]))
    if bad:
        raise GazetteerProblem(
            phrase(
                "{file}: {lines} cannot be read, so nothing was added.\n{problems}",
                file=path.name,
                lines=f"{bad:,} line{'s' * (bad != 1)}",
                problems="\n".join(
                    [*problems, *([f"… and {bad - len(problems):,} more"] if bad > len(problems) else [])]
                ),
            )
        )
    if not contents.entries and not contents.names:
        raise GazetteerProblem(phrase("{file} holds no town, village, district or name of one.", file=path.name))
    return contents


class _BadLine(ValueError):
    """What is wrong with a line, as a phrase."""


def _take(raw: bytes, contents: Contents) -> None:
    try:
        line = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _BadLine(phrase("this is no UTF-8")) from None
    if not line:
        return
    row = line.removeprefix("\ufeff").split("\t")
    if len(row) in NAME_COLUMNS:
        _take_name(row, contents)
    elif len(row) == PLACE_COLUMNS:
        _take_place(row, contents)
    else:
        raise _BadLine(
            phrase("it has {found} columns; a country file has 19, a file of alternate names 8 or 10", found=len(row))
        )


def _take_place(row: list[str], contents: Contents) -> None:
    number, name, _ascii, others, latitude, longitude, group, code, country = row[:9]
    where = _degrees(latitude, "latitude", 90), _degrees(longitude, "longitude", 180)
    identifier, population = _whole(number, "number"), _whole(row[14] or "0", "population")
    if not name.strip():
        raise _BadLine(phrase("the name is empty"))
    if group == "P" and code not in _GONE:
        kind = Kind.LOCALITY
    elif group == "A" and code in _DIVISIONS:
        kind = _DIVISIONS[code]
    else:
        contents.skipped += 1
        return
    if country not in COUNTRIES:
        raise _BadLine(phrase("{code} is no country's code", code=repr(country)))
    names = {each: Rank.CODE if is_code(each) else Rank.OTHER for each in others.split(",") if is_real(each)}
    names[name] = Rank.OWN
    admin1 = f"{country}.{row[10]}"
    admin2 = f"{admin1}.{row[11]}"
    place = Place(identifier, kind, name, country, None, None, *where, population if kind is Kind.LOCALITY else 0, None)
    own = {Kind.ADMIN1: admin1, Kind.ADMIN2: admin2}.get(kind, "")
    contents.entries.append((Entry(place, list(names.items()), geonames=own), admin1, admin2))


def _take_name(row: list[str], contents: Contents) -> None:
    _whole(row[0], "number")
    place = _whole(row[1], "number of the place")
    if row[2].lower() in _NO_LANGUAGES:
        contents.skipped += 1
        return
    if not row[3].strip():
        raise _BadLine(phrase("the name is empty"))
    rank = Rank.CODE if row[2] == "abbr" or is_code(row[3]) else Rank.OTHER
    contents.names.setdefault(place, []).append((row[3], rank))


def _whole(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise _BadLine(phrase("the {what} is no whole number: {text}", what=what, text=repr(text[:30])))
    return int(text)


def _degrees(text: str, what: str, most: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise _BadLine(
            phrase("the {what} lies not between −{most} and {most}: {text}", what=what, most=most, text=repr(text[:30]))
        )
    return value


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a text file, or of the one that is packed into a zip file beside its readme."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            if file.read(len(_PACKED)) == _PACKED:
                raise _unfit(path, phrase("it is a zip file that is damaged or was cut short"))
            file.seek(0)
            yield iter(file)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            files = [each for each in archive.infolist() if each.filename.lower().endswith(".txt")]
            files = [each for each in files if "readme" not in each.filename.lower()]
            if len(files) != 1:
                raise _unfit(path, phrase("it has to hold one text file beside its readme"))
            if files[0].file_size > MOST_BYTES:
                raise _unfit(path, phrase("what it holds is larger than 2 GB"))
            with archive.open(files[0]) as file:
                yield iter(file)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unfit(path, str(error)) from None


def _unfit(path: Path, reason: str | Phrase) -> GazetteerProblem:
    return GazetteerProblem(phrase("{file} cannot be read: {reason}.", file=path.name, reason=reason))
