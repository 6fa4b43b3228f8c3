"""What was altered between two laid out texts: finished HTML with its altered words between `ins` and `del`.

Blocks that stand in both are the fixed points. Between them a block is held against the one that it became, word by
word, where both are built alike; one that became another sort of block (a paragraph a list, a table with another
number of columns) is told as taken away whole and put in whole. Taking out each `ins` leaves the words of the former,
taking out each `del` those of the latter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby
from typing import Final, Literal

from helhet.rules.comparing import alike, stretches, words_of

Kind = Literal["same", "gone", "new"]
Token = tuple[tuple[str, ...], str]
"""What stands within which tags of a line: a word, spaces, a sign, or what is never divided, such as a picture."""

PAIRS: Final = 900
"""The most pairs of blocks of one stretch that are held against each other; beyond it all of it is gone and new."""
LIKE: Final = 0.3
"""The share of words in common from which a block is taken for what another became."""

_PARTS = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ID = re.compile(r"""\sid=(?:"[^"]*"|'[^']*')""")
_START = re.compile(r"""\sstart="([^"]*)\"""")
_VOID = frozenset({"br", "img", "hr", "wbr", "input"})
_INLINE = frozenset({"a", "strong", "em", "s", "b", "i", "u", "code", "small", "abbr", "time", "mark"})
_WHOLE = frozenset({"span", "sup", "sub", "svg", "img", "br", "wbr", "input", "button"})
"""Never divided: chips, marks, ticks, notes, pictures."""
_TAGS_OF = {"gone": "del", "new": "ins"}


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a line, with the tags that they stand in."""

    tokens: tuple[Token, ...]
    key: str
    words: Counter[str]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, table or what these are built of."""

    name: str
    opening: str
    inside: tuple[Block | Run, ...]
    key: str
    words: Counter[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the outermost level as it is shown: one that stands in both, or with what was altered marked."""

    html: str
    is_same: bool
    is_heading: bool = False


def compare_laid_out(before: str, after: str) -> list[Part]:
    """The blocks of both in order. Both are well formed and clean, and nothing is added but `ins`, `del` and, on blocks
    that are gone or new as a whole, the classes `hh-gone` and `hh-new`; what is gone keeps no anchors.
    """
    return [
        Part(html, is_same, is_heading=node.key.startswith("<h") and node.key[2:3].isdigit())
        for html, is_same, node in _held(_read(before), _read(after))
    ]


def without_anchors(html: str) -> str:
    """The same HTML where it stands a second time on a page: with no anchors of its own."""
    return "".join(_ID.sub("", part) if part.startswith("<") else part for part in _PARTS.split(html))


# ---- reading ----------------------------------------------------------------------------------------------------


def _read(html: str) -> tuple[Block | Run, ...]:
    parts = [part for part in _PARTS.split(html) if part]
    nodes, _at = _inside(parts, 0)
    return nodes


def _inside(parts: Sequence[str], at: int) -> tuple[tuple[Block | Run, ...], int]:
    """The nodes from that place to the end of the block that it stands in, and the place behind."""
    nodes: list[Block | Run] = []
    line: list[Token] = []
    within: list[str] = []
    while at < len(parts):
        tag = _TAG.match(parts[at])
        name = tag[2].lower() if tag else ""
        if tag is None:
            line += [(tuple(within), word) for word in words_of(unescape(parts[at]))]
            at += 1
        elif name in _WHOLE or (name == "a" and " class=" in parts[at]):
            end = _end(parts, at, name)
            line.append((tuple(within), "".join(parts[at:end])))
            at = end
        elif name in _INLINE:
            within = within[:-1] if tag[1] else [*within, parts[at]]
            at += 1
        else:
            nodes, line = [*nodes, *_run(line)], []
            if tag[1]:
                return tuple(nodes), at + 1
            inside, end = ((), at + 1) if name in _VOID else _inside(parts, at + 1)
            nodes.append(_block(name, parts[at], inside, "".join(parts[at:end])))
            at = end
    return (*nodes, *_run(line)), at


def _end(parts: Sequence[str], at: int, name: str) -> int:
    """The place behind the tag that closes the one at this place."""
    if name in _VOID:
        return at + 1
    depth = 0
    while at < len(parts):
        tag = _TAG.match(parts[at])
        if tag and tag[2].lower() == name:
            depth += -1 if tag[1] else 1
        at += 1
        if depth == 0:
            break
    return at


def _run(line: Sequence[Token]) -> list[Block | Run]:
    """The words of a line as a node; spaces between blocks are none."""
    if all(word.isspace() for _within, word in line):
        return []
    words = Counter(word for _within, word in line if word.isalnum())
    return [Run(tuple(line), "\0".join(map(_key, line)), words)]


def _key(token: Token) -> str:
    return _ID.sub("", "".join(token[0]) + "\1" + token[1])


def _block(name: str, opening: str, inside: tuple[Block | Run, ...], html: str) -> Block:
    words = Counter[str]()
    for node in inside:
        words.update(node.words)
    return Block(name, opening, inside, _ID.sub("", html), words)


# ---- holding against each other ---------------------------------------------------------------------------------


def _held(
    old: Sequence[Block | Run], new: Sequence[Block | Run]
) -> Iterator[tuple[str, bool, Block | Run]]:  # fmt: skip
    """(HTML, whether it stands in both, the node) in order."""
    i = j = 0
    ends = (len(old), len(new), 0)
    for here, there, count in (*alike([one.key for one in old], [one.key for one in new]), ends):
        for one, other in _paired(old[i:here], new[j:there]):
            if one is not None and other is not None:
                yield _both(one, other), False, other
            elif one is not None:
                yield _all(one, "gone"), False, one
            elif other is not None:
                yield _all(other, "new"), False, other
        for node in new[there : there + count]:
            yield _all(node, "same"), True, node
        i, j = here + count, there + count


def _paired(
    old: Sequence[Block | Run], new: Sequence[Block | Run]
) -> list[tuple[Block | Run | None, Block | Run | None]]:  # fmt: skip
    """Each block with what it became, so that as much as possible is alike; what is gone before what is new."""
    if not old or not new or len(old) * len(new) > PAIRS:
        return [*((one, None) for one in old), *((None, other) for other in new)]
    worth = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            pair = worth[i][j] + best[i + 1][j + 1] if worth[i][j] else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[Block | Run | None, Block | Run | None]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if worth[i][j] and best[i][j] == worth[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return [*pairs, *((one, None) for one in old[i:]), *((None, other) for other in new[j:])]


def _likeness(one: Block | Run, other: Block | Run) -> float:
    """How much of two that are built alike is the same, 0 where they are not taken for one and the same."""
    if _build(one) != _build(other):
        return 0.0
    size = one.words.total() + other.words.total()
    share = 2 * (one.words & other.words).total() / size if size else 1.0
    return share if share >= LIKE else 0.0


def _build(node: Block | Run) -> tuple[str, str | int]:
    if isinstance(node, Run):
        return "", 0
    if node.name == "ol" and (start := _START.search(node.opening)):
        return node.name, start[1]
    return node.name, _columns(node) if node.name in {"div", "table", "thead", "tbody", "tr"} else 0


def _columns(node: Block | Run) -> int:
    """The cells of the first row in it; none where it is no table."""
    if isinstance(node, Run):
        return 0
    if node.name == "tr":
        return len(node.inside)
    return next((count for one in node.inside if (count := _columns(one))), 0)


def _both(one: Block | Run, other: Block | Run) -> str:
    """Two that are built alike as one, with what was altered marked."""
    if isinstance(one, Run) and isinstance(other, Run):
        return _written(_by_words(one.tokens, other.tokens))
    assert isinstance(one, Block)
    assert isinstance(other, Block)
    if one.name == "tr":
        inside = "".join(_both(cell, into) for cell, into in zip(one.inside, other.inside, strict=True))
    else:
        inside = "".join(html for html, _is_same, _node in _held(one.inside, other.inside))
    return f"{other.opening}{inside}</{other.name}>"


def _by_words(old: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[Kind, Token]]:
    """Each token with whether it is altered; a space between two altered words is altered with them."""
    gone: list[Token] = []
    put: list[Token] = []
    i = j = 0
    for is_same, some, other in stretches(list(map(_key, old)), list(map(_key, new))):
        was, is_now = old[i : i + len(some)], new[j : j + len(other)]
        i, j = i + len(some), j + len(other)
        is_between = bool(gone or put) and i < len(old) and j < len(new)
        if not is_same or (is_between and _is_space(is_now)):
            gone, put = [*gone, *was], [*put, *is_now]
        else:
            yield from _altered(gone, put)
            gone, put = [], []
            yield from (("same", token) for token in is_now)
    yield from _altered(gone, put)


def _is_space(tokens: Sequence[Token]) -> bool:
    return all(word.isspace() and "\n" not in word for _within, word in tokens)


def _altered(gone: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[Kind, Token]]:
    yield from (("gone", token) for token in gone)
    yield from (("new", token) for token in new)


# ---- writing ----------------------------------------------------------------------------------------------------


def _all(node: Block | Run, kind: Kind, *, is_outermost: bool = True) -> str:
    """All of it of one kind."""
    if isinstance(node, Run):
        return _written((kind, token) for token in node.tokens)
    opening = _ID.sub("", node.opening) if kind == "gone" else node.opening
    opening = _classed(opening, f"hh-{kind}") if is_outermost and kind != "same" else opening
    if node.name in _VOID:
        return opening
    return f"{opening}{''.join(_all(one, kind, is_outermost=False) for one in node.inside)}</{node.name}>"


def _classed(opening: str, name: str) -> str:
    if ' class="' in opening:
        return opening.replace(' class="', f' class="{name} ', 1)
    end = -2 if opening.endswith("/>") else -1
    return f'{opening[:end]} class="{name}"{opening[end:]}'


def _written(tokens: Iterator[tuple[Kind, Token]]) -> str:
    made: list[str] = []
    for kind, some in groupby(tokens, key=lambda pair: pair[0]):
        words = _line([token for _kind, token in some])
        words = _ID.sub("", words) if kind == "gone" and "<" in words else words
        made.append(words if kind == "same" else f"<{_TAGS_OF[kind]}>{words}</{_TAGS_OF[kind]}>")
    return "".join(made)


def _line(tokens: Sequence[Token]) -> str:
    """Tokens with the tags that they stand in, each opened and closed once for those that stand in it together."""
    made: list[str] = []
    opened: tuple[str, ...] = ()
    for within, word in (*tokens, ((), "")):
        shared = 0
        while shared < min(len(opened), len(within)) and opened[shared] == within[shared]:
            shared += 1
        made += [f"</{_name(tag)}>" for tag in reversed(opened[shared:])]
        made += within[shared:]
        opened = within
        made.append(word if word.startswith("<") and len(word) > 1 else escape(word, quote=False))
    return "".join(made)


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    assert found is not None
    return found[2]
