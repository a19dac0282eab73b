"""The query parameters as JSON Schema: they say what the filter reads."""

import pytest
from jsonschema import Draft202012Validator

from tracker.dataset.filters import DatasetFilter
from tracker.dataset.parameter_schemas import parameter_schema
from tracker.dataset.parameters import PARAMETERS
from tracker.dataset.problems import FilterError

GOOD = {
    "q": ["клооп", "a b", "a" * 200],
    "from": ["0001-01-01", "9999-12-31"],
    "country": ["KG", "NA", "unknown", "not_recorded"],
    "within": ["-180,-90,180,90", "0.00001,1,-1,1.5", "180.0,90.00,-179.9,90"],
    "outlet": ["not_recorded", "radio-24", "a_b"],
    "dataset": ["1", "999999999"],
    "limit": ["1", "1000"],
    "after": ["1.0123456789.2020-10-05:KGZ-2020-0001"],
    "fields": ["reference", "title,id"],
}
BAD = {
    "q": ["a\u0000", "a\u0085", "a\u202e", "a" * 201],
    "from": ["2020-1-01", "yesterday", "٢٠٢٠-01-01"],
    "to": ["2020-10-05T00:00"],
    "when": ["perhaps"],
    "country": ["XX", "KGZ"],
    "within": ["1,2,3", "181,0,0,0", "0,91,0,0", "1e1,0,0,0", "nan,0,0,0"],
    "violation": ["Assault", "violence"],
    "outlet": ["Kloop", "-a", "a--b"],
    "dataset": ["0", "-1", "1000000000", "x"],
    "limit": ["0", "1001", "²"],
    "after": ["1.0.a", "x"],
    "fields": ["colour", "title;id"],
}


def _allowed(name: str, text: str) -> bool:
    schema = parameter_schema(PARAMETERS[name])
    value: object = text
    if schema["type"] == "integer":
        value = int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdecimal() else text
    elif name == "fields":
        value = text.split(",")
    elif schema["type"] == "array":
        value = [text]
    return bool(Draft202012Validator(schema).is_valid(value))


def _read(name: str, text: str) -> bool:
    try:
        DatasetFilter.parse([(name, text)])
    except FilterError:
        return False
    return True


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_schema_allows_what_is_read_and_no_more(name: str) -> None:
    Draft202012Validator.check_schema(parameter_schema(PARAMETERS[name]))
    vocabulary = PARAMETERS[name].vocabulary
    good = [*GOOD.get(name, []), *([PARAMETERS[name].example] if PARAMETERS[name].example else [])]
    good += vocabulary.codes() if vocabulary else []
    assert good
    for text in good:
        assert (_allowed(name, text), _read(name, text)) == (True, True), text
    for text in BAD.get(name, ["\u0007"]):
        assert (_allowed(name, text), _read(name, text)) == (False, False), text
