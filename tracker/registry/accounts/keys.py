"""Keyed marks: what the database keeps of short secrets and of addresses, worth nothing without the key beside it."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret key of an installation and those that it had before, newest first."""

    current: str = field(repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)

    def mark(self, purpose: str, value: str) -> str:
        """64 hexadecimal digits for a value, another one for each purpose."""
        return _mark(self.current, purpose, value)

    def marks(self, purpose: str, value: str) -> list[str]:
        """The marks under all keys: what was marked before the key was changed is still found."""
        return [_mark(key, purpose, value) for key in (self.current, *self.previous)]


def _mark(key: str, purpose: str, value: str) -> str:
    # The length of the purpose stands first, so that no two pairs run together into the same text.
    told = f"{len(purpose)}:{purpose}{value}".encode("utf-8", "replace")
    return hmac.new(key.encode(), told, hashlib.sha256).hexdigest()
