"""The pattern page at `/_kit/`: every component in all its states, in both languages, with the empty state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.kit.charts import Point, line
from helhet.kit.parts import (
    BulkAct,
    Cell,
    Chip,
    Choice,
    Column,
    Crumb,
    FieldChange,
    FilterBar,
    FilterChip,
    HistoryLine,
    Matrix,
    MatrixRow,
    Page,
)
from helhet.kit.permissions import KitPermission
from helhet.kit.spoken import percent
from helhet.kit.web import page

COLOURS = [
    "ink",
    "ink-2",
    "ink-3",
    "rule-strong",
    "rule",
    "sunken",
    "accent",
    "accent-tint",
    "good",
    "due-fill",
    "due-tint",
    "over-fill",
    "over-tint",
]


class _Sample(forms.Form):
    """A form with one field of each sort."""

    name = forms.CharField(max_length=80)
    place = forms.CharField(required=False)
    size = forms.ChoiceField(choices=[("s", "S"), ("m", "M")])
    begins = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)
    owned = forms.BooleanField(required=False)


def _form(data: dict[str, str] | None = None, prefix: str = "id") -> _Sample:
    form = _Sample(data, auto_id=f"{prefix}_%s")
    labels = {
        "name": (_("Name"), _("As people say it.")),
        "place": (_("Place"), ""),
        "size": (_("Size"), ""),
        "begins": (_("From"), ""),
        "text": (_("Mandate"), _("What the group answers for, in a few sentences.")),
        "owned": (_("Must have a responsible group"), ""),
    }
    for name, (label, help_text) in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = help_text
    return form


def _things() -> dict[str, Any]:
    """Invented things; their names stay Swedish in either language, as a real estate's would."""
    return {
        "service": Chip("Vårdjournal", "#", "SRV-4", "service", _("Live"), "", "Vård och omsorg"),
        "node": Chip("Lagringsnod Norr 2", "#", "HW-417", "hardware", _("Overdue"), "over", "Drift och lagring"),
        "contract": Chip("Serviceavtal lagring", "#", "AGR-9", "contract", _("Due 31 December"), "due"),
        "switch": Chip("Kärnväxel A", "#", "HW-102", "network", "", "", "Nät och telefoni"),
        "screen": Chip("Handbok besöksskärm", "", "DOC-131"),
    }


def _bar(error: str = "") -> FilterBar:
    columns = _columns()
    return FilterBar(
        text="kind:srver" if error else "",
        chips=[] if error else [FilterChip(_("Kind is"), "server", "#"), FilterChip(_("State is"), _("live"), "#")],
        add=[Choice(_("Kind"), choices=(Choice("Server", "#", count=312), Choice("Storage", "#", count=8)))],
        views=[] if error else [Choice(_("All"), "#", count=1204), Choice(_("Without group"), "#", True, 14)],
        save_url="" if error else "#",
        columns=[] if error else columns,
        csv_url="#",
        xlsx_url="#",
        error=error,
        error_at=5 if error else None,
    )


def _columns() -> list[Column]:
    return [
        Column("item", _("Item"), "#"),
        Column("group", _("Responsible group"), "#"),
        Column("state", _("State"), "#"),
        Column("since", _("Since"), "#", "ascending", wide_only=True),
        Column("needed", _("Needed by"), "#", right=True, wide_only=True),
    ]


def _matrix() -> Matrix:
    def row(name: str, icon: str, *counts: int) -> MatrixRow:
        return MatrixRow(name, [Cell(count, "#") for count in counts], sum(counts), icon)

    rows = [
        row(_("Hardware"), "hardware", 8, 192, 128, 137, 0),
        row(_("Software"), "software", 3, 79, 87, 59, 32),
        row(_("Routines"), "routine", 0, 11, 11, 11, 14),
    ]
    sums = [Cell(sum(each.cells[place].count for each in rows)) for place in range(5)]
    heads = [_("Without group"), "Arbetsplats", "Nät och telefoni", "Drift och lagring", "Vård och omsorg"]
    return Matrix(_("Kind"), heads, rows, sums, sum(row.total for row in rows), _("Kinds and groups"))


def _jobs() -> list[dict[str, Any]]:
    now = timezone.now()
    begun = {"title": _("Import from the inventory"), "created_at": now - timedelta(minutes=2)}
    return [
        {**begun, "state": "waiting", "percent": None},
        {
            **begun,
            "state": "running",
            "percent": 42,
            "done": 504_000,
            "total": 1_200_000,
            "rate": 4_200,
            "eta_at": now + timedelta(minutes=3),
            "message": _("reading rows"),
        },
        {
            **begun,
            "state": "done",
            "percent": 100,
            "finished_at": now,
            "message": _("9 came in, 3 changed, none refused."),
            "result_url": "#",
        },
        {
            **begun,
            "state": "failed",
            "finished_at": now,
            "error": _("Row 17: the column key is empty. Fill it in and try again."),
        },
    ]


def _history() -> list[HistoryLine]:
    now = timezone.now()
    return [
        HistoryLine(now - timedelta(hours=3), _("Fatima Haddad changed place:"), "rack 3", "rack 4, plats 18", "#"),
        HistoryLine(now - timedelta(days=40), _("The group became"), "Server", "Drift och lagring"),
    ]


def _readings() -> list[Point]:
    shares = (0.961, 0.964, 0.964, 0.969, 0.973, 0.976, 0.982, 0.989, 0.994, 0.998, 1.0, 1.0, 0.999, 1.0, 0.996, 0.988)
    months = (
        "aug 25",
        "sep",
        "okt",
        "nov",
        "dec",
        "jan 26",
        "feb",
        "mar",
        "apr",
        "maj",
        "jun",
        "jul",
        "aug",
        "sep",
        "okt",
        "nov",
    )
    return [Point(month, share, share < 0.99) for month, share in zip(months, shares, strict=True)]


def _marks() -> dict[str, Any]:
    return {
        "marks_of_state": [
            ("good", _("In order")),
            ("due", _("Due")),
            ("over", _("Overdue")),
            ("unknown", _("Unknown")),
        ],
        "marks_of_parts": [
            ("check", _("Check needed")),
            ("draft", _("Draft")),
            ("missing", _("Missing")),
            ("na", _("Does not apply")),
        ],
        "marks_of_answers": [
            ("yes", _("Yes")),
            ("yesif", _("Yes, if")),
            ("no", _("No")),
            ("wait", _("Not answered")),
            ("clash", _("Clash")),
        ],
    }


def _lists() -> dict[str, Any]:
    things = _things()
    return {
        "bar": _bar(),
        "bad_bar": _bar(_("There is no kind “srver” (place 6). Did you mean server?")),
        "columns": _columns(),
        "rows": [things["node"], things["switch"], things["service"]],
        "list_page": Page(1, 50, 1204, about=False, next_url="#", order=_("oldest first")),
        "bulk": [BulkAct(_("Assign"), "#", primary=True), BulkAct(_("Change field"), "#")],
        "tabs": [
            Choice(_("Members"), "#", current=True, count=7),
            Choice(_("Items"), "#", count=241),
            Choice(_("History"), "#"),
        ],
        "choices": [Choice(_("Merge"), "#"), Choice(_("Retire"), "#")],
        "crumbs": [Crumb(_("Estate"), "#"), Crumb(_("Hardware"), "#")],
    }


def _forms() -> dict[str, Any]:
    return {
        "form": _form(),
        "bad_form": _form({"name": "", "size": "m", "begins": "i går"}, "bad"),
        "open_form": _form({"name": "x", "size": "m", "place": "Datahall 1"}, "open"),
    }


def _facts() -> dict[str, Any]:
    return {
        "facts": [
            (_("Place"), "Datahall 1, rack 4"),
            (_("Source"), _("The inventory, today 05.12")),
            (_("Supplier"), ""),
        ],
        "figures": [
            {
                "label": _("Available in October"),
                "value": percent(0.9971, 2),
                "note": _("promised 99.90"),
                "state": "over",
            },
            {"label": _("Cost this year"), "value": "4,21 mnkr", "note": _("above plan")},
        ],
        "changes": [FieldChange(_("Name"), "Växel A", "Kärnväxel A"), FieldChange(_("Place"), "", "Datahall 1")],
    }


@page(KitPermission.PATTERN_VIEW)
def pattern(request: HttpRequest) -> HttpResponse:
    """Every component once, for whoever builds pages."""
    now = timezone.now()
    context = {
        **_things(),
        **_marks(),
        **_lists(),
        **_forms(),
        **_facts(),
        "colours": COLOURS,
        "history": _history(),
        "jobs": _jobs(),
        "line": line(_readings(), _("Coverage"), percent, 0.0, 1.0),
        "matrix": _matrix(),
        "today": timezone.localdate(),
        "last_year": timezone.localdate() - timedelta(days=400),
        "now": now,
        "earlier": now - timedelta(minutes=5),
    }
    return render(request, "kit/pattern.html", context)
