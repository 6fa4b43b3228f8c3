"""What a rule would move, before it is saved: the same decision over temporary tables, nothing written."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from helhet.groups.answering import DECIDED
from helhet.groups.models import Answer, Group
from helhet.items.models import Item
from helhet.kit.engines import engine, table_of
from helhet.kit.rights import Caller
from helhet.kit.scratch import Scratch
from helhet.responsibility.actions import Draft, check
from helhet.responsibility.deciding import (
    TOUCHED,
    Claims,
    all_rule_items,
    decide,
    forget_hands,
    list_rules,
    selected,
    touch_all,
)
from helhet.responsibility.models import Claim, Rule
from helhet.responsibility.permissions import ResponsibilityPermission

SHOWN = 50
TRIED = Scratch("tried", "item_id bigint PRIMARY KEY")
OUTCOME = Scratch("outcome", "item_id bigint PRIMARY KEY, group_id bigint")
FRESH = Scratch("fresh", OUTCOME.columns)


@dataclass(frozen=True, slots=True)
class Flow:
    """So many items would go from one group to another; None is no group."""

    from_group: Group | None
    to_group: Group | None
    number: int


@dataclass(frozen=True, slots=True)
class Move:
    """One item that would move."""

    item: Item
    from_group: Group | None
    to_group: Group | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the rule selects and what it would move: in all, by groups, and the first of them by name."""

    selected: int
    moved: int
    flows: tuple[Flow, ...]
    moves: tuple[Move, ...]


def preview(draft: Draft, rule: Rule | None = None, *, by: Caller, remove: bool = False) -> Preview:
    """What saving the draft (in place of `rule`, or as a new one), or removing `rule`, would do. Writes nothing."""
    by.require(ResponsibilityPermission.RULE_VIEW)
    rules = [one for one in Rule.objects.order_by("position", "id") if rule is None or one.pk != rule.pk]
    tried = Rule(
        pk=rule.pk if rule else -1, number=rule.number if rule else 0, sort=draft.sort, filter=draft.filter.strip(),
        group=draft.group, note=draft.note, position=0,
    )  # fmt: skip
    if not remove:
        check(draft, by)
        place = draft.place if draft.place is not None else len(rules) + 1
        rules.insert(max(place, 1) - 1, tried)
    selected = _claims(tried, remove=remove)
    if (rule is not None and not rule.filter.strip()) or (not remove and not tried.filter.strip()):
        touch_all()
    else:
        _touch(rule)
    list_rules(rules, keep_grounds=True)
    _decide_all(rules, tried)
    return _result(selected)


def _claims(tried: Rule, *, remove: bool) -> int:
    TRIED.clear()
    if remove:
        return 0
    found = all_rule_items(tried)
    if not tried.filter.strip():
        return found.count()
    sql, params = selected(found)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO tried SELECT s.id FROM ({sql}) s", params)  # noqa: S608 - own names only
        cursor.execute("SELECT count(*) FROM tried")
        return int(cursor.fetchone()[0])


def _touch(rule: Rule | None) -> None:
    TOUCHED.clear()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO touched SELECT item_id FROM tried")
        if rule is not None:
            cursor.execute(
                f"INSERT INTO touched SELECT c.item_id FROM {table_of(Claim)} c WHERE c.rule_id = %s "  # noqa: S608 - own names only
                "AND NOT EXISTS (SELECT 1 FROM touched t WHERE t.item_id = c.item_id)",
                [rule.pk],
            )
    forget_hands()


def _decide_all(rules: list[Rule], tried: Rule) -> None:
    """Decide round by round, parts after wholes, gathering the outcome in `outcome`."""
    claims = (
        Claims(table_of(Claim), f"AND c.rule_id <> {tried.pk}"),
        Claims(f"(SELECT {tried.pk} AS rule_id, item_id FROM tried)"),  # noqa: S608 - a number and own names only
    )
    answer, item = table_of(Answer), table_of(Item)
    OUTCOME.clear()
    FRESH.clear()
    with connection.cursor() as cursor:
        while True:
            DECIDED.clear()
            decide(rules, claims=claims, overlay="outcome")
            FRESH.clear()
            cursor.execute(
                f"INSERT INTO fresh SELECT d.item_id, d.group_id FROM decided d "  # noqa: S608
                f"LEFT JOIN {answer} a ON a.item_id = d.item_id AND a.to_on IS NULL "
                f"LEFT JOIN outcome o ON o.item_id = d.item_id "
                f"WHERE {engine().few('d.item_id')} "
                f"AND CASE WHEN o.item_id IS NULL THEN a.group_id ELSE o.group_id END IS DISTINCT FROM d.group_id"
            )
            cursor.execute("DELETE FROM outcome WHERE item_id IN (SELECT item_id FROM fresh)")
            cursor.execute("INSERT INTO outcome SELECT item_id, group_id FROM fresh")
            TOUCHED.clear()
            cursor.execute(
                f"INSERT INTO touched SELECT i.id FROM fresh f CROSS JOIN {item} i "  # noqa: S608
                f"WHERE i.part_of_id = f.item_id AND i.presence = 0 AND {engine().few('f.item_id')}"
            )
            forget_hands()
            cursor.execute("SELECT EXISTS (SELECT 1 FROM touched)")
            if not cursor.fetchone()[0]:
                return


def _result(selected: int) -> Preview:
    answer, item = table_of(Answer), table_of(Item)
    moved = (
        f"FROM outcome o CROSS JOIN {answer} a CROSS JOIN {item} i "
        f"WHERE a.item_id = o.item_id AND a.to_on IS NULL AND i.id = o.item_id AND {engine().few('o.item_id')} "
        f"AND a.group_id IS DISTINCT FROM o.group_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT a.group_id, o.group_id, count(*) {moved} GROUP BY 1, 2 ORDER BY 3 DESC")
        flows = cursor.fetchall()
        # Computed, since by the bare column a planner may walk the names of all items to find the few that move.
        name = "coalesce(i.name_key, '')"
        cursor.execute(f"SELECT i.id, a.group_id, o.group_id {moved} ORDER BY {name}, i.id LIMIT {SHOWN}")
        moves = cursor.fetchall()
    groups = Group.objects.select_related("item").in_bulk({one for row in flows for one in row[:2] if one})
    items = Item.objects.select_related("kind").in_bulk([row[0] for row in moves])
    return Preview(
        selected,
        sum(row[2] for row in flows),
        tuple(Flow(groups.get(row[0]), groups.get(row[1]), row[2]) for row in flows),
        tuple(Move(items[row[0]], groups.get(row[1]), groups.get(row[2])) for row in moves),
    )
