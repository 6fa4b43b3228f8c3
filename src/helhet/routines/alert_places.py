"""Which routine and which item an alert is about, by its labels and annotations; a thousand at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from helhet.items.filters import reference_condition
from helhet.items.models import Item, SourceKey
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.routines.models import Routine, RoutineLabel
from helhet.rules.alert_telling import best_routine

NAMING = ("item", "reference", "instance", "host", "hostname", "node", "server", "nodename", "service", "service_name",
          "app", "application", "job")  # fmt: skip
"""The labels that name an item, the most exact first."""
REFERENCE = re.compile(r"[A-Za-z]{2,5}-\d{1,9}")
CHUNK = 400
Labels = Mapping[str, str]


def routines_of(alerts: Sequence[tuple[Labels, Labels]]) -> list[int | None]:
    """For each alert (labels, annotations) the routine in use that its labels, else its `runbook_url`, ask for."""
    labels_in_use = RoutineLabel.objects.filter(routine__in=Routine.objects.in_use())
    known = list(labels_in_use.values_list("routine_id", "name", "value"))
    by_labels = [best_routine(labels, known) for labels, _annotations in alerts]
    urls = {
        str(annotations.get("runbook_url", ""))
        for (_labels, annotations), found in zip(alerts, by_labels, strict=True)
        if found is None and annotations.get("runbook_url")
    }
    by_url = {url: _of_url(url) for url in urls}
    return [
        found if found is not None else by_url.get(str(annotations.get("runbook_url", "")))
        for (_labels, annotations), found in zip(alerts, by_labels, strict=True)
    ]


def _of_url(url: str) -> int | None:
    """The routine whose address (`…/routines/RUT-3/`) or imported path the address ends in."""
    path = urlsplit(url).path.strip("/")
    parts = [part for part in path.split("/") if part]
    routines = Routine.objects.in_use()
    for part in reversed(parts):
        if REFERENCE.fullmatch(part):
            items = Item.objects.filter(reference_condition(part) or Q(pk=None))
            found = routines.filter(document__item__in=items, document__part="").values_list("pk", flat=True).first()
            if found is not None:
                return found
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    wanted = [tail + ending for tail in tails for ending in ("", ".md", "/README.md", "/index.md")]
    paths = dict(routines.filter(document__path__in=wanted[:CHUNK]).values_list("document__path", "pk"))
    return next((paths[tail] for tail in wanted if tail in paths), None)


def items_of(alerts: Iterable[Labels], caller: Caller) -> list[int | None]:
    """For each alert's labels the item that they name, by reference, key or name; none where it is two's."""
    named = [_candidates(labels) for labels in alerts]
    wanted = sorted({one for names in named for one in names})
    known = _known(wanted, caller)
    return [next((known[one] for one in names if one in known), None) for names in named]


def _candidates(labels: Labels) -> list[str]:
    found: list[str] = []
    for name in NAMING:
        text = str(labels.get(name, "")).strip()[:300]
        if not text:
            continue
        host = urlsplit(text).hostname if "//" in text else re.sub(r":\d{1,5}$", "", text)
        found += [one for one in (text, host or "", (host or "").split(".", 1)[0]) if one and one not in found]
    return found


def _by_reference(text: str, here: QuerySet[Item]) -> int | None:
    condition = reference_condition(text) if REFERENCE.fullmatch(text) else None
    return here.filter(condition).values_list("pk", flat=True).first() if condition is not None else None


def _known(wanted: list[str], caller: Caller) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    here = Item.objects.visible_to(caller).filter(presence=0)
    for start in range(0, len(wanted), CHUNK):
        portion = wanted[start : start + CHUNK]
        folded: dict[str, list[str]] = {}
        for one in portion:
            folded.setdefault(fold(one), []).append(one)
        rows = [(one, pk) for one in portion if (pk := _by_reference(one, here)) is not None]
        keys = SourceKey.objects.filter(key__in=portion, item__in=here).values_list("key", "item_id")
        rows += list(keys)
        names = here.filter(name_fold__in=list(folded)).values_list("name_fold", "pk")
        rows += [(one, pk) for name, pk in names for one in folded[name]]
        for one, pk in rows:
            found.setdefault(one, set()).add(pk)
    return {one: next(iter(pks)) for one, pks in found.items() if len(pks) == 1}
