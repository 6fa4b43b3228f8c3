"""The pages and operations of changes in time in the rights matrix, and something to point them at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from helhet.changes.actions import make_feed, sign_clash
from helhet.changes.clashes import clashes_of
from helhet.changes.models import ChangeState
from helhet.changes.tests.planned import at, make_change, make_freeze, make_window
from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import LEADS, OWN_LEADS, OWN_MEMBERS, OWNER, READERS, Line, Operation
from tests.world import SYSTEM, Cast, as_caller

VERSION = {"version": "1"}
TIMED = ("timed",)
FREEZE_FORM = {"name": "Stopp", "item": "{item}", "starts_at": "2031-12-20T00:00", "ends_at": "2031-12-27T00:00"}
WINDOW_FORM = {"name": "Tisdag", "item": "{item}", "starts_on": "2031-12-23", "starts_time": "18:00", "hours": "8"}
PAGES = {
    "changes:calendar": Line(READERS),
    "changes:periods": Line(READERS),
    "changes:window": Line(READERS, args=("window",)),
    "changes:window_new": Line(LEADS, OWN_LEADS, body={**WINDOW_FORM, "stated_by": "{group}"}),
    "changes:window_edit": Line(OWN_LEADS, OWN_LEADS, args=("window",), body={**WINDOW_FORM, **VERSION}),
    "changes:window_end": Line(post=OWN_LEADS, args=("window",), body=VERSION),
    "changes:freeze": Line(READERS, args=("freeze",)),
    "changes:freeze_new": Line(LEADS, OWN_LEADS, body={**FREEZE_FORM, "stated_by": "{group}"}),
    "changes:freeze_edit": Line(OWN_LEADS, OWN_LEADS, args=("freeze",), body={**FREEZE_FORM, **VERSION}),
    "changes:freeze_end": Line(post=OWN_LEADS, args=("freeze",), body=VERSION),
    "changes:feeds": Line(READERS),
    "changes:feed_new": Line(post=READERS, body={"group": "{group}"}),
    "changes:feed_renew": Line(post=OWNER, args=("feed",), body=VERSION),
    "changes:feed_end": Line(post=OWNER, args=("feed",), body=VERSION),
    "changes:times": Line(READERS, args=TIMED),
    "changes:moving": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=TIMED,
        body={"starts_at": "2031-11-24T17:00:00Z", "ends_at": "2031-11-25T01:00:00Z", **VERSION},
    ),
    "changes:signing": Line(
        OWN_LEADS, OWN_LEADS, args=TIMED, query="?key={clash}", body={"key": "{clash}", "reason": "r"}
    ),
    "changes:unsigning": Line(post=OWN_LEADS, args=TIMED, body={"key": "{signed_clash}"}),
    "changes:exemption": Line(
        OWN_MEMBERS, OWN_MEMBERS, args=TIMED, query="?key={frozen_clash}", body={"key": "{frozen_clash}", "text": "t"}
    ),
}  # fmt: skip


WINDOW = {
    "name": "Tisdag", "item": "{item}", "starts_on": "2031-12-23", "starts_time": "18:00", "minutes": 480,
    "stated_by": "{group}",
}  # fmt: skip
FREEZE = {
    "name": "Stopp", "item": "{item}", "starts_at": "2031-12-20T00:00:00Z", "ends_at": "2031-12-27T00:00:00Z",
    "stated_by": "{group}",
}  # fmt: skip
MOVE = {"starts_at": "2031-11-24T17:00:00Z", "ends_at": "2031-11-25T01:00:00Z"}
OPERATIONS = {
    "GET /changes/{reference}/clashes": Operation(READERS, writes=False),
    "POST /changes/{reference}/clashes/sign": Operation(OWN_LEADS, {"key": "{clash}", "reason": "r"}),
    "POST /changes/{reference}/clashes/unsign": Operation(OWN_LEADS, {"key": "{signed_clash}"}),
    "POST /changes/{reference}/clashes/exemption": Operation(OWN_MEMBERS, {"key": "{frozen_clash}"}),
    "GET /changes/{reference}/free-times": Operation(READERS, writes=False),
    "GET /changes/{reference}/followers": Operation(
        READERS, writes=False, query="?starts_at=2031-11-24T17:00:00Z&ends_at=2031-11-25T01:00:00Z"
    ),
    "POST /changes/{reference}/move": Operation(OWN_MEMBERS, MOVE),
    "GET /calendar": Operation(READERS, writes=False),
    "GET /feeds": Operation(READERS),
    "DELETE /feeds/{feed_id}": Operation(OWNER),
    "GET /windows": Operation(READERS, writes=False),
    "POST /windows": Operation(OWN_LEADS, WINDOW),
    "POST /windows/preview": Operation(OWN_LEADS, WINDOW),
    "GET /windows/{window_id}": Operation(READERS, writes=False),
    "PATCH /windows/{window_id}": Operation(OWN_LEADS, {"name": "Annat"}),
    "POST /windows/{window_id}/end": Operation(OWN_LEADS, {}),
    "GET /freezes": Operation(READERS, writes=False),
    "POST /freezes": Operation(OWN_LEADS, FREEZE),
    "POST /freezes/preview": Operation(OWN_LEADS, FREEZE),
    "GET /freezes/{freeze_id}": Operation(READERS, writes=False),
    "PATCH /freezes/{freeze_id}": Operation(OWN_LEADS, {"name": "Annat"}),
    "POST /freezes/{freeze_id}/end": Operation(OWN_LEADS, {}),
}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """A change with a clash of each sort: with a change, signed for; with another; with a freeze."""
    times = at(22, 18, year=2031), at(22, 26, year=2031)
    change = make_change("Byte", [item], *times, group=group, state=ChangeState.APPROVED)
    for name in ("Annan", "Tredje"):
        make_change(name, [item], *times)
    freeze = make_freeze("Lönekörning", at(21, year=2031), at(24, year=2031), item=item, stated_by=group)
    window = make_window("Lördag", dt.date(2025, 11, 22), 0, 48, "FREQ=WEEKLY;BYDAY=SA", item=item, stated_by=group)
    signed, clash = (one.key for one in clashes_of(change) if one.change is not None)
    sign_clash(change.reference, signed, by=SYSTEM, reason="Samma folk")
    return {
        "timed": change.reference, "clash": clash, "signed_clash": signed, "freeze": freeze.pk, "window": window.pk,
        "frozen_clash": next(one.key for one in clashes_of(change) if one.freeze is not None),
        "feed": make_feed(by=as_caller(cast.member))[0].pk,
    }  # fmt: skip
