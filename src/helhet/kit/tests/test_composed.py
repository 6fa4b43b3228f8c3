"""A question put into SQL once answers for other numbers as the queryset itself would."""

from __future__ import annotations

import pytest
from django.utils import timezone

from helhet.kit.composed import Composed
from helhet.kit.models import Slot

pytestmark = pytest.mark.django_db


def test_rows_of_other_numbers_come_rising_and_no_more_than_wanted() -> None:
    now = timezone.now()
    slots = [Slot.objects.create(name=f"100% {number}", slot_at=now, taken_at=now) for number in range(6)]
    numbers = [slot.pk for slot in slots]
    composed = Composed(Slot.objects.filter(name__contains="0%").order_by().values_list("name", "pk"), "pk")
    expected = [(slot.name, slot.pk) for slot in slots]
    assert composed.among(numbers[::-1]) == expected
    assert composed.among({*numbers[2:4], 10**9}) == expected[2:4]
    assert composed.among(numbers[::-1], 2) == expected[:2]
    assert composed.among([]) == []
    Slot.objects.filter(pk=numbers[0]).update(name="none")
    assert composed.among(numbers) == expected[1:]


def test_what_nothing_can_meet_has_no_rows() -> None:
    slot = Slot.objects.create(name="any", slot_at=timezone.now(), taken_at=timezone.now())
    assert Composed(Slot.objects.none().values_list("pk"), "pk").among([slot.pk]) == []
