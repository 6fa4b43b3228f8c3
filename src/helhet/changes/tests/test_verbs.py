"""Any row of verbs by anybody, held against a naive model: who may, what is allowed, and what each leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helhet.changes.tests.verbs_world import START, Verbs

pytestmark = pytest.mark.django_db

WEIGHTS = {
    "go_on": 10, "step": 6, "answer": 6, "condition": 7, "settle": 3, "move": 4, "wait": 2, "edit": 2, "order": 1,
    "draft": 2, "alter_estate": 2, "ahead": 1, "end_member": 1,
}  # fmt: skip
CHOICES = [name for name, weight in WEIGHTS.items() for _time in range(weight)]
NUMBERS = st.tuples(st.sampled_from(CHOICES), *[st.integers(0, 59)] * 4)


# Each row makes its own world, so that making a failing one shorter would take minutes.
@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(NUMBERS, min_size=32, max_size=32))
def test_any_row_of_verbs_leaves_what_the_rules_say_and_a_refusal_leaves_nothing(row: list[tuple[Any, ...]]) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        verbs = Verbs(traveller)
        for name, *chosen in row:
            getattr(verbs, name)(*chosen)
            verbs.agrees()
        verbs.is_read_by_those_who_may()
