r"""Markdown as a reader meets it, for search: its text without signs, and its headings. Nothing is rendered.

Signs that lay out are taken away and words stay in their order: link texts stay and their addresses go, code stays
since people search for commands, and HTML loses its tags. What is no Markdown comes back as it is.
"""

import re

_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^([^\s>#|\-*+][^\n]*)\n(?:={2,}|-{2,})[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\](?:\([^()\s]{0,2000}(?:[ \t]+\"[^\"\n]{0,300}\")?\)|\[[^\[\]\n]{0,200}\])")
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>|<!--.{0,5000}?-->", re.DOTALL)
_LINE = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]+)?", re.MULTILINE)
_RULE = re.compile(r"^[ \t|:=*_-]{3,}$", re.MULTILINE)
_MARKS = re.compile(r"[*`~|]+|(?<![^\W_])_+|_+(?![^\W_])")
_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\s*\n\s*")


def headings(text: str) -> list[str]:
    """The headings of a Markdown text in order; lines that only look like one inside a block of code are none."""
    pieces = _FENCE.split(text)
    found: list[str] = []
    for outside in pieces[::2]:
        of_this = [(one.start(), one.group(1)) for shape in (_HEADING, _UNDERLINED) for one in shape.finditer(outside)]
        found.extend(plain(heading) for _at, heading in sorted(of_this))
    return [heading for heading in found if heading]


def plain(text: str) -> str:
    """The words of a Markdown text in order, line by line, without what lays them out."""
    for shape, instead in (
        (_FENCE, ""), (_DEFINED, ""), (_TAG, " "), (_LINK, r"\1"), (_RULE, ""), (_LINE, ""), (_MARKS, " "),
        (_SPACES, " "), (_LINES, "\n"),
    ):  # fmt: skip
        text = shape.sub(instead, text)
    return text.strip()
