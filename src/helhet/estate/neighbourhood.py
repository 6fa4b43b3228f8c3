"""The picture of an item's neighbourhood: what it needs to the left, what needs it to the right, by group.

Worked out here, in the units of the drawing, and drawn by `estate/_neighbourhood.svg.html`. A side of many is folded:
a few of each group are drawn, and how many more there are is a link to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.dependencies import SHOWN, Neighbours
from helhet.estate.impact import Direction
from helhet.estate.models import Dependency, LinkCriticality
from helhet.estate.ports import Badge, badges_of
from helhet.estate.rows import Row, rows_of
from helhet.groups.models import Answer
from helhet.items.models import Item, Presence
from helhet.kit.rights import Caller
from helhet.kit.spoken import NBSP, number
from helhet.kit.words import counted

WIDTH, MIDDLE_X, MIDDLE_W, RIGHT_X = 1008, 398, 212, 712
ZONE_W, BOX_H, APART, HEAD, FOOT, FOLD_H = 296, 40, 6, 24, 8, 24
ZONES_APART = 8
GROUPED = 5_000
"""Of more neighbours on one side than this it is not counted which group answers for each."""
DRAWN = 12
"""So many items of a side are drawn at most."""
GROUPS_DRAWN = 6
PX_OF_SIGN = 6.9
PX_OF_NOTE = 5.9


@dataclass(frozen=True, slots=True)
class Near:
    """One neighbour: its row, what a failure does, how many of its set must hold (0: it stands alone)."""

    row: Row
    criticality: str
    least: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many neighbours a group answers for on one side: without reference those that have none, with `?` those of
    which it was not asked.
    """

    reference: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Box:
    """An item as it is drawn. `note` stands to the right in it, in the class `note_css`."""

    x: int
    y: int
    w: int
    name: str
    full: str
    reference: str
    url: str
    icon: str
    note: str = ""
    note_css: str = "quiet"
    css: str = ""

    @property
    def right(self) -> int:
        """Where the note ends."""
        return self.x + self.w - 10


@dataclass(frozen=True, slots=True)
class Zone:
    """A group and its items; `fold` says how many are not drawn, and `fold_url` leads to them."""

    x: int
    y: int
    w: int
    h: int
    label: str
    fold: str = ""
    fold_url: str = ""
    fold_y: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes; `css` tells what a failure does."""

    path: str
    css: str


@dataclass(slots=True)
class Picture:
    """All that is drawn."""

    height: int
    me: Box
    zones: list[Zone] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Of the drawing."""
        return WIDTH

    @property
    def middle_x(self) -> int:
        """Where the item itself stands."""
        return MIDDLE_X

    @property
    def right_x(self) -> int:
        """Where what needs it begins."""
        return RIGHT_X

    @property
    def styles(self) -> set[str]:
        """The sorts of line that are drawn."""
        return {edge.css for edge in self.edges}


HARDEST = [str(level) for level in (LinkCriticality.HARD, LinkCriticality.DEGRADES, LinkCriticality.NONE)]
EDGES = {LinkCriticality.HARD: "hard", LinkCriticality.DEGRADES: "soft", LinkCriticality.NONE: "loose"}


def shares(counts: Sequence[int], most: int = DRAWN, widest: int = GROUPS_DRAWN) -> list[int]:
    """How many of each group are drawn: all when they are few; else one each in turn, of the first groups."""
    if sum(counts) <= most and len(counts) <= most // 2:
        return list(counts)
    drawn = [0] * len(counts)
    left = most
    while left and any(drawn[place] < count for place, count in enumerate(counts[:widest])):
        for place, count in enumerate(counts[:widest]):
            if left and drawn[place] < count:
                drawn[place] += 1
                left -= 1
    return drawn


def said(name: str, count: int) -> str:
    """A number with its noun."""
    return f"{number(count)}{NBSP}{counted(name, count)}"


def cut(text: str, width: float, of_sign: float = PX_OF_SIGN) -> str:
    """The text, shortened with an ellipsis where it would be wider than `width` units."""
    most = max(1, int(width / of_sign))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def around(item: Item, near: Neighbours, caller: Caller) -> Picture | None:
    """The picture of what stands around the item; None where nothing does."""
    needs, needed_by = Counted(near.needs_count), Counted(near.needed_by_count)
    if SHOWN < near.needs_count <= GROUPED:
        needs.read(item, "from_item", "to_item")
    if SHOWN < near.needed_by_count <= GROUPED:
        needed_by.read(item, "to_item", "from_item")
    sizes = Counter(one.redundancy_id for one in near.needs if one.redundancy_id)
    left = _merged([(one.to_item, one) for one in [*near.needs, *needs.more]], sizes)
    right = _merged([(one.from_item, one) for one in [*near.needed_by, *needed_by.more]], {})
    rows = {row.item.pk: row for row in rows_of([item, *(one.row.item for one in (*left, *right))], ("group",))}
    left, right = ([replace(one, row=rows[one.row.item.pk]) for one in side] for side in (left, right))
    counts = {str(Direction.NEEDS): needs.counts(left), str(Direction.DEPENDANTS): needed_by.counts(right)}
    return picture(rows[item.pk], left, right, counts, badges_of(list(rows), caller))


class Counted:
    """How many neighbours of a side each group has: counted in what was read, or by the database where that is not all,
    which then also gives some of each of the largest groups. Of very many it is not asked.
    """

    def __init__(self, total: int) -> None:
        """`total` is how many the side has."""
        self.total = total
        self.more: list[Dependency] = []
        self.known: list[GroupCount] = []

    def read(self, item: Item, near: str, far: str) -> None:
        """Ask the database. `near` is the item's end of the dependencies, `far` the other one."""
        here = Dependency.objects.filter(**{near: item, f"{far}__presence": Presence.HERE})
        answers = Answer.objects.open().filter(item__in=here.values(far), group__isnull=False)
        grouped = answers.values_list("group_id", "group__item__prefix", "group__item__number", "group__item__name")
        found = sorted(grouped.annotate(count=Count("pk")), key=lambda one: (-one[4], one[3]))
        self.known = [GroupCount(f"{prefix}-{number}", name, count) for _pk, prefix, number, name, count in found]
        for group in found[:GROUPS_DRAWN]:
            its = here.filter(**{f"{far}__in": answers.filter(group_id=group[0]).values("item")})
            its = its.select_related(f"{far}__kind", "redundancy").order_by(f"-{far}__criticality", f"{far}__name_key")
            self.more += its[:DRAWN]
        owned = sum(one.count for one in self.known)
        every = here.values(far).distinct().count()
        self.known += [GroupCount("", "", every - owned)] if every > owned else []

    def counts(self, near: Sequence[Near]) -> list[GroupCount]:
        """The groups, most first, what has none last."""
        if self.known:
            return self.known
        named = Counter((one.row.group.reference, one.row.group.name) if one.row.group else ("", "") for one in near)
        found = [GroupCount(reference, name, count) for (reference, name), count in named.items()]
        found.sort(key=lambda group: (not group.reference, -group.count, group.name))
        beyond = self.total - len(near) if self.total > GROUPED else 0
        return found + ([GroupCount("?", "", beyond)] if beyond > 0 else [])


def _merged(ends: Iterable[tuple[Item, Dependency]], sizes: Mapping[int, int]) -> list[Near]:
    """Each neighbour once, with the hardest of its dependencies; the most critical first."""
    found: dict[int, Near] = {}
    for item, one in ends:
        known = found.get(item.pk)
        of = sizes.get(one.redundancy_id or 0, 0)
        least = one.redundancy.least_of(of) if of and one.redundancy is not None else 0
        if known is None or HARDEST.index(one.criticality) < HARDEST.index(known.criticality):
            found[item.pk] = Near(Row(item), one.criticality, least, of)
    return sorted(found.values(), key=lambda near: -near.row.item.criticality)


def picture(
    me: Row, needs: Sequence[Near], needed_by: Sequence[Near], counts: Mapping[str, Sequence[GroupCount]],
    badges: Mapping[int, Sequence[Badge]],
) -> Picture | None:  # fmt: skip
    """The drawing; None where there is nothing around the item. `counts` by direction, the largest group first."""
    if not needs and not needed_by:
        return None
    left = _Column(me, Direction.NEEDS, needs, counts[Direction.NEEDS], badges)
    right = _Column(me, Direction.DEPENDANTS, needed_by, counts[Direction.DEPENDANTS], badges)
    height = max(left.height, right.height, BOX_H)
    middle = height // 2
    note = _note(badges.get(me.item.pk, ()), me, None)
    here = _box(me, (MIDDLE_X, middle - BOX_H // 2, MIDDLE_W), note, "me")
    drawn = Picture(height, here)
    for column in (left, right):
        column.draw(drawn, (height - column.height) // 2, middle)
    return drawn


class _Column:
    """One side."""

    def __init__(
        self, me: Row, way: Direction, near: Sequence[Near], groups: Sequence[GroupCount],
        badges: Mapping[int, Sequence[Badge]],
    ) -> None:  # fmt: skip
        self.way = way
        self.badges = badges
        self.url = reverse("estate:impact", args=[me.item.reference])
        by_group: dict[str, list[Near]] = {}
        for one in near:
            by_group.setdefault(one.row.group.reference if one.row.group else "", []).append(one)
        drawn = shares([len(by_group.get(group.reference, ())) for group in groups])
        chosen = [(group, by_group.get(group.reference, [])[:few]) for group, few in zip(groups, drawn, strict=True)]
        self.zones = [(group, some) for (group, some), few in zip(chosen, drawn, strict=True) if few]
        self.rest = [group for group, few in zip(groups, drawn, strict=True) if not few]
        self.height = sum(self._height(group.count, len(some)) + ZONES_APART for group, some in self.zones)
        self.height += (HEAD + FOOT if self.rest else 0) - (0 if self.rest or not self.zones else ZONES_APART)

    @staticmethod
    def _height(count: int, shown: int) -> int:
        fold = FOLD_H if count > shown else 0
        return HEAD + shown * (BOX_H + APART) - (APART if shown else 0) + fold + FOOT

    def draw(self, drawn: Picture, top: int, middle: int) -> None:
        """Add the side to the picture."""
        x = 0 if self.way == Direction.NEEDS else RIGHT_X
        y = top
        for group, some in self.zones:
            h = self._height(group.count, len(some))
            more = group.count - len(some)
            fold = _("and %(count)s more") % {"count": number(more)} if more else ""
            label = cut(group.name or _("without group"), ZONE_W - 20, PX_OF_NOTE)
            term = f"group:{group.reference}" if group.reference else "group:none"
            drawn.zones.append(Zone(x, y, ZONE_W, h, label, fold, self._address(term) if more else "", y + h - 12))
            for place, one in enumerate(some):
                self._draw_one(drawn, one, x + 8, y + HEAD + place * (BOX_H + APART), middle)
            y += h + ZONES_APART
        if self.rest:
            items = said("item", sum(one.count for one in self.rest))
            named = [one for one in self.rest if one.name or not one.reference]
            label = _("and %(items)s in %(groups)s more") % {"items": items, "groups": said("group", len(named))}
            if len(named) < len(self.rest):
                label = _("and %(items)s more") % {"items": items}
            drawn.zones.append(Zone(x, y, ZONE_W, HEAD + FOOT, "", label, self._address(""), y + 20))

    def _draw_one(self, drawn: Picture, one: Near, x: int, y: int, middle: int) -> None:
        note = _note(self.badges.get(one.row.item.pk, ()), one.row, one)
        drawn.boxes.append(_box(one.row, (x, y, ZONE_W - 16), note))
        here = y + BOX_H // 2
        if self.way == Direction.NEEDS:
            start, end = x + ZONE_W - 16, MIDDLE_X
            path = f"M{start} {here}C{(start + end) // 2} {here} {(start + end) // 2} {middle} {end} {middle}"
        else:
            start, end = MIDDLE_X + MIDDLE_W, x
            path = f"M{start} {middle}C{(start + end) // 2} {middle} {(start + end) // 2} {here} {end} {here}"
        drawn.edges.append(Edge(path, EDGES.get(LinkCriticality(one.criticality), "hard")))

    def _address(self, term: str) -> str:
        way = "" if self.way == Direction.DEPENDANTS else str(self.way)
        pairs = [("direction", way), ("depth", "1"), ("q", term)]
        return f"{self.url}?{urlencode([(name, value) for name, value in pairs if value])}"


def _note(badges: Collection[Badge], row: Row, near: Near | None) -> tuple[str, str]:
    """What stands to the right in a box: an open change or the like first, then its state, then its set."""
    for badge in badges:
        return badge.label, {"over": "overt", "due": "duet"}.get(badge.mark, "acct")
    if row.chip.state_label:
        return row.chip.state_label, "quiet"
    if near is not None and near.least:
        return _("at least %(least)s of %(of)s") % {"least": number(near.least), "of": number(near.of)}, "quiet"
    return "", "quiet"


def _box(row: Row, at: tuple[int, int, int], note: tuple[str, str], css: str = "") -> Box:
    item = row.item
    x, y, w = at
    text = cut(note[0], w - 60 - len(item.reference) * PX_OF_NOTE, PX_OF_NOTE)
    return Box(
        x, y, w, cut(item.name, w - 44), item.name, item.reference, item.get_absolute_url(), item.kind.icon,
        text, note[1], css,
    )  # fmt: skip
