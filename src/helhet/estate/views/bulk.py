"""Changing many items: form, preview by name and count, result, undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate import bulk
from helhet.estate.asked import Asked
from helhet.estate.forms import criticality_choices, group_choices, kind_choices, number_written, state_choices, tags_of
from helhet.estate.history import FIELD_LABELS, field_text
from helhet.estate.rows import chip_of
from helhet.estate.selection import NAMED_LIMIT, Selection
from helhet.estate.views.item import refused_at_field
from helhet.items.bulk import Line
from helhet.items.models import Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.journal.models import Batch
from helhet.kit.errors import Clash, Invalid, NotFound, Refused
from helhet.kit.forms import ThingInput
from helhet.kit.jobs.models import Job
from helhet.kit.jobs.view_data import job_panel
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

LEAVE = ("", "–")
NOTHING = "none"


class GroupForm(forms.Form):
    """A group for all of them."""

    group = forms.ChoiceField()
    reason = forms.CharField(max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices and labels in the reader's language."""
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a group")), *group_choices(), (bulk.RULES, _("Let the rules decide"))]
        field.label = _("Responsible group")
        self.fields["reason"].label = _("Why")
        self.fields["reason"].help_text = _("It stands in the history of each item.")

    def wanted(self) -> bulk.Wanted:
        """What is to be done."""
        return bulk.Wanted({}, self.cleaned_data["group"])


class FieldsForm(forms.Form):
    """Fields for all of them; what is left empty stays as it is."""

    state = forms.ChoiceField(required=False)
    criticality = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    part_of = forms.CharField(required=False, max_length=400, widget=ThingInput())
    add_tags = forms.CharField(required=False, max_length=2_000)
    remove_tags = forms.CharField(required=False, max_length=2_000)
    attribute = forms.CharField(required=False, max_length=60)
    value = forms.CharField(required=False, max_length=2_000)
    clear = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices and labels in the reader's language."""
        super().__init__(*args, **kwargs)
        labels = {
            "state": _("State"), "criticality": _("Criticality"), "kind": _("Kind"), "part_of": _("Part of"),
            "add_tags": _("Add tags"), "remove_tags": _("Remove tags"), "attribute": _("Attribute"),
            "value": _("Its value"), "clear": _("Take the attribute away"), "reason": _("Why"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        levels = [(key or NOTHING, label) for key, label in criticality_choices()]
        choices = {
            "state": [LEAVE, *state_choices()], "criticality": [LEAVE, *levels], "kind": [LEAVE, *kind_choices()],
        }  # fmt: skip
        for name, known in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = known
        self.fields["part_of"].help_text = _("A reference such as SRV-12, or none.")
        self.fields["reason"].help_text = _("It stands in the history of each item.")

    def wanted(self) -> bulk.Wanted:
        """What is to be done. Raises Invalid for a value without its attribute."""
        data = self.cleaned_data
        fields: dict[str, Any] = {name: data[name] for name in ("state", "kind") if data[name]}
        if data["criticality"]:
            fields["criticality"] = "" if data["criticality"] == NOTHING else data["criticality"]
        if data["part_of"].strip():
            fields["part_of"] = "" if data["part_of"].strip().lower() in {NOTHING, "ingen"} else data["part_of"]
        for name in ("add_tags", "remove_tags"):
            if tags := tags_of(data[name]):
                fields[name] = tags
        name, value = " ".join(data["attribute"].split()), data["value"].strip()
        if name and (value or data["clear"]):
            fields["attributes"] = {name: None if data["clear"] else as_value(name, value)}
        elif name or value:
            raise Invalid(_("An attribute and its value go together."), field="attribute" if value else "value")
        return bulk.Wanted(fields)


def as_value(name: str, text: str) -> Any:
    """A written value as a number or truth where every kind that declares the attribute holds such."""
    types = {
        str(schema.get("type")) for kind in Kind.objects.all() if isinstance(schema := kind.attributes.get(name), dict)
    }
    if types in ({"number"}, {"integer"}):
        return number_written(text, text)
    if types == {"boolean"}:
        return {"true": True, "ja": True, "yes": True, "false": False, "nej": False, "no": False}.get(
            text.lower(), text
        )
    return text


FORMS: dict[str, type[GroupForm | FieldsForm]] = {"group": GroupForm, "fields": FieldsForm}


def selection_of(request: Request) -> tuple[Selection, list[tuple[str, str]]]:
    """What was chosen, and the same as hidden inputs."""
    asked = Asked.of(request.POST)
    if request.POST.get("all") == "1":
        pairs = [("all", "1"), *(pair for pair in asked.pairs() if pair[0] in {"q", "scope"})]
        return Selection(text=asked.whole_text()), pairs
    chosen = tuple(dict.fromkeys(request.POST.getlist("chosen")))
    if not chosen:
        raise Invalid(_("No item was chosen."), todo=_("Go back and choose some."))
    if len(chosen) > NAMED_LIMIT:
        raise Invalid(_("At most 1,000 items can be named at once."), todo=_("Choose them by a filter."))
    return Selection(chosen), [("chosen", reference) for reference in chosen]


@page(ItemPermission.CHANGE, methods=("POST",))
def change(request: Request, act: str) -> HttpResponse:
    """`step` is empty at the first coming, then `preview`, then `apply`."""
    if act not in FORMS:
        raise NotFound(_("There is nothing here."))
    selection, hidden = selection_of(request)
    step = request.POST.get("step", "")
    form = FORMS[act](request.POST if step else None)
    preview = None
    if step and form.is_valid():
        try:
            wanted = form.wanted()
            if step == "apply":
                outcome = bulk.begin(selection, wanted, by=request.caller, reason=form.cleaned_data["reason"])
                return _begun(request, outcome)
            preview = bulk.look(selection, wanted, by=request.caller)
        except (Invalid, NotFound, Clash) as refusal:
            refused_at_field(form, refusal, "group" if act == "group" else "part_of")
    count = selection.found(request.caller).order_by().count()
    context = {
        "form": form, "act": act, "hidden": hidden, "count": count, "preview": preview,
        "lines": told(preview.lines) if preview else [], "refusals": preview.refusals if preview else [],
        "crumbs": [Crumb(_("Estate"), reverse("estate:items"))], "at_once": bulk.AT_ONCE,
        "kept": [(name, value) for name, value in request.POST.items() if name in form.fields] if preview else [],
    }  # fmt: skip
    return render(request, "estate/bulk.html", context, status=422 if form.is_bound and form.errors else 200)


def _begun(request: Request, outcome: bulk.Outcome) -> HttpResponse:
    batch = outcome.batch
    if outcome.job is None:
        undo = reverse("estate:bulk_undo", args=[batch.pk])
        toast(request, _("%(count)d items changed.") % {"count": batch.counts.get("changed", 0)}, undo_url=undo)
    return redirect("estate:bulk_result", batch.pk)


def told(lines: list[Line]) -> list[dict[str, Any]]:
    """Lines of a preview with their fields in words."""
    wholes = {line.after.get("part_of_id") or 0 for line in lines} | {
        line.before.get("part_of_id") or 0 for line in lines
    }
    names = {item.pk: str(item) for item in Item.objects.filter(pk__in=wholes).only("prefix", "number", "name")}
    return [
        {
            "chip": chip_of(line.item),
            "changes": [change for name in line.after for change in _changes(name, line.before, line.after, names)],
        }
        for line in lines
    ]


def _changes(
    name: str, before: dict[str, Any], after: dict[str, Any], names: dict[int, str]
) -> list[tuple[str, str, str]]:
    if name == "attributes":
        was, now = before.get(name) or {}, after.get(name) or {}
        return [
            (one, field_text("", was.get(one), names), field_text("", now.get(one), names))
            for one in sorted({*was, *now}) if was.get(one) != now.get(one)
        ]  # fmt: skip
    label = FIELD_LABELS[name]() if name in FIELD_LABELS else _("responsible group")
    return [(label, field_text(name, before.get(name), names), field_text(name, after.get(name), names))]


@page(ItemPermission.VIEW)
def result(request: Request, batch_id: int) -> HttpResponse:
    """What a bulk change did, or how far it has come."""
    batch = bulk.find_batch(batch_id, request.caller)
    context = {
        "batch": batch, **_progress(batch), "chips": [chip_of(item) for item in bulk.items_of(batch, request.caller)],
        "crumbs": [Crumb(_("Estate"), reverse("estate:items"))],
        "may_undo": batch.state == "done" and request.caller.may(ItemPermission.CHANGE),
    }  # fmt: skip
    return render(request, "estate/bulk_result.html", context)


def _progress(batch: Batch) -> dict[str, Any]:
    job = Job.objects.filter(unique_key=f"bulk-{batch.pk}").order_by("-id").first()
    url = reverse("estate:bulk_result", args=[batch.pk])
    return {
        "job": job_panel(job, result_url=url) if job is not None else None,
        "poll_url": reverse("estate:bulk_progress", args=[batch.pk]),
    }


@page(ItemPermission.VIEW)
def progress(request: Request, batch_id: int) -> HttpResponse:
    """The job's part of the page; the page where no job is left, or none was needed."""
    told = _progress(bulk.find_batch(batch_id, request.caller))
    return render(request, "kit/_job.html", told) if told["job"] else redirect("estate:bulk_result", batch_id)


@page(ItemPermission.CHANGE, methods=("POST",))
def undoing(request: Request, batch_id: int) -> HttpResponse:
    """Set everything back that nobody has changed since."""
    batch = bulk.find_batch(batch_id, request.caller)
    try:
        undone = bulk.undo(batch, by=request.caller)
    except Refused as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, _("The bulk change was undone: %(count)d items set back.")
              % {"count": undone.counts.get("changed", 0) + undone.counts.get("groups", 0)})  # fmt: skip
    return redirect("estate:bulk_result", batch.pk)
