"""Random public records, made from the table of public fields itself."""

from typing import Any

from hypothesis import strategies as st

from tests.dataset.samples import record_id, when
from tracker.dataset.fields import INCIDENT, FieldType, PublicField, Tree
from tracker.text import text_problem
from tracker.vocabulary import COUNTRIES

# What breaks careless writers: separators, quotes, formulas, other scripts, emoji, a value that looks like "missing".
AWKWARD = (
    "=1+1", "+1", "-1", "@x", "'quoted'", " =x", "\t=x", "＝x", "a|b", "back\\slash", "\\|", "|", "\\", 'say "so"',
    "a,b;c", "line\nbreak", "line\r\nbreak", "NA", "null", "None", "0", "007", "1e5", "ё Ё", "رسالة",
    "👩‍🚀", "ʼ", " x ",
)  # fmt: skip
_free = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=20)
texts = st.one_of(st.sampled_from(AWKWARD), _free.filter(lambda text: not text_problem(text, limit=20)))
days = st.dates().map(lambda found: found.isoformat())
languages = st.sampled_from(["en", "ru", "ky", "uz-Latn"])
EDTF = (
    "2020-10-05", "2020-10-05/2020-10-06", "[2020-10-05..2020-10-09]", "2020-10", "2020-33", "2020",
    "[..2020-10-06]", "[2020-10-05..]", "2020-10-05/..", "XXXX-XX-XX",
)  # fmt: skip
dates = st.sampled_from(EDTF).map(when)

_PLAIN: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: texts,
    FieldType.TRANSLATIONS: st.dictionaries(languages, texts, max_size=3),
    FieldType.COUNTRY: st.sampled_from(["KG", "NA", *list(COUNTRIES)[:5]]),
    FieldType.DATE: days,
    FieldType.INTEGER: st.integers(0, 10**9),
    FieldType.NUMBER: st.floats(-90, 90, allow_nan=False),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.TEXTS: st.lists(texts, max_size=3),
    FieldType.INTEGERS: st.lists(st.integers(1, 99), max_size=3),
}


def of_tree(tree: Tree) -> st.SearchStrategy[dict[str, Any]]:
    """Records of the shape of a tree."""
    return st.fixed_dictionaries({field.name: _of_field(field) for field in tree})


def _of_field(field: PublicField) -> st.SearchStrategy[Any]:
    made = _value(field)
    return st.one_of(st.none(), made) if field.may_be_null else made


def _value(field: PublicField) -> st.SearchStrategy[Any]:
    codes = st.sampled_from(field.vocabulary.codes()) if field.vocabulary else st.nothing()
    match field.type:
        case FieldType.OBJECT:
            return dates if field.name == "date" else of_tree(field.fields)
        case FieldType.OBJECTS:
            return st.lists(of_tree(field.fields), max_size=2)
        case FieldType.CODE:
            return codes
        case FieldType.CODES:
            return st.lists(codes, unique=True, max_size=3)
        case _:
            return _PLAIN[field.type]


def _with_reference(record: dict[str, Any], number: int) -> dict[str, Any]:
    reference = f"KGZ-2020-{number:04d}"
    return record | {"reference": reference, "id": record_id(reference)}


incidents = st.builds(_with_reference, of_tree(INCIDENT), st.integers(1, 9999))
