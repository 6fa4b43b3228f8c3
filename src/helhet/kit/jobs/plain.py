"""What may lie in the queue: JSON, and nothing that JSON or a database would change or refuse on its way."""

from __future__ import annotations

import json
from typing import Any


def plain_json(value: Any, what: str) -> Any:
    """The value as JSON gives it back.

    Raises:
        TypeError: JSON does not carry it unchanged (a tuple, a date, NaN, a key that is no text), or it holds a sign
            that PostgreSQL cannot keep (NUL, half a surrogate pair). `what` names it.

    """
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode("utf-8")
        back = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"{what} must be plain JSON: {error}") from error
    if back != value:
        raise TypeError(f"{what} must be plain JSON: give lists instead of tuples, ISO text instead of dates")
    if "\\u0000" in text:
        raise TypeError(f"{what} must not hold the sign NUL")
    return back


def plain_text(text: str, limit: int) -> str:
    """The text without signs that a database refuses, cut to `limit` signs."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")[:limit]
