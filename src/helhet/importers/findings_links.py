"""What sources say of dependencies that cannot be tied: fills `estate.link_findings`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.link_findings import Asked, Found, LinkFinding, items_of
from helhet.estate.models import Dependency
from helhet.estate.types import type_words
from helhet.importers.models import Finding, Run, RunRow, RunState, Statement, Verdict
from helhet.importers.told import lead, sort_label
from helhet.importers.work import CHUNK
from helhet.items.models import Item, KeySort, Source, SourceKey
from helhet.kit.rights import Caller

NOUN = "dependencies"
SORTS = ("unknown_end", "self_link", "duplicate")


def link_findings(asked: Asked, caller: Caller) -> Sequence[Found]:
    """Ends that nobody knows, items tied to themselves, rows that say the same twice or were refused, and what several
    sources say.
    """
    del caller
    rows = Finding.objects.filter(noun=NOUN, closed_at__isnull=True)
    rows = rows.filter(source__name=asked.source) if asked.source else rows
    rows = rows if asked.group is None else rows.filter(items_of(asked.group, "item_id"))
    found = []
    for sort in SORTS:
        these = rows.filter(sort=sort)
        found.append(Found(sort, sort_label(sort), these.count(), _lister(sort, these)))
    refused = _refused(asked)
    found.append(Found("refused", _("Refused rows"), refused.count(), _lister_of_refused(refused)))
    several = _several(asked)
    found.append(Found("two_sources", _("Said by several sources"), several.count(), _lister_of_several(several)))
    return found


def _lister(sort: str, rows: QuerySet[Finding]) -> Callable[[int, int], list[LinkFinding]]:
    steps = {
        "unknown_end": _("Say what it means, or import what is missing"),
        "self_link": _("Correct it in the source, and import again"),
        "duplicate": _("Correct it in the source, and import again"),
    }

    def some(first: int, last: int) -> list[LinkFinding]:
        part = rows.select_related("source", "item__kind").order_by("id")[first:last]
        return [_of(sort, one, steps[sort]) for one in part]

    return some


def _of(sort: str, one: Finding, step: str) -> LinkFinding:
    from_text, _mark, rest = one.key.partition("\x1f")
    to_text, _mark, type_ = rest.partition("\x1f")
    same = urlencode({"source": one.source.name, "sort": one.sort, "value": one.value})
    is_start = one.field != "from"
    return LinkFinding(
        f"source-{one.pk}", sort, sort_label(sort), lead(one), step, f"{reverse('importers:findings')}?{same}",
        one.source.name, type_words().said(type_words().meaning(type_).type), one.item if is_start else None, None,
        from_text, to_text, one.place,
    )  # fmt: skip


def _refused(asked: Asked) -> QuerySet[RunRow]:
    """Rows that were not taken when each source last told of dependencies, such as one that stood twice in its file.
    They have no item yet, so none of them is a group's.
    """
    sources = Source.objects.filter(name=asked.source) if asked.source else Source.objects.all()
    runs = [_last_of(source) for source in sources] if asked.group is None else []
    return RunRow.objects.filter(run__in=[run for run in runs if run], verdict=Verdict.REFUSED, noun=NOUN)


def _last_of(source: Source) -> int | None:
    """The source's last import that told of dependencies at all; others say nothing of them."""
    done = Run.objects.filter(source=source, state=RunState.DONE).order_by("-id").values_list("id", "counts")
    for number, counts in done.iterator(chunk_size=20):
        if any(NOUN in by_noun for by_noun in counts.values() if isinstance(by_noun, dict)):
            return number
    return None


def _lister_of_refused(rows: QuerySet[RunRow]) -> Callable[[int, int], list[LinkFinding]]:
    def some(first: int, last: int) -> list[LinkFinding]:
        part = list(rows.select_related("run__source").order_by("id")[first:last])
        names = sorted({name for row in part for name in row.key.split(" ", 2)[:2]})
        keys = SourceKey.objects.filter(source__in={row.run.source_id for row in part}, sort=KeySort.ITEM)
        known: dict[tuple[int, str], Item] = {}
        for start in range(0, len(names), CHUNK):
            found = keys.filter(key__in=names[start : start + CHUNK]).select_related("item__kind")
            known |= {(one.source_id, one.key): one.item for one in found}
        return [_of_row(row, known) for row in part]

    return some


def _of_row(row: RunRow, known: Mapping[tuple[int, str], Item]) -> LinkFinding:
    """Its ends are items where the first words of its key are keys of the source; else the key is shown whole."""
    words = type_words()
    from_key, _space, rest = row.key.partition(" ")
    to_key, _space, type_ = rest.partition(" ")
    from_item, to_item = (known.get((row.run.source_id, key)) for key in (from_key, to_key))
    are_known = from_item is not None and to_item is not None
    return LinkFinding(
        f"row-{row.pk}", "refused", _("Refused row"), row.reason, _("Correct it in the source, and import again"),
        reverse("importers:run", args=[row.run_id]), row.run.source.name,
        words.said(words.meaning(type_).type) if are_known else "",
        from_item if are_known else None, to_item if are_known else None, "" if are_known else row.key, "", row.place,
    )  # fmt: skip


def _several(asked: Asked) -> QuerySet[Dependency]:
    """Dependencies that more than one source states: they are one, which belongs to the source that came first."""
    said = Statement.objects.filter(noun=NOUN, object_id__isnull=False, not_seen_since__isnull=True)
    counted = said.order_by().values("object_id").annotate(sources=Count("source_id", distinct=True))
    rows = Dependency.objects.filter(pk__in=counted.filter(sources__gt=1).values("object_id"))
    rows = rows.filter(source__name=asked.source) if asked.source else rows
    return rows if asked.group is None else rows.filter(items_of(asked.group, "from_item_id"))


def _lister_of_several(rows: QuerySet[Dependency]) -> Callable[[int, int], list[LinkFinding]]:
    def some(first: int, last: int) -> list[LinkFinding]:
        part = list(rows.select_related("from_item__kind", "to_item__kind").order_by("id")[first:last])
        names: dict[int, set[str]] = {}
        said = Statement.objects.filter(noun=NOUN, object_id__in=[one.pk for one in part], not_seen_since__isnull=True)
        for number, name in said.values_list("object_id", "source__name"):
            names.setdefault(number or 0, set()).add(name)
        words = type_words()
        return [
            LinkFinding(
                f"two_sources-{one.pk}", "two_sources", _("Said by several sources"),
                _("They are kept as one."), _("Let one source state it"), _url(one.from_item, one),
                ", ".join(sorted(names.get(one.pk, ()))), words.said(one.type), one.from_item, one.to_item,
            )
            for one in part
        ]  # fmt: skip

    return some


def _url(item: Item, one: Dependency) -> str:
    return reverse("estate:dependency", args=[item.reference, one.pk])
