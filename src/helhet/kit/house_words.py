"""This house's words in every sentence: what gettext answers, with the nouns that the house has renamed.

Django has no place of its own to put this in. Its translations are made by one class, from which ours is derived.
"""

from __future__ import annotations

from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR, DjangoTranslation

from helhet.kit.words import in_house


class HouseTranslation(DjangoTranslation):
    """A language as this house speaks it."""

    def gettext(self, message: str) -> str:
        """The sentence in the house's words; also one with a context that has no translation."""
        found = super().gettext(message)
        if found is message and CONTEXT_SEPARATOR in message:
            plain = message.partition(CONTEXT_SEPARATOR)[2]
            said = in_house(plain, self.language())
            return message if said == plain else said
        return in_house(found, self.language())

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """As `gettext`."""
        return in_house(super().ngettext(msgid1, msgid2, n), self.language(), 1 if n == 1 else 2)


def speak() -> None:
    """From now on translations are ours; those that were made before are made anew."""
    trans_real.DjangoTranslation = HouseTranslation  # type: ignore[misc]
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
