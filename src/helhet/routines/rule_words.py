"""Why a recurrence rule cannot be used, and what to write instead, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from helhet.kit.errors import Invalid
from helhet.rules.recurrence import COUNT_LIMIT, INTERVAL_LIMIT, PARTS, BadRule
from helhet.rules.recurrence_limits import RANGES

LAST = {"BYDAY": 53, "COUNT": COUNT_LIMIT, "INTERVAL": INTERVAL_LIMIT} | {
    name: most for name, (_least, most) in RANGES.items()
}


def refused_rule(error: BadRule, *, frequency: str, first: str) -> Invalid:
    """The refusal of a rule. `frequency` and `first` say, for what comes back, that it does so too often, and that the
    rule never comes or not on the first day.
    """
    own = {"frequency": (frequency, _("Write for example FREQ=WEEKLY;BYDAY=TU.")), "first": (first, "")}
    names = {"part": error.part, "value": error.value}
    message, todo = own.get(error.word) or _together(names).get(error.word) or _alone(error, names)
    return Invalid(message, todo=todo, field="rule")


def _together(names: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What does not go with the rest of the rule."""
    return {
        "both_ends": (
            _("A rule ends after COUNT times or with UNTIL, never by both."), _("Take one of them out."),
        ),
        "numbered": (
            _("The number in BYDAY=%(value)s counts weekdays of a month or a year.") % names,
            _("Write FREQ=MONTHLY;BYDAY=%(value)s, or for every week BYDAY=%(day)s.")
            % {**names, "day": names["value"][-2:]},
        ),
        "numbered_week": (
            _("With BYWEEKNO weekdays in BYDAY have no number."),
            _("Write BYDAY=%(day)s.") % {"day": names["value"][-2:]},
        ),
        "month_day": (
            _("BYMONTHDAY does not go with FREQ=WEEKLY."),
            _("Write FREQ=MONTHLY;BYMONTHDAY=%(value)s, or name weekdays with BYDAY.") % names,
        ),
        "yearly": (
            _("%(part)s goes with FREQ=YEARLY alone.") % names, _("Write FREQ=YEARLY;%(part)s=%(value)s.") % names,
        ),
        "position": (
            _("BYSETPOS chooses among the days of another part, and there is none."),
            _("For the last weekday of the month write FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1."),
        ),
        "until_day": (
            _("It comes on days without a clock time, so UNTIL is a day too."), _("Write UNTIL=%(value)s.") % names,
        ),
    }  # fmt: skip


def _alone(error: BadRule, names: dict[str, Any]) -> tuple[str, str]:
    """What is wrong in itself."""
    last = LAST.get(error.part, 0)
    found = {
        "part": (
            _("%(part)s cannot be used here.") % names,
            _("There are %(parts)s.") % {"parts": ", ".join(sorted(PARTS))},
        ),
        "many": (
            _("%(part)s=%(value)s is too small or too large.") % names,
            _("Write numbers from 1 to %(last)d.") % {"last": last},
        ),
        "number": (
            _("%(value)s is nothing that %(part)s can be.") % names,
            _("Write numbers from 1 to %(last)d.") % {"last": last} if error.part == "BYMONTH"
            else _("Write numbers from 1 to %(last)d, or from -1 to -%(last)d counted from the end.") % {"last": last},
        ),
        "weekday": (
            _("%(value)s is no weekday in %(part)s.") % names, _("Write MO, TU, WE, TH, FR, SA or SU."),
        ),
        "until": (
            _("UNTIL=%(value)s is no day.") % names,
            _("Write the last day as UNTIL=20261231, or its last time in UTC as UNTIL=20261231T170000Z."),
        ),
    }  # fmt: skip
    return found.get(error.word) or (_("This is no recurrence rule, such as FREQ=WEEKLY;BYDAY=TU."), "")
