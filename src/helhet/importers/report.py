"""What an import did, or would do: exact counts, and rows up to a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.importers.models import Finding, Run, RunRow, Verdict
from helhet.importers.plan import LISTED, Plan
from helhet.importers.problems import Note, RowRefused, told
from helhet.importers.rows import COUNTED
from helhet.importers.texts import TEXTS

CREATED_LISTED = 5_000
LIMITS = {Verdict.CREATED: CREATED_LISTED}
NAMES = {"members": "memberships"}
"""What the report calls a noun where the files call it otherwise."""


@dataclass(slots=True)
class Report:
    """Counts by verdict and noun, and rows waiting to be written. `counts` is what the run keeps."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    rows: list[RunRow] = field(default_factory=list)
    listed: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, run: Run) -> Report:
        """Where a run that was broken off had come."""
        report = cls()
        for verdict, counts in run.counts.items():
            if isinstance(counts, dict):
                report.counts[verdict] = Counter(counts)
                report.listed[verdict] = sum(counts.values())
        return report

    def tell(
        self,
        verdict: Verdict,
        noun: str,
        key: str,
        *,
        place: str = "",
        name: str = "",
        item_id: int | None = None,
        changes: dict[str, list[Any]] | None = None,
        reason: str = "",
    ) -> None:
        """Count one row, and keep it while there is room."""
        self.counts.setdefault(verdict.value, Counter())[noun] += 1
        self.listed[verdict.value] += 1
        if self.listed[verdict.value] <= LIMITS.get(verdict, LISTED):
            self.rows.append(
                RunRow(
                    verdict=verdict, noun=noun, key=shown(key)[:300], place=place[:200], name=name[:300],
                    item_id=item_id, changes=changes, reason=reason,
                )
            )  # fmt: skip

    def room(self, verdict: Verdict) -> int:
        """How many more rows with this verdict would be kept."""
        return max(0, LIMITS.get(verdict, LISTED) - self.listed[verdict.value])

    def count(self, verdict: Verdict, noun: str, number: int) -> None:
        """Count rows that are not listed."""
        if number:
            self.counts.setdefault(verdict.value, Counter())[noun] += number
            self.listed[verdict.value] += number

    def total(self, verdict: Verdict, noun: str | None = None) -> int:
        """How many rows had this verdict."""
        counts = self.counts.get(verdict.value, Counter())
        return counts[noun] if noun else sum(counts.values())

    def flush(self, run: Run) -> None:
        """Write the rows and the counts, in the transaction of what they tell of."""
        for row in self.rows:
            row.run = run
        RunRow.objects.bulk_create(self.rows, batch_size=1_000)
        self.rows.clear()
        run.counts = self.as_counts()
        run.save(update_fields=["counts"])

    def as_counts(self) -> dict[str, dict[str, int]]:
        """Counts by verdict and noun, plain."""
        return {verdict: dict(counts) for verdict, counts in self.counts.items()}


def shown(key: str) -> str:
    """A key as people read it: its parts with a blank between."""
    return " ".join(part for part in key.split("\x1f") if part)


def in_words(problem: RowRefused | Note) -> str:
    """Why, in the language of the reader."""
    return told(_(TEXTS[problem.code]), problem.params)


def tell_plan(report: Report, plan: Plan) -> None:
    """Refused rows and values left out, which are known before anything is applied."""
    for one in plan.refused:
        report.tell(Verdict.REFUSED, one.noun, one.key, place=str(one.place), reason=in_words(one))
    for noun, count in plan.refused_counts.items():
        report.count(Verdict.REFUSED, noun, count - report.total(Verdict.REFUSED, noun))
    for note in plan.notes:
        reason = in_words(note)
        changes = {note.field: [note.value, None]}
        report.tell(Verdict.NOTED, note.noun, note.key, place=str(note.place), reason=reason, changes=changes)
    for where, code in plan.notices:
        report.tell(Verdict.NOTED, "pages", where, place=where, reason=_(TEXTS[code]))


def as_json(report: Report, refused: Iterable[dict[str, Any]], *, findings: int, **more: Any) -> dict[str, Any]:
    """The answer of `helhet import --json`."""
    nouns = [noun for noun in COUNTED if any(counts[noun] for counts in report.counts.values())]
    verdicts = (Verdict.CREATED, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.WAITING)
    return {
        **{verdict.value: report.total(verdict) for verdict in verdicts},
        "by_noun": {
            NAMES.get(noun, noun): {
                verdict.value: report.total(verdict, noun) for verdict in (*verdicts, Verdict.REFUSED, Verdict.NOT_SEEN)
            }
            for noun in nouns
        },
        "refused": list(refused),
        "refused_count": report.total(Verdict.REFUSED),
        "findings": findings,
        "not_seen": report.total(Verdict.NOT_SEEN),
        "noted": report.total(Verdict.NOTED),
        **more,
        "at": timezone.now().isoformat(timespec="seconds"),
    }
