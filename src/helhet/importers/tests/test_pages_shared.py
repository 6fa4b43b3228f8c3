"""Real sets of pages: what is overdue on a day is counted as a plain reading of the same files counts it."""

from __future__ import annotations

import gzip
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.relativedelta import relativedelta

from helhet.documents.figures import figures, found
from helhet.documents.models import Document
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data" / "documents"
DAYS = [date(2017, 7, 1), date(2018, 7, 1), date(2024, 2, 29), date(2026, 3, 31)]
SETS = [
    "alert_runbooks", "cloud-platform-user-guide", "govuk_manual_2017-07-01", "govuk_manual_2018-07-01", "hmcts",
    "technical-guidance",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _shared(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared data is not there: {SHARED} (set HELHET_SHARED)")
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def facts_of(page: dict[str, Any]) -> dict[str, Any]:
    """The front matter by the plainest means."""
    if "front_matter" in page:
        return dict(page["front_matter"])
    found = re.match(r"---\n(.*?)\n---\n", page["text"], re.DOTALL)
    return yaml.load(found[1], yaml.BaseLoader) if found else {}  # noqa: S506 - makes nothing but texts


def due_of(facts: dict[str, Any]) -> date | None:
    """By the calendar library, of the one way in which these sets write."""
    if not facts.get("last_reviewed_on") or not facts.get("review_in"):
        return None
    reviewed = date(*map(int, str(facts["last_reviewed_on"]).split("-")))
    count, unit = facts["review_in"].split()
    return reviewed + relativedelta(**{f"{unit.rstrip('s')}s": int(count)})


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_counted_right_on_each_day(name: str) -> None:
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    dues = [due_of(facts_of(row)) for row in rows]
    outcome = take(SHARED / f"{name}.jsonl.gz", source=name, mapping="pages")
    assert outcome.report.counts["created"] == {"pages": len(rows)}
    for day in DAYS:
        told = figures(found(SYSTEM, f"source:{name}"), day)
        overdue = sum(due is not None and due < day for due in dues)
        assert (told.documents, told.with_review_date, told.overdue, told.check_needed) == (
            len(rows), sum(due is not None for due in dues), overdue, overdue,
        )  # fmt: skip
    edited = {row["path"]: row["last_commit"] for row in rows if "last_commit" in row}
    assert {one.path: str(one.edited_on) for one in Document.objects.exclude(edited_on=None)} == edited


def test_a_later_year_of_a_set_over_an_earlier_one_is_counted_as_the_later_says() -> None:
    for name in ("govuk_manual_2017-07-01", "govuk_manual_2018-07-01"):
        take(SHARED / f"{name}.jsonl.gz", source="manual", mapping="pages")
    with gzip.open(SHARED / "govuk_manual_2018-07-01.jsonl.gz", "rt", encoding="utf-8") as lines:
        dues = [due_of(facts_of(json.loads(line))) for line in lines]
    for day in DAYS:
        told, late = figures(found(SYSTEM, ""), day), sum(due is not None and due < day for due in dues)
        assert (told.documents, told.overdue, told.check_needed) == (len(dues), late, late)
