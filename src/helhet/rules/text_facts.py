"""Review facts that a page states in its text: in a table, in lines with a label, as attributes.

What stands above all that the page has to say is meant as facts of the page, as front matter is. What stands further
down may be, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from helhet.rules.page_names import COUNTED, EDITED, OPENING, OWNER, SAYS_LESS, SORT, TITLE, VALID_FROM, VALID_TO
from helhet.rules.page_values import (
    LIKE_REVIEW,
    NUMBER,
    day_names,
    either_names,
    interval_names,
    interval_told,
    plain_name,
    told_either_way,
)
from helhet.rules.reviewing import read_day, why_no_day, why_no_interval

HEAD: Final = 60
"""How many lines may stand above what a page has to say."""
LONGEST_LABEL, LONGEST_VALUE = 60, 100
LONGEST_LINE: Final = 2_000
CODE: Final = "\N{SECTION SIGN}"
"""Stands where code stood."""
WORDS_OF_LABEL = 5
WORDS_LIKE: Final = 4
"""How many words a label may have that is none that is known, and like that of a review."""
HEADINGS: Final = frozenset({
    "document control", "document information", "document details", "page information", "page properties", "metadata",
    "document metadata", "dokumentinformation", "dokumentuppgifter", "om dokumentet", "uppgifter om dokumentet",
})  # fmt: skip
"""Below which headings facts of the page stand, before what it has to say."""
HINT: Final = re.compile(
    r"review|gransk|revider|revision|[öo]vers|ses?\W{0,6}[öo]ver|verif|valid|confirm|check|kontroll|genomg|aktualitet"
    r"|ompr[öo]v|uppf[öo]lj",
    re.IGNORECASE,
)
"""What every name of a review has in it."""

_CODE = re.compile(r"^[ \t>]*(```|~~~).*?(?:^[ \t>]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_TAGGED_CODE = re.compile(
    r"<pre\b.*?(?:</pre>|\Z)|\{% *highlight\b.*?(?:\{% *endhighlight *%\}|\Z)", re.IGNORECASE | re.DOTALL
)
_CODE_LINE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?`[^`]+`[ \t]*")
_REMARK = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_CELLS = re.compile(r"</t[dh]>\s*<t[dh][^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<tr[^<>]*>\s*<t[dh][^<>]*>", re.IGNORECASE)
_ROW_END = re.compile(r"</t[dh]>\s*</tr>", re.IGNORECASE)
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_TIME = re.compile(
    r"<time[^<>]{0,200}?datetime=[\"']([^\"'<>]{0,100})[\"'][^<>]{0,200}>(?:[^<>]{0,200}</time>)?", re.IGNORECASE
)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_BEGIN = re.compile(r"(?:[ \t]*>)*[ \t]*(?:[-*+][ \t]+)?")
_SEPARATOR = re.compile(r"[|:+=\-\s]+")
_LABELLED = re.compile(r"[\[(]?:?([A-Za-zÅÄÖåäö][^:|=]{1,59}?)[ \t]*::?[ \t]*([^:\s].*)")
_APART = re.compile(r"\s+[·•|–]\s+|[;]\s+|\.\s+(?=[A-ZÅÄÖ]|[\w -]{3,40}:)|,\s+(?=[A-ZÅÄÖ][^,:]{1,60}:)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ABOVE = re.compile(
    r"\[?!\[|import |export |\{\{|\{%|<%|\[\[|\[TOC\]|:::|= \S|[\w(][^:|.]{1,59}:(?:\s|\Z)|:[\w-]+:",
    re.IGNORECASE,
)
"""How a line begins that is none of what a page has to say: a picture, a label, what a tool fills in."""
_OF_PAGE: Final = frozenset((
    *OWNER, *TITLE, *OPENING, *EDITED, *VALID_FROM, *VALID_TO, *SORT, "version", "status", "who", "reviewer",
    "granskare", "author", "forfattare", "dokument", "document", "namn", "name", "utgava", "edition",
))  # fmt: skip
"""What else the columns of a table with a page's facts are called."""


class InText(NamedTuple):
    """A fact in the text: its plain name, its value, how it reads, and whether it stands above what the page says."""

    name: str
    value: str
    said: str
    is_above: bool


def facts_in(text: str) -> list[InText]:
    """The facts of its review, and of its owner where these are, in the order of the text."""
    if not HINT.search(text):
        return []
    # An example is none of the page's facts, and what stands below it none of its head.
    plain = _TAGGED_CODE.sub(f"\n{CODE}\n", _CODE.sub(f"\n{CODE}\n", text))
    found = list(_facts(_lines(_REMARK.sub("", plain))))
    remarks = (remark[1] for remark in _REMARK.finditer(plain) if HINT.search(remark[1]))
    found += [one._replace(is_above=False) for remark in remarks for one in _facts(_lines(remark))]
    return found if any(one.name not in OWNER for one in found) else []


def _lines(text: str) -> list[str]:
    """The text's lines, rows of tables in HTML as others are."""
    if "<t" in text.lower():
        text = _ROW_END.sub("|\n", _ROW.sub("\n|", _CELLS.sub("|", text)))
    return _BREAK.sub("\n", text).split("\n")


def _facts(lines: list[str]) -> Iterator[InText]:
    is_above, headings, filled, before, in_table, after_empty = True, 0, 0, "", False, True
    for at, line in enumerate(lines, 1):
        is_code = _is_code(line, after_empty=after_empty)
        in_table, after_empty = in_table and "|" in line, not line or line.isspace()
        if is_code or len(line) > LONGEST_LINE:
            is_above, before = False, ""
            continue
        hinted = HINT.search(line)
        if in_table or (not is_above and not hinted and not before):
            continue
        plain = _bare(line)
        if not plain or _SEPARATOR.fullmatch(plain):
            continue
        filled += 1
        if heading := _heading(plain, lines[at : at + 1]):
            headings += 1
            is_above = is_above and ((headings, heading[0]) == (1, "#") or heading[1].lower().rstrip(":") in HEADINGS)
            before = ""
            continue
        cells = _cells_of(line, plain)
        pairs = list(_pairs(cells)) or list(_below(before, cells))
        rows = _rows_below(lines, at) if "|" in line and any(map(_knows, cells)) else None
        is_of_page = True
        if rows is not None and all(plain_name(label) in OWNER for label, _value in pairs):
            # A header with one row below it tells of this page, unless that names something else; with more, of others.
            pairs = [pair for pair in zip(cells, rows[0], strict=False) if _reads(*pair)] if len(rows) == 1 else []
            is_of_page = all(map(_is_of_page, cells))
            in_table = True
        is_above = is_above and filled <= HEAD and bool(pairs or "|" in line or _begins(line, plain))
        for label, value in pairs:
            name = plain_name(label)
            # A row called review may be a step of a plan.
            is_plain = name not in SAYS_LESS and (_knows(label) or name in OWNER)
            yield InText(name, value, f"{label}: {value}", is_above and is_plain and is_of_page)
        before = plain if hinted else ""


def _is_code(line: str, *, after_empty: bool) -> bool:
    """Whether a line is an example: indented below an empty one, or between backticks as a whole."""
    return (after_empty and line.startswith(("    ", "\t")) and not line.isspace()) or bool(_CODE_LINE.fullmatch(line))


def _is_of_page(label: str) -> bool:
    """Whether the header of a column is one that a table with a page's facts has."""
    return not label or _knows(label) or plain_name(label) in _OF_PAGE


def _begins(line: str, plain: str) -> bool:
    """Whether a line may stand before what a page has to say."""
    return (
        bool(_ABOVE.match(plain) or _ABOVE.match(line.strip()))
        or _knows(plain)
        or plain.lower().rstrip(":") in HEADINGS
    )


def _heading(plain: str, below: list[str]) -> tuple[str, str] | None:
    """The marks and words of a heading."""
    if found := _HEADING.match(plain):
        return found[1], _bare(found[2].rstrip(" \t#"))
    return ("#", plain) if below and re.fullmatch(r"[ ]{0,3}==+[ \t]*", below[0]) else None


def _bare(line: str) -> str:
    """A line or cell without marks of emphasis, quotes, lists, links and the like."""
    plain = _LINK.sub(r"\1", _TAG.sub("", _TIME.sub(r"\1", line)))
    plain = re.sub(r"\*\*|__|`|\\\Z", "", plain[_begin(plain) :]).strip()
    if len(plain) > 1 and plain[0] in "*_" and plain[0] == plain[-1]:
        plain = plain[1:-1]
    return " ".join(plain.split())


def _begin(line: str) -> int:
    found = _BEGIN.match(line)
    return found.end() if found else 0


def _cells_of(line: str, plain: str) -> list[str]:
    """The cells of a row, or what a line says one after the other."""
    if "|" in line and line.strip()[:1] == "|":
        return [_bare(cell) for cell in line.strip().strip("|").split("|")]
    return [part.strip() for part in _APART.split(plain)]


def _rows_below(lines: list[str], at: int) -> list[list[str]] | None:
    """The first two rows of the table whose header stands above this line; None where there is no table."""
    if at >= len(lines) or not _SEPARATOR.fullmatch(lines[at]) or "-" not in lines[at]:
        return None
    rows: list[list[str]] = []
    for line in lines[at + 1 : at + 3]:
        if "|" not in line:
            break
        rows.append([_bare(cell) for cell in line.strip().strip("|").split("|")])
    return rows


def _pairs(cells: list[str]) -> Iterator[tuple[str, str]]:
    """Labels with their values: within a cell, or one cell after the other."""
    is_taken = False
    for at, cell in enumerate(cells):
        if is_taken:
            is_taken = False
            continue
        labelled = _LABELLED.fullmatch(cell)
        if labelled and _reads(labelled[1], labelled[2]):
            yield labelled[1], _value(labelled[2])
        elif at + 1 < len(cells) and _reads(cell.rstrip(":"), cells[at + 1]):
            yield cell.rstrip(":"), _value(cells[at + 1])
            is_taken = True
        else:
            yield from _as_sentence(cell)


def _as_sentence(cell: str) -> Iterator[tuple[str, str]]:
    """`Senast granskad 2024-01-31`, without a colon."""
    words = cell.split()
    if len(words) > 2 * WORDS_OF_LABEL:
        return
    for count in range(min(WORDS_OF_LABEL, len(words) - 1), 0, -1):
        label, value = " ".join(words[:count]), " ".join(words[count:])
        if _knows(label) and _reads(label, value):
            yield label, _value(value)
            return


def _below(before: str, cells: list[str]) -> Iterator[tuple[str, str]]:
    """A value below the line that is its label."""
    label = before.rstrip(":")
    if len(cells) == 1 and _knows(label) and plain_name(label) not in OWNER:
        value = cells[0].removeprefix(":").strip()
        if _reads(label, value):
            yield label, _value(value)


def _value(value: str) -> str:
    """A value without the end of what stood around it."""
    plain = value.strip().rstrip(".")
    for begin, end in ("[]", "()"):
        if plain.endswith(end) and plain.count(begin) < plain.count(end):
            plain = plain[:-1].rstrip()
    return plain


def _knows(label: str) -> bool:
    name = plain_name(label.rstrip(":")) if 0 < len(label) <= LONGEST_LABEL else ""
    return name in day_names() or name in interval_names() or name in either_names() or name in SAYS_LESS


def _reads(label: str, value: str) -> bool:
    """Whether this is a fact: its name is known, and its value is of that sort, or meant as one."""
    name, value = plain_name(label) if len(label) <= LONGEST_LABEL else "", _value(value)
    if not value or len(value) > LONGEST_VALUE:
        return False
    if name in day_names():
        return read_day(value) is not None or why_no_day(value) in {"ambiguous", "partial", "impossible"}
    if name in either_names() or name in SAYS_LESS:
        return told_either_way(value) if name not in SAYS_LESS else read_day(value) is not None
    if name in interval_names():
        if name.endswith(tuple(COUNTED)) and NUMBER.fullmatch(value):
            return True
        return interval_told(value) is not None or why_no_interval(value) in {"unit", "mixed", "zero", "long"}
    is_like = name.count("_") < WORDS_LIKE and LIKE_REVIEW.search(name) is not None
    return name in OWNER or (is_like and read_day(value) is not None)
