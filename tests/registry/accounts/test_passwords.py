"""Which passwords are good enough, and how they are kept."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from tracker.registry.accounts.passwords import LONGEST, SHORTEST, Passwords, password_problem
from tracker.settings import PasswordCost

ABOUT = ["Aida Testova", "aida.testova@forum.example.org", "A forum for the press"]
CHEAP = PasswordCost(passes=1, kibibytes=64)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "amber kettle under the old bridge",
        "Съешь ещё этих мягких булок",
        "كلمة سر طويلة وآمنة للغاية",
        "k3Vq 9xZ! pL0w#Rt",
        "a b c " * 2 + "lantern over the quiet harbour",
    ],
)
def test_long_passwords_of_any_script_and_composition_are_taken(password: str) -> None:
    assert password_problem(password, ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword1",
        "Password123456789",
        "P@ssw0rdP@ssw0rd",
        "123456789012345678",
        "qwertyuiopasdfghjkl",
        "iloveyouiloveyou",
        "aaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "Пароль пароль пароль",
        "йцукенгшщзхъфыва",
        "пароль123456789",
        "Aida Testova 2026",
        "aida.testova@forum.example.org",
        "forum tracker 1",
        "press freedom tracker",
        "!!!!!!!!!!!!!!!!!!!!!!",
        "                    ",
        "12345678987654321",
        "1qaz2wsx3edc4rfv",
    ],
)
def test_what_is_common_repeats_itself_or_says_who_one_is_is_refused(password: str) -> None:
    problem = password_problem(password, ABOUT)
    assert problem is not None
    assert "easy to guess" in problem
    assert password not in problem


def test_too_short_and_too_long_are_told_apart() -> None:
    good = "kettle under bridge lantern over harbour "
    assert "at least 15" in str(password_problem(good[: SHORTEST - 1]))
    assert password_problem("k3Vq9xZ!pL0w#Rt") is None
    assert "at most 128" in str(password_problem((good * 4)[: LONGEST + 1]))
    assert password_problem((good * 2 + "seven quiet herons at the mill, and one of them asleep")[:LONGEST]) is None


def test_passwords_are_kept_by_argon2id_at_the_cost_of_the_settings() -> None:
    kept = Passwords(PasswordCost()).hash("amber kettle under the old bridge")
    found = extract_parameters(kept)
    assert (found.type, found.hash_len, found.salt_len) == (Type.ID, 32, 16)
    # RFC 9106 and OWASP ask for no less than this.
    assert found.memory_cost >= 47_104
    assert found.time_cost >= 1
    assert not Passwords(PasswordCost()).outdated(kept)
    assert Passwords(CHEAP).outdated(kept)


def test_only_the_same_password_matches() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hash("Ёлка" * 32)
    assert passwords.match(kept, "Ёлка" * 32)
    assert not passwords.match(kept, "Ёлка" * 32 + "x")
    assert not passwords.match(kept, "ёлка" * 32)
    assert not passwords.match(None, "the password of nobody")
    assert not passwords.match("no hash at all", "x")
    # What looks alike is the same, however a keyboard puts it together.
    assert passwords.match(passwords.hash("caf\u00e9 " * 4), "cafe\u0301 " * 4)
