"""Days as files write them."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Any, Final

FIRST: Final = dt.date(1899, 12, 30)
"""From where spreadsheets count days."""

_WRITTEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?\Z|((?:19|20|21)\d\d)(\d\d)(\d\d)\Z", re.ASCII)
_COUNTED = re.compile(r"([2-7]\d{4})(?:\.\d*)?\Z", re.ASCII)


def day_of(value: Any) -> dt.date | None:
    """A day in ISO, also without its dashes, or as a spreadsheet counts days; a time behind it is left off.

    None when it is no day. Counted days are read from 1954 to 2119.
    """
    text = str(value).strip()
    if counted := _COUNTED.match(text):
        return FIRST + dt.timedelta(int(counted[1]))
    if written := _WRITTEN.match(text):
        year, month, day = filter(None, written.groups())
        with suppress(ValueError):
            return dt.date(int(year), int(month), int(day))
    return None
