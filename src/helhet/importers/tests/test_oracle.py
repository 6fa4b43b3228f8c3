"""Any sequence of imports and edits by hand ends as a naive reckoning in dicts says, and counts what it says."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, item, take, totals, write
from helhet.items.actions import change_item
from helhet.items.models import Presence, SourceKey

KEYS = [f"k{number}" for number in range(6)]
GROUPS = [{"key": "g1", "name": "Ett"}, {"key": "g2", "name": "Två"}]
COLUMNS = ("key", "kind", "name", "group", "part_of", "state", "os")


@st.composite
def files(draw: st.DrawFn) -> tuple[list[dict[str, str]], bool]:
    """Some of the keys in any order, each part of one with a lower number, of something unknown, or of nothing."""
    chosen = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=6))
    rows = []
    for key in chosen:
        lower = KEYS[: KEYS.index(key)]
        values = (
            key, draw(st.sampled_from(["server", "application"])), draw(st.sampled_from(["n1", "n2"])),
            draw(st.sampled_from(["", "g1", "g2", "gx"])), draw(st.sampled_from(["", "zz", *lower])),
            draw(st.sampled_from(["", "planned"])), draw(st.sampled_from(["", "linux", "bsd"])),
        )  # fmt: skip
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows, draw(st.booleans())


edits = st.tuples(st.sampled_from(KEYS), st.sampled_from(["name", "os"]))
steps = st.lists(st.one_of(files(), edits), min_size=1, max_size=6)


@dataclass
class Naive:
    """What the register should be."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def edit(self, key: str, name: str) -> None:
        self.items[key][name] = "by hand"
        if name == "os":
            self.items[key]["os_is_ours"] = False

    def take(self, rows: list[dict[str, str]], *, partial: bool) -> tuple[int, int, int, int]:
        """Created, changed, unchanged, not seen."""
        created = changed = unchanged = 0
        known = self.items.keys() | {row["key"] for row in rows}
        for row in rows:
            before = self.items.get(row["key"])
            after = self._after(before, row, known)
            if before is None:
                created += 1
            elif before != after:
                changed += 1
            else:
                unchanged += 1
            self.items[row["key"]] = after
            self.rows[row["key"]] = row
            self.missing.discard(row["key"])
        gone = set()
        if not partial:
            kinds = {row["kind"] for row in rows}
            listed = {row["key"] for row in rows}
            gone = {key for key, one in self.items.items() if one["kind"] in kinds and key not in listed} - self.missing
            self.missing |= gone
        for key, row in self.rows.items():
            if row["part_of"] in self.items:
                self.items[key]["part_of"] = row["part_of"]
        return created, changed, unchanged, len(gone)

    @staticmethod
    def _after(before: dict[str, Any] | None, row: dict[str, str], known: Any) -> dict[str, Any]:
        after = dict(before or {"part_of": None, "os": None, "os_is_ours": True})
        after |= {"name": row["name"], "kind": row["kind"], "state": row["state"] or "live"}
        after["says"] = {"g1": "Ett", "g2": "Två"}.get(row["group"])
        if row["os"]:
            after |= {"os": row["os"], "os_is_ours": True}
        elif after["os_is_ours"]:
            after["os"] = None
        if row["part_of"] in known:
            after["part_of"] = row["part_of"]
        elif not row["part_of"]:
            after["part_of"] = None
        return after


def found() -> dict[str, dict[str, Any]]:
    """What the register is, in the same words."""
    keys = SourceKey.objects.filter(sort=0).select_related("item__kind", "item__part_of", "says_group")
    by_id = {key.item_id: key.key for key in keys}
    return {
        key.key: {
            "name": key.item.name, "kind": key.item.kind.key, "state": key.item.state_word.key,
            "os": key.item.attributes.get("os"), "part_of": by_id.get(key.item.part_of_id or 0),
            "says": key.says_group.name if key.says_group else None,
        }
        for key in keys
        if key.item.presence == Presence.HERE
    }  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=40)
@given(steps)
def test_imports_and_edits_come_out_as_a_naive_reckoning(script: list[Any]) -> None:
    portions.GAP = 0
    naive = Naive()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        for number, step in enumerate(script):
            if isinstance(step[0], str):
                if step[0] in naive.items:
                    naive.edit(*step)
                    _edit(*step)
                continue
            rows, partial = step
            if not rows:
                continue
            path = write(Path(folder) / str(number), groups=GROUPS, items=rows)
            is_first = not naive.items
            trial = totals(take(path, partial=partial, trial=True))
            done = totals(take(path, partial=partial))
            assert done == trial
            created, changed, unchanged, gone = naive.take(rows, partial=partial)
            groups = (2, 0) if is_first else (0, 2)
            assert done == (created + groups[0], changed, unchanged + groups[1], 0, gone)
            known = {
                key: {name: value for name, value in one.items() if name != "os_is_ours"}
                for key, one in naive.items.items()
            }
            assert found() == known
            missing = set(SourceKey.objects.filter(not_seen_since__isnull=False).values_list("key", flat=True))
            assert missing == naive.missing
            assert totals(take(path, partial=partial))[:2] == (0, 0)
        transaction.set_rollback(True)


def _edit(key: str, name: str) -> None:
    one = item(key)
    if name == "name":
        change_item(one.reference, by=SYSTEM, version=one.version, name="by hand")
    else:
        change_item(one.reference, by=SYSTEM, version=one.version, attribute=("os", "by hand"))
