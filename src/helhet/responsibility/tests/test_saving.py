"""A change of the rules that moves very many items is a job; there is one such change at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from helhet.groups.models import Answer
from helhet.kit.errors import Clash, Stale, VersionMissing
from helhet.kit.jobs import Job
from helhet.responsibility import saving
from helhet.responsibility.actions import Draft, create_rule, place_of
from helhet.responsibility.models import Rule
from helhet.responsibility.saving import save_rule, save_rule_job, take_away, under_way
from tests.world import SYSTEM, Cast, as_caller, make_item


@pytest.fixture
def cast(db: None) -> Cast:
    del db
    return Cast()


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> Cast:
    """Five items are very many here."""
    monkeypatch.setattr(saving, "AT_ONCE", 4)
    for number in range(5):
        make_item(f"disk {number}", kind="storage")
    return cast


def carried_out(job: Job, caller: Any) -> Any:
    """What the worker does with the job."""
    job.refresh_from_db()
    result = save_rule_job.now(caller=caller, **job.arguments)
    Job.objects.filter(pk=job.pk).update(state="done")
    return result


def owned(cast: Cast) -> int:
    return Answer.objects.open().filter(group=cast.group).count()


def test_a_small_change_is_made_at_once(cast: Cast) -> None:
    make_item("disk", kind="storage")
    saved = save_rule(Draft(filter="kind:storage", group=cast.group), by=as_caller(cast.coordinator))
    assert (saved.job, saved.moved.groups, owned(cast)) == (None, 1, 1)


def test_a_change_that_moves_many_is_a_job_and_another_meanwhile_is_refused(many: Cast) -> None:
    boss = as_caller(many.coordinator)
    saved = save_rule(Draft(filter="kind:storage", group=many.group), by=boss)
    assert saved.job is not None
    assert under_way() == saved.job
    assert owned(many) == 0
    with pytest.raises(Clash) as refused:
        save_rule(Draft(filter="kind:server", group=many.group), by=boss)
    assert refused.value.details == {"job": saved.job.pk}
    given = Rule.objects.first()
    assert given is not None
    with pytest.raises(Clash):
        take_away(given, by=boss, version=given.version)
    assert carried_out(saved.job, boss)["moved"] == 5
    assert owned(many) == 5
    assert under_way() is None


def test_a_job_that_is_begun_again_does_nothing_twice(many: Cast) -> None:
    boss = as_caller(many.coordinator)
    before = Rule.objects.count()
    job = save_rule(Draft(filter="kind:storage", group=many.group), by=boss).job
    assert job is not None
    first = carried_out(job, boss)
    assert carried_out(job, boss) == {"url": first["url"], "moved": None}
    assert Rule.objects.count() == before + 1
    rule = Rule.objects.get(group=many.group)
    change = save_rule(Draft(filter="kind:storage", group=many.other_group), rule, by=boss, version=1).job
    assert change is not None
    carried_out(change, boss)
    assert carried_out(change, boss)["moved"] is None
    rule.refresh_from_db()
    assert (rule.version, owned(many)) == (2, 0)
    gone = take_away(rule, by=boss, version=2).job
    assert gone is not None
    carried_out(gone, boss)
    assert carried_out(gone, boss)["moved"] is None
    assert not Rule.objects.filter(pk=rule.pk).exists()


def test_versions_are_asked_before_the_job(many: Cast) -> None:
    boss = as_caller(many.coordinator)
    rule, _moved = create_rule(Draft(filter="kind:storage", group=many.group), by=SYSTEM)
    draft = Draft(filter="kind:storage", group=many.other_group)
    with pytest.raises(VersionMissing):
        save_rule(draft, rule, by=boss)
    with pytest.raises(Stale):
        save_rule(draft, rule, by=boss, version=7)
    assert under_way() is None


def test_the_page_leads_to_the_job_and_the_list_tells_of_it(many: Cast) -> None:
    client = Client()
    many.coordinator.language = "sv"
    many.coordinator.save()
    client.force_login(many.coordinator)
    form = {"sort": "named", "filter": "kind:storage", "group": many.group.pk, "save": "1"}
    answer = client.post("/rules/new/", form)
    job = under_way()
    assert job is not None
    assert answer["Location"] == f"/jobs/{job.pk}/"
    page = client.get("/rules/").content.decode()
    assert f"/jobs/{job.pk}/" in page
    assert "genomförs" in page
    refused = client.post("/rules/new/", {**form, "filter": "kind:server"})
    assert "genomförs" in refused.content.decode()
    assert carried_out(job, as_caller(many.coordinator))["url"].startswith("/rules/")
    assert "genomförs" not in client.get("/rules/").content.decode()


def test_the_api_answers_202_with_the_job_to_follow(many: Cast) -> None:
    client = Client()
    client.force_login(many.coordinator)

    def ask(method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        text = json.dumps(body) if body is not None else ""
        return client.generic(method, f"/api/v1{path}", text, content_type="application/json", headers=headers)

    body = {"sort": "named", "filter": "kind:storage", "group": many.group.reference}
    asked = ask("POST", "/rules", body)
    assert asked.status_code == 202, asked.content
    number = asked.json()["id"]
    assert ask("GET", f"/jobs/{number}").json()["state"] == "waiting"
    assert [one["id"] for one in ask("GET", "/jobs?is_open=true").json()["items"]] == [number]
    meanwhile = ask("POST", "/rules", {**body, "filter": "kind:server"})
    assert (meanwhile.status_code, meanwhile.json()["details"]) == (409, {"job": number})
    assert ask("POST", f"/jobs/{number}/cancel").json()["state"] == "cancelled"
    assert ask("POST", "/rules", {**body, "filter": "kind:server"}).status_code == 201
    again = ask("POST", f"/jobs/{number}/again")
    assert again.json()["state"] == "waiting"
    carried_out(Job.objects.get(pk=number), as_caller(many.coordinator))
    rule = Rule.objects.get(filter="kind:storage")
    assert ask("DELETE", f"/rules/{rule.number}", version=rule.version).status_code == 202
    assert place_of(rule) > 0
