"""What is structured beside a text, as a paper can hold it: steps as a checklist, rows as a table.

Made from the version's own values alone. What a row points at is shown by its reference, with the title where this
bundle has the document: a name fetched from the register could be one that the audience may not read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.handbook.bundle.bodies import offline
from helhet.handbook.shapes import ROUTINE, SHAPES
from helhet.handbook.showing import plain_words, table_of
from helhet.kit.markdown import html_of
from helhet.rules.steps import Input, Sense, Step, read_steps


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row; `page` is the file that shows what it names."""

    text: str
    page: str = ""


def shown(fields: Mapping[str, Any], part: str, pages: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """The fields as safe HTML for a page one folder down; empty where nothing is structured."""
    steps, rows = read_steps(fields.get("steps")), rows_of(fields)
    read = {name for name, found in (("steps", steps), ("rows", rows)) if found}
    rest = {name: value for name, value in fields.items() if name not in read and value}
    if not steps and not rows and not rest:
        return ""
    heads, cells = _table(part, rows, pages, titles) if rows else ([], [])
    context = {
        "steps": [
            {"step": step, "told": told(step, steps), "text": _text(step.text, f"step-{place}", pages)}
            for place, step in enumerate(steps, 1)
        ],
        "heads": heads,
        "rows": cells,
        # What has another shape is printed as it is: nothing that was written may be missing in a fire.
        "rest": json.dumps(rest, ensure_ascii=False, indent=1) if rest else "",
        "up": "../",
    }
    return str(get_template("handbook/bundle/_fields.html").render(context))


def rows_of(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a part of service documentation."""
    rows = fields.get("rows")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def table_told(part: str, rows: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells in words: as the part's own page tells them, or by their keys where the part has no shape."""
    if part in SHAPES:
        heads, lines = table_of(part, rows)
        return heads, [[plain_words(words) for _label, words in line.cells] for line in lines]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [name.replace("_", " ").capitalize() for name in names], [
        [_text_of(row.get(name)) for name in names] for row in rows
    ]


def _text_of(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _table(
    part: str, rows: list[dict[str, Any]], pages: Mapping[str, str], titles: Mapping[str, str]
) -> tuple[list[str], list[list[Cell]]]:
    """The same with links. A routine is named by its document here, or not at all."""
    if part not in SHAPES:
        heads, lines = table_told(part, rows)
        return heads, [[_cell(text, pages, titles) for text in line] for line in lines]
    heads, told_rows = table_of(part, rows)
    names = {label: name for name, label in SHAPES[part].labels().items()}
    return heads, [
        [
            _cell(row.get(ROUTINE), pages, titles) if names[label] == ROUTINE
            else Cell(plain_words(words), pages.get(words.reference, ""))
            for label, words in line.cells
        ]
        for row, line in zip(rows, told_rows, strict=True)
    ]  # fmt: skip


def told(step: Step, steps: tuple[Step, ...]) -> list[str]:
    """What must be known of a step beside its title, each in a few words."""
    places = {one.id: place for place, one in enumerate(steps, 1)}
    found = []
    if step.when is not None:
        words = {
            Sense.IS: _("Only if step %(place)s is: %(value)s"),
            Sense.NOT: _("Only if step %(place)s is not: %(value)s"),
            Sense.OVER: _("Only if step %(place)s is over %(value)s"),
            Sense.UNDER: _("Only if step %(place)s is under %(value)s"),
        }[step.when.sense]
        found.append(words % {"place": places.get(step.when.step, "?"), "value": step.when.value})
    if step.is_stop:
        found.append(_("Stop: go on only when this is done"))
    if step.is_approval:
        found.append(_("Needs approval"))
    if not step.is_required:
        found.append(_("May be left out"))
    if step.role:
        found.append(step.role)
    if step.minutes:
        found.append(_("%(minutes)d minutes") % {"minutes": step.minutes})
    if step.input == Input.NUMBER:
        limits = " – ".join(str(limit) if limit is not None else "…" for limit in (step.least, step.most))
        has_limits = step.least is not None or step.most is not None
        found.append(" ".join(filter(None, (_("Number:"), "______", step.unit, f"({limits})" if has_limits else ""))))
    if step.input == Input.TEXT:
        found.append(_("Note:") + " ____________________")
    if step.input == Input.PHOTO:
        found.append(_("Take a photo"))
    return found


def _text(text: str, mark: str, pages: Mapping[str, str]) -> SafeString | str:
    # Cleaned by the renderer; `offline` escapes what it writes.
    return mark_safe(offline(html_of(text, top=3, mark=mark), pages)) if text else ""  # noqa: S308


def _cell(value: Any, pages: Mapping[str, str], titles: Mapping[str, str]) -> Cell:
    text = "" if value is None else str(value)
    if text in pages:
        title = titles.get(text, "")
        return Cell(f"{title} ({text})" if title else text, pages[text])
    return Cell(text)
