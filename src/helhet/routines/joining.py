"""The steps of a routine where documents ask: checked, edited, shown, as plain text. Fills the ports of `documents`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.documents.models import Document, Sort
from helhet.documents.ports import Written
from helhet.items.models import State
from helhet.kit.rights import Caller
from helhet.routines.reading import steps_shown
from helhet.routines.refusals import wrong_steps
from helhet.routines.texts import plain_steps
from helhet.rules.steps import LIMIT, WrongSteps, clean_steps, read_steps

SPARE = 3
_NAME = re.compile(r"steps-([0-9]{1,4})-([a-z_]{1,20})")
TICKS = ("required", "stop", "approval")
WHEN = ("when_step", "when_sense", "when_value")


def cleaned(sort: str, part: str, raw: object) -> dict[str, Any] | None:
    """Fills `documents.fields`: the steps of a routine. Raises Invalid with the step's place."""
    if sort != Sort.ROUTINE or part:
        return None
    steps = raw.get("steps") or [] if isinstance(raw, Mapping) else raw or []
    try:
        kept = clean_steps(steps)
    except WrongSteps as error:
        raise wrong_steps(error) from error
    return {"steps": kept} if kept else {}


def _is_routine(written: Written) -> bool:
    return written.document.sort == Sort.ROUTINE and not written.document.part


def shown(written: Written, caller: Caller) -> SafeString:
    """Fills `documents.shown`: the steps to read."""
    steps = read_steps(written.fields.get("steps")) if _is_routine(written) else ()
    return SafeString(render_to_string("routines/_steps.html", {"steps": steps_shown(steps, caller)}) if steps else "")


def used_at(document: Document) -> list[tuple[str, str]]:
    """Fills `documents.used_at`: the page where a routine that is in use is run."""
    if document.sort != Sort.ROUTINE or document.part or document.item.state == State.RETIRED:
        return []
    return [(_("To the routine, to run it"), reverse("routines:routine", args=[document.item.reference]))]


def plain(written: Written) -> str:
    """Fills `documents.plain`."""
    return plain_steps(read_steps(written.fields.get("steps"))) if _is_routine(written) else ""


@dataclass(frozen=True, slots=True)
class StepsForm:
    """The editor's part for steps: one block of fields for each, empty ones at the end."""

    context: dict[str, Any] = field(default_factory=dict)
    template: str = "routines/_steps_form.html"

    def read(self, posted: Mapping[str, Any]) -> dict[str, Any]:
        """The raw steps that a form sent, in the order of their numbers, without those that are empty or ticked off."""
        rows: dict[int, dict[str, str]] = {}
        for name, value in posted.items():
            match = _NAME.fullmatch(name)
            if match is not None and int(match[1]) < LIMIT + SPARE:
                rows.setdefault(int(match[1]), {})[match[2]] = str(value)
        kept = [row for number, row in sorted(rows.items()) if not row.get("remove") and _says_anything(row)]
        return {"steps": [_raw(row) for row in sorted(kept, key=_place)]}


def _says_anything(row: Mapping[str, str]) -> bool:
    return any(row.get(name, "").strip() for name in ("title", "text"))


def _place(row: Mapping[str, str]) -> float:
    text = row.get("place", "").strip().replace(",", ".")
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", text, re.ASCII) else 1e9


def _raw(row: Mapping[str, str]) -> dict[str, Any]:
    names = ("id", "title", "text", "input", "unit", "least", "most", "role", "minutes")
    told: dict[str, Any] = {name: row.get(name, "").strip() for name in names}
    told |= {name: bool(row.get(name)) for name in TICKS}
    told["options"] = row.get("options", "")
    step, sense, value = (row.get(name, "").strip() for name in WHEN)
    if step:
        told["when"] = {"step": step, "sense": sense or "is", "value": value}
    return told


def steps_form(document: Document, fields: Mapping[str, Any]) -> StepsForm | None:
    """Fills `documents.field_forms`; None for what is no routine."""
    if document.sort != Sort.ROUTINE or document.part:
        return None
    raw = fields.get("steps")
    steps = [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []
    rows = [_row(number, one) for number, one in enumerate([*steps, *({} for _n in range(SPARE))])]
    rows[len(steps)]["is_open"] = True
    if (wrong := _wrong(steps)) is not None and wrong.place:
        rows[wrong.place - 1] |= {"is_open": True, "fault": wrong_steps(wrong).message}
    choices = [(one.get("id", ""), f"{place}. {one.get('title', '')}") for place, one in enumerate(steps, 1)]
    return StepsForm({"rows": rows, "earlier": choices, "inputs": _inputs(), "senses": _senses()})


def _wrong(steps: Sequence[Mapping[str, Any]]) -> WrongSteps | None:
    """What a step that was sent is refused for; steps that were saved are refused for nothing."""
    try:
        clean_steps(steps)
    except WrongSteps as error:
        return error
    return None


def _row(number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    options = one.get("options") or ()
    when = one.get("when") or {}
    return {
        **{name: one.get(name) or "" for name in ("id", "title", "text", "input", "unit", "least", "most", "role")},
        "minutes": "" if one.get("minutes") is None else one["minutes"], "number": number, "place": number + 1,
        "is_new": not one, "required": one.get("required", True), "stop": one.get("stop", False),
        "approval": one.get("approval", False), "options": options if isinstance(options, str) else "\n".join(options),
        "when_step": when.get("step", ""), "when_sense": when.get("sense", "is"), "when_value": when.get("value", ""),
    }  # fmt: skip


def _inputs() -> Sequence[tuple[str, str]]:
    words = pgettext("answer", "words")
    return (("", _("nothing")), ("choice", _("a choice")), ("number", _("a number")), ("text", words),
            ("photo", _("a photo")))  # fmt: skip


def _senses() -> Sequence[tuple[str, str]]:
    return (("is", _("is")), ("not", _("is not")), ("over", _("is over")), ("under", _("is under")))
