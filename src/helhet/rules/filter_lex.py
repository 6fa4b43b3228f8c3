r"""The smallest pieces of a filter text: values, field names, operators and keywords, read and written.

A backslash makes the next character an ordinary one, unless that is a letter or a digit: then the
backslash itself is meant, so that `DOMAIN\name` needs no escape.
"""

import re

from helhet.rules.filter_nodes import FilterCode, FilterError, Op, Value

FIELD = re.compile(r"([^\W\d_][\w.\-]*):")
"""A field's name and its colon: letters first, then also digits, `_`, `.` and `-`."""
OPERATOR = re.compile(r"<=|>=|<|>|=")
KEYWORD = re.compile(r"(OR|ELLER|AND|OCH|NOT|INTE)(?=[\s()]|$)")
OR_WORDS = frozenset({"OR", "ELLER"})
AND_WORDS = frozenset({"AND", "OCH"})
NOT_WORDS = frozenset({"NOT", "INTE"})


QUOTES = '"“”„'
"""What opens a quotation; keyboards of phones write the curly ones by themselves."""


def closes_quote(opening: str, char: str) -> bool:
    """Whether `char` closes what `opening` opened: a straight mark always, a curly one only a curly one."""
    return char == '"' or (opening != '"' and char in QUOTES)


def is_escape(text: str, at: int) -> bool:
    """Whether the backslash at `at` makes the next character an ordinary one."""
    return text[at] == "\\" and at + 1 < len(text) and not text[at + 1].isalnum()


class _Pieces:
    """Collects the literal pieces of a value and lets several stars in a row be one."""

    def __init__(self, *, stars: bool) -> None:
        self._stars = stars
        self._pieces: list[list[str]] = [[]]

    def add(self, char: str, *, literal: bool = False) -> None:
        if char != "*" or literal or not self._stars:
            self._pieces[-1].append(char)
        elif len(self._pieces) == 1 or self._pieces[-1]:
            self._pieces.append([])

    def parts(self) -> tuple[str, ...]:
        return tuple("".join(piece) for piece in self._pieces)


def read_value(text: str, at: int, *, in_field: bool, stars: bool) -> tuple[Value, int]:
    """The value that begins at `at`, and the offset after it.

    In a field a comma and `..` end a bare value; in free text they are part of it.

    Raises:
        FilterError: UNCLOSED_QUOTE, EMPTY_QUOTES or GLUED.
    """
    if text[at] in QUOTES:
        value, end = _read_quoted(text, at, stars=stars)
        if end < len(text) and not _ends_bare(text, end, in_field=in_field):
            raise FilterError(FilterCode.GLUED, end, char=text[end])
        return value, end
    return _read_bare(text, at, in_field=in_field, stars=stars)


def _read_quoted(text: str, at: int, *, stars: bool) -> tuple[Value, int]:
    pieces = _Pieces(stars=stars)
    end = at + 1
    while end < len(text) and not closes_quote(text[at], text[end]):
        if is_escape(text, end):
            pieces.add(text[end + 1], literal=True)
            end += 2
        else:
            pieces.add(text[end])
            end += 1
    if end >= len(text):
        raise FilterError(FilterCode.UNCLOSED_QUOTE, at, len(text) - at)
    end += 1
    value = Value(pieces.parts(), quoted=True, start=at, end=end)
    if not value.text.strip():
        raise FilterError(FilterCode.EMPTY_QUOTES, at, end - at)
    return value, end


def _ends_bare(text: str, at: int, *, in_field: bool) -> bool:
    char = text[at]
    return char.isspace() or char == ")" or (in_field and (char == "," or text.startswith("..", at)))


def _read_bare(text: str, at: int, *, in_field: bool, stars: bool) -> tuple[Value, int]:
    pieces = _Pieces(stars=stars)
    end = at
    while end < len(text) and not _ends_bare(text, end, in_field=in_field):
        if is_escape(text, end):
            pieces.add(text[end + 1], literal=True)
            end += 2
            continue
        if text[end] == "(" or text[end] in QUOTES:
            raise FilterError(FilterCode.GLUED, end, char=text[end])
        pieces.add(text[end])
        end += 1
    return Value(pieces.parts(), start=at, end=end), end


_OUTSIDE_QUOTES = re.compile(r'[\s()"“”„\\*,]')
_AT_THE_START = re.compile(r"^[-<>=]")
# A point is told from a range by an escape wherever two could meet.
_DOUBTFUL_POINT = re.compile(r"(?:^\.)|(?:\.$)|(?:(?<=\.)\.)|(?:\.(?=\.))")


def write_value(value: Value, *, in_field: bool) -> str:
    """The canonical text of a value, from which `read_value` gives the same value again.

    Raises:
        ValueError: when the value is blank, or bare free text that reads as a keyword.
    """
    if not value.wildcard and not (value.text.strip() if value.quoted else value.text):
        raise ValueError("A value needs at least one character")
    if value.quoted:
        return '"' + "*".join(re.sub(r'["\\*]', r"\\\g<0>", part) for part in value.parts) + '"'
    written = "*".join(_OUTSIDE_QUOTES.sub(r"\\\g<0>", part) for part in value.parts)
    written = _AT_THE_START.sub(r"\\\g<0>", written)
    if in_field:
        return _DOUBTFUL_POINT.sub(r"\\.", written)
    if KEYWORD.fullmatch(written):
        raise ValueError(f"{written} without quotes is a keyword, not a text")
    if FIELD.match(written):
        return written.replace(":", "\\:", 1)
    return written


def plain_value(text: str) -> Value:
    """A text, taken literally, as a value that is quoted only where it must be.

    `none` stays the bare word that asks for no value; give `Value(("none",), quoted=True)` for the text.
    """
    bare = not (_OUTSIDE_QUOTES.search(text) or _AT_THE_START.match(text) or _DOUBTFUL_POINT.search(text))
    return Value((text,), quoted=not bare or bool(KEYWORD.fullmatch(text) or FIELD.match(text)))


def read_operator(text: str, at: int) -> tuple[Op, int]:
    """The operator that begins at `at`, directly after the colon, and the offset after it."""
    found = OPERATOR.match(text, at)
    return (Op(":" + found.group()), found.end()) if found else (Op.MATCH, at)
