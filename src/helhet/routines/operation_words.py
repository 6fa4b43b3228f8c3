"""How operational tasks come, in words; and what happened to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helhet.items.models import Presence, State
from helhet.journal.models import Event
from helhet.kit.parts import HistoryLine
from helhet.kit.spoken import WEEKDAYS, day, language
from helhet.kit.told_values import value_told
from helhet.routines.models import ClosedDay, OperationalTask
from helhet.routines.operations import Next

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ALWAYS = {
    "FREQ=DAILY": gettext_lazy("every day"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": gettext_lazy("every day from Monday to Friday"),
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1": gettext_lazy("the first weekday of the month"),
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": gettext_lazy("the last weekday of the month"),
    "FREQ=MONTHLY;BYMONTHDAY=-1": gettext_lazy("the last day of the month"),
}
NTH = re.compile(r"(-?\d)(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
PLACES = {
    "1": gettext_lazy("first"), "2": gettext_lazy("second"), "3": gettext_lazy("third"), "4": gettext_lazy("fourth"),
    "5": gettext_lazy("fifth"), "-1": gettext_lazy("last"),
}  # fmt: skip
DID = {
    "created": gettext_lazy("made the operational task"), "changed": gettext_lazy("changed"),
    "ended": gettext_lazy("ended it"),
}  # fmt: skip
FIELDS = {
    "title": gettext_lazy("what is to be done"), "text": gettext_lazy("text"), "rule": gettext_lazy("rule"),
    "first_on": gettext_lazy("first day"), "at": gettext_lazy("clock time"),
    "after_days": gettext_lazy("after it was last done"), "closed_day": gettext_lazy("closed days"),
    "lead_days": gettext_lazy("shown in advance"), "minutes": gettext_lazy("planned time"),
    "cost": gettext_lazy("planned cost"), "item": gettext_lazy("item"), "group": gettext_lazy("group"),
    "person": gettext_lazy("person"), "routine": gettext_lazy("routine"),
}  # fmt: skip

UNITS = {"after_days": "days", "lead_days": "days", "minutes": "minutes", "cost": "kronor"}


def how(task: OperationalTask) -> str:
    """`every second week on tuesday`, `30 days after it was last done`; what has no words is told as its rule."""
    if task.after_days is not None:
        return ngettext(
            "%(count)d day after it was last done", "%(count)d days after it was last done", task.after_days
        ) % {"count": task.after_days}  # fmt: skip
    if not task.rule:
        return _("once, on %(day)s") % {"day": day(task.first_on)}
    if task.rule in ALWAYS:
        return str(ALWAYS[task.rule])
    return _by_rule(task)


def _by_rule(task: OperationalTask) -> str:
    parts = dict(part.partition("=")[::2] for part in task.rule.split(";"))
    freq = parts.pop("FREQ", "")
    if freq == "WEEKLY" and parts.keys() <= {"BYDAY", "INTERVAL"} and parts.get("INTERVAL", "1") in {"1", "2"}:
        codes = [code for code in parts.get("BYDAY", CODES[task.first_on.weekday()]).split(",") if code in CODES]
        names = ", ".join(WEEKDAYS[language()][CODES.index(code)] for code in codes)
        each = _("every second week: %(days)s") if parts.get("INTERVAL") == "2" else _("every week: %(days)s")
        return each % {"days": names}
    if freq == "MONTHLY" and parts.keys() == {"BYMONTHDAY"} and parts["BYMONTHDAY"].isdigit():
        return _("every month on day %(number)s") % {"number": parts["BYMONTHDAY"]}
    if freq == "YEARLY" and parts.keys() == {"BYMONTH", "BYMONTHDAY"}:
        return _("every year on %(day)s") % {"day": day(task.first_on)}
    nth = NTH.fullmatch(parts.get("BYDAY", "")) if freq == "MONTHLY" and parts.keys() == {"BYDAY"} else None
    if nth is not None and nth[1] in PLACES:
        told = {"place": PLACES[nth[1]], "weekday": WEEKDAYS[language()][CODES.index(nth[2])]}
        return _("the %(place)s %(weekday)s of the month") % told
    return _("by a rule of its own: %(rule)s") % {"rule": task.rule}


def why(task: OperationalTask, coming: Next) -> str:
    """The sum behind its next day: how it comes, from what, and what a closed day did to it."""
    if coming.after is not None and task.after_days is not None:
        text = _("it was last done %(done)s, and comes %(how)s") % {"done": day(coming.after), "how": how(task)}
    else:
        text = _("it comes %(how)s, from %(first)s") % {"how": how(task), "first": day(task.first_on)}
    if not coming.coming.is_moved:
        return text
    told = {"day": day(coming.coming.rule_on, "weekday"), "what": ClosedDay(task.closed_day).label, "text": text}
    return _("%(text)s; %(day)s is closed, so %(what)s") % told


def faults(task: OperationalTask) -> list[str]:
    """Why a task that goes on does not hold: what it is on, or the routine that it follows, is no longer used."""
    told: list[str] = []
    if task.ended_on is not None:
        return told
    if task.item.presence != Presence.HERE:
        told.append(_("%(item)s has left the register.") % {"item": task.item.name})
    elif task.item.state == State.RETIRED:
        told.append(_("%(item)s is retired.") % {"item": task.item.name})
    if task.routine is not None and task.routine.document.item.presence != Presence.HERE:
        told.append(_("The routine %(name)s has left the register.") % {"name": task.routine.document.item.name})
    elif task.routine is not None and task.routine.is_withdrawn:
        told.append(_("The routine %(name)s is withdrawn.") % {"name": task.routine.document.item.name})
    return told


def lines(events: Iterable[Event]) -> list[HistoryLine]:
    """One line for each changed field of each event, newest first; another event is one line."""
    shown: list[HistoryLine] = []
    for event in events:
        verb = event.verb.rsplit(".", 1)[1]
        text = format_html("<b>{}</b> {}", event.actor or _("The system"), DID.get(verb, verb))
        if verb == "changed":
            shown += [
                HistoryLine(
                    event.at, format_html("{}: {}", text, FIELDS.get(name, name)), _told(name, old), _told(name, new)
                )
                for name, old, new in event.changes
            ]
        else:
            reason = format_html("{} <span class='hh-quiet'>({})</span>", text, event.reason) if event.reason else text
            shown.append(HistoryLine(event.at, reason))
    return shown


def _told(name: str, value: object) -> str:
    if name == "closed_day" and value in ClosedDay.values:
        return str(ClosedDay(value).label)
    return value_told(value, UNITS.get(name, ""))
