"""What becomes of a routine, its runs and its evidence when its item becomes another, and when that is undone."""

from __future__ import annotations

import pytest

from helhet.documents.actions import create_document
from helhet.items.merging import merge_items
from helhet.items.models import Item, Presence
from helhet.kit.errors import Clash
from helhet.routines.actions import begin_run
from helhet.routines.models import Routine, Run
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, as_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def test_a_routine_does_not_become_a_document_of_another_sort(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    begin_run(routine, by=as_caller(cast.member), key="nyckel-1")
    policy = create_document(by=SYSTEM, sort="policy", title="Omstart", audiences=["all"]).item
    with pytest.raises(Clash) as told:
        merge_items(policy.reference, routine.document.item.reference, by=SYSTEM, version=policy.version)
    assert "rutin" in told.value.message
    assert told.value.todo
    assert list(Routine.objects.all()) == [routine]
    assert (Run.objects.get().routine, Item.objects.get(pk=routine.document.item_id).presence) == (
        routine, Presence.HERE
    )  # fmt: skip
