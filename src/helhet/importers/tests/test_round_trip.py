"""What one Helhet lets out as Markdown, an empty one takes in: it lets the same files out again."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from helhet.documents.exporting import pages
from helhet.documents.models import Audience, Document
from helhet.documents.taking import NewPage, add_pages
from helhet.groups.models import Group
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.tests.rig import SYSTEM, take
from helhet.routines.models import Routine
from helhet.routines.taking import Beside, New, add_routines
from helhet.rules.front_matter_forms import FORMS
from helhet.rules.steps import clean_steps
from tests.world import make_group, make_item

DAY = dt.date(2026, 3, 31)
DAYS = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))
NUMBERED = re.compile(r"^ *\"?(document|version|published_on|home|revision)\"?(:| =) .*\n", re.MULTILINE)
"""What counts anew in each Helhet."""
TEXTS = (
    "# Återläs\n\n| Senast granskad | 2020-02-29 |\n|---|---|\n| Granskas | årligen |\n\nGör så här.\n",
    "Nästa granskning: 2021-05-05\n", "# Återläs\n\nGör så här.\n\nGranskad: 2020-02-29\n",
    "<!-- x -->\n---\na: 1\n---\n",
    "", "# Återläs\n\nGör så här, och inte på annat sätt.\n", "\n\n  Börjar långt ned", "---\ntitle: x\n---\ny",
    "Owner: ops\nTitle: T\n\nText", '{"a": 1}\nText', "a\nb\u2028c\t \n", "## Meaning\n\n## Mitigation\n",
    "+++\nx", "\ufeffa",
)  # fmt: skip
FACTS: Any = st.sampled_from((
    {}, {"weight": 2, "title": "Annat", "tags": ["b", "a"]}, {"owner": "#ops", "type": "runbook"},
    {"extra": {"last_reviewed_on": "2020-01-01", "zz": None, "a": [{"b": "2017-5-02"}]}, "review_in": "191 days"},
    {"lang": "en", "x": "yes", "1.10": "1.10", "": "", "å ä": "multi\nline\n"},
    {"draft": False, "review_date": "2024-05-05"},
))  # fmt: skip
STEPS = clean_steps([
    {"id": "a", "title": "Stoppa", "text": "Se *upp*", "input": "choice", "options": ["ja", "nej"], "stop": True},
    {"id": "b", "title": "Mät", "input": "number", "least": "1.50", "unit": "V", "required": False,
     "when": {"step": "a", "sense": "is", "value": "ja"}, "minutes": 5, "role": "drift"},
])  # fmt: skip
BESIDE = st.none() | st.sampled_from((
    Beside({"kind": "recovery", "symptoms": "långsamt\nsegt", "expected_minutes": 30, "prove_days": 90},
           ("alertname=DiskFull", "severity")),
    Beside({"kind": "desk", "symptoms": "", "expected_minutes": None, "prove_days": None}, ()),
))  # fmt: skip
PAGES = st.builds(
    dict,
    title=st.sampled_from(("Återläs", "A: b", "42", "#x", "'", "yes")), text=st.sampled_from(TEXTS),
    sort=st.sampled_from(("routine", "routine", "process", "policy", "other", "documentation")),
    language=st.sampled_from(("sv", "en")), review_count=st.none() | st.integers(1, 400),
    review_unit=st.sampled_from(("day", "week", "month", "year")), reviewed_on=DAYS, due_on=DAYS, edited_on=DAYS,
    valid_from=DAYS, valid_to=DAYS, front_matter=FACTS, front_form=st.sampled_from(FORMS),
    path=st.sampled_from(("", "", "drift/a.md", "drift/A.md", "alerts/KubeDown.md", "b.html.md.erb", "../x.md", "q.x")),
    audiences=st.sampled_from((None, ["operations"], ["all", "operations"], ["few"], [])),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def made(world: list[tuple[dict[str, Any], bool, Beside | None]], group: Group) -> None:
    """Documents, of the group where it says so, and routines with or without what is said beside."""
    for page, is_owned, beside in world:
        told = dict(page)
        if page["sort"] == "routine":
            told["fields"] = {"steps": STEPS} if beside else None
        kind = {"routine": "routine", "process": "process"}.get(page["sort"], "document")
        item = make_item(page["title"], kind=kind, says=group if is_owned else None)
        (document,) = add_pages([NewPage(item.pk, **told)], by=SYSTEM, note="")
        if page["sort"] == "routine":
            add_routines([New(document.pk, "", beside)])


def let_out() -> dict[str, str]:
    return {page.path: NUMBERED.sub("", page.text) for page in pages(Document.objects.all(), DAY)}


@pytest.mark.django_db
@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(st.lists(st.tuples(PAGES, st.booleans(), BESIDE), min_size=1, max_size=4))
def test_what_is_let_out_is_taken_in_as_the_same(world: list[tuple[dict[str, Any], bool, Beside | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        mark = transaction.savepoint()
        group = make_group("Drift och nät")
        Audience.objects.create(key="few", name_sv="Få", name_en="Few")
        again = transaction.savepoint()
        made(world, group)
        before = let_out()
        transaction.savepoint_rollback(again)
        for path, text in before.items():
            place = Path(folder, "ut", path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
        take(Path(folder, "ut"), source="annan", mapping="pages")
        found = Finding.objects.filter(closed_at__isnull=True).exclude(sort="unknown_group", value="#ops")
        assert not list(found.values_list("sort", "field", "value"))
        assert let_out() == before
        owned = {page["title"] for page, is_owned, _beside in world if is_owned}
        assert (
            set(Document.objects.filter(item__answers__group=group).values_list("published__title", flat=True)) == owned
        )
        assert Routine.objects.count() == sum(page["sort"] == "routine" for page, *_rest in world)
        transaction.savepoint_rollback(mark)
