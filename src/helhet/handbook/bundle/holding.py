"""What a bundle holds: the documents that its audience may read, and the services, groups and names around them.

Chosen by the audience's own rights, whoever makes the bundle: documents of the audience itself, and those of `all`
while that is open to everyone. Only lines are kept in memory; texts are read in portions when they are written.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.documents.models import About, Audience, Document, Sort
from helhet.estate.models import Dependency
from helhet.groups.models import Answer, Group
from helhet.items.models import Criticality, Item, Presence, State
from helhet.items.models.kind import Family, every_kind
from helhet.kit.errors import NotFound
from helhet.routines.models import RoutineKind
from helhet.suppliers.models import Delivery

EVERYONE = "all"
WRITTEN = frozenset({Family.DOCUMENT, Family.ROUTINE, Family.PROCESS})
NOT_RECOVERED = WRITTEN | {Family.CONTRACT, Family.GROUP}
PORTION = 500


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as lists show it. `page` is its file in the bundle, `about` the items that it is for. `sort_label`
    says what sort of document, and of a routine what kind, in the language of the copy.
    """

    pk: int
    address: str
    page: str
    title: str
    sort: str
    kind: str
    sort_label: str
    number: str
    language: str
    item_id: int
    part: str
    about: tuple[int, ...]
    group_id: int | None
    symptoms: str
    is_stale: bool
    is_doubtful: bool
    is_ended: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item by name; `page` is empty where it has none. `is_recovered`: it can be brought back, as no paper can."""

    pk: int
    reference: str
    name: str
    name_key: str
    kind: str
    is_recovered: bool
    criticality: int
    state: int
    group_id: int | None
    description: str = ""
    page: str = ""

    @property
    def criticality_label(self) -> str:
        """How critical it is, empty when nobody has said."""
        return str(Criticality(self.criticality).label) if self.criticality else ""

    @property
    def state_label(self) -> str:
        """Where it is in its life, empty while it is in use."""
        return "" if self.state == State.LIVE else str(State(self.state).label)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that answers for something."""

    pk: int
    reference: str
    name: str
    page: str


@dataclass(slots=True)
class Holding:
    """All lines of one bundle. `own_items` are the items that its documents are; those that documents of other
    audiences are, are not even named.
    """

    audience: Audience
    today: dt.date
    documents: list[DocumentLine] = field(default_factory=list)
    items: dict[int, ItemLine] = field(default_factory=dict)
    groups: dict[int, GroupLine] = field(default_factory=dict)
    documents_of: dict[int, list[DocumentLine]] = field(default_factory=dict)
    own_items: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What the audience is called, in the language that is active."""
        return self.audience.name_en if get_language() == "en" else self.audience.name_sv

    def pages(self) -> dict[str, str]:
        """By address or reference the file that shows it."""
        told = {item.reference: item.page for item in self.items.values()}
        told.update((group.reference, group.page) for group in self.groups.values())
        told.update((document.address, document.page) for document in self.documents)
        return told


def find_audience(key: str) -> Audience:
    """The audience of this key.

    Raises:
        NotFound: there is none.

    """
    found = Audience.objects.filter(key=key).first()
    if found is None:
        known = ", ".join(Audience.objects.values_list("key", flat=True))
        raise NotFound(
            _("There is no audience %(name)s.") % {"name": key},
            todo=_("Choose one of: %(keys)s.") % {"keys": known},
            field="audience",
        )
    return found


def readable_by(audience: Audience) -> QuerySet[Document]:
    """The documents that the audience may read as such, whoever is in it."""
    may = Q(pk=audience.pk) | Q(key=EVERYONE, is_open=True)
    keys = list(Audience.objects.filter(may).values_list("pk", flat=True))
    return Document.objects.filter(item__presence=Presence.HERE, read_by__audience_id__in=keys).distinct()


def documents_for(audience: Audience) -> QuerySet[Document]:
    """The documents of its bundle: published and in use, as what has been withdrawn is not."""
    return readable_by(audience).filter(published__isnull=False).exclude(item__state=State.RETIRED)


def holds_what_others_read(audience: Audience, files: Iterable[str]) -> bool:
    """Whether a copy with these files has a document that the audience may no longer read, or that is gone."""
    held = {name for name in files if name.startswith("documents/")}
    rows = readable_by(audience).values_list("item__prefix", "item__number", "part")
    return bool(held - {
        page_of("documents", f"{prefix}-{number}/{part}".rstrip("/")) for prefix, number, part in rows.iterator()
    })  # fmt: skip


def holding_of(audience: Audience, today: dt.date) -> Holding:
    """Read all lines."""
    holding = Holding(audience, today)
    holding.documents = _documents(audience, today)
    holding.own_items = {line.item_id for line in holding.documents if not line.part}
    wanted = {one for line in holding.documents for one in line.about}
    wanted |= {line.item_id for line in holding.documents if line.part}
    wanted |= set(Delivery.objects.values_list("item_id", flat=True))
    of_service = Q(kind__in=[k.pk for k in every_kind().values() if k.family in {Family.SERVICE, Family.PRODUCT}])
    held = [*Item.objects.filter(of_service).exclude(state=State.RETIRED).values_list("pk", flat=True), *wanted]
    hidden = hidden_among(holding, held)
    holding.items = {
        line.pk: line for line in item_lines((pk for pk in held if pk not in hidden), with_pages=True)
    }  # fmt: skip
    answering = {line.group_id for line in holding.items.values()} | {line.group_id for line in holding.documents}
    holding.groups = {line.pk: line for line in _groups(answering)}
    of_item: dict[int, list[DocumentLine]] = defaultdict(list)
    for line in holding.documents:
        for pk in {*line.about, *([line.item_id] if line.part else [])}:
            of_item[pk].append(line)
    holding.documents_of = dict(of_item)
    return holding


_IN_A_NAME = str.maketrans({"/": "-", "å": "a_a", "ä": "a_e", "ö": "o_e"})


def mark_of(address: str) -> str:
    """An address as a file and an anchor can be called on any system: `srv-12-orders`, `a_atg-5` for ÅTG-5.

    No prefix has an underscore, so no two addresses meet.
    """
    return address.lower().translate(_IN_A_NAME)


def page_of(place: str, address: str) -> str:
    """The file for an address: `documents/srv-12-orders.html`."""
    return f"{place}/{mark_of(address)}.html"


def _documents(audience: Audience, today: dt.date) -> list[DocumentLine]:
    about: dict[int, list[int]] = defaultdict(list)
    chosen = documents_for(audience)
    for document_id, item_id in About.objects.filter(document__in=chosen, item__presence=Presence.HERE).values_list(
        "document_id", "item_id"
    ):
        about[document_id].append(item_id)
    lines = []
    rows = chosen.select_related("item", "published", "routine").defer(
        "published__text", "published__fields", "front_matter", "item__description", "item__attributes"
    )
    groups = dict(Answer.objects.open().filter(item__documents__in=chosen).values_list("item_id", "group_id"))
    label_of = functools.cache(_label)
    for row in rows.order_by("item__name_key", "item_id", "part").iterator(PORTION):
        routine = getattr(row, "routine", None)
        assert row.published is not None
        lines.append(
            DocumentLine(
                row.pk, row.address, page_of("documents", row.address), row.published.title, row.sort,
                routine.kind if routine else "", label_of(row.sort, routine.kind if routine else ""),
                row.published.number, row.language, row.item_id, row.part,
                tuple(about.get(row.pk, ())), groups.get(row.item_id), routine.symptoms if routine else "",
                is_stale=bool(row.due_on and row.due_on < today), is_doubtful=row.is_doubtful,
                is_ended=bool(row.valid_to and row.valid_to < today),
            )
        )  # fmt: skip
    return lines


def _label(sort: str, kind: str) -> str:
    if kind in RoutineKind.values:
        return _("Routine: %(kind)s") % {"kind": RoutineKind(kind).label}
    label = str(Sort(sort).label) if sort in Sort.values else sort
    return label[:1].upper() + label[1:]


def hidden_among(holding: Holding, ids: Iterable[int]) -> set[int]:
    """Which of the items are documents that the audience may not read: their very names stay out."""
    shown = holding.own_items
    written = [kind.pk for kind in every_kind().values() if kind.family in WRITTEN]
    found: set[int] = set()
    for portion in in_portions(ids):
        own = Document.objects.filter(part="", item_id__in=portion).values_list("item_id", flat=True)
        other = Item.objects.filter(pk__in=portion, kind_id__in=written).values_list("pk", flat=True)
        found.update(pk for pk in (*own, *other) if pk not in shown)
    return found


def of_others(audience: Audience, ids: Iterable[int]) -> set[int]:
    """Which of the items are documents that others may read and the audience may not, whether in use or not."""
    found: set[int] = set()
    for portion in in_portions(ids):
        own = Document.objects.filter(part="", item_id__in=portion)
        readable = readable_by(audience).filter(part="", item_id__in=portion)
        found.update(set(own.values_list("item_id", flat=True)) - set(readable.values_list("item_id", flat=True)))
    return found


def item_lines(ids: Iterable[int], *, with_pages: bool = False) -> Iterator[ItemLine]:
    """The items by name, of those that stand in the register."""
    kinds = every_kind()
    for portion in in_portions(ids):
        groups = dict(Answer.objects.open().filter(item_id__in=portion).values_list("item_id", "group_id"))
        for item in Item.objects.filter(pk__in=portion, presence=Presence.HERE).defer("attributes"):
            kind = kinds[item.kind_id]
            yield ItemLine(
                item.pk, item.reference, item.name, item.name_key, kind.name,
                kind.family not in NOT_RECOVERED, item.criticality,
                item.state, groups.get(item.pk), item.description if with_pages else "",
                page_of("items", item.reference) if with_pages else "",
            )  # fmt: skip


def _groups(ids: Iterable[int | None]) -> Iterator[GroupLine]:
    for portion in in_portions(pk for pk in ids if pk is not None):
        for group in Group.objects.filter(pk__in=portion).select_related("item").by_name():
            yield GroupLine(group.pk, group.reference, group.name, page_of("groups", group.reference))


def dependencies(ids: Iterable[int]) -> Iterator[Dependency]:
    """What the items need, and what needs them, in portions; both ends stand in the register."""
    for portion in in_portions(ids):
        yield from (
            Dependency.objects.filter(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE)
            .filter(Q(from_item_id__in=portion) | Q(to_item_id__in=portion))
            .only("from_item_id", "to_item_id", "type", "criticality")
            .iterator(PORTION)
        )


def in_portions(ids: Iterable[int], size: int = PORTION) -> Iterator[list[int]]:
    """The numbers in portions that a statement can hold, each number once."""
    every = sorted(set(ids))
    for start in range(0, len(every), size):
        yield every[start : start + size]
