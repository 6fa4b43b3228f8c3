"""Deciding who answers, for any number of items at once, in the database.

Which items a rule selects is kept in `Claim`; an answer is then a matter of joining tables: the first rule in the
list that yields a group. `helhet.rules.ownership` decides the same for one item and explains it; a property-based
test holds the two equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from helhet.groups.answering import Day, Moved, begin, close_answers, ground_of, write_decided, write_first
from helhet.groups.models import Answer, Ground, GroundSort
from helhet.items.filters import item_fields
from helhet.items.models import Item, Presence, SourceKey
from helhet.items.writing import Written
from helhet.kit.engines import engine, table_of
from helhet.kit.filters import Context, FilterInvalid, Translation
from helhet.kit.rights import Caller, Level
from helhet.kit.scratch import Scratch
from helhet.responsibility.models import Claim, Rule, RuleSort
from helhet.responsibility.ruling_out import not_ruled_out

FOR_DECIDING = frozenset({"kind", "name", "state", "criticality", "attributes", "tags", "part_of_id", "presence"})
CHUNK = 900
FEW = 900
NOTHING = -1
TOUCHED = Scratch("touched", "item_id bigint PRIMARY KEY")
NEXT_TOUCHED = Scratch("next_touched", "item_id bigint PRIMARY KEY")
GROUND_FOR = Scratch(
    "ground_for", "rule_id bigint PRIMARY KEY, ground_id bigint, position bigint, group_id bigint, sort bigint"
)
HEAD = "SELECT t.item_id, f.position, f.rule_id, f.sort"

SORTS = {RuleSort.NAMED: GroundSort.RULE, RuleSort.SOURCE: GroundSort.SOURCE, RuleSort.PART_OF: GroundSort.PART_OF}


def on_written(written: Written) -> None:
    """Participant of `items.written`: new and changed items get their answers in the same transaction."""
    if not written.created and not (written.fields & FOR_DECIDING):
        return
    if "presence" in written.fields:
        gone = set(Item.objects.filter(pk__in=written.ids).exclude(presence=Presence.HERE).values_list("id", flat=True))
        Claim.objects.filter(item_id__in=gone).delete()
        close_answers(sorted(gone), written.on)
        kept = [item_id for item_id in written.ids if item_id not in gone]
    else:
        kept = list(written.ids)
    recompute(kept, by=written.by, on=written.on, batch_id=written.batch.pk if written.batch else None,
              are_new=written.created)  # fmt: skip


def rule_items(rule: Rule) -> QuerySet[Item]:
    """A queryset of the items that the rule's filter selects, whatever the reader's rights: rules see all.

    A rule whose filter can no longer be read (an attribute or group that it names is gone) selects nothing: no save
    of an item may fail because of it. The list of rules shows it as broken.
    """
    here = Item.objects.filter(presence=Presence.HERE).order_by()
    try:
        return here.filter(translated(rule).condition)
    except FilterInvalid:
        return here.filter(pk=NOTHING)


def all_rule_items(rule: Rule) -> QuerySet[Item]:
    """The same items, when they are looked for among all: begun at those that meet the narrowest term, where it is
    met by few; a rule over ten items then costs what ten items cost, in a register of any size.
    """
    here = Item.objects.filter(presence=Presence.HERE).order_by()
    try:
        translation = translated(rule)
    except FilterInvalid:
        return here.filter(pk=NOTHING)
    for way in translation.narrow:
        ids = list(way.ids[: FEW + 1])
        if len(ids) <= FEW:
            return here.filter(way.rest, pk__in=ids)
    return here.filter(translation.condition)


def translated(rule: Rule) -> Translation:
    """The rule's filter as conditions. Raises FilterInvalid when it can no longer be read."""
    seer = Caller(name="rules", level=Level.ADMINISTRATOR)
    return item_fields().translate(rule.filter, Context(seer, is_lasting=True))


def selected(found: QuerySet[Item]) -> tuple[str, tuple[Any, ...]]:
    """The statement that gives the ids of these items, also where Django sees beforehand that there are none."""
    try:
        return found.values("id").query.sql_with_params()
    except EmptyResultSet:
        return Item.objects.filter(pk=NOTHING).order_by().values("id").query.sql_with_params()


def rules_in_order() -> list[Rule]:
    """The list that decides, the first that selects an item first."""
    return list(Rule.objects.order_by("position", "id"))


def with_claims(rules: Sequence[Rule]) -> list[Rule]:
    """The rules whose selection is kept; those without a filter select everything and need none."""
    return [rule for rule in rules if rule.filter.strip()]


def recompute(
    ids: Sequence[int], *, by: Caller, on: dt.date, batch_id: int | None = None, are_new: bool = False
) -> Moved:
    """Decide anew for these items (and, where their group changes, for their parts). Runs inside a transaction."""
    del by
    if not ids:
        return Moved()
    day = Day(on, batch_id)
    rules = rules_in_order()
    reclaim(ids, rules, are_new=are_new)
    if are_new:
        return settle_new(ids, rules, day)
    touch(ids)
    return settle(day)


def redecide(ids: Sequence[int], day: Day) -> Moved:
    """Fills `groups.redecide`: hands have let go of these items."""
    TOUCHED.clear()
    engine().insert_rows("touched", ("item_id",), ((item_id,) for item_id in ids))
    return settle(day)


def redecide_parts(day: Day) -> Moved:
    """Fills `groups.redecide_parts`: after a writing, decide for the parts of what got another group."""
    return settle(day) if touch_parts() else Moved()


def reclaim(ids: Sequence[int], rules: Sequence[Rule], *, are_new: bool = False) -> None:
    """Find anew which of the rules select these items."""
    rules = not_ruled_out(with_claims(rules), ids)
    if not are_new:
        for start in range(0, len(ids), CHUNK):
            Claim.objects.filter(item_id__in=ids[start : start + CHUNK]).delete()
    if not rules:
        return
    low, high = min(ids), max(ids)
    dense = high - low + 1 == len(ids)
    for rule in rules:
        found = rule_items(rule)
        if dense:
            _add_claims(rule, found.filter(pk__gte=low, pk__lte=high))
        else:
            for start in range(0, len(ids), CHUNK):
                _add_claims(rule, found.filter(pk__in=ids[start : start + CHUNK]))


def _add_claims(rule: Rule, found: QuerySet[Item]) -> None:
    sql, params = selected(found)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table_of(Claim)} (rule_id, item_id) SELECT %s, s.id FROM ({sql}) s",  # noqa: S608 - own names only
            [rule.pk, *params],
        )


def claim_rule(rule: Rule) -> None:
    """Find anew which items this rule selects; afterwards `touched` holds those that it selected before or does now."""
    TOUCHED.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO touched SELECT item_id FROM {table_of(Claim)} WHERE rule_id = %s",  # noqa: S608 - own names only
            [rule.pk],
        )
        cursor.execute(f"DELETE FROM {table_of(Claim)} WHERE rule_id = %s", [rule.pk])  # noqa: S608
        if rule.filter.strip():
            _add_claims(rule, all_rule_items(rule))
        cursor.execute(
            f"INSERT INTO touched SELECT c.item_id FROM {table_of(Claim)} c WHERE c.rule_id = %s "  # noqa: S608
            f"AND NOT EXISTS (SELECT 1 FROM touched t WHERE t.item_id = c.item_id)",
            [rule.pk],
        )
    forget_hands()


def touch(ids: Iterable[int]) -> None:
    """Make `touched` hold these items, without those that are assigned by hand."""
    TOUCHED.clear()
    engine().insert_rows("touched", ("item_id",), ((item_id,) for item_id in sorted(set(ids))))
    forget_hands()


def touch_all() -> None:
    """Make `touched` hold every item that is here, without those that are assigned by hand."""
    TOUCHED.clear()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO touched SELECT id FROM {table_of(Item)} WHERE presence = 0")  # noqa: S608 - own names only
    forget_hands()


def touch_parts() -> bool:
    """Make `touched` hold the parts of what got another group in the last writing; False when there are none."""
    NEXT_TOUCHED.clear()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO next_touched SELECT i.id FROM moving m CROSS JOIN {table_of(Item)} i "  # noqa: S608 - own names only
            f"WHERE i.part_of_id = m.item_id AND m.is_new_group AND i.presence = 0 AND {engine().few('m.item_id')}"
        )
        TOUCHED.clear()
        cursor.execute("INSERT INTO touched SELECT item_id FROM next_touched")
        forget_hands()
        cursor.execute("SELECT EXISTS (SELECT 1 FROM touched)")
        (some,) = cursor.fetchone()
    return bool(some)


def forget_hands() -> None:
    """Leave out of `touched` what is assigned by hand: no rule stands above a hand."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM touched WHERE item_id IN (SELECT a.item_id FROM {table_of(Ground)} g "  # noqa: S608 - own names only
            f"CROSS JOIN {table_of(Answer)} a WHERE a.ground_id = g.id AND a.to_on IS NULL AND g.sort = %s)",
            [int(GroundSort.HAND)],
        )


def settle(day: Day) -> Moved:
    """Decide and write for what stands in `touched`, then for the parts of what moved, until nothing moves."""
    rules = rules_in_order()
    list_rules(rules)
    moved = Moved()
    while True:
        begin()
        decide(rules)
        moved += write_decided(day)
        if not touch_parts():
            return moved


def settle_new(ids: Sequence[int], rules: Sequence[Rule], day: Day) -> Moved:
    """Decide and write for items that have no answer yet, wholes before their parts, so that each is written once."""
    list_rules(rules)
    moved = Moved()
    for layer in layers(ids) if any(rule.sort == RuleSort.PART_OF for rule in rules) else [ids]:
        TOUCHED.clear()
        engine().insert_rows("touched", ("item_id",), ((item_id,) for item_id in layer))
        begin()
        decide(rules)
        moved += write_first(day)
    return moved


def layers(ids: Sequence[int]) -> list[Sequence[int]]:
    """New items such that whatever is part of another of them comes in a later layer."""
    if len(ids) == 1:
        return [ids]
    low, high = min(ids), max(ids)
    new = set(ids)
    found = Item.objects.filter(pk__gte=low, pk__lte=high, part_of__gte=low, part_of__lte=high).order_by("pk")
    parts: dict[int, list[int]] = {}
    inner = set()
    for item_id, whole_id in found.values_list("id", "part_of_id"):
        if item_id in new and whole_id in new:
            parts.setdefault(whole_id, []).append(item_id)
            inner.add(item_id)
    ordered: list[Sequence[int]] = [[item_id for item_id in ids if item_id not in inner]]
    while following := [part for whole in ordered[-1] for part in parts.get(whole, ())]:
        ordered.append(following)
    return ordered


def ground_text(rule: Rule) -> str:
    """What a ground keeps of a rule: its filter as it is, and its note."""
    return ", ".join(part for part in (rule.filter.strip(), rule.note.strip()) if part)


def list_rules(rules: Sequence[Rule], *, keep_grounds: bool = False) -> None:
    """Make `ground_for` hold the list that is to decide: place, group and ground of each rule; 0 is no rule.

    With `keep_grounds` no new grounds are made: for trying out, where only the groups matter.
    """
    GROUND_FOR.clear()
    known = {} if keep_grounds else _grounds(rules)
    nothing = 0 if keep_grounds else known.get((0, 0, 0, "")) or ground_of(GroundSort.NONE).pk
    rows: list[tuple[int, int, int, int | None, int]] = [(0, nothing, 0, None, 0)]
    for place, rule in enumerate(rules, start=1):
        sort = SORTS[RuleSort(rule.sort)]
        ground_id = 0
        if not keep_grounds:
            text = ground_text(rule)
            ground_id = (
                known.get((int(sort), rule.pk, rule.number, text))
                or ground_of(sort, rule_id=rule.pk, number=rule.number, text=text).pk
            )
        rows.append((rule.pk, ground_id, place, rule.group_id, int(sort)))
    engine().insert_rows("ground_for", ("rule_id", "ground_id", "position", "group_id", "sort"), rows)


def _grounds(rules: Sequence[Rule]) -> dict[tuple[int, int, int, str], int]:
    """The grounds that are kept of these rules and of no rule, read at once."""
    kept = Ground.objects.exclude(sort=GroundSort.HAND).filter(rule_id__in=[0, *(rule.pk for rule in rules)])
    return {tuple(row[:4]): row[4] for row in kept.values_list("sort", "rule_id", "number", "text", "id")}  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Claims:
    """Where it stands which rules select which items, and for which rules it counts (a condition on `c.rule_id`)."""

    table: str
    only: str = ""


def decide(rules: Sequence[Rule], *, claims: Sequence[Claims] = (), overlay: str = "") -> None:
    """Fill `decided` for what stands in `touched`, by the list in `ground_for`.

    `claims` may name other tables or subqueries in place of `Claim`, and `overlay` a table (item_id, group_id) of
    answers that are to hold instead of the stored ones: both are for trying out.
    """
    candidates = " UNION ALL ".join(_candidates(rules, claims or (Claims(table_of(Claim)),), overlay))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO decided SELECT d.item_id, d.group_id, f.ground_id, coalesce(d.low <> d.high, false) FROM ("  # noqa: S608 - own names and numbers only
            "SELECT item_id, rule_id, group_id, "
            "ROW_NUMBER() OVER (PARTITION BY item_id ORDER BY position, minor, group_id) AS n, "
            "min(CASE WHEN sort IN (2, 3) THEN group_id END) OVER (PARTITION BY item_id) AS low, "
            "max(CASE WHEN sort IN (2, 3) THEN group_id END) OVER (PARTITION BY item_id) AS high "
            f"FROM ({candidates}) candidate WHERE group_id IS NOT NULL OR rule_id = 0) d "
            "CROSS JOIN ground_for f WHERE d.n = 1 AND f.rule_id = d.rule_id"
        )


def _candidates(rules: Sequence[Rule], claims: Sequence[Claims], overlay: str) -> list[str]:
    """Statements for every group that some rule yields for what stands in `touched`, and for no rule after all others.

    What stands left of a CROSS JOIN is read first: SQLite's planner, which knows nothing of temporary tables, would
    else read the whole register for a handful of items.
    """
    few = engine().few("t.item_id")
    none = (
        "SELECT item_id, 1000000000 AS position, 0 AS rule_id, 0 AS sort, 0 AS minor, "
        "CAST(NULL AS bigint) AS group_id FROM touched"
    )
    named = [
        f"{HEAD}, 0, f.group_id FROM touched t CROSS JOIN {one.table} c CROSS JOIN ground_for f "
        f"WHERE c.item_id = t.item_id AND f.rule_id = c.rule_id AND f.sort = 2 {one.only} AND {few}"
        for one in claims
    ]
    found = [none, *named]
    for rule in rules:
        start, where = "FROM ground_for f CROSS JOIN touched t", f"WHERE f.rule_id = {rule.pk} AND {few}"
        if rule.filter.strip():
            limited = f"AND c.item_id = t.item_id AND c.rule_id = {rule.pk}"
            found += _of(
                rule,
                [(f"{start} CROSS JOIN {one.table} c", f"{where} {limited} {one.only}") for one in claims],
                overlay,
            )
        elif rule.sort == RuleSort.NAMED:
            found.append(f"{HEAD}, 0, f.group_id {start} {where}")
        else:
            found += _of(rule, [(start, where)], overlay)
    return found


def _of(rule: Rule, limits: Sequence[tuple[str, str]], overlay: str) -> list[str]:
    """What a rule over sources or wholes yields, within these tables and conditions; a named group stands elsewhere."""
    item, key, answer = map(table_of, (Item, SourceKey, Answer))
    if rule.sort == RuleSort.SOURCE:
        return [
            f"{HEAD}, k.source_id, k.says_group_id {tables} CROSS JOIN {key} k "
            f"{where} AND k.item_id = t.item_id AND k.says_group_id IS NOT NULL"
            for tables, where in limits
        ]
    if rule.sort != RuleSort.PART_OF:
        return []
    group, join = "a.group_id", ""
    if overlay:
        group = "CASE WHEN o.item_id IS NULL THEN a.group_id ELSE o.group_id END"
        join = f"LEFT JOIN {overlay} o ON o.item_id = i.part_of_id "
    return [
        f"{HEAD}, 0, {group} {tables} CROSS JOIN {item} i CROSS JOIN {answer} a {join}"
        f"{where} AND i.id = t.item_id AND a.item_id = i.part_of_id AND a.to_on IS NULL"
        for tables, where in limits
    ]


def recompute_all(day: Day) -> Moved:
    """Find every rule's items and decide anew for all: for when the order of rules without a filter changes."""
    for rule in with_claims(rules_in_order()):
        claim_rule(rule)
    touch_all()
    return settle(day)
