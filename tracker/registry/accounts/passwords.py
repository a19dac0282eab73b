"""Passwords: which ones are good enough, and how they are kept (OWASP ASVS 5.0, 6.2 and 11.4.2).

Length counts, composition does not. A password is refused if it is easy to guess for somebody who tries common
passwords, names and words, repetitions, sequences and rows of keys, and knows whose account it is. What is common
comes from the lists of zxcvbn (30,000 passwords, and names and words beside them), so that nothing is asked elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tracker.phrases import Phrase, phrase
from tracker.settings import PasswordCost
from tracker.text import slugify

SHORTEST = 15
LONGEST = 128
# zxcvbn takes time that grows with the square of the length; a password is judged by so much of its beginning.
JUDGED = 72
# How many guesses a password must withstand, as a power of ten: the highest of the five grades of zxcvbn.
ENOUGH = 10.0
# Words of other letters are typed in guesses as the same keys, or in Latin letters; both are looked up.
_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
_SHORTEST_WORD = 3
# Each verification takes the memory that the cost names; so many run at once in a process.
_AT_ONCE = BoundedSemaphore(2)


class Passwords:
    """Hashing and checking at one cost."""

    def __init__(self, cost: PasswordCost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.kibibytes, parallelism=cost.lanes, hash_len=32, salt_len=16
        )
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """What the database keeps of a password."""
        with _AT_ONCE:
            return self._hasher.hash(_bytes(password))

    def match(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one that was stored; takes as long where none was, as for an unknown account."""
        if self._nobody is None:
            self._nobody = self.hash("the password of nobody")
        with _AT_ONCE:
            try:
                self._hasher.verify(stored or self._nobody, _bytes(password))
            except (Argon2Error, InvalidHashError):
                return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether a stored hash was made at another cost, and is to be made anew when the password is at hand."""
        return self._hasher.check_needs_rehash(stored)


def password_problem(password: str, about: Iterable[str] = ()) -> Phrase | None:
    """What stands against a new password, as a sentence, or None; `about` names person, address and organisation."""
    typed = unicodedata.normalize("NFKC", password)
    if len(typed) < SHORTEST:
        return phrase(
            "Use at least {number} characters: a few words that only you would put together.", number=SHORTEST
        )
    if len(typed) > LONGEST:
        return phrase("Use at most {number} characters.", number=LONGEST)
    if _guesses(typed, _words(about)) < ENOUGH:
        return phrase(
            "This password is easy to guess: it is common, repeats itself, or says who you are. Choose other words."
        )
    return None


def _guesses(typed: str, words: list[str]) -> float:
    """The power of ten of the guesses that it takes, in the spelling in which it is guessed soonest."""
    # Importing the lists takes a fifth of a second, which only those wait for who set a password.
    from zxcvbn import zxcvbn

    plain = typed.casefold()
    closed = re.sub(r"[\W_]+", "", plain)
    spellings = {typed, closed, plain.translate(_KEYS), closed.translate(_KEYS), _in_latin(closed)}
    once = re.fullmatch(r"(.+?)\1+", closed)
    if once is not None or len(set(closed)) < 5:
        return 0.0
    return min(float(zxcvbn(one[:JUDGED], user_inputs=words)["guesses_log10"]) for one in spellings if one)


def _words(about: Iterable[str]) -> list[str]:
    """The words of these texts, and each text without its blanks, in the spellings in which they are guessed."""
    found = ["tracker", "press", "freedom", "staff", "desk"]
    for text in about:
        plain = text.casefold()
        found += [*re.findall(r"[^\W_]+", plain), re.sub(r"[\W_]+", "", plain)]
    spelled = [form for word in found for form in (word, word.translate(_KEYS), _in_latin(word))]
    return [word for word in dict.fromkeys(spelled) if len(word) >= _SHORTEST_WORD]


def _in_latin(word: str) -> str:
    return slugify(word, limit=LONGEST).replace("-", "")


def _bytes(password: str) -> bytes:
    # One character more than is ever stored is enough to tell that it is another password.
    return unicodedata.normalize("NFKC", password[: LONGEST + 1]).encode("utf-8", "replace")
