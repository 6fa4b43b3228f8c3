"""The pages of changes in the rights matrix, and something to point them at."""

from __future__ import annotations

from typing import Any

from helhet.changes.actions import draft_change
from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import COORDINATORS, LEADS, MEMBERS, OWN_LEADS, OWN_MEMBERS, READERS, Line
from tests.matrix_changes_api import samples as of_operations
from tests.world import SYSTEM

VERSION = {"version": "1"}
CHANGE = ("change",)
ASKED = ("change", "asked")
PAGES = {
    "changes:changes": Line(READERS),
    "changes:change": Line(READERS, args=CHANGE),
    "changes:change_new": Line(MEMBERS, OWN_MEMBERS, body={"title": "Byte", "type": "normal", "group": "{group}"}),
    "changes:change_edit": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"title": "Byte", **VERSION}),
    "changes:asking": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body=VERSION),
    "changes:approval": Line(post=OWN_LEADS, args=CHANGE, body=VERSION),
    "changes:scheduling": Line(post=OWN_MEMBERS, args=CHANGE, body=VERSION),
    "changes:beginning": Line(post=OWN_MEMBERS, args=CHANGE, body=VERSION),
    "changes:finish": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"outcome": "done", **VERSION}),
    "changes:closing": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body=VERSION),
    "changes:taking_back": Line(post=OWN_MEMBERS, args=CHANGE, body=VERSION),
    "changes:cancelling": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"reason": "Nej", **VERSION}),
    "changes:position": Line(OWN_LEADS, OWN_LEADS, args=ASKED, body={"stance": "yes", **VERSION}),
    "changes:settlement": Line(
        COORDINATORS, COORDINATORS, args=ASKED, body={"goes_on": "yes", "words": "Vi vet", **VERSION}
    ),
    "changes:reminder": Line(post=OWN_MEMBERS, args=ASKED),
    "changes:mark_new": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"item": "{marked}", "is_hit": "no", "reason": "Kylan", **VERSION}
    ),
    "changes:mark_removal": Line(post=OWN_MEMBERS, args=CHANGE, body={"item": "{marked}", **VERSION}),
    "changes:undoing": Line(post=OWN_MEMBERS, args=("change", "deed")),
    "changes:order_new": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"before": "{earlier}"}),
    "changes:order_removal": Line(post=OWN_MEMBERS, args=CHANGE, body={"before": "{earlier}"}),
    "changes:incident_new": Line(OWN_MEMBERS, OWN_MEMBERS, args=CHANGE, body={"incident": "INC-2"}),
    "changes:incident_removal": Line(post=OWN_MEMBERS, args=CHANGE, body={"incident": "INC-1"}),
    "changes:advances": Line(READERS),
    "changes:advance_new": Line(LEADS, OWN_LEADS, body={"group": "{group}", "until_on": "2027-06-30"}),
    "changes:advance_end": Line(post=OWN_LEADS, args=("advance",), body=VERSION),
}


def samples(group: Group, item: str, other: Item) -> dict[str, Any]:
    """A change of the group, one that it comes after, and what the group is asked and has said."""
    change = draft_change(by=SYSTEM, title="Byte av nod", group=group.reference, items=[item])
    earlier = draft_change(by=SYSTEM, title="Kabel", group=group.reference)
    return {"change": change.reference, **of_operations(change, earlier, group, other)}
