"""Those on the staff: their addresses, and the names by which revisions and the log call them."""

import pytest
from sqlalchemy.orm import Session

from tracker.registry.accounts import people


@pytest.mark.parametrize("email", ["aida@example.org", " Aida.Testova+desk@mail.example.org ", "аида@пример.рф"])
def test_addresses_are_taken(email: str) -> None:
    assert people.email_problem(email) is None


@pytest.mark.parametrize(
    "email", ["", "aida", "@example.org", "aida@", "aida@localhost", "a b@example.org", "a@b@example.org",
              "aida@example.org\nBcc: x@example.org", "a" * 250 + "@example.org", "aida\x00@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: str) -> None:
    assert people.email_problem(email) is not None


def test_an_address_is_one_account_however_it_is_written(session: Session) -> None:
    made = people.add(session, email=" Aida@Example.org", name=" Aida ", roles=["editor"], password_hash="x")
    assert (made.email, made.name) == ("Aida@Example.org", "Aida")
    assert people.by_email(session, "aida@EXAMPLE.org ") is made
    assert people.by_email(session, "ａｉｄａ@example.org") is made
    assert people.by_email(session, "nobody\x00@example.org") is None
    with pytest.raises(people.Refused, match="There is an account with this e-mail address already"):
        people.add(session, email="AIDA@example.org", name="Other", roles=[], password_hash="x")


def test_names_are_found_by_the_words_of_revisions_and_others_are_called_by_those(session: Session) -> None:
    made = people.add(session, email="aida@example.org", name="Aida", roles=[], password_hash="x")
    names = people.staff_names(session)
    assert names[f"staff:{made.id}"] == "Aida"
    assert names["cli:import"] == "cli:import"
