"""What was altered is told as in the history of an item, in one question however much it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from helhet.documents.altered_values import in_words
from helhet.estate.history import field_text
from helhet.groups.models import GroupState
from helhet.items.models import Criticality, Kind, State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["sv", "en"])
def test_states_kinds_and_criticalities_are_told_as_in_an_items_history(
    language: str, django_assert_num_queries: Any
) -> None:
    values = [
        *(("state", one.key) for one in State), *(("criticality", one.key) for one in Criticality),
        *(("kind", key) for key in Kind.objects.values_list("key", flat=True)), ("state", "of old"),
        ("kind", "of-old"), ("kind", ""), ("state", ""),
    ]  # fmt: skip
    with translation.override(language):
        expected = [field_text(name, text, {}) for name, text in values]
        with django_assert_num_queries(1):
            assert in_words(values) == expected
        groups = [("state", one.value) for one in GroupState]
        assert in_words(groups) == [str(one.label) for one in GroupState]


def test_days_and_what_needs_no_words(django_assert_num_queries: Any) -> None:
    values = [
        ("ends_on", "2031-05-01"), ("ends_on", "någon gång"), ("members", "Åsa Ek, chair"), ("members", "Åsa, Bo"),
        ("presence", "0"), ("presence", "7"), ("name", "live"), ("attributes.version", "14"), ("", ""),
    ]  # fmt: skip
    with translation.override("sv"), django_assert_num_queries(0):
        told = [one.replace("\N{NO-BREAK SPACE}", " ") for one in in_words(values)]
    assert told == [
        "1 maj 2031", "någon gång", "Åsa Ek, sammankallande", "Åsa, Bo", "finns i registret", "7", "live", "14", "",
    ]  # fmt: skip
