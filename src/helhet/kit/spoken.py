"""Values as people read them, in Swedish and English: numbers, shares, days, moments, distances in time.

Plain text comes out; the tags in `templatetags/kit.py` dress it. Nothing here looks at the request: the language is
the active one.
"""

from __future__ import annotations

import errno
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

Number = int | float | Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "\u2013"

MONTHS = {
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
SHORT_MONTHS = {
    "sv": ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
WEEKDAYS = {
    "sv": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


def language() -> str:
    """`sv` or `en`: the active language, Swedish when it is neither."""
    return "en" if (get_language() or "sv").startswith("en") else "sv"


def number(value: Number | None, decimals: int | None = None) -> str:
    """`1 204`, `−3,5`: thousands kept together, decimal comma and a real minus sign; `1,204` and `−3.5` in English.

    `decimals` fixes their count; without it an int has none and others lose their trailing zeros. None becomes a dash.
    """
    if value is None:
        return NOTHING
    places = decimals if decimals is not None else (0 if isinstance(value, int) else None)
    text = f"{abs(value):,.{places}f}" if places is not None else f"{abs(value):,.6f}".rstrip("0").rstrip(".")
    if language() == "sv":
        text = text.replace(",", NBSP).replace(".", ",")
    nothing_left = not text.strip("0,.")
    return text if value >= 0 or nothing_left else MINUS + text


def signed(value: Number | None, decimals: int | None = None) -> str:
    """A number that always shows its direction: `+5`, `−1`, and a bare `0`."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0,.") else text


def percent(share: Number | None, decimals: int = 1) -> str:
    """A share between 0 and 1 as `98,8 %` or `98.8%`.

    What is not the whole never rounds up to 100, and what is not nothing never rounds down to 0.
    """
    if share is None:
        return NOTHING
    step = 10.0**-decimals
    shown = round(float(share) * 100, decimals)
    if float(share) < 1 and shown >= 100:
        shown = 100 - step
    if float(share) > 0 and shown <= 0:
        shown = step
    whole = shown == int(shown) and int(shown) in (0, 100)
    text = number(shown, 0 if whole else decimals)
    return f"{text}{NBSP}%" if language() == "sv" else f"{text}%"


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value: date | datetime | None, form: str = "") -> str:
    """`17 november`, with the year when it is not this one.

    `form` is empty, `short` (`17 nov`), `weekday` (`tisdag 17 november`) or `full` (always with the year).
    """
    if value is None:
        return NOTHING
    on = _local_day(value)
    months = SHORT_MONTHS if form == "short" else MONTHS
    text = f"{on.day}{NBSP}{months[language()][on.month - 1]}"
    if form == "full" or on.year != timezone.localdate().year:
        text += f"{NBSP}{on.year}"
    return f"{WEEKDAYS[language()][on.weekday()]} {text}" if form == "weekday" else text


def clock(value: datetime) -> str:
    """`13.42` or, in English, `13:42`, in the installation's time zone."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%H:%M" if language() == "en" else "%H.%M")


def moment(value: datetime | None) -> str:
    """`17 nov 13.42`, with the year when it is not this one."""
    return NOTHING if value is None else f"{day(value, 'short')}{NBSP}{clock(value)}"


def ago(value: datetime | None) -> str:
    """How long since: `just now`, `5 minutes ago`, `yesterday`; beyond a week the day. To come: `in 5 minutes`."""
    if value is None:
        return NOTHING
    seconds = int((timezone.now() - value).total_seconds())
    if seconds < 0:
        return _until(-seconds, value)
    if seconds < 60:
        return gettext("just now")
    if seconds < 3600:
        minutes = seconds // 60
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    return _long_ago(seconds, value)


def _long_ago(seconds: int, value: datetime) -> str:
    """The words for a time `seconds` back, an hour or more."""
    days = (timezone.localdate() - _local_day(value)).days
    if days == 0 or seconds < 6 * 3600:
        hours = seconds // 3600
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if days == 1:
        return gettext("yesterday at %(clock)s") % {"clock": clock(value)}
    if days < 7:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return day(value)


def _until(seconds: int, value: datetime) -> str:
    """The words for a time to come, `seconds` from now."""
    if seconds < 60:
        return gettext("in less than a minute")
    if seconds < 3600:
        minutes = seconds // 60
        return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
    if seconds < 24 * 3600:
        hours = seconds // 3600
        return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    return day(value)


def duration(seconds: float | None, *, in_days: bool = False) -> str:
    """A length of time as `7 h 20 min`, `3 min`, `12 s`; from two days on as `7 days 2 h` where days are meant."""
    if seconds is None:
        return NOTHING
    whole = int(seconds)
    if whole < 60:
        return f"{whole}{NBSP}s"
    if in_days and whole >= 2 * 24 * 3600:
        days, hours = divmod(round(whole / 3600), 24)
        told = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        return told.replace(" ", NBSP) + (f" {hours}{NBSP}h" if hours else "")
    hours, minutes = divmod(whole // 60, 60)
    parts = [f"{hours}{NBSP}h"] * bool(hours) + [f"{minutes}{NBSP}min"] * bool(minutes)
    return " ".join(parts)


def refusal(error: Exception) -> str:
    """Why the system refused a file or a folder, as part of a sentence; what has no words here by its number."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None:
        return str(error)
    words = {
        errno.ENOENT: gettext("it is not there"),
        errno.ENOTDIR: gettext("something on the way to it is no folder"),
        errno.EISDIR: gettext("it is a folder"),
        errno.EEXIST: gettext("there is a file of this name already"),
        errno.ENOTEMPTY: gettext("the folder is not empty"),
        errno.EACCES: gettext("Helhet has no right to it"),
        errno.EPERM: gettext("the system does not permit it"),
        errno.ENOSPC: gettext("the disk is full"),
        errno.EDQUOT: gettext("the disk space that Helhet may use is full"),
        errno.EROFS: gettext("the disk can only be read"),
        errno.EIO: gettext("the disk fails"),
        errno.ENAMETOOLONG: gettext("its name is too long"),
        errno.ELOOP: gettext("it is a link"),
        errno.ESTALE: gettext("the share is out of reach"),
        errno.ETIMEDOUT: gettext("the share is out of reach"),
        errno.EHOSTDOWN: gettext("the share is out of reach"),
        errno.ENOTCONN: gettext("the share is out of reach"),
    }
    return words.get(number) or gettext("the system refuses it, number %(number)s") % {"number": number}
