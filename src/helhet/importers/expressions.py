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
    r"\$\s*ENV\b|\$\s*__\w+|(?<![.\w$@])(?:env|input|inputs|input_filename|input_line_number|debug|stderr|halt|halt_error|"
    r"import|include|modulemeta|get_search_list|get_prog_origin|get_jq_origin|now|localtime|strflocaltime|mktime)\b"
)


def check_words(expression: str, path: str) -> None:
    """Raise MappingError when the expression uses a word that reaches outside of its record."""
    if len(expression) > LENGTH_MAX:
        raise MappingError("mapping_jq_long", path, limit=LENGTH_MAX)
    code = outside_strings(expression, path)
    if found := _FORBIDDEN.search(code):
        raise MappingError("mapping_jq_word", path, word=found[0])


_IN_STRING = re.compile(r'\\\(|\\.|"|[^"\\]+|\\', re.DOTALL)


def outside_strings(expression: str, path: str) -> str:
    """The expression with its string literals blanked, keeping the code interpolated in them."""
    kept: list[str] = []
    depths: list[int] = []  # open parentheses of each interpolation that we are in
    in_string = False
    at = 0
    while at < len(expression):
        if in_string:
            token = _IN_STRING.match(expression, at)
            assert token is not None
            at = token.end()
            if token[0] == "\\(":
                depths.append(0)
            in_string = token[0] not in {"\\(", '"'}
            kept.append(" (" if token[0] == "\\(" else '"' * (not in_string))
            continue
        sign = expression[at]
        if sign == "#":
            raise MappingError("mapping_jq_comment", path)
        kept.append(sign)
        at += 1
        in_string = sign == '"' or (depths != [] and _ends_interpolation(sign, depths))
    return "".join(kept)


def _ends_interpolation(sign: str, depths: list[int]) -> bool:
    """Whether a sign of code closes the interpolation that it stands in; counts the parentheses inside."""
    if sign == "(":
        depths[-1] += 1
    elif sign == ")":
        depths[-1] -= 1
        if depths[-1] < 0:
            depths.pop()
            return True
    return False


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
