"""The site against its own OpenAPI document: schemathesis asks for what it allows, and for what it forbids."""

from collections.abc import Mapping
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tracker.vocabulary import COUNTRIES
from tracker.web.public.api.document import paths_of
from tracker.web.public.api.endpoints import ENDPOINTS

# Whether these are accepted also depends on what is in the dataset, or on one another.
NOT_BY_THEMSELVES = frozenset(
    {
        "as_of",
        "dataset",
        "after",
        "outlet",
        "topic",
        "admin1",
        "place",
        "within",
        "box",
        "zoom",
        "from",
        "to",
        "since",
        "then",
    }
)
FEW, MANY = 12, 400
# The transport that calls the application itself does not unpack what is compressed.
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def document(seeded_app: Flask) -> BaseSchema:
    """The document as the site gives it, found to be OpenAPI 3.1."""
    found = schemathesis.openapi.from_wsgi("/openapi.json", seeded_app)
    found.validate()
    return found


def _ask(document: BaseSchema, name: str, mode: GenerationMode, examples: int) -> None:
    path = paths_of(document.app.url_map)[name].replace("<", "{").replace(">", "}")

    # A case is shown with the command that repeats it; to make it smaller would take minutes.
    @hypothesis.settings(
        max_examples=examples,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=document[path]["GET"].as_strategy(generation_mode=mode))
    def asked(case: Case[Any]) -> None:
        _check(case)
        if mode is GenerationMode.POSITIVE:
            _check_acceptance(case, {200, *ENDPOINTS[name].missing})

    asked()


def _check(case: Case[Any]) -> None:
    """Every status, header and body is one that the document names, and what it forbids is refused."""
    excluded: list[CheckFunction] = [positive_data_acceptance]
    response = case.call(headers=PLAIN)
    if response.status_code == 414 or _is_read_kindly(case.query):
        excluded.append(negative_data_rejection)
    case.validate_response(response, excluded_checks=excluded)


def _is_read_kindly(query: Mapping[str, Any]) -> bool:
    """Whether it holds what no schema allows and the filter understands all the same.

    A parameter without a value counts as not given, blanks around one are cut off, a country may be in small letters.
    """
    for name, value in query.items():
        # Of what holds nothing, nothing but the name of the parameter is sent.
        values = [""] if value in ({}, []) else value if isinstance(value, list) else [value]
        for one in map(str, values):
            small = name == "country" and one not in COUNTRIES and one.upper() in COUNTRIES
            if small or one != (one.strip() or None):
                return True
    return False


def _check_acceptance(case: Case[Any], accepted: set[int]) -> None:
    """What the document allows is accepted, as far as that depends on nothing else."""
    case.query = {name: value for name, value in case.query.items() if name not in NOT_BY_THEMSELVES}
    response = case.call_and_validate(headers=PLAIN)
    assert response.status_code in accepted, case.as_curl_command()


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_the_document_allows_is_answered_as_it_says(document: BaseSchema, name: str) -> None:
    _ask(document, name, GenerationMode.POSITIVE, FEW)


WITH_PARAMETERS = [name for name, entry in ENDPOINTS.items() if entry.parameters]


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_what_the_document_forbids_is_refused_as_it_says(document: BaseSchema, name: str) -> None:
    _ask(document, name, GenerationMode.NEGATIVE, FEW)


@pytest.mark.deep
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_the_document_holds_for_many_more_requests(document: BaseSchema, name: str, mode: GenerationMode) -> None:
    _ask(document, name, mode, MANY)
