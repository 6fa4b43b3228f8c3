"""From the tree of a filter to conditions of the database: the one translator, over declared fields only.

A list declares its fields by a port of `Field`; what a person writes chooses among them by name and is otherwise only
ever a value, never a name, keyword or piece of SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.filters import (
    All,
    Any,
    FilterCode,
    FilterError,
    Node,
    Not,
    Op,
    Term,
    Value,
    nearest,
    parse,
    parse_day,
)
from helhet.rules.text import fold

MESSAGES = {
    FilterCode.TOO_LONG: gettext_lazy("The filter is longer than {limit} characters. Shorten it."),
    FilterCode.TOO_MANY_TERMS: gettext_lazy(
        "The filter has more than {limit} terms. Join values with commas, or remove some."
    ),
    FilterCode.TOO_NESTED: gettext_lazy("Parentheses and negations stand more than {limit} deep. Write it flatter."),
    FilterCode.UNCLOSED_QUOTE: gettext_lazy('The quotation mark is never closed. Add a " at the end.'),
    FilterCode.UNCLOSED_PAREN: gettext_lazy("The parenthesis is never closed. Add a ) at the end."),
    FilterCode.UNOPENED_PAREN: gettext_lazy("This parenthesis closes nothing. Remove it, or quote the text."),
    FilterCode.EMPTY_GROUP: gettext_lazy("The parentheses hold nothing. Write a term between them, or remove them."),
    FilterCode.EMPTY_QUOTES: gettext_lazy(
        "The quotation marks hold nothing. Write a text, or none for things without a value."
    ),
    FilterCode.MISSING_VALUE: gettext_lazy("A value is missing here, directly after {after} without a space."),
    FilterCode.MISSING_OPERAND: gettext_lazy(
        "{word} needs a term beside it. Add one, or quote the word to search for it."
    ),
    FilterCode.GLUED: gettext_lazy(
        "{char} cannot stand in the middle of a word. Quote the whole text, or add a space."
    ),
    FilterCode.LIST_NOT_HERE: gettext_lazy(
        "A comparison or a range takes one value, not a list. Use OR between two terms."
    ),
    FilterCode.WILDCARD_NOT_HERE: gettext_lazy("* cannot be used in a comparison or a range. Write the whole value."),
    FilterCode.UNKNOWN_FIELD: gettext_lazy("There is no field {field}. Quote the text to search for it."),
    FilterCode.UNKNOWN_VALUE: gettext_lazy("{field} has no value {value}."),
    FilterCode.OP_NOT_HERE: gettext_lazy("{field} cannot be compared with {op}."),
    FilterCode.BAD_DAY: gettext_lazy("{value} is not a day. Write 2026-01-31, today, -7d, +2w, -3m or -1y."),
    FilterCode.BAD_NUMBER: gettext_lazy("{value} is not a number. Write digits, with a point for decimals."),
}


FEW = 12
"""So many values of a field are named when none is near what was written."""


class FilterInvalid(Invalid):
    """A filter that cannot be read, with its place for the page to point at."""

    code = "filter"

    def __init__(self, error: FilterError) -> None:
        """From the pure error, in the reader's language."""
        message = str(MESSAGES[error.code]).format_map({**error.params})
        if error.params.get("nearest"):
            message += " " + _("Did you mean %(nearest)s?") % {"nearest": error.params["nearest"]}
        elif error.params.get("known"):
            message += " " + _("There are: %(known)s.") % {"known": error.params["known"]}
        super().__init__(
            message, where=_("In the filter, at character %(at)d:") % {"at": error.at + 1}, field="filter",
            at=error.at, length=error.length, pointer=error.pointer(),
        )  # fmt: skip
        self.error = error


@dataclass(frozen=True, slots=True)
class Context:
    """What a field may need beside the term. `today` is local.

    `is_lasting` says that what is found now is kept (a rule's items): only what the things themselves say at once may
    count, not an index that follows later.
    """

    caller: Caller
    today: dt.date = field(default_factory=timezone.localdate)
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """About how many things meet a term, a way to read all of their ids, and the condition as an index answers it."""

    number: int
    read: Callable[[], Iterable[int]]
    condition: Q


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a term means: a condition, and where it can be had cheaply the ids of the things that meet it.

    `ids` must be a queryset of single ids that an index answers from its start, so that a few are read in no time.
    They say all of the condition, but for what `besides` asks.

    A condition that is `dear` has another, long row read for each thing, and asks nothing of the thing but its id.
    `whole` are the ids that meet it, where they can be had together in less time than by asking many.
    """

    condition: Q
    ids: QuerySet[Anything, Anything] | None = None
    besides: Q = field(default_factory=Q)
    is_dear: bool = False
    whole: Whole | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: what to write, and how to call it."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a list. `mean` raises FilterError for a value or comparison that it does not know.

    `words` say what people call those of its values that have a key.
    """

    name: str
    label: Anything
    mean: Callable[[Term, Context], Meaning]
    complete: Callable[[str, Context], Iterable[Suggestion]] | None = None
    aliases: tuple[str, ...] = ()
    words: Mapping[str, Anything] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Narrow:
    """A way to begin at the things that meet one term: their ids, and all that must hold besides."""

    ids: QuerySet[Anything, Anything]
    rest: Q


@dataclass(frozen=True, slots=True)
class Translation:
    """A filter as conditions: all of them, and those of each of the terms that must all hold."""

    node: Node
    condition: Q
    terms: tuple[Meaning, ...]

    @property
    def narrow(self) -> tuple[Narrow, ...]:
        """A way to begin for each of the terms that has one."""
        return tuple(Narrow(one.ids, self.without(one)) for one in self.terms if one.ids is not None)

    def without(self, *met: Meaning) -> Q:
        """What must hold of things that are known by their ids to meet these terms."""
        return _all(one.besides if any(one is term for term in met) else one.condition for one in self.terms)


class Fields:
    """The fields of one list, by name and alias; `free` answers for text without a field."""

    def __init__(
        self,
        declared: Iterable[Field],
        free: Callable[[Term, Context], Meaning],
        unknown: Callable[[str], Field | None] | None = None,
    ) -> None:
        """`unknown` may know a field that is not declared beforehand, such as an attribute of some kind."""
        self.declared = tuple(declared)
        self._free = free
        self._unknown = unknown
        self._by_name = {name: one for one in self.declared for name in (one.name, *one.aliases)}

    def named(self, name: str) -> Field | None:
        """The field with this name, whatever its case."""
        known = self._by_name.get(name.lower())
        return known or (self._unknown(name) if self._unknown else None)

    def declared_named(self, name: str) -> Field | None:
        """The field with this name among those that are declared beforehand: asks nobody."""
        return self._by_name.get(name.lower())

    def translate(self, text: str | Node, context: Context) -> Translation:
        """The conditions of a filter text. Raises FilterInvalid, which points at the place."""
        source = text if isinstance(text, str) else ""
        try:
            node = parse(text) if isinstance(text, str) else text
            top = node.children if isinstance(node, All) else (node,)
            meanings = [
                self._mean(child, context) if isinstance(child, Term) else Meaning(self._condition(child, context))
                for child in top
            ]
        except FilterError as error:
            raise FilterInvalid(error.within(source) if source and not error.text else error) from error
        return Translation(node, _all(meaning.condition for meaning in meanings), tuple(meanings))

    def _mean(self, term: Term, context: Context) -> Meaning:
        if term.field is None:
            return self._free(term, context)
        known = self.named(term.field)
        if known is None:
            raise FilterError(
                FilterCode.UNKNOWN_FIELD, term.start, len(term.field), field=term.field,
                nearest=nearest(term.field, self._by_name) or "",
            )  # fmt: skip
        return known.mean(term, context)

    def _condition(self, node: Node, context: Context) -> Q:
        if isinstance(node, Term):
            return self._mean(node, context).condition
        if isinstance(node, Not):
            return ~self._condition(node.child, context)
        condition = Q()
        for child in node.children:
            if isinstance(node, Any):
                condition |= self._condition(child, context)
            else:
                condition &= self._condition(child, context)
        return condition


def _all(conditions: Iterable[Q]) -> Q:
    """All of them at once."""
    whole = Q()
    for one in conditions:
        whole &= one
    return whole


def unknown_value(term: Term, value: Value, known: Iterable[str]) -> FilterError:
    """The error for a value that a field of choices does not have: the one that was probably meant, or the few."""
    names = sorted(set(known))
    return FilterError(
        FilterCode.UNKNOWN_VALUE, value.start, max(1, value.end - value.start), field=term.field or "",
        value=value.text, nearest=nearest(value.text, names) or "", known=", ".join(names) if len(names) <= FEW else "",
    )  # fmt: skip


def no_comparing(term: Term) -> FilterError:
    """The error for a comparison that a field does not have."""
    return FilterError(
        FilterCode.OP_NOT_HERE, term.start, term.end - term.start, field=term.field or "", op=str(term.op.value)
    )


def only_matching(term: Term) -> None:
    """Raise unless the term asks for equality."""
    if term.op not in {Op.MATCH, Op.EXACT}:
        raise no_comparing(term)


def day_of_value(value: Value, context: Context) -> dt.date:
    """The day that a value names. Raises FilterError at its place."""
    try:
        return parse_day(value.text, context.today)
    except (ValueError, OverflowError) as error:
        raise FilterError(FilterCode.BAD_DAY, value.start, max(1, value.end - value.start), value=value.text) from error


_COMPARE = {Op.LT: "lt", Op.LE: "lte", Op.GT: "gt", Op.GE: "gte"}


def compare(column: str, op: Op, values: Sequence[Anything]) -> Q:
    """A comparison or range over a column. The column's name is the room's own, never the user's."""
    if op == Op.RANGE:
        return Q((f"{column}__gte", values[0])) & Q((f"{column}__lte", values[1]))
    return Q((f"{column}__{_COMPARE[op]}", values[0]))


def text_condition(column: str, term: Term) -> Q:
    """Equality, wildcards and comparisons over a column of folded keys."""
    if term.op in _COMPARE or term.op == Op.RANGE:
        return compare(column, term.op, [fold(value.text) for value in term.values])
    condition = Q()
    for value in term.values:
        condition |= pattern_condition(column, value, exact=term.op == Op.EXACT)
    return condition


def pattern_condition(column: str, value: Value, *, exact: bool = False) -> Q:
    """One value, perhaps with stars, over a column of folded keys. A prefix becomes a range, which indexes answer."""
    if exact or not value.wildcard:
        return Q((column, fold(value.text)))
    head, *middle, tail = (fold(part) for part in value.parts)
    condition = Q()
    if head:
        condition &= Q((f"{column}__gte", head)) & Q((f"{column}__lt", head + "\U0010ffff"))
    if tail:
        condition &= Q((f"{column}__endswith", tail))
    if middle:
        condition &= Q((f"{column}__contains", middle[0]))
    if len(middle) > 1 or (middle and (head or tail)) or (head and tail):
        condition &= Q((f"{column}__like", "%".join(_escaped(fold(part)) for part in value.parts)))
    return condition


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
