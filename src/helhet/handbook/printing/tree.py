"""Markdown as a tree of plain values, which a printer walks. Text stays text: nothing in it can become a command.

A block is a mapping with `t`: `h` (level, c), `p` (c), `ul`, `ol` (items: lists of blocks, start), `code` (text),
`quote` (c: blocks), `table` (head, rows: cells are lists of runs), `hr`. A run (in `c` of `h` and `p`) has `t`:
`text` (v), `code` (v), `sup` (v), `strong`, `em`, `s` (c: runs), `link` (url, c), `br`, `image` (src, alt, and v: the
words in its place; when `pictures` has it also file, and width and height in points). Footnotes are a numbered list
at the end, after a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from markdown_it.tree import SyntaxTreeNode

from helhet.kit.markdown import ATTACHED, marked_tokens

Block = dict[str, Any]
Run = dict[str, Any]
DEEPEST = 6
_OUTSIDE = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
# What no page can show: control signs, and halves of pairs that stand alone.
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(text: str) -> str:
    """The text without signs that no page can show."""
    return _UNSHOWN.sub("\ufffd", text)


def text(words: str) -> Run:
    """A run of plain words."""
    return {"t": "text", "v": shown(words)}


def paragraph(words: str) -> Block:
    """A paragraph of plain words."""
    return {"t": "p", "c": [text(words)]}


def heading(level: int, words: str) -> Block:
    """A heading of plain words."""
    return {"t": "h", "level": level, "c": [text(words)]}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table of plain words."""
    return {"t": "table", "head": [[text(one)] for one in head], "rows": [[[text(one)] for one in row] for row in rows]}


def tree_of(markdown: str, top: int = 2) -> list[Block]:
    """The blocks of a text; its headings begin at level `top`, and no level is left out on the way down."""
    blocks = [block for node in SyntaxTreeNode(marked_tokens(markdown)).children for block in _blocks(node)]
    return levelled(blocks, top)


def levelled(blocks: list[Block], top: int) -> list[Block]:
    """The same with headings moved to begin at `top`, each at most one deeper than the one before it."""
    least = min((block["level"] for block in blocks if block["t"] == "h"), default=1)
    before = top - 1
    for block in blocks:
        if block["t"] == "h":
            before = min(block["level"] - least + top, before + 1, DEEPEST)
            block["level"] = before
    return blocks


def _blocks(node: SyntaxTreeNode) -> list[Block]:
    kind = node.type
    if kind == "footnote_block":
        return [{"t": "hr"}, {"t": "ol", "items": [_within(note) for note in node.children], "start": 1}]
    if kind in _MADE:
        return [_MADE[kind](node)]
    return [paragraph(node.content)] if node.content else []


def _list(node: SyntaxTreeNode) -> Block:
    is_ordered = node.type == "ordered_list"
    start = int(node.attrs.get("start", 1)) if is_ordered else 1
    return {"t": "ol" if is_ordered else "ul", "items": [_within(item) for item in node.children], "start": start}


def _within(node: SyntaxTreeNode) -> list[Block]:
    """Headings inside quotes, lists and notes are bold words: the outline is the document's own."""
    blocks = [block for child in node.children for block in _blocks(child)]
    return [{"t": "p", "c": [{"t": "strong", "c": one["c"]}]} if one["t"] == "h" else one for one in blocks]


def _table(node: SyntaxTreeNode) -> Block:
    rows = [
        [[run for inline in cell.children for run in _runs(inline.children)] for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    width = len(rows[0])
    return {"t": "table", "head": rows[0], "rows": [(row + [[]] * width)[:width] for row in rows[1:]]}


def _runs_of(node: SyntaxTreeNode) -> list[Run]:
    return [run for inline in node.children for run in _runs(inline.children)]


def _runs(nodes: Iterable[SyntaxTreeNode]) -> list[Run]:
    return [run for node in nodes for run in _run(node)]


_MADE: dict[str, Callable[[SyntaxTreeNode], Block]] = {
    "heading": lambda node: {"t": "h", "level": int(node.tag[1]), "c": _runs_of(node)},
    "paragraph": lambda node: {"t": "p", "c": _runs_of(node)},
    "bullet_list": _list,
    "ordered_list": _list,
    "fence": lambda node: {"t": "code", "text": shown(node.content.rstrip("\n"))},
    "code_block": lambda node: {"t": "code", "text": shown(node.content.rstrip("\n"))},
    "blockquote": lambda node: {"t": "quote", "c": _within(node)},
    "table": _table,
    "hr": lambda _node: {"t": "hr"},
}


def _run(node: SyntaxTreeNode) -> list[Run]:
    kind = node.type
    if kind in {"strong", "em", "s"}:
        return [{"t": kind, "c": _runs(node.children)}]
    if kind == "link":
        url, inner = shown(str(node.attrs.get("href", ""))), _runs(node.children)
        return [{"t": "link", "url": url, "c": inner or [text(url)]}] if _OUTSIDE.match(url) else inner
    return [_WORDS[kind](node)] if kind in _WORDS else [text(node.content)] if node.content else []


def _marked(node: SyntaxTreeNode) -> Run:
    """What the one Markdown door has marked: a box to tick, or a thing by its reference."""
    if "tick" in node.meta:
        return text("[×] " if node.meta["tick"] else "[  ] ")
    return text(str(node.meta.get("reference", "")))


def _picture(node: SyntaxTreeNode) -> Run:
    """One that was put into a text here is a run of its own, any other is told by its words."""
    src = str(node.attrs.get("src", ""))
    words = text(_("Picture: %(words)s") % {"words": node.content or src})
    if not ATTACHED.match(src):
        return words
    return {"t": "image", "src": src, "alt": shown(node.content) or _("Picture"), "v": words["v"]}


_WORDS: dict[str, Callable[[SyntaxTreeNode], Run]] = {
    "code_inline": lambda node: {"t": "code", "v": shown(node.content)},
    "image": _picture,
    "hardbreak": lambda _node: {"t": "br"},
    "softbreak": lambda _node: text(" "),
    "footnote_ref": lambda node: {"t": "sup", "v": str(int(node.meta["id"]) + 1)},
    "html_inline": _marked,
}  # fmt: skip
