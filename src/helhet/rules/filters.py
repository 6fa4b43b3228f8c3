r"""The one filter language, for lists, saved views, rules, API and command line.

    kind:server env:prod location:"Malmö*" -group:none criticality:>=high updated:<2026-01-01 text

- Terms beside each other must all hold (`AND`, `OCH` may be written); `OR` (`ELLER`) binds weaker;
  parentheses group; `-` or `NOT` (`INTE`) negates what follows. Keywords are in upper case.
- `field:value`; `field:a,b` is any of them; `:=` is exactly this, with neither wildcard nor family;
  `:<`, `:<=`, `:>`, `:>=` compare; `a..b` is from a to b, both included; `field:none` (`ingen`)
  without quotes asks for what has no value.
- A value is bare or in quotation marks, straight or curly; `*` stands for any text; a backslash makes a sign ordinary.
- What has no field is free text, in quotation marks a phrase.
"""

from helhet.rules.days import parse_day
from helhet.rules.filter_complete import Completion, at_cursor, nearest
from helhet.rules.filter_lex import (
    AND_WORDS,
    FIELD,
    KEYWORD,
    NOT_WORDS,
    OR_WORDS,
    plain_value,
    read_operator,
    read_value,
    write_value,
)
from helhet.rules.filter_match import Comparer, PlainComparer, Scalar, day_of, matches, number_of
from helhet.rules.filter_nodes import (
    DID_YOU_MEAN,
    MAX_LENGTH,
    MAX_NESTING,
    MAX_TERMS,
    MESSAGES,
    NO_VALUE_WORDS,
    All,
    Any,
    FilterCode,
    FilterError,
    Node,
    Not,
    Op,
    Term,
    Value,
    all_of,
    any_of,
)

__all__ = [
    "DID_YOU_MEAN",
    "MAX_LENGTH",
    "MAX_NESTING",
    "MAX_TERMS",
    "MESSAGES",
    "NO_VALUE_WORDS",
    "All",
    "Any",
    "Comparer",
    "Completion",
    "FilterCode",
    "FilterError",
    "Node",
    "Not",
    "Op",
    "PlainComparer",
    "Scalar",
    "Term",
    "Value",
    "all_of",
    "any_of",
    "at_cursor",
    "day_of",
    "every_term",
    "matches",
    "nearest",
    "number_of",
    "parse",
    "parse_day",
    "plain_value",
    "terms",
    "to_text",
    "with_term",
    "without",
]


def parse(text: str) -> Node:
    """The tree of a filter text; an empty or blank text is `All(())`, which everything meets.

    The tree is in normal form: no All directly in an All, no Any in an Any, none with one child.

    Raises:
        FilterError: when the text cannot be read or is too large; it knows its text and points into it.
    """
    if len(text) > MAX_LENGTH:
        raise FilterError(FilterCode.TOO_LONG, MAX_LENGTH, len(text) - MAX_LENGTH, text=text, limit=MAX_LENGTH)
    try:
        return _Parser(text).parse()
    except FilterError as error:
        raise error.within(text) from None


class _Parser:
    """Recursive descent over the characters; the depth is bounded by MAX_NESTING."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._terms = 0

    def parse(self) -> Node:
        self._skip_space()
        if self._at == len(self._text):
            return All(())
        node = self._alternatives(0)
        if self._at < len(self._text):
            raise FilterError(FilterCode.UNOPENED_PAREN, self._at)
        return node

    def _skip_space(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1

    def _keyword(self, words: frozenset[str]) -> str | None:
        found = KEYWORD.match(self._text, self._at)
        return found.group(1) if found and found.group(1) in words else None

    def _take(self, word: str) -> None:
        """Step over a keyword, which must have a term after it."""
        start = self._at
        self._at += len(word)
        self._skip_space()
        if self._is_at_end() or self._keyword(OR_WORDS | AND_WORDS):
            raise FilterError(FilterCode.MISSING_OPERAND, start, len(word), word=word)

    def _is_at_end(self) -> bool:
        return self._at >= len(self._text) or self._text[self._at] == ")"

    def _alternatives(self, depth: int) -> Node:
        nodes = [self._conjunction(depth)]
        while word := self._keyword(OR_WORDS):
            self._take(word)
            nodes.append(self._conjunction(depth))
        return any_of(*nodes)

    def _conjunction(self, depth: int) -> Node:
        if word := self._keyword(OR_WORDS | AND_WORDS):
            raise FilterError(FilterCode.MISSING_OPERAND, self._at, len(word), word=word)
        nodes = [self._unit(depth)]
        while not self._is_at_end() and not self._keyword(OR_WORDS):
            if word := self._keyword(AND_WORDS):
                self._take(word)
            nodes.append(self._unit(depth))
        return all_of(*nodes)

    def _unit(self, depth: int) -> Node:
        if depth > MAX_NESTING:
            raise FilterError(FilterCode.TOO_NESTED, self._at, limit=MAX_NESTING)
        char = self._text[self._at]
        if char == "-":
            return self._negation(depth)
        if word := self._keyword(NOT_WORDS):
            self._take(word)
            return Not(self._unit(depth + 1))
        node = self._group(depth) if char == "(" else self._term()
        self._skip_space()
        return node

    def _negation(self, depth: int) -> Node:
        start = self._at
        self._at += 1
        if self._is_at_end() or self._text[self._at].isspace():
            raise FilterError(FilterCode.MISSING_OPERAND, start, word="-")
        return Not(self._unit(depth + 1))

    def _group(self, depth: int) -> Node:
        start = self._at
        self._at += 1
        self._skip_space()
        if self._at >= len(self._text):
            raise FilterError(FilterCode.UNCLOSED_PAREN, start)
        if self._text[self._at] == ")":
            raise FilterError(FilterCode.EMPTY_GROUP, start, self._at + 1 - start)
        node = self._alternatives(depth + 1)
        if self._at >= len(self._text):
            raise FilterError(FilterCode.UNCLOSED_PAREN, start)
        self._at += 1
        return node

    def _term(self) -> Term:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise FilterError(FilterCode.TOO_MANY_TERMS, self._at, limit=MAX_TERMS)
        start = self._at
        named = FIELD.match(self._text, start)
        if named is None:
            value, self._at = read_value(self._text, start, in_field=False, stars=True)
            return Term(None, Op.MATCH, (value,), start, self._at)
        op, self._at = read_operator(self._text, named.end())
        values = [self._value(op)]
        if self._text.startswith("..", self._at):
            if op is not Op.MATCH:
                raise FilterError(FilterCode.LIST_NOT_HERE, self._at, 2)
            op = Op.RANGE
            self._at += 2
            values.append(self._value(op))
        while self._text.startswith(",", self._at):
            if op not in {Op.MATCH, Op.EXACT}:
                raise FilterError(FilterCode.LIST_NOT_HERE, self._at)
            self._at += 1
            values.append(self._value(op))
        self._refuse_leftovers(op, values)
        return Term(named.group(1), op, tuple(values), start, self._at)

    def _value(self, op: Op) -> Value:
        at = self._at
        if at < len(self._text):
            value, self._at = read_value(self._text, at, in_field=True, stars=op is not Op.EXACT)
        if self._at == at:
            raise FilterError(FilterCode.MISSING_VALUE, at, after=self._text[at - 1])
        return value

    def _refuse_leftovers(self, op: Op, values: list[Value]) -> None:
        if self._text.startswith("..", self._at):
            raise FilterError(FilterCode.LIST_NOT_HERE, self._at, 2)
        if op not in {Op.MATCH, Op.EXACT}:
            for value in values:
                if value.wildcard:
                    raise FilterError(FilterCode.WILDCARD_NOT_HERE, value.start, value.end - value.start)


def to_text(node: Node) -> str:
    """The canonical text of a tree: `parse(to_text(node)) == node` for every tree in normal form.

    Raises:
        ValueError: for what no text says: an empty Any, a negated or nested empty All, a blank value.
    """
    if node == All(()):
        return ""
    if isinstance(node, Any) and node.children:
        return " OR ".join(_written(child) for child in node.children)
    if isinstance(node, All) and node.children:
        return " ".join(_written(child) for child in node.children)
    return _written(node)


def _written(node: Node) -> str:
    if isinstance(node, Not):
        return "-" + _written(node.child)
    if not isinstance(node, Term):
        if not node.children:
            raise ValueError("An empty filter cannot stand inside another")
        return f"({to_text(node)})"
    if node.field is None:
        return write_value(node.values[0], in_field=False)
    values = [write_value(value, in_field=True) for value in node.values]
    if node.op is Op.RANGE:
        return f"{node.field}:{'..'.join(values)}"
    return f"{node.field}{node.op}{','.join(values)}"


def terms(node: Node) -> tuple[Node, ...]:
    """The top-level terms that must all hold: what a page shows as one chip each."""
    return node.children if isinstance(node, All) else (node,)


def every_term(node: Node) -> tuple[Term, ...]:
    """Every term in the tree, in the order of the text: for checking fields and values."""
    if isinstance(node, Term):
        return (node,)
    children = (node.child,) if isinstance(node, Not) else node.children
    return tuple(term for child in children for term in every_term(child))


def without(node: Node, term: Node) -> Node:
    """The filter without a top-level term (all that equal it); the same filter if it has none such."""
    return all_of(*(child for child in terms(node) if child != term))


def with_term(node: Node, field: str, value: str | Value, op: Op = Op.MATCH) -> Node:
    """The filter with `field op value`, in place of the top-level terms on that field that it replaces.

    A new `:` or `:=` replaces both of those; a comparison replaces the same comparison only, so that
    two can make an interval. Negated terms stay. A `str` is taken literally, except `none`; an operator
    with two values (RANGE) is made with `Term` and `all_of` instead.
    """
    given = value if isinstance(value, Value) else plain_value(value)
    added = Term(field, op, (given,))
    replaced = {Op.MATCH, Op.EXACT, Op.RANGE} if op in {Op.MATCH, Op.EXACT} else {op}
    kept: list[Node] = []
    for child in terms(node):
        if not (isinstance(child, Term) and child.field == field and child.op in replaced):
            kept.append(child)
        elif added not in kept:
            kept.append(added)
    return all_of(*kept) if added in kept else all_of(*kept, added)
