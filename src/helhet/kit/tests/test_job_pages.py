"""Pages of jobs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import translation

from helhet.kit import job_pages
from helhet.kit.errors import NotFound
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.rights import Caller, callers_by_user
from helhet.kit.tests.job_world import ANNA, BO, caller_of, note
from helhet.kit.web import Request

pytestmark = [pytest.mark.usefixtures("kit_alone"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers_by_user, "_loaded", (caller_of,))
    monkeypatch.setattr(Caller, "may", lambda *_: False)
    translation.activate("en")


def asked_by(caller: Caller, path: str = "/jobs/", *, method: str = "get", htmx: bool = False) -> Request:
    """A request from `caller`."""
    request = getattr(RequestFactory(), method)(path)
    request.caller, request.htmx, request.user, request.session = caller, htmx, AnonymousUser(), {}
    request._messages = CookieStorage(request)
    return request  # type: ignore[no-any-return]


def bare(view: Any) -> Any:
    """The view without its guard, which is tried with the rights of all pages."""
    return view.__wrapped__


def test_one_sees_ones_own_jobs_and_no_others() -> None:
    mine, other = note.later(caller=ANNA), note.later(caller=BO)
    html = bare(job_pages.jobs)(asked_by(ANNA)).content.decode()
    assert f"/jobs/{mine.pk}/" in html
    assert f"/jobs/{other.pk}/" not in html
    with pytest.raises(NotFound):
        bare(job_pages.job)(asked_by(ANNA), other.pk)


def test_a_page_without_jobs_teaches() -> None:
    assert "No jobs yet" in bare(job_pages.jobs)(asked_by(ANNA)).content.decode()


def test_the_panel_asks_again_until_the_job_has_ended() -> None:
    job = note.later(caller=ANNA)
    page = bare(job_pages.job)(asked_by(ANNA), job.pk).content.decode()
    part = bare(job_pages.job)(asked_by(ANNA, htmx=True), job.pk).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert 'hx-trigger="every 1s"' in part
    job.cancel(by=ANNA)
    ended = bare(job_pages.job)(asked_by(ANNA, htmx=True), job.pk).content.decode()
    assert "hx-trigger" not in ended
    assert "Run again" in ended


def test_a_job_is_stopped_and_run_again() -> None:
    job = note.later(caller=ANNA)
    stopped = bare(job_pages.cancel)(asked_by(ANNA, method="post"), job.pk)
    assert stopped.url == f"/jobs/{job.pk}/"
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED
    bare(job_pages.again)(asked_by(ANNA, method="post"), job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.WAITING


def test_older_jobs_stand_on_further_pages() -> None:
    made = [note.later(caller=ANNA).pk for _ in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_pages, "ON_A_PAGE", 2)
        first = bare(job_pages.jobs)(asked_by(ANNA)).content.decode()
        assert f"?before={made[1]}" in first
        second = bare(job_pages.jobs)(asked_by(ANNA, f"/jobs/?before={made[1]}")).content.decode()
    assert f"/jobs/{made[0]}/" in second
    assert f"/jobs/{made[2]}/" not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, ""])
def test_a_place_that_is_none_shows_the_newest(before: str) -> None:
    job = note.later(caller=ANNA)
    assert f"/jobs/{job.pk}/" in bare(job_pages.jobs)(asked_by(ANNA, f"/jobs/?before={before}")).content.decode()


@pytest.mark.parametrize(
    ("result", "url"),
    [
        ({"url": "/imports/3/"}, "/imports/3/"),
        ({"url": "//elsewhere"}, ""),
        ({"url": "https://x"}, ""),
        ([1], ""),
        (None, ""),
    ],
)
def test_only_addresses_of_this_product_are_results(result: object, url: str) -> None:
    assert job_pages.result_url(Job(result=result)) == url


def test_what_the_timetable_did_well_is_shown_only_to_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Caller, "may", lambda *_: True)
    mine, routine, broken = note.later(caller=ANNA), note.later(caller=BO), note.later(caller=BO)
    Job.objects.filter(pk__in=[routine.pk, broken.pk]).update(caller_id=None, state=JobState.DONE)
    Job.objects.filter(pk=broken.pk).update(state=JobState.FAILED)
    shown = {
        path: [job.pk for job in (mine, routine, broken) if f"/jobs/{job.pk}/" in page]
        for path in ("/jobs/", "/jobs/?show=all")
        if (page := bare(job_pages.jobs)(asked_by(ANNA, path)).content.decode())
    }
    assert shown == {"/jobs/": [mine.pk, broken.pk], "/jobs/?show=all": [mine.pk, routine.pk, broken.pk]}
