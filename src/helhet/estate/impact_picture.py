"""Impact drawn: layers from the changed thing outward, each collapsed into its parts, with lines for the way it went.

Worked out here, in the units of the drawing, and drawn by `estate/_layers.svg.html`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.impact import Direction, Impact
from helhet.estate.impact_parts import Hit, Part
from helhet.estate.neighbourhood import PX_OF_NOTE, cut, said
from helhet.estate.ports import Badge
from helhet.kit.spoken import number
from helhet.rules.reach import Effect

WIDTH, BOX_H, ROW, HEAD = 1008, 44, 54, 8
LAYERS = 5
"""So many layers are drawn apart; what is further away stands in the last."""
BOXES = 8
BETWEEN = 44
WIDEST = 212


@dataclass(frozen=True, slots=True)
class Box:
    """A part in one layer. `way` is the path to the nearest item in it, as text."""

    x: int
    y: int
    w: int
    name: str
    told: str
    url: str
    way: str
    css: str = ""
    note: str = ""

    @property
    def right(self) -> int:
        """Where the note ends."""
        return self.x + self.w - 10


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a layer."""

    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is reached of one box through another: `count` items."""

    path: str
    wide: float
    css: str


@dataclass(slots=True)
class Layers:
    """All that is drawn."""

    height: int = 0
    columns: list[Column] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Of the drawing."""
        return WIDTH


Cell = tuple[int, str]


def layers(
    found: Impact, parts: Sequence[Part], names: Mapping[int, str], badges: Mapping[int, Sequence[Badge]],
    address: Callable[[str], str],
) -> Layers:  # fmt: skip
    """The drawing. `names` of all items on the ways shown; `address` leads to what a part holds."""
    return _Drawing(found, parts, names, badges).drawn(address)


class _Drawing:
    """A drawing while it is made. A cell is a part in a layer; `at` is where its left edge and its middle stand."""

    def __init__(
        self, found: Impact, parts: Sequence[Part], names: Mapping[int, str], badges: Mapping[int, Sequence[Badge]]
    ) -> None:
        self.found, self.parts, self.names, self.badges = found, parts, names, badges
        self.cells: dict[Cell, list[Hit]] = defaultdict(list)
        for part in parts:
            for hit in part.hits:
                self.cells[min(hit[1].distance, LAYERS), part.key].append(hit)
        self.deepest = max((layer for layer, _key in self.cells), default=0)
        self.step = min(WIDEST + BETWEEN, (WIDTH + BETWEEN) // (self.deepest + 1))
        self.w = self.step - BETWEEN
        in_layer = Counter(layer for layer, _key in self.cells)
        self.picture = Layers(max(1, min(max(in_layer.values(), default=1), BOXES + 1)) * ROW)
        self.at: dict[Cell, tuple[int, int]] = {}

    def drawn(self, address: Callable[[str], str]) -> Layers:
        """All of it."""
        start, middle = self.found.start, self.picture.height // 2
        names = ", ".join(item.name for item in start)
        told = said("item", len(start)) if len(start) > 1 else start[0].reference
        short = cut(names, self.w - 20)
        self.picture.boxes.append(Box(0, middle - BOX_H // 2, self.w, short, told, "", names, "me"))
        self.picture.columns.append(Column(0, _("Start")))
        self.at[0, ""] = (self.w, middle)
        for layer in range(1, self.deepest + 1):
            self._draw_layer(layer, address)
        self._draw_lines()
        return self.picture

    def _draw_layer(self, layer: int, address: Callable[[str], str]) -> None:
        labels = {part.key: part.label for part in self.parts}
        keys = [key for at_layer, key in self.cells if at_layer == layer]
        keys.sort(key=lambda key: (-len(self.cells[layer, key]), labels[key]))
        shown = keys[:BOXES] if len(keys) > BOXES + 1 else keys
        rows = len(shown) + (len(shown) < len(keys))
        top, x = (self.picture.height - rows * ROW + ROW - BOX_H) // 2, layer * self.step
        for place, key in enumerate(shown):
            self.picture.boxes.append(self._box(x, top + place * ROW, layer, (key, labels[key]), address(key)))
            self.at[layer, key] = (x, top + place * ROW + BOX_H // 2)
        if rows > len(shown):
            y = top + len(shown) * ROW
            label = _("and %(count)s more") % {"count": number(len(keys) - len(shown))}
            self.picture.boxes.append(Box(x, y, self.w, label, "", "#parts", label, "fold"))
            self.at |= {(layer, key): (x, y + BOX_H // 2) for key in keys[len(shown) :]}
        is_far = layer == LAYERS and any(part.hits[-1][1].distance > LAYERS for part in self.parts)
        label = ngettext("%(count)d step away", "%(count)d steps away", layer) % {"count": layer}
        far = _("%(count)d steps away or more") % {"count": layer}
        self.picture.columns.append(Column(x, far if is_far else label))

    def _box(self, x: int, y: int, layer: int, part: tuple[str, str], url: str) -> Box:
        hits = self.cells[layer, part[0]]
        degraded = sum(one.effect == Effect.DEGRADED for _row, one in hits)
        told = said("item", len(hits))
        if degraded and self.found.direction == Direction.DEPENDANTS:
            some = _("%(count)s degraded") % {"count": number(degraded)}
            told = f"{told} · {_('degraded') if degraded == len(hits) else some}"
        way = " → ".join(self.names[pk] for pk in self.found.reach.path(hits[0][1].item) if pk in self.names)
        going = sum(bool(self.badges.get(row.item.pk)) for row, _one in hits)
        note = f"⚑ {number(going)}" if going else ""
        name = cut(part[1], self.w - 20 - (len(note) + 1) * PX_OF_NOTE)
        css = "soft" if degraded == len(hits) else ""
        return Box(x, y, self.w, name, cut(told, self.w - 16, PX_OF_NOTE), url, f"{part[1]}: {way}", css, note)

    def _draw_lines(self) -> None:
        hits = [(part.key, one) for part in self.parts for _row, one in part.hits]
        cell_of = {one.item: (min(one.distance, LAYERS), key) for key, one in hits}
        counts: Counter[tuple[Cell, Cell]] = Counter()
        hard: Counter[tuple[Cell, Cell]] = Counter()
        for _key, one in hits:
            pair = cell_of.get(one.via or 0, (0, "")), cell_of[one.item]
            counts[pair] += 1
            hard[pair] += one.effect == Effect.FAILED
        for (near, far), count in sorted(counts.items()):
            if near[0] >= far[0]:
                continue
            (x, y), (end, to) = self.at[near], self.at[far]
            start = x + (self.w if near[0] else 0)
            half = (start + end) // 2
            css = "" if hard[near, far] or self.found.direction == Direction.NEEDS else "soft"
            wide = round(min(6.0, 1.1 + count**0.5 / 3), 1)
            self.picture.lines.append(Line(f"M{start} {y}C{half} {y} {half} {to} {end} {to}", wide, css))
