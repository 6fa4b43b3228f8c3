"""Rules follow when a group closes."""

from __future__ import annotations

import pytest

from helhet.groups.actions import assign, close_group, weight_of
from helhet.groups.models import Answer, GroundSort
from helhet.kit.errors import Clash
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.models import Rule
from tests.world import Cast, as_caller, make_item


@pytest.mark.django_db
def test_what_a_rule_gave_follows_by_rule_and_what_a_hand_gave_by_hand() -> None:
    cast = Cast()
    boss = as_caller(cast.administrator)
    ruled, handed = make_item("nod ett"), make_item("annat")
    part = make_item("del", part_of_id=handed.pk)
    create_rule(Draft(filter="name:nod*", group=cast.group), by=boss)
    assign([handed.pk], cast.group.reference, by=boss)
    (hanging,) = [one for one in weight_of(cast.group).others if one.count]
    assert hanging.count == 1
    with pytest.raises(Clash):
        close_group(cast.group.reference, by=boss, version=1)
    close_group(cast.group.reference, by=boss, version=1, to=cast.other_group.reference)
    assert Rule.objects.get(filter="name:nod*").group_id == cast.other_group.pk
    answers = {answer.item_id: answer for answer in Answer.objects.open().select_related("ground")}
    assert {answers[item.pk].group_id for item in (ruled, handed, part)} == {cast.other_group.pk}
    assert answers[ruled.pk].ground.sort == GroundSort.RULE
    assert answers[handed.pk].ground.sort == GroundSort.HAND
    assert answers[part.pk].ground.sort == GroundSort.PART_OF
