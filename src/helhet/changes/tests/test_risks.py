from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from helhet.changes import actions, risks
from helhet.changes.models import Change, ChangeState, Outcome, Risk
from helhet.changes.tests.planned import make_change
from helhet.items.models import Criticality, Item

pytestmark = pytest.mark.django_db


def test_a_draft_gets_its_risk_from_the_worst_service_and_the_groups_own_outcomes(sjovik: SimpleNamespace) -> None:
    Item.objects.filter(pk=sjovik.service.pk).update(criticality=Criticality.CRITICAL)
    for number in range(20):
        outcome = Outcome.FAILED if number < 8 else Outcome.DONE
        make_change(f"Före {number}", [sjovik.node], group=sjovik.drift, state=ChangeState.CLOSED, outcome=outcome)
    make_change("Inställd", group=sjovik.drift, state=ChangeState.CLOSED, outcome=Outcome.CANCELLED)
    change = actions.draft_change(
        by=sjovik.member, title="Byte", group=sjovik.drift.reference, items=[sjovik.node.reference]
    )
    change = Change.objects.select_related("item").get(pk=change.pk)
    assert change.risk == Risk.HIGH
    assert change.risk_facts["service"] == sjovik.service.pk
    assert (change.risk_facts["bad"], change.risk_facts["count"]) == (8, 20)
    told = risks.sentence(change)
    assert "Läroplattform" in told
    assert "8" in told
    assert "20" in told


def test_what_hits_no_service_and_has_no_past_is_low_and_says_so(sjovik: SimpleNamespace) -> None:
    Item.objects.filter(pk=sjovik.service.pk).update(state=3, presence=1)
    change = actions.draft_change(
        by=sjovik.member, title="Byte", group=sjovik.drift.reference, items=[sjovik.node.reference]
    )
    change = Change.objects.get(pk=change.pk)
    assert change.risk == Risk.LOW
    assert risks.sentence(change).startswith("Den berör ingen tjänst.")


def test_the_page_tells_the_risk_with_its_reason(sjovik: SimpleNamespace, client) -> None:
    change = actions.draft_change(
        by=sjovik.member, title="Byte", group=sjovik.drift.reference, items=[sjovik.node.reference]
    )
    client.force_login(sjovik.cast.reader)
    page = client.get(reverse("changes:change", args=[change.reference])).content.decode()
    assert risks.sentence(Change.objects.get(pk=change.pk)) in page
