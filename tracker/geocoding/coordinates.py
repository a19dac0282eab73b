"""Coordinates as people type and paste them, read into degrees; what can be meant in two ways is asked back.

`read_coordinates` takes decimal degrees ("42.87, 74.59", "42,87; 74,59"), degrees with minutes and seconds
("42°52′12″N 74°35′24″E"), letters for the directions in English, Russian and Spanish, before or behind the number, and
with them any order.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from tracker.geocoding.borders import misplaced
from tracker.phrases import phrase

LONGEST = 120
MOST_LATITUDE, MOST_LONGITUDE = 90.0, 180.0

ADVICE = phrase("Write latitude and longitude in degrees, such as 42.87, 74.59 or 42°52′12″N 74°35′24″E.")

_NUMBER = re.compile(r"[+\-]?\d+(?:[.,]\d+)?")
_WORDS = {
    "n": "N", "north": "N", "с": "N", "сш": "N", "северной широты": "N", "norte": "N", "lat": "lat", "latitude": "lat",
    "s": "S", "south": "S", "ю": "S", "юш": "S", "южной широты": "S", "sur": "S", "широта": "lat", "latitud": "lat",
    "e": "E", "east": "E", "в": "E", "вд": "E", "восточной долготы": "E", "este": "E", "lon": "lon", "lng": "lon",
    "w": "W", "west": "W", "з": "W", "зд": "W", "западной долготы": "W", "oeste": "W", "o": "W", "long": "lon",
    "longitude": "lon", "долгота": "lon", "longitud": "lon",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<number>[+\-]?\d+(?:[.,]\d+)?)|(?P<sign>[°˚]|′′|''|[′'’″\"”])|(?P<word>[^\W\d_]+)|(?P<stop>[,;/|])"
)
_UNITS = {"°": 1, "˚": 1, "′": 60, "'": 60, "’": 60, "″": 3600, '"': 3600, "”": 3600, "′′": 3600, "''": 3600}
_DASHES = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "º": "°"}
)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in degrees (WGS 84): latitude from −90 to 90, longitude from −180 to 180."""

    latitude: float
    longitude: float


class CoordinatesProblem(ValueError):
    """What was typed is no point; the message, a phrase, says why. `swapped` holds the point that was likely meant."""

    def __init__(self, message: str, swapped: Coordinates | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.swapped = swapped


@dataclass(slots=True)
class _Angle:
    """One angle on its way: its value, and the direction or axis that was written with it."""

    value: float
    axis: str | None = None
    parts: int = 1


def looks_like_coordinates(text: str) -> bool:
    """Whether somebody meant coordinates and not the name of a place: two numbers and hardly anything else."""
    plain = _joined(unicodedata.normalize("NFC", text).translate(_DASHES))
    if len(plain) > LONGEST or len(_NUMBER.findall(plain)) < 2:
        return False
    return all(word in _WORDS for word in re.findall(r"[^\W\d_]+", plain))


def read_coordinates(typed: str, *, country: str | None = None) -> Coordinates:
    """The point that was typed; raises `CoordinatesProblem` where it is none or may be another.

    With a country (ISO 3166-1 alpha-2) the point has to lie there, seen roughly: where the exchanged one does, or one
    with another sign, the problem says so and offers it.
    """
    text = unicodedata.normalize("NFC", typed).translate(_DASHES).strip(" ()[]")
    if not text or len(text) > LONGEST:
        raise CoordinatesProblem(ADVICE)
    if re.search(r"\b(nan|inf|infinity)\b", text.casefold()):
        raise CoordinatesProblem(phrase("This is not a number. {advice}", advice=ADVICE))
    first, second = _two(_angles(text))
    if first.axis == "lon" or second.axis == "lat":
        if first.axis == "lat" or second.axis == "lon":
            raise CoordinatesProblem(phrase("Both numbers stand for the same direction. {advice}", advice=ADVICE))
        first, second = second, first
    elif first.axis is not None and first.axis == second.axis:
        raise CoordinatesProblem(phrase("Both numbers stand for the same direction. {advice}", advice=ADVICE))
    return checked(first.value, second.value, country=country)


def checked(latitude: float, longitude: float, *, country: str | None = None) -> Coordinates:
    """A point out of two numbers; raises `CoordinatesProblem` where there is no such point on a globe, or elsewhere."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise CoordinatesProblem(phrase("This is not a number. {advice}", advice=ADVICE))
    swapped = None
    if abs(longitude) <= MOST_LATITUDE and abs(latitude) <= MOST_LONGITUDE:
        swapped = Coordinates(longitude, latitude)
    if abs(latitude) > MOST_LATITUDE:
        if swapped is not None:
            raise CoordinatesProblem(
                phrase(
                    "A latitude lies between −90 and 90, so {latitude:g} is none. Latitude comes first: was "
                    "{longitude:g}, {latitude:g} meant?",
                    latitude=latitude,
                    longitude=longitude,
                ),
                swapped,
            )
        raise CoordinatesProblem(
            phrase("A latitude lies between −90 and 90, so {latitude:g} is none.", latitude=latitude)
        )
    if abs(longitude) > MOST_LONGITUDE:
        raise CoordinatesProblem(
            phrase("A longitude lies between −180 and 180, so {longitude:g} is none.", longitude=longitude)
        )
    point = Coordinates(round(latitude, 6), round(longitude, 6))
    if wrong := misplaced(country, point.latitude, point.longitude):
        raise CoordinatesProblem(wrong.message, Coordinates(*wrong.meant) if wrong.meant else None)
    return point


def _joined(text: str) -> str:
    """The text in lower case, with abbreviations such as "с. ш." and names of directions as one word each."""
    text = re.sub(r"(?<=[^\W\d_])\.\s*(?=[^\W\d_]\b)|(?<=[^\W\d_])\.(?!\d)", "", text.casefold())
    for words in ("северной широты", "южной широты", "восточной долготы", "западной долготы"):
        text = text.replace(words, _WORDS[words].casefold())
    return text


def _two(angles: list[_Angle]) -> tuple[_Angle, _Angle]:
    if len(angles) != 2:
        raise CoordinatesProblem(
            phrase("A point needs two numbers, and this has {number}. {advice}", number=len(angles), advice=ADVICE)
        )
    return angles[0], angles[1]


def _angles(text: str) -> list[_Angle]:
    """The angles in the text, each with its minutes and seconds, and the direction written before or behind it."""
    if "°" not in text and "′" not in text and "'" not in text and not re.search(r"[^\W\d_]", text):
        return [_Angle(float(number)) for number in _bare_numbers(text)]
    return _Reader(text).angles()


def _bare_numbers(text: str) -> list[str]:
    """The numbers of a text without any sign; a comma is decimal where it cannot stand between the two numbers."""
    if re.search(r"[^\d\s.,;/|+\-]", text):
        raise CoordinatesProblem(ADVICE)
    pieces = [piece.strip() for piece in re.split(r"[;/|\s]+", text) if piece.strip(" ,")]
    commas = text.count(",")
    if commas == 1 and len(pieces) == 1:
        if "." not in text:
            # "42,87" may be half of a point, with a decimal comma.
            raise CoordinatesProblem(phrase("This can be one number or two. {advice}", advice=ADVICE))
        pieces = text.split(",")
    elif commas == 3 and len(pieces) == 1:
        pieces = [",".join(text.split(",")[:2]), ",".join(text.split(",")[2:])]
    numbers = [piece.strip(" ,").replace(",", ".") for piece in pieces]
    if not all(re.fullmatch(r"[+\-]?\d+(\.\d+)?", number) for number in numbers):
        raise CoordinatesProblem(ADVICE)
    return numbers


class _Reader:
    """Reads angles with signs of degrees, minutes and seconds, and letters for directions."""

    def __init__(self, text: str) -> None:
        self._tokens = self._read(text)
        self._angles: list[_Angle] = []
        self._waiting: str | None = None

    def angles(self) -> list[_Angle]:
        unit = 0
        for (kind, value), (next_kind, next_value) in pairwise([*self._tokens, ("end", "")]):
            if kind == "number":
                unit = self._take(value, next_value if next_kind == "sign" else "", unit)
            elif kind == "word":
                self._name(_WORDS[value], before_number=next_kind == "number")
                unit = 0
            elif kind == "stop":
                unit = 0
        return self._angles

    def _read(self, text: str) -> list[tuple[str, str]]:
        text = _joined(text)
        tokens = [(str(found.lastgroup), found[0]) for found in _TOKEN.finditer(text)]
        left = _TOKEN.sub("", text).strip(" .:=")
        if left.replace(" ", "").strip(".:=") or any(kind == "word" and value not in _WORDS for kind, value in tokens):
            raise CoordinatesProblem(ADVICE)
        return tokens

    def _take(self, number: str, sign: str, unit: int) -> int:
        """Take one number; returns the unit of it in parts of a degree, which the next one has to be finer than."""
        value = float(number.replace(",", "."))
        size = _UNITS.get(sign, 0) or (unit * 60 if unit else 1)
        if size == 1 or not self._angles or size > 3600:
            self._angles.append(_Angle(math.copysign(abs(value), -1 if number.startswith("-") else 1)))
            if self._waiting:
                self._name(self._waiting, before_number=False)
                self._waiting = None
            return 1
        if value >= 60 or number[0] in "+-":
            raise CoordinatesProblem(phrase("Minutes and seconds are less than 60. {advice}", advice=ADVICE))
        angle = self._angles[-1]
        angle.value += math.copysign(value / size, angle.value)
        return size

    def _name(self, name: str, *, before_number: bool) -> None:
        """Give an angle its direction: the one before the letter, unless that has one or there is none."""
        behind = self._angles and self._angles[-1].axis is None
        if before_number and (not behind or not self._angles):
            self._waiting = name
            return
        if not self._angles or self._angles[-1].axis is not None:
            raise CoordinatesProblem(ADVICE)
        angle = self._angles[-1]
        angle.axis = {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}.get(name, name)
        if name in "SW":
            if angle.value < 0:
                raise CoordinatesProblem(phrase("A number below zero needs no letter for south or west."))
            angle.value = -angle.value
