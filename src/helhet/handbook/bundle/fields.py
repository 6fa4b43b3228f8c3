"""What is structured beside a text, as a paper can hold it: steps as a checklist, rows as a table.

What a row points at is shown by its name where the audience may read it, else as it was written; of what others read
alone neither name nor reference is in a copy.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.handbook.bundle.bodies import offline
from helhet.handbook.pointing import REFERENCES, Pointed, pointed_at
from helhet.handbook.shapes import ROUTINE, SHAPES
from helhet.handbook.showing import plain_words, table_of
from helhet.kit.markdown import html_of
from helhet.rules.steps import Input, Sense, Step, read_steps

PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row; `page` is the file that shows what it names."""

    text: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a copy knows of what is named in it: files and titles by address, pictures by number, and what rows point
    at, without those things that its audience may not read.
    """

    pages: Mapping[str, str]
    titles: Mapping[str, str]
    pointed: Pointed
    pictures: Mapping[int, str]


def shown(fields: Mapping[str, Any], part: str, known: Known) -> str:
    """The fields as safe HTML for a page one folder down; empty where nothing is structured."""
    steps, rows = read_steps(fields.get("steps")), rows_of(fields)
    read = {name for name, found in (("steps", steps), ("rows", rows)) if found}
    rest = {name: value for name, value in fields.items() if name not in read and value}
    if not steps and not rows and not rest:
        return ""
    heads, cells = _table(part, rows, known) if rows else ([], [])
    context = {
        "steps": [
            {"step": step, "told": told(step, steps), "text": _text(step.text, f"step-{place}", known)}
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


def pointed_by(rows: Sequence[dict[str, Any]]) -> Pointed:
    """What many rows point at."""
    whole = Pointed()
    for start in range(0, len(rows), PORTION):
        found = pointed_at(rows[start : start + PORTION])
        for one in dataclass_fields(Pointed):
            getattr(whole, one.name).update(getattr(found, one.name))
    return whole


def without(fields: dict[str, Any], pointed: Pointed, others: Collection[int]) -> dict[str, Any]:
    """The fields, with words in place of each reference to one of the items `others`, which other audiences read."""
    rows = rows_of(fields)
    if not others or not rows:
        return fields
    return {**fields, "rows": [_row_without(row, pointed, others) for row in rows]}


def _row_without(row: dict[str, Any], pointed: Pointed, others: Collection[int]) -> dict[str, Any]:
    items = {name: pointed.item(str(row[name])) for name in REFERENCES if row.get(name)}
    return row | {name: _("kept for other readers") for name, item in items.items() if item and item.pk in others}


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


def _table(part: str, rows: list[dict[str, Any]], known: Known) -> tuple[list[str], list[list[Cell]]]:
    """The same with links. A routine is named by its document here, or not at all."""
    if part not in SHAPES:
        heads, lines = table_told(part, rows)
        return heads, [[_cell(text, known) for text in line] for line in lines]
    heads, told_rows = table_of(part, rows, known.pointed)
    routine = SHAPES[part].labels().get(ROUTINE)
    return heads, [
        [
            _cell(row.get(ROUTINE), known) if label == routine
            else Cell(plain_words(words), known.pages.get(words.reference, ""))
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


def _text(text: str, mark: str, known: Known) -> SafeString | str:
    # Cleaned by the renderer; `offline` escapes what it writes.
    return mark_safe(offline(html_of(text, top=3, mark=mark), known.pages, pictures=known.pictures)) if text else ""  # noqa: S308


def _cell(value: Any, known: Known) -> Cell:
    text = "" if value is None else str(value)
    if text in known.pages:
        title = known.titles.get(text, "")
        return Cell(f"{title} ({text})" if title else text, known.pages[text])
    return Cell(text)
