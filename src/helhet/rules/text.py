"""Folded search keys, Swedish sort keys and wildcards over folded keys.

The keys are stored beside a name and compared bytewise, so that SQLite (BINARY) and PostgreSQL ("C")
agree on order, case and wildcards.

Folding: compatibility forms are unified (NFKC), case is folded, runs of white space become one space,
control and format characters go, and diacritics go, except that å, ä and ö stay letters of their own.
Danish and Norwegian æ and ø are written ä and ö, as a Swedish reader looks them up (and as Swedish
order places them). Marks of other scripts than Latin, Greek and Cyrillic stay, as they carry vowels.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence

SORT_KEY_LIMIT = 200
"""The most characters (all ASCII, so also bytes) of a sort key."""

# The last part of a key tells names apart that differ in case or accents only: a space, a mark, 8 hex.
_PRIMARY_LIMIT = SORT_KEY_LIMIT - 10
# Beyond this nothing can reach the key, as each character gives at least one byte.
_READ_LIMIT = 900
_HIGHEST = "\U0010ffff"

_OWN_LETTERS = {("a", "\u030a"): "å", ("a", "\u0308"): "ä", ("o", "\u0308"): "ö"}
_LETTERS = {"æ": "ä", "ø": "ö", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_DROPPED_ASCII = dict.fromkeys((*range(9), *range(14, 28), 127))


def _is_plain_mark(char: str) -> bool:
    return "\u0300" <= char <= "\u036f" or "\u1ab0" <= char <= "\u1aff" or "\u1dc0" <= char <= "\u1dff"


def _fold_letter(char: str) -> str:
    """One folding step of one character; å, ä and ö keep their ring or dots whatever else they bear."""
    if unicodedata.category(char) in _DROPPED_CATEGORIES and not char.isspace():
        return ""
    folded: list[str] = []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold()):
        own = _OWN_LETTERS.get((folded[-1], part)) if folded else None
        if own is not None:
            folded[-1] = own
        elif not _is_plain_mark(part):
            folded.append(_LETTERS.get(part, part))
    return unicodedata.normalize("NFC", "".join(folded))


class _FoldTable(dict[int, str]):
    """A translation table that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        before, after = "", _fold_letter(chr(code))
        while before != after:
            before, after = after, "".join(map(_fold_letter, after))
        self[code] = after
        return after


_FOLD_TABLE = _FoldTable()


class _EachTable(dict[int, str]):
    """The same where one character is folded to one, and else the character itself."""

    def __missing__(self, code: int) -> str:
        folded = _FOLD_TABLE[code]
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_EACH_TABLE = _EachTable()


def each_folded(text: str) -> str:
    """A text as long as this, each character folded by itself, for places in it; what becomes several stays."""
    return text.translate(_EACH_TABLE)


def fold_part(text: str) -> str:
    """Fold like `fold`, but keep one space at either end: for a piece of a longer text."""
    if text.isascii():
        if not text.isprintable():
            text = text.translate(_DROPPED_ASCII)
        folded = text.lower()
    else:
        composed = unicodedata.normalize("NFKC", text)
        folded = unicodedata.normalize("NFC", composed.translate(_FOLD_TABLE))
    collapsed = " ".join(folded.split())
    if not collapsed:
        return " " if folded else ""
    if folded[0].isspace():
        collapsed = " " + collapsed
    if folded[-1].isspace():
        collapsed += " "
    return collapsed


def fold(text: str) -> str:
    """The folded search key of a text: equal keys mean "the same" to search, wildcards and equality.

    `fold(fold(x)) == fold(x)`. The length is not bounded, and is that of the text or near it.
    """
    lowered = text.lower()
    if is_plain(lowered):
        return " ".join(lowered.split())
    return fold_part(text).strip()


_PLAIN = bytes([*range(0x20, 0x7F), *"åäö".encode("latin-1")])


def is_plain(lowered: str) -> bool:
    """Whether a text in lower case holds only ASCII and å, ä, ö: nearly every name, and quick to fold."""
    try:
        return not lowered.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return False


def _sort_codes() -> dict[int, str]:
    """Codes for what a folded text may hold, none of which is the beginning of another.

    Space is `!` (a real space begins the tie-breaker, and sorts before all), signs come before digits,
    digits before a..z, then å, ä, ö.
    """
    codes = {ord(" "): "!", ord("å"): "{", ord("ä"): "|", ord("ö"): "}"}
    after_digits = "/:;<=>?@[\\]^_`{|}~!"
    marks = "0123456789abcdefghi"
    codes.update({ord(sign): "/" + mark for sign, mark in zip(after_digits, marks, strict=True)})
    # Upper case stays: a folded text holds none, but the lengths of numbers are written with it.
    plain = "\"#$%&'()*+,-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes.update({ord(char): char for char in plain})
    return codes


class _SortTable(dict[int, str]):
    """Sort codes; letters of other alphabets come after ö, other signs before the digits."""

    def __missing__(self, code: int) -> str:
        mark = "~" if chr(code).isalnum() else "/z"
        self[code] = written = f"{mark}{code:06x}"
        return written


_SORT_TABLE = _SortTable(_sort_codes())
# Nearly every name needs only codes of one byte each, and bytes translate many times faster.
_SHORT_CODES = {code: written for code, written in _SORT_TABLE.items() if len(written) == 1}
_SHORT = bytes(_SHORT_CODES)
_SHORT_TABLE = bytes(ord(_SHORT_CODES.get(code, "?")) for code in range(256))


def _encode(numbered: str) -> str:
    """The sort codes of a folded text whose numbers are coded already."""
    try:
        raw = numbered.encode("latin-1")
    except UnicodeEncodeError:
        return numbered.translate(_SORT_TABLE)
    if raw.translate(None, _SHORT):
        return numbered.translate(_SORT_TABLE)
    return raw.translate(_SHORT_TABLE).decode("ascii")


_DIGITS = re.compile("[0-9]+")
# Swedish order places ü with y, though search finds it under u.
_SORTED_AS_Y = {ord(char): "y" for char in "üűÜŰ"}


def _number_code(match: re.Match[str]) -> str:
    """A number as its count of digits and then the digits, so that 2 comes before 10."""
    digits = match[0].lstrip("0")
    count = len(digits)
    if count < 10:
        return "0123456789"[count] + digits
    if count < 35:
        return chr(ord("A") + count - 10) + digits
    return f"Z{count:03}{digits}"


def sort_key(text: str) -> str:
    """The Swedish sort key of a name: ASCII, at most 200 characters, compared bytewise.

    Order: white space, signs, numbers by value, a to z, å, ä, ö, other alphabets; case and accents only
    tell apart what is otherwise equal (plain lower case first, then with a capital first letter, then
    the rest in a fixed order). Names that agree in the first 190 characters of their keys come in a
    fixed order that means nothing.
    """
    return name_keys(text)[1]


def name_keys(text: str) -> tuple[str, str]:
    """`(fold(text), sort_key(text))` in one pass, for those who key a million names."""
    lowered = text.lower()
    if is_plain(lowered):
        folded = key = " ".join(lowered.split())
    else:
        folded = fold_part(text).strip()
        key = fold(unicodedata.normalize("NFC", text[:_READ_LIMIT]).translate(_SORTED_AS_Y))
    key = _encode(_DIGITS.sub(_number_code, key[:_READ_LIMIT]))[:_PRIMARY_LIMIT]
    if "0" not in folded or _IDLE_ZEROS.search(folded) is None:
        if text == folded:
            return folded, key
        if text[1:] == folded[1:] and text[:1].lower() == folded[:1]:
            return folded, key + " 1"
    return folded, f"{key} 2{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


# Zeros before a number change nothing in its value: 007 is told from 7 by the end of the key.
_IDLE_ZEROS = re.compile("(?<![0-9])0[0-9]")


def fold_parts(parts: Sequence[str]) -> tuple[str, ...]:
    """Fold the literal pieces of a wildcard pattern: `("Malmö ", "")` for `Malmö *` keeps its space.

    `parts` are the pieces between the stars, so two pieces mean one star. A piece may be empty.
    """
    folded = [fold_part(part) for part in parts]
    if folded:
        # A key neither begins nor ends with white space.
        folded[0] = folded[0].lstrip(" ")
        folded[-1] = folded[-1].rstrip(" ")
    return tuple(folded)


def wildcard_range(parts: Sequence[str]) -> tuple[str, str] | None:
    """Bounds `low <= key < high` of a `prefix*` pattern, bytewise; None for any other pattern."""
    folded = fold_parts(parts)
    if len(folded) != 2 or not folded[0] or folded[1]:
        return None
    return folded[0], folded[0] + _HIGHEST


_LIKE_SPECIAL = re.compile(r"[\\%_]")


def like_pattern(parts: Sequence[str]) -> str:
    r"""The pattern as an SQL LIKE pattern over folded keys, to be used with `ESCAPE '\'`."""
    return "%".join(_LIKE_SPECIAL.sub(r"\\\g<0>", part) for part in fold_parts(parts))


def wildcard_match(parts: Sequence[str], key: str) -> bool:
    """Whether a folded key fits a pattern whose pieces are folded here; time is linear in the key."""
    folded = fold_parts(parts)
    if not folded:
        return False
    if len(folded) == 1:
        return key == folded[0]
    first, *middle, last = folded
    if not key.startswith(first):
        return False
    at, end = len(first), len(key) - len(last)
    for part in middle:
        found = key.find(part, at, max(end, 0))
        if found < 0:
            return False
        at = found + len(part)
    return at <= end and key.endswith(last)
