"""Kept files of imports go when nobody needs them any more, and stay while somebody does."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from helhet.importers import keeping
from helhet.importers.jobs import tidy_job
from helhet.importers.mapping import find_mapping, shipped
from helhet.importers.models import Run, RunState
from helhet.importers.tests.rig import SYSTEM
from helhet.importers.texts import READY
from helhet.importers.uploads import begin_applying
from helhet.items.models import Source
from helhet.kit.errors import Clash

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"
    settings.KEEP_IMPORTS = 30


def kept(tmp_path: Path, state: RunState, days: int) -> Run:
    """A run with a kept file that was over so many days ago."""
    path = tmp_path / "items.csv"
    path.write_text("key,kind,name\n")
    source = Source.objects.get_or_create(name="cmdb")[0]
    at = timezone.now() - dt.timedelta(days=days)
    return Run.objects.create(
        source=source, title="items.csv", state=state, stored=keeping.keep(path), on=at.date(), created_at=at,
        finished_at=at if state == RunState.DONE else None, is_upload=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (RunState.DONE, RunState.DONE),
        (RunState.FAILED, RunState.FAILED),
        (RunState.UNDONE, RunState.UNDONE),
        (RunState.PLANNED, RunState.REFUSED),
    ],
)
def test_the_file_of_a_run_that_is_long_over_goes(tmp_path: Path, state: RunState, after: RunState) -> None:
    run = kept(tmp_path, state, days=31)
    path = keeping.kept(run.stored)
    assert tidy_job.now(caller=SYSTEM) == 1
    run.refresh_from_db()
    assert not path.exists()
    assert (run.stored, run.state) == ("", after)
    with pytest.raises(Clash):
        begin_applying(run, by=SYSTEM)


@pytest.mark.parametrize(("state", "days"), [(RunState.DONE, 29), (RunState.PLANNED, 29), (RunState.APPLYING, 400)])
def test_a_file_that_is_young_or_needed_to_go_on_stays(tmp_path: Path, state: RunState, days: int) -> None:
    run = kept(tmp_path, state, days=days)
    assert tidy_job.now(caller=SYSTEM) == 0
    assert keeping.kept(run.stored).exists()


def test_an_old_file_that_no_run_knows_goes_and_a_lock_stays(tmp_path: Path) -> None:
    old = dt.datetime.now(tz=dt.UTC).timestamp() - 31 * 86_400
    for name in ("stray", "source-1.lock", "young"):
        path = keeping.folder() / name
        path.write_text("x")
        if name != "young":
            os.utime(path, (old, old))
    assert tidy_job.now(caller=SYSTEM) == 1
    assert sorted(path.name for path in keeping.folder().iterdir()) == ["source-1.lock", "young"]


def test_the_ready_mappings_have_their_titles_in_both_languages() -> None:
    assert {name: (find_mapping(name).title, find_mapping(name).about) for name in shipped()} == READY
    with translation.override("sv"):
        assert translation.gettext(find_mapping("plain").title) == "Enkla uppställningen"
