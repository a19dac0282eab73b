"""Many made-up incidents in a short time, the same for a seed: awkward in every field that the table knows."""

import random
from collections.abc import Iterator
from typing import Any

from tests.dataset.records import AWKWARD, EDTF
from tests.dataset.samples import Record, record_id, when
from tracker.dataset.fields import INCIDENT, FieldType, PublicField, Tree
from tracker.vocabulary import COUNTRIES

# What looks like markup, an escape or a missing value to some reader.
MORE = (
    "<r><t>x</t></r>", "&amp;", "_x000D_", "_x0041_x0042_", "N/A", "nan", "TRUE", "2020-10-05", " ", "\u200f", "a\tb",
    "\ufeffx", "#REF!", "=HYPERLINK(\"https://example.org\")", "💥" * 3, "ÅÅ", "שלום \u2067", "\x0b", "e1\r", "\\|\\",
)  # fmt: skip
TEXTS = (*AWKWARD, *MORE)
_COUNTRIES = ("KG", "NA", *list(COUNTRIES)[:5])


class MadeUp:
    """Incidents made from one seed."""

    def __init__(self, seed: int = 2020) -> None:
        self._random = random.Random(seed)

    def incidents(self, count: int) -> Iterator[Record]:
        """So many incidents, each with a reference of its own."""
        for number in range(1, count + 1):
            reference = f"KGZ-2020-{number:05d}"
            made = self._object(INCIDENT) | {"reference": reference, "id": record_id(reference)}
            # An incident belongs to a topic once.
            yield made | {"topics": list({topic["slug"]: topic for topic in made["topics"]}.values())}

    def _object(self, tree: Tree) -> Record:
        return {field.name: self._field(field) for field in tree}

    def _field(self, field: PublicField) -> Any:
        if field.may_be_null and self._random.random() < 0.3:
            return None
        return self._value(field)

    def _value(self, field: PublicField) -> Any:
        codes = field.vocabulary.codes() if field.vocabulary else ()
        chosen = self._random.choice
        match field.type:
            case FieldType.OBJECT:
                return when(chosen(EDTF)) if field.name == "date" else self._object(field.fields)
            case FieldType.OBJECTS:
                return [self._object(field.fields) for _ in range(self._random.randint(0, 2))]
            case FieldType.CODE:
                return chosen(codes)
            case FieldType.CODES:
                return self._random.sample(codes, self._random.randint(0, min(3, len(codes))))
            case FieldType.TRANSLATIONS:
                languages = self._random.sample(["en", "ru", "ky", "uz-Latn"], self._random.randint(0, 3))
                return {language: self._text() for language in languages}
            case FieldType.TEXTS:
                return [self._text() for _ in range(self._random.randint(0, 3))]
            case FieldType.INTEGERS:
                return [self._random.randint(1, 99) for _ in range(self._random.randint(0, 3))]
            case _:
                return self._plain(field.type)

    def _plain(self, kind: FieldType) -> Any:
        match kind:
            case FieldType.TEXT:
                return self._text()
            case FieldType.COUNTRY:
                return self._random.choice(_COUNTRIES)
            case FieldType.DATE:
                return f"{self._random.randint(1, 9999):04d}-{self._random.randint(1, 12):02d}-01"
            case FieldType.INTEGER:
                return self._random.choice((0, 1, 7, 10**9, 2**53 + 1))
            case FieldType.NUMBER:
                return self._random.uniform(-90, 90)
            case _:
                return self._random.random() < 0.5

    def _text(self) -> str:
        return "".join(self._random.choices(TEXTS, k=self._random.randint(1, 2)))
