"""Alerts of Alertmanager and Grafana: each is kept once, closes when resolved, and finds its routine and its item."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helhet.accounts.actions import make_token
from helhet.documents.actions import withdraw
from helhet.groups.answering import assign_by_hand
from helhet.journal.models import Event
from helhet.kit.errors import Forbidden, Invalid, NotFound
from helhet.routines.actions import telling_alerts
from helhet.routines.actions.alerts import run_alert, tie_alert
from helhet.routines.models import Alert, RoutineLabel
from helhet.routines.tests.written import make_routine
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db
NEEDED = ("status", "labels", "startsAt")
NO_END = "0001-01-01T00:00:00Z"
NOTHING = {"new": 0, "again": 0, "repeated": 0, "resolved": 0, "old": 0, "unknown": 0, "truncated": 0,
           "refused": []}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def told(name: str = "DiskFull", *, fingerprint: str = "8f3a2c", ended: str = "", **labels: str) -> dict[str, Any]:
    return {
        "status": "resolved" if ended else "firing", "labels": {"alertname": name, **labels},
        "annotations": {"summary": "Disken är full"}, "startsAt": "2026-11-29T06:00:00.123Z", "endsAt": ended or NO_END,
        "generatorURL": "http://prometheus.example/graph", "fingerprint": fingerprint,
    }  # fmt: skip


def alertmanager(*alerts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "version": "4", "groupKey": '{}:{alertname="DiskFull"}', "truncatedAlerts": 0, "status": "firing",
        "receiver": "helhet", "groupLabels": {"alertname": "DiskFull"}, "commonLabels": {}, "commonAnnotations": {},
        "externalURL": "http://alertmanager.example", "alerts": list(alerts), **more,
    }  # fmt: skip


def grafana(*alerts: dict[str, Any]) -> dict[str, Any]:
    more = {"silenceURL": "http://grafana.example/s", "dashboardURL": "", "panelURL": ""}
    whole = {"orgId": 1, "title": "[FIRING:1]", "state": "alerting", "message": "**Firing**"}
    return {**alertmanager(*[{"values": {"A": 97.1}, **one, **more} for one in alerts]), "version": "1", **whole}


def post(cast: Cast, body: Any, sender: str = "alertmanager", scopes: Any = ("read", "write"), user: Any = None) -> Any:
    _token, text = make_token(user or cast.member, by=SYSTEM, name="t", scopes=list(scopes))
    headers = {"Authorization": f"Bearer {text}"}
    sent = json.dumps(body)
    return Client().post(f"/api/v1/alerts/{sender}", sent, content_type="application/json", headers=headers)


def test_one_is_kept_once_and_closes_when_it_is_resolved(cast: Cast) -> None:
    assert post(cast, alertmanager(told())).json() == {**NOTHING, "new": 1, "unknown": 1}
    assert post(cast, alertmanager(told())).json() == {**NOTHING, "repeated": 1, "unknown": 1}
    ended = alertmanager(told(ended="2026-11-29T06:30:00Z"))
    assert post(cast, ended).json() == {**NOTHING, "resolved": 1}
    assert post(cast, ended).json() == {**NOTHING, "repeated": 1}
    assert post(cast, alertmanager(told())).json() == {**NOTHING, "old": 1}
    later = {**told(), "startsAt": "2026-11-29T07:00:00Z"}
    assert post(cast, alertmanager(later)).json() == {**NOTHING, "again": 1, "unknown": 1}
    alert = Alert.objects.get()
    assert (alert.times, alert.resolved_at, alert.name, alert.summary) == (2, None, "DiskFull", "Disken är full")
    verbs = Event.objects.filter(noun="alert", noun_id=alert.pk).order_by("pk").values_list("verb", flat=True)
    assert [verb.rsplit(".", 1)[1] for verb in verbs] == ["told", "resolved", "again"]


def test_a_post_that_is_overtaken_by_another_with_the_same_new_alert_repeats_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert post(cast, alertmanager(told())).json()["new"] == 1
    kept, too_early = telling_alerts._kept, [True]

    def looked(*asked: Any) -> list[Alert]:
        return [] if too_early and too_early.pop() else kept(*asked)

    monkeypatch.setattr(telling_alerts, "_kept", looked)
    counts = post(cast, alertmanager(told(fingerprint="77"), told(), told(fingerprint="75"))).json()
    assert counts == NOTHING | {"repeated": 1, "new": 2, "unknown": 3}
    # In one order, whatever the post's, so that two posts at once never wait for each other.
    assert list(Alert.objects.order_by("pk").values_list("fingerprint", flat=True)) == ["8f3a2c", "75", "77"]


def test_one_that_is_resolved_before_it_was_told_is_closed(cast: Cast) -> None:
    post(cast, grafana(told(ended="2026-11-29T06:30:00Z")), "grafana")
    post(cast, grafana(told()), "grafana")
    assert Alert.objects.get().resolved_at is not None


def test_an_old_sender_without_fingerprints_and_with_nulls_tells_the_same_alert_as_a_new_one(cast: Cast) -> None:
    old = {**told(), "annotations": None, "generatorURL": None}
    del old["fingerprint"]
    assert post(cast, alertmanager(old, truncatedAlerts=None)).json()["new"] == 1
    assert post(cast, alertmanager(told(fingerprint=Alert.objects.get().fingerprint))).json()["repeated"] == 1


def test_what_people_said_of_an_alert_stays_and_it_is_open_since_it_began(cast: Cast) -> None:
    by_label, by_hand, item = make_routine("Enligt etiketten"), make_routine("Enligt handen"), make_item("Lagring")
    make_item("web1")
    post(cast, alertmanager(told(instance="web1:9100")))
    alert = Alert.objects.get()
    tie_alert(alert.pk, by=SYSTEM, version=1, routine=by_hand.document.item.reference, item=item.reference)
    RoutineLabel.objects.create(routine=by_label, name="alertname", value="DiskFull")
    later = {**told(instance="web1:9100"), "startsAt": "2026-11-29T07:00:00Z"}
    assert post(cast, alertmanager(later)).json() == {**NOTHING, "repeated": 1}
    again = Alert.objects.get()
    assert (again.routine, again.item, again.began_at) == (by_hand, item, alert.began_at)
    assert post(cast, alertmanager(told(ended="2026-11-29T06:30:00Z"))).json() == {**NOTHING, "old": 1}
    ended = {**told(ended="2026-11-29T08:00:00Z", instance="web1:9100"), "startsAt": "2026-11-29T07:00:00Z"}
    assert post(cast, alertmanager(ended)).json() == {**NOTHING, "resolved": 1}
    anew = {**later, "startsAt": "2026-11-29T09:00:00Z"}
    assert post(cast, alertmanager(anew)).json() == {**NOTHING, "again": 1}
    again = Alert.objects.get()
    assert (again.routine, again.item, again.began_at.hour) == (by_hand, item, 9)
    withdraw(by_hand.document.item.reference, by=SYSTEM, version=by_hand.document.version, reason="Ersatt")
    post(cast, alertmanager(anew))
    assert Alert.objects.get().routine == by_label


def test_a_thousand_at_once_find_their_routine_and_their_items(cast: Cast, django_assert_max_num_queries: Any) -> None:
    routine = make_routine()
    RoutineLabel.objects.create(routine=routine, name="alertname", value="DiskFull")
    items = [make_item(f"web{number}.sjovik.example", key=f"cmdb-{number}") for number in range(3)]
    alerts = [
        told(
            "DiskFull" if number % 2 else "Other", fingerprint=f"f{number}", instance=f"web{number}.sjovik.example:9100"
        )
        for number in range(1_000)
    ]
    with django_assert_max_num_queries(100):
        answer = post(cast, alertmanager(*alerts, truncatedAlerts=12)).json()
    assert answer == {**NOTHING, "new": 1_000, "unknown": 500, "truncated": 12}
    by_item = dict(Alert.objects.exclude(item=None).values_list("item", "routine"))
    assert by_item == {items[0].pk: None, items[1].pk: routine.pk, items[2].pk: None}
    with django_assert_max_num_queries(100):
        assert post(cast, alertmanager(*alerts)).json() == {**NOTHING, "repeated": 1_000, "unknown": 500}
    again, gone = {**alerts[0], "labels": {"alertname": "Annat"}}, {**alerts[1], **told(ended="2026-11-29T07:30:00Z")}
    gone["fingerprint"] = "f1"
    post(cast, alertmanager(again, gone, told(fingerprint="ny"), told(fingerprint="ny", ended="2026-11-29T07:30:00Z")))
    kept = {one.fingerprint: one for one in Alert.objects.filter(fingerprint__in=["f0", "f1", "f2", "ny"])}
    assert (kept["f0"].name, kept["f0"].resolved_at) == ("Annat", None)
    assert kept["f1"].resolved_at is not None
    assert kept["f2"].resolved_at is None
    assert (kept["ny"].resolved_at is None, kept["ny"].began_at < kept["ny"].told_at) == (False, True)


def test_items_are_named_by_reference_and_key_and_a_name_of_two_names_none(cast: Cast) -> None:
    item = make_item("Databas", key="srv-db-7")
    make_item("tvilling")
    make_item("tvilling")
    named = [{"item": item.reference}, {"service": "SRV-DB-7"}, {"service": "srv-db-7"}, {"host": "tvilling"}]
    post(cast, alertmanager(*[told(fingerprint=f"n{count}", **one) for count, one in enumerate(named)]))
    found = Alert.objects.order_by("fingerprint").values_list("item", flat=True)
    assert list(found) == [item.pk, None, item.pk, None]


def test_the_address_of_a_runbook_finds_the_routine(cast: Cast) -> None:
    routine = make_routine()
    document = routine.document
    type(document).objects.filter(pk=document.pk).update(path="runbooks/node/disk-full.md")
    reference = document.item.reference
    addresses = [f"https://helhet.example/routines/{reference}/", "https://git.example/x/runbooks/node/disk-full",
                 "https://git.example/annat"]  # fmt: skip
    alerts = [
        {**told(fingerprint=f"r{count}"), "annotations": {"runbook_url": address}}
        for count, address in enumerate(addresses)
    ]
    post(cast, alertmanager(*alerts))
    assert list(Alert.objects.order_by("fingerprint").values_list("routine", flat=True)) == [
        routine.pk,
        routine.pk,
        None,
    ]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"groupKey": "g"}, ["alerts"]),
        (alertmanager({**told(), "status": "pending"}), ["alerts.0.status"]),
        (
            alertmanager({**told(), "startsAt": "i går"}, {}),
            ["alerts.0.startsAt", *(f"alerts.1.{one}" for one in NEEDED)],
        ),
        (alertmanager({**told(), "fingerprint": "f" * 101}), ["alerts.0.fingerprint"]),
        (alertmanager({**told(), "labels": {f"l{count}": "v" for count in range(101)}}), ["alerts.0.labels"]),
        (alertmanager({**told(), "startsAt": "9999-12-31T23:59:59-05:00"}), ["alerts.0.startsAt"]),
        (alertmanager({**told(), "startsAt": "0001-01-01T00:00:00+02:00"}), ["alerts.0.startsAt"]),
    ],
)
def test_a_post_of_which_nothing_can_be_taken_is_refused_at_its_fields(
    cast: Cast, body: Any, fields: list[str]
) -> None:
    answer = post(cast, body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["fields"]] == fields
    assert answer.json()["field"] == fields[0]
    assert Alert.objects.count() == 0
    assert Event.objects.filter(noun="alert_group").exists() == ("alerts" in body)


def test_a_bad_alert_loses_none_of_the_good_ones_and_is_told_by_its_place_and_on_the_page(cast: Cast) -> None:
    bad = {**told("Klockan går fel", fingerprint="b"), "startsAt": "i går"}
    body = alertmanager(told(), told(fingerprint="g2"), bad, {**told(), "labels": {"alertname": 7}}, truncatedAlerts=3)
    answer = post(cast, body)
    assert answer.status_code == 200
    places = [one["field"] for one in answer.json()["refused"]]
    assert (answer.json()["new"], places) == (2, ["alerts.2.startsAt", "alerts.3.labels.alertname"])
    assert set(Alert.objects.values_list("fingerprint", flat=True)) == {"8f3a2c", "g2"}
    post(cast, body)
    events = Event.objects.filter(noun="alert_group").order_by("pk")
    assert [(one.verb, one.after["left"]) for one in events if one.after] == [
        ("routines.alert.truncated", 3), ("routines.alert.refused", 2),
    ]  # fmt: skip
    client = Client()
    client.force_login(cast.reader)
    page = client.get("/alerts/").content.decode()
    assert "Klockan går fel: alerts.2.startsAt: måste vara en tidpunkt" in page
    assert "utelämnade 3 larm" in page
    # Whoever reads English is told in English, whatever language the sender was answered in.
    client.cookies["django_language"] = "en"
    assert (
        "alerts.2.startsAt: must be a time"
        in client.get("/alerts/", headers={"accept-language": "en"}).content.decode()
    )


def test_one_that_ended_in_no_time_of_ours_is_closed(cast: Cast) -> None:
    post(cast, alertmanager(told(ended="9999-12-31T23:59:59-05:00")))
    assert Alert.objects.get().resolved_at == Alert.objects.get().began_at


def test_a_sign_or_a_reading_that_no_database_keeps_loses_no_alert(cast: Cast) -> None:
    odd = {**told("Full\x00 \ud800", fingerprint="o"), "values": {"A": 10**30, "B": float("nan")}}
    assert post(cast, grafana(told(), odd), "grafana").json()["new"] == 2
    assert Alert.objects.get(fingerprint="o").name == "Full\ufffd \ufffd"


def test_a_token_that_may_only_read_sends_nothing(cast: Cast) -> None:
    assert post(cast, alertmanager(told()), scopes=("read",)).status_code == 403


def test_one_who_belongs_to_no_group_sends_nothing(cast: Cast) -> None:
    assert post(cast, alertmanager(told()), user=cast.reader).status_code == 403
    assert Alert.objects.count() == 0


def test_an_alert_on_what_a_group_answers_for_is_tied_by_its_members_and_an_unknown_one_by_any_groups(
    cast: Cast,
) -> None:
    theirs = make_routine("Annans", group=cast.other_group).document.item.reference
    assign_by_hand([make_item("web1").pk], cast.group, by=SYSTEM, on=DAY)
    post(cast, alertmanager(told(instance="web1"), told("Oväntat", fingerprint="f2")))
    ours, unknown = Alert.objects.order_by("fingerprint")
    other = as_caller(cast.other)
    for label in ("", "alertname=DiskFull"):
        with pytest.raises(Forbidden):
            tie_alert(ours.pk, by=other, version=1, routine=theirs, label=label)
    with pytest.raises(Forbidden):
        tie_alert(unknown.pk, by=as_caller(cast.reader), version=1, routine=theirs)
    with pytest.raises(Invalid, match="alertname=Annat"):
        tie_alert(unknown.pk, by=other, version=1, routine=theirs, label="alertname=Annat")
    tie_alert(unknown.pk, by=other, version=1, routine=theirs, label="alertname=Oväntat")
    buttons = {}
    for name, user in (("member", cast.member), ("other", cast.other)):
        client = Client()
        client.force_login(user)
        pages = ["/alerts/", f"/alerts/{ours.pk}/"]
        buttons[name] = [f"/alerts/{ours.pk}/tie/" in client.get(page).content.decode() for page in pages]
        assert client.get(f"/alerts/{ours.pk}/tie/").status_code == (200 if name == "member" else 403)
    assert buttons == {"member": [True, True], "other": [False, False]}


def test_a_routine_that_the_reader_may_not_read_is_not_named_and_its_run_not_gone_on_with(cast: Cast) -> None:
    routine = make_routine("Hemlig plan", group=cast.group)
    routine.document.read_by.all().delete()
    post(cast, alertmanager(told()))
    alert = Alert.objects.get()
    tie_alert(alert.pk, by=as_caller(cast.chair), version=1, routine=routine.document.item.reference)
    run_alert(alert.pk, by=as_caller(cast.member), key="nyckel-larm-1")
    reader = Client()
    reader.force_login(cast.reader)
    for page in ("/alerts/", f"/alerts/{alert.pk}/"):
        told_to_reader = reader.get(page).content.decode()
        assert "Hemlig plan" not in told_to_reader
        assert f"/alerts/{alert.pk}/run/" not in told_to_reader
    with pytest.raises(NotFound):
        run_alert(alert.pk, by=as_caller(cast.reader), key="nyckel-larm-2")
    client = Client()
    client.force_login(cast.member)
    assert "Hemlig plan" in client.get(f"/alerts/{alert.pk}/").content.decode()


def test_the_day_list_tells_of_open_alerts_and_own_runs_and_the_list_has_a_button_for_each(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    client = Client()
    client.force_login(cast.member)
    assert "är öppet" not in client.get("/day/").content.decode()
    post(cast, alertmanager(told(), told("QueueStuck", fingerprint="other")))
    Alert.objects.filter(fingerprint="8f3a2c").update(routine=routine)
    assert '<a class="hh-over" href="/alerts/">2 larm</a> är öppna.' in client.get("/day/").content.decode()
    page = client.get("/alerts/").content.decode()
    first, second = Alert.objects.get(routine=routine), Alert.objects.get(routine=None)
    assert re.search(rf'action="/alerts/{first.pk}/run/".*?<button class="btn btn-primary">', page)
    assert f'<a class="btn" href="/alerts/{second.pk}/tie/">' in page
    assert client.post(f"/alerts/{first.pk}/run/", {"key": "nyckel-larm-1"}).status_code == 302
    Alert.objects.update(resolved_at=timezone.now())
    here = client.get("/day/").content.decode()
    assert ("larm</a> är" in here, 'Du har <a href="/runs/">1 pågående körning</a>.' in here) == (False, True)
    client.force_login(cast.reader)
    assert "pågående körning" not in client.get("/day/").content.decode()


def test_an_unknown_one_is_tied_to_a_routine_with_all_that_have_its_label_and_run(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    item = make_item("web1")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    post(cast, alertmanager(told(instance="web1:9100"), told(fingerprint="other", instance="web2")))
    client = Client()
    client.force_login(cast.member)
    first = Alert.objects.get(fingerprint="8f3a2c")
    assert "Koppla en rutin" in client.get("/alerts/?show=unknown").content.decode()
    form = {"version": first.version, "routine": routine.document.item.reference, "label": "alertname=DiskFull"}
    offered = f'<option value="{form["routine"]}">{routine.document.item.name}</option>'
    assert offered in client.get(f"/alerts/{first.pk}/tie/").content.decode()
    assert client.post(f"/alerts/{first.pk}/tie/", form).status_code == 302
    assert set(Alert.objects.values_list("routine", flat=True)) == {routine.pk}
    assert client.post(f"/alerts/{first.pk}/run/", {"key": "nyckel-larm-1"}).status_code == 302
    run = Alert.objects.get(pk=first.pk).run
    assert run is not None
    assert (run.origin, run.origin_id, run.item) == ("alert", first.pk, item)
    assert client.get(f"/alerts/{first.pk}/").status_code == 200
