"""What a filter text becomes: a small tree of terms, and the error that points at a place in the text.

Everything here is a plain frozen value. Places (`start`, `end`, character offsets into the text, half
open) take no part in equality, so that a tree equals the tree of its own canonical text.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as place
from enum import StrEnum
from typing import TypeAlias

MAX_LENGTH = 2_000
"""The most characters of a filter text."""
MAX_TERMS = 100
"""The most terms of a filter text."""
MAX_NESTING = 20
"""The most parentheses and negations inside one another."""

NO_VALUE_WORDS = frozenset({"none", "ingen"})
"""What, written without quotes, asks for things that have no value: `group:none`."""


class FilterCode(StrEnum):
    """What is wrong with a filter. The floors above translate it; `MESSAGES` has the English."""

    TOO_LONG = "too_long"
    TOO_MANY_TERMS = "too_many_terms"
    TOO_NESTED = "too_nested"
    UNCLOSED_QUOTE = "unclosed_quote"
    UNCLOSED_PAREN = "unclosed_paren"
    UNOPENED_PAREN = "unopened_paren"
    EMPTY_GROUP = "empty_group"
    EMPTY_QUOTES = "empty_quotes"
    MISSING_VALUE = "missing_value"
    MISSING_OPERAND = "missing_operand"
    GLUED = "glued"
    LIST_NOT_HERE = "list_not_here"
    WILDCARD_NOT_HERE = "wildcard_not_here"
    # The parser knows no fields; those who do raise the following, with the place that the tree gives.
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_VALUE = "unknown_value"
    OP_NOT_HERE = "op_not_here"
    BAD_DAY = "bad_day"
    BAD_NUMBER = "bad_number"


MESSAGES: dict[FilterCode, str] = {
    FilterCode.TOO_LONG: "The filter is longer than {limit} characters. Shorten it.",
    FilterCode.TOO_MANY_TERMS: "The filter has more than {limit} terms. Join values with commas, or remove some.",
    FilterCode.TOO_NESTED: "Parentheses and negations stand more than {limit} deep. Write it flatter.",
    FilterCode.UNCLOSED_QUOTE: 'The quotation mark is never closed. Add a " at the end.',
    FilterCode.UNCLOSED_PAREN: "The parenthesis is never closed. Add a ) at the end.",
    FilterCode.UNOPENED_PAREN: "This parenthesis closes nothing. Remove it, or quote the text.",
    FilterCode.EMPTY_GROUP: "The parentheses hold nothing. Write a term between them, or remove them.",
    FilterCode.EMPTY_QUOTES: "The quotation marks hold nothing. Write a text, or none for things without a value.",
    FilterCode.MISSING_VALUE: "A value is missing here, directly after {after} without a space.",
    FilterCode.MISSING_OPERAND: "{word} needs a term beside it. Add one, or quote the word to search for it.",
    FilterCode.GLUED: "{char} cannot stand in the middle of a word. Quote the whole text, or add a space.",
    FilterCode.LIST_NOT_HERE: "A comparison or a range takes one value, not a list. Use OR between two terms.",
    FilterCode.WILDCARD_NOT_HERE: "* cannot be used in a comparison or a range. Write the whole value.",
    FilterCode.UNKNOWN_FIELD: "There is no field {field}. To search for the text, put it in quotation marks.",
    FilterCode.UNKNOWN_VALUE: "{field} has no value {value}.",
    FilterCode.OP_NOT_HERE: "{field} cannot be compared with {op}.",
    FilterCode.BAD_DAY: "{value} is not a day. Write 2026-01-31, today, -7d, +2w, -3m or -1y.",
    FilterCode.BAD_NUMBER: "{value} is not a number. Write digits, with a point for decimals.",
}

DID_YOU_MEAN = "Did you mean {nearest}?"
"""Said after any message whose error has a `nearest`."""

_POINTER_REACH = 60


class FilterError(ValueError):
    """A filter that cannot be read, with the place of the fault.

    `code` and `params` let another floor say it in the reader's language; `str(error)` is English.
    `at` and `length` are in characters; `length` is at least 1, and `at` may be the end of the text.
    `text` is the whole filter when known, else empty.
    """

    def __init__(self, code: FilterCode, at: int, length: int = 1, *, text: str = "", **params: str | int) -> None:
        """`params` fill the holes of the message."""
        self.code = code
        self.at = at
        self.length = max(1, length)
        self.text = text
        self.params = params
        super().__init__(code, at, length)

    def __str__(self) -> str:
        """The English message, without the place."""
        message = MESSAGES[self.code] + (f" {DID_YOU_MEAN}" if self.params.get("nearest") else "")
        return message.format_map(_Holes(self.params))

    def within(self, text: str) -> FilterError:
        """The same error, knowing its text: for a floor that met the fault while holding only the tree."""
        return FilterError(self.code, self.at, self.length, text=text, **self.params)

    def pieces(self) -> tuple[str, str, str]:
        """The text before the fault, the fault, and the text after it."""
        end = self.at + self.length
        return self.text[: self.at], self.text[self.at : end], self.text[end:]

    def pointer(self) -> str:
        """Two lines: the text on one line (near the fault, if it is long), and ^^^ under the fault."""
        first = max(0, self.at - _POINTER_REACH)
        line = "".join(char if char.isprintable() else " " for char in self.text[first : self.at + _POINTER_REACH])
        lead = "..." if first else ""
        marks = max(1, min(self.length, len(line) - (self.at - first)))
        return f"{lead}{line}\n{' ' * (len(lead) + self.at - first)}{'^' * marks}"


class _Holes(dict[str, str | int]):
    """A parameter that the raiser left out shows as its name rather than hide the message."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


class Op(StrEnum):
    """How a term compares: `:`, `:=`, `:<`, `:<=`, `:>`, `:>=` and `a..b` (both ends included)."""

    MATCH = ":"
    EXACT = ":="
    LT = ":<"
    LE = ":<="
    GT = ":>"
    GE = ":>="
    RANGE = ".."


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a term.

    `parts` are the literal pieces between the wildcards, escapes resolved: `("Malmö", "")` for `Malmö*`,
    and one piece when there is no wildcard. Two pieces never have two stars between them.
    """

    parts: tuple[str, ...]
    quoted: bool = False
    start: int = place(default=0, compare=False)
    end: int = place(default=0, compare=False)

    @property
    def wildcard(self) -> bool:
        """Whether there is at least one star."""
        return len(self.parts) > 1

    @property
    def text(self) -> str:
        """The value as text; where `wildcard` is true a star may be either sort, so use `parts`."""
        return "*".join(self.parts)

    @property
    def asks_for_none(self) -> bool:
        """Whether the value is the bare word that asks for things without a value."""
        return not self.quoted and not self.wildcard and self.parts[0].casefold() in NO_VALUE_WORDS


@dataclass(frozen=True, slots=True)
class Term:
    """`field:value`, or free text when `field` is None (then `op` is MATCH and there is one value).

    MATCH and EXACT have one or more values, of which any may hold; comparisons have one; RANGE has the
    low and the high end, both included. In EXACT a star is an ordinary character. `start` is where the
    field's name begins, `end` is after the last value.
    """

    field: str | None
    op: Op
    values: tuple[Value, ...]
    start: int = place(default=0, compare=False)
    end: int = place(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds exactly when the child does not."""

    child: Node


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every child does; without children (the empty filter) always."""

    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when at least one child does."""

    children: tuple[Node, ...]


Node: TypeAlias = All | Any | Not | Term


def all_of(*nodes: Node) -> Node:
    """The nodes joined by AND in normal form: no All inside an All, and a single one stands alone."""
    flat = tuple(child for node in nodes for child in (node.children if isinstance(node, All) else (node,)))
    return flat[0] if len(flat) == 1 else All(flat)


def any_of(*nodes: Node) -> Node:
    """The nodes joined by OR in normal form: no Any inside an Any, and a single one stands alone.

    Raises:
        ValueError: without nodes, as no filter text says "nothing at all".
    """
    flat = tuple(child for node in nodes for child in (node.children if isinstance(node, Any) else (node,)))
    if not flat:
        raise ValueError("any_of needs at least one node")
    return flat[0] if len(flat) == 1 else Any(flat)
