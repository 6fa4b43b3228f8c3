"""Runs, rows and findings as pages and the API tell them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from helhet.importers.models import Finding, Run, RunRow, RunState, Verdict
from helhet.importers.plan import RECORD
from helhet.importers.problems import told as filled
from helhet.importers.report import shown
from helhet.importers.rows import COUNTED
from helhet.importers.texts import TEXTS
from helhet.items.models import Item
from helhet.kit.spoken import number as spoken_number

SHOWN_VERDICTS = (
    Verdict.CREATED, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED, Verdict.WAITING, Verdict.NOTED,
    Verdict.NOT_SEEN, Verdict.KEPT,
)  # fmt: skip
MARKS = {
    RunState.UPLOADED: "wait", RunState.PLANNING: "todo", RunState.PLANNED: "wait", RunState.REFUSED: "over",
    RunState.APPLYING: "todo", RunState.DONE: "good", RunState.FAILED: "over", RunState.UNDONE: "none",
}  # fmt: skip


def number(text: str | None) -> int | None:
    """A whole number of an address, None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def noun_label(noun: str) -> str:
    """A noun of the report in words."""
    labels: dict[str, Callable[[], str]] = {
        "groups": lambda: _("groups"), "persons": lambda: _("persons"), "members": lambda: _("memberships"),
        "items": lambda: _("items"), "part_of": lambda: _("parts"), "responsibilities": lambda: _("responsibilities"),
        "links": lambda: _("links"), "dependencies": lambda: _("dependencies"),
        "changes": lambda: _("changes"), "changed_items": lambda: _("items of changes"),
        "pages": lambda: _("pages"), "service_parts": lambda: _("parts of service documentation"),
        "own_pages": lambda: _("documents from here"),
    }  # fmt: skip
    return labels[noun]() if noun in labels else noun


def verdict_label(name: str) -> str:
    """A verdict in words."""
    return str(Verdict(name).label).capitalize()


def sort_label(sort: str) -> str:
    """A sort of finding in words."""
    labels: dict[str, Callable[[], str]] = {
        "unknown_group": lambda: _("Unknown group"), "unknown_whole": lambda: _("Unknown whole"),
        "unknown_end": lambda: _("Unknown end"), "unknown_person": lambda: _("Unknown person"),
        "loop": lambda: _("Circle"), "self_link": lambda: _("Tied to itself"), "duplicate": lambda: _("Said twice"),
        "unreadable": lambda: _("Value left out"), "unknown_change": lambda: _("Unknown change"),
        "times": lambda: _("Times that contradict each other"), "edited_here": lambda: _("Edited here too"),
    }  # fmt: skip
    return labels[sort]() if sort in labels else sort


def verdict_counts(run: Run) -> dict[str, int]:
    """How many rows had each verdict; what was kept only after an undo."""
    kept = RunRow.objects.filter(run=run, verdict=Verdict.KEPT).count()
    counts = {verdict.value: sum(run.counts.get(verdict.value, {}).values()) for verdict in SHOWN_VERDICTS}
    if kept:
        counts[Verdict.KEPT.value] = kept
    return {name: count for name, count in counts.items() if count or name not in {"waiting", "noted", "kept"}}


def by_noun(run: Run) -> list[tuple[str, list[tuple[str, int]]]]:
    """For each noun the counts by verdict, none left out that has any."""
    verdicts = [verdict for verdict in SHOWN_VERDICTS if verdict not in {Verdict.NOTED, Verdict.KEPT}]
    return [
        (noun_label(noun), [(verdict_label(one.value), run.counts.get(one.value, {}).get(noun, 0)) for one in verdicts])
        for noun in COUNTED
        if any(run.counts.get(one.value, {}).get(noun) for one in verdicts)
    ]


def findings_of(run: Run) -> int:
    """The open findings of the run's source; of a run that is only tried out, those that it would have."""
    if run.state == RunState.PLANNED:
        return int(run.marker.get("findings", 0))
    return Finding.objects.filter(source=run.source, closed_at__isnull=True).count()


def sort_counts(findings: QuerySet[Finding]) -> dict[str, int]:
    """Open findings by sort."""
    rows = findings.order_by().values_list("sort").annotate(count=Count("id"))
    return dict(sorted(rows, key=lambda row: -row[1]))


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in a list."""

    run: Run
    url: str
    sentence: str
    mark: str
    state_label: str

    @classmethod
    def of(cls, run: Run) -> Self:
        """With its sentence."""
        return cls(
            run,
            reverse("importers:run", args=[run.pk]),
            sentence(run),
            MARKS[RunState(run.state)],
            str(RunState(run.state).label),
        )


def sentence(run: Run) -> str:
    """What a run did or would do, in one sentence."""
    if run.state in {RunState.REFUSED, RunState.FAILED} and run.message:
        return run.message
    if run.state in {RunState.UPLOADED, RunState.PLANNING}:
        return _("It is being read; nothing is written.")
    counts = {
        name: sum(run.counts.get(name, {}).values())
        for name in ("created", "changed", "unchanged", "refused", "waiting", "not_seen")
    }
    parts = [
        npgettext("rows", "%(n)s new", "%(n)s new", counts["created"]) % {"n": spoken_number(counts["created"])},
        npgettext("rows", "%(n)s changed", "%(n)s changed", counts["changed"])
        % {"n": spoken_number(counts["changed"])},
        npgettext("rows", "%(n)s unchanged", "%(n)s unchanged", counts["unchanged"])
        % {"n": spoken_number(counts["unchanged"])},
    ]
    if counts["refused"]:
        parts.append(
            npgettext("rows", "%(n)s refused", "%(n)s refused", counts["refused"])
            % {"n": spoken_number(counts["refused"])}
        )
    if counts["waiting"]:
        parts.append(
            npgettext("rows", "%(n)s waiting for an end", "%(n)s waiting for an end", counts["waiting"])
            % {"n": spoken_number(counts["waiting"])}
        )
    if counts["not_seen"]:
        parts.append(_("%(n)s not seen any more") % {"n": spoken_number(counts["not_seen"])})
    told = ", ".join(parts)
    if run.state == RunState.PLANNED:
        return _("Would be: %(told)s.") % {"told": told}
    if run.state == RunState.UNDONE:
        return _("Undone. It had been: %(told)s.") % {"told": told}
    return f"{told}."


def text(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    return str(value)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding with its words and its next step."""

    finding: Finding
    label: str
    key: str
    lead: str
    item: Item | None
    may_make: bool
    may_name: bool
    more: int = 0
    more_url: str = ""

    @classmethod
    def of(cls, finding: Finding, count: int = 1) -> Self:
        """With words. `count` is how many findings have the same value, this one among them."""
        may_make = finding.sort == "unknown_group"
        may_name = finding.sort in {"unknown_group", "unknown_whole", "unknown_end"}
        item = finding.item if finding.item_id and finding.item and finding.item.presence == 0 else None
        same = urlencode({"source": finding.source.name, "sort": finding.sort, "value": finding.value})
        return cls(
            finding, sort_label(finding.sort), shown(finding.key), lead(finding), item, may_make, may_name, count - 1,
            f"?{same}" if count > 1 else "",
        )  # fmt: skip


def finding_lines(findings: QuerySet[Finding], *, one_by_one: bool, first: int, limit: int) -> list[FindingLine]:
    """Findings one by one in their order, or one for each value, those with the most first."""
    if one_by_one:
        return [FindingLine.of(row) for row in findings.order_by("id")[first : first + limit]]
    rows = findings.order_by().values("source_id", "sort", "value").annotate(count=Count("id"), least=Min("id"))
    pairs = list(rows.order_by("-count", "least").values_list("least", "count")[first : first + limit])
    found = findings.in_bulk([least for least, _count in pairs])
    return [FindingLine.of(found[least], count) for least, count in pairs if least in found]


def _unknown_group(value: str) -> str:
    if RECORD.match(value):
        return _(
            "No group with the number “%(value)s” has come from %(source)s: import its list of groups too, or say "
            "which group is meant."
        )
    return _("No group is called “%(value)s” in %(source)s.")


def _times(finding: Finding) -> str:
    texts = {
        "submitted": _("It was submitted at %(first)s, but finished at %(last)s, which is before."),
        "ends": _("It was to begin at %(first)s and to end at %(last)s, which is before."),
        "finished": _("It began at %(first)s, but was finished at %(last)s, which is before."),
    }
    return texts.get(finding.field, "%(last)s") % {"first": "", "last": "", **finding.details}


def _edited_here(finding: Finding) -> str:
    if finding.field == "text":
        return _("The text was edited here as well as in %(source)s: the one here stands. Make the two say the same.")
    return _("%(field)s was set here, and %(source)s now says %(value)s: what was set here stands.")


def lead(finding: Finding) -> str:
    """What is wrong, in one sentence."""
    facts = {"value": finding.value, "field": finding.field, "source": finding.source.name, "key": shown(finding.key)}
    texts: dict[str, Callable[[], str]] = {
        "unknown_group": lambda: _unknown_group(finding.value) % facts,
        "unknown_whole": lambda: _("It is part of “%(value)s”, which %(source)s has not given."),
        "unknown_end": lambda: _("“%(value)s” is not known from %(source)s."),
        "unknown_person": lambda: _("No person is called “%(value)s” in %(source)s."),
        "loop": lambda: _("Being part of “%(value)s” would close a circle."),
        "self_link": lambda: _("“%(value)s” is tied to itself."),
        "unknown_change": lambda: _("It takes back the change “%(value)s”, which %(source)s has not given."),
        "times": lambda: _times(finding),
        "edited_here": lambda: _edited_here(finding),
        "duplicate": lambda: _("The same is said twice, by two names for “%(value)s”."),
    }
    if finding.sort == "unreadable":
        code = str(finding.details.get("code", ""))
        params = finding.details.get("params") or {}
        return filled(_(TEXTS[code]), params) if code in TEXTS else finding.value
    return texts[finding.sort]() % facts if finding.sort in texts else finding.value


def run_data(run: Run) -> dict[str, Any]:
    """A run as the API tells it."""
    return {
        "id": run.pk, "source": run.source.name, "title": run.title, "mapping": run.mapping, "state": run.state,
        "on": run.on, "partial": run.is_partial, "encoding": run.encoding, "size": run.size, "sha256": run.sha256,
        "by": run.actor, "counts": run.counts, "totals": verdict_counts(run), "findings": findings_of(run),
        "message": run.message, "todo": run.todo, "sentence": sentence(run), "created_at": run.created_at,
        "finished_at": run.finished_at,
    }  # fmt: skip


def row_data(row: RunRow) -> dict[str, Any]:
    """A row of a report as the API tells it."""
    return {
        "id": row.pk, "verdict": row.verdict, "noun": row.noun, "row": row.place, "key": row.key, "name": row.name,
        "item_id": row.item_id, "changes": row.changes, "reason": row.reason,
    }  # fmt: skip


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as the API tells it."""
    item = finding.item
    return {
        "id": finding.pk, "source": finding.source.name, "sort": finding.sort, "noun": finding.noun,
        "key": shown(finding.key), "field": finding.field, "value": finding.value, "row": finding.place,
        "item": item.reference if item else None, "message": lead(finding), "opened_at": finding.opened_at,
    }  # fmt: skip
