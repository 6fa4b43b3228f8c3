"""jq in mappings: what may be written, and compiled programs.

A mapping comes from a person or a file, so an expression may only compute on the record it is given. Words that reach
the environment, other files or the process are refused before jq sees them. How long and how large a program may run
is for the process that imports to bound.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import jq

from helhet.importers.problems import MappingError

LENGTH_MAX = 20_000

_FORBIDDEN = re.compile(
    r"\$ENV\b|\$__\w+|(?<![.\w$@])(?:env|input|inputs|input_filename|input_line_number|debug|stderr|halt|halt_error|"
    r"import|include|modulemeta|get_search_list|get_prog_origin|get_jq_origin|now|localtime|strflocaltime|mktime)\b"
)


def check_words(expression: str, path: str) -> None:
    """Raise MappingError when the expression uses a word that reaches outside of its record."""
    if len(expression) > LENGTH_MAX:
        raise MappingError("mapping_jq_long", path, limit=LENGTH_MAX)
    code = outside_strings(expression, path)
    if found := _FORBIDDEN.search(code):
        raise MappingError("mapping_jq_word", path, word=found[0])


def outside_strings(expression: str, path: str) -> str:
    """The expression with its string literals blanked, keeping the code interpolated in them."""
    kept: list[str] = []
    depths: list[int] = []  # open parentheses of each interpolation that we are in
    in_string = False
    at = 0
    while at < len(expression):
        sign = expression[at]
        if in_string:
            if sign == "\\" and expression[at + 1 : at + 2] == "(":
                depths.append(0)
                in_string = False
                kept.append(" (")
                at += 1
            elif sign == "\\":
                at += 1
            elif sign == '"':
                in_string = False
                kept.append('"')
        elif sign == '"':
            in_string = True
            kept.append('"')
        elif sign == "#":
            raise MappingError("mapping_jq_comment", path)
        else:
            kept.append(sign)
            if sign == "(" and depths:
                depths[-1] += 1
            elif sign == ")" and depths:
                if depths[-1] == 0:
                    depths.pop()
                    in_string = True
                else:
                    depths[-1] -= 1
        at += 1
    return "".join(kept)


@lru_cache(maxsize=256)
def compiled(program: str) -> Any:
    """A compiled jq program, kept for the next time. Raises ValueError."""
    return jq.compile(program)


def check(expression: str, path: str, before: str = "") -> None:
    """Raise MappingError when an expression is not allowed or not jq. `before` is what names it may use."""
    check_words(expression, path)
    try:
        compiled(f"{before}{expression}\n")
    except ValueError as error:
        told = str(error).replace("jq: error: ", "").strip().splitlines()
        raise MappingError("mapping_jq", path, error=told[0] if told else "broken") from error
