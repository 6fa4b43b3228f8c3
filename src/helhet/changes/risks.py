"""The risk of a change with its figures, as they are now; and the sentence that tells them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.changes.models import Change, ChangeState, Outcome, Risk
from helhet.changes.touching import Touch
from helhet.estate.rows import chunks
from helhet.items.models import Criticality, Item, Kind
from helhet.kit.spoken import number, percent
from helhet.rules.change_risk import Assessed, Tried, assess

BAD = (Outcome.FAILED, Outcome.REVERTED)
FIGURES = {"bad": Count("pk", filter=Q(outcome__in=BAD), distinct=True), "count": Count("pk", distinct=True)}


def take_risk(change: Change, touch: Touch) -> Assessed:
    """Work out the risk and keep it on the change. That of a standard change is its version's."""
    carried = Change.objects.filter(state=ChangeState.CLOSED).exclude(outcome__in=("", Outcome.CANCELLED)).order_by()
    whole = _tried(carried)
    parts = {"group": _tried(carried.filter(group_id=change.group_id))} if change.group_id else {}
    keys = Kind.objects.filter(items__changed_by__change=change).distinct().values_list("key", flat=True)
    for key in keys:
        parts[f"kind:{key}"] = _tried(carried.filter(affected__item__kind__key=key))
    services: list[tuple[int, int]] = []
    for chunk in chunks(touch.services):
        services += Item.objects.filter(pk__in=chunk).values_list("pk", "criticality")
    found = assess(services, parts, whole)
    part = parts.get(found.part, whole)
    facts = {
        "impact": found.impact, "service": found.service, "services": len(services), "chance": round(found.chance, 4),
        "part": found.part, "bad": part.bad, "count": part.count,
    }  # fmt: skip
    if change.standard_id is None:
        change.risk = found.risk
    change.risk_facts = facts
    change.save(update_fields=["risk", "risk_facts"])
    return found


def _tried(changes: Any) -> Tried:
    figures = changes.aggregate(**FIGURES)
    return Tried(figures["bad"], figures["count"])


def sentence(change: Change) -> str:
    """Why the risk is what it is, with the figures; empty where it was never worked out."""
    facts = change.risk_facts
    if not facts:
        return ""
    service = Item.objects.filter(pk=facts["service"]).first() if facts["service"] else None
    if service is None:
        hit = _("It hits no service.")
    elif service.criticality:
        hit = _("It hits %(service)s, whose criticality is %(level)s.") % {
            "service": service.name, "level": Criticality(service.criticality).label,
        }  # fmt: skip
    else:
        hit = _("It hits %(service)s, whose criticality is not stated.") % {"service": service.name}
    return f"{hit} {_chance(facts)}"


def _chance(facts: dict[str, Any]) -> str:
    figures = {
        "bad": number(facts["bad"]), "count": number(facts["count"]), "chance": percent(facts["chance"], 0),
        "kind": _kind_name(str(facts["part"])),
    }  # fmt: skip
    if not facts["count"]:
        return _("Nothing has been carried out that tells how such changes go; the chance of failure is taken as "
                 "%(chance)s.") % figures  # fmt: skip
    if facts["part"] == "group":
        return _("Of the group's %(count)s changes %(bad)s failed or were reverted: the chance of failure is taken as "
                 "%(chance)s.") % figures  # fmt: skip
    if facts["part"]:
        return _("Of %(count)s changes of %(kind)s %(bad)s failed or were reverted: the chance of failure is taken as "
                 "%(chance)s.") % figures  # fmt: skip
    return _("Of all %(count)s changes %(bad)s failed or were reverted: the chance of failure is taken as "
             "%(chance)s.") % figures  # fmt: skip


def _kind_name(part: str) -> str:
    kind = Kind.objects.filter(key=part.removeprefix("kind:")).first()
    return kind.plural.lower() if kind else ""


def label(change: Change) -> str:
    """The risk in a word."""
    return str(Risk(change.risk).label) if change.risk else pgettext("change", "not set")


__all__ = ["label", "sentence", "take_risk"]
