"""The page of a routine, asked for by eight readers at once, beside the drawing of the same pages with no query."""

from __future__ import annotations

import http.client
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from itertools import cycle, islice
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.data import TOWNS, WORDS
from bench.lists import bench_user
from bench.measure import Place, clocked, ms, ratio, say, spread
from bench.served import Server, served
from helhet.accounts.models import Access
from helhet.documents.models import About, Audience, Document, DocumentAudience, Sort, Version
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items
from helhet.kit.rights import the_system
from helhet.routines.models import Routine, RoutineLabel, Run, RunOutcome, RunStep, StepState

ROUTINES, FEW, SMALLEST = 10_000, 200, 10_000
READERS, SHOWN, PAGES = 8, 40, 200
"""So many at once; of so many routines by turns; so many pages in all."""
WARMING, ROUNDS = 4, 7
"""Which process a connection comes to is chance, and eight may stand six to two: the middle of the rounds tells.
A smaller estate is asked in one of each: it is there to show that the case runs."""
STEPS, RUNS_EACH = 8, 6
TARGET = 3
TEMPLATE, CONTENT = "routines/routine.html", "routines/_routine.html"


def routine_pages(place: Place) -> dict[str, Any]:
    """Seconds and processor seconds of the same pages: asked for as they are, and drawn from what was read."""
    is_large = place.size >= SMALLEST
    count, rounds = (ROUTINES, (WARMING, ROUNDS)) if is_large else (FEW, (1, 1))
    addresses = _write(count)
    user = bench_user(Access.READER)
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        size = len(client.get(addresses[0]).content)
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    with served() as server:
        by_door = _all_at_once(server, addresses, cookie, rounds)
        bare = [f"/bench/drawn/{TEMPLATE}?content={CONTENT}&of={one}" for one in addresses]
        drawn = _all_at_once(server, bare, {}, rounds)
    told = {
        "routines": count, "readers": READERS, "pages": PAGES, "bytes": size, "statements": len(asked),
        "page": by_door, "floor": drawn, "ratio": ratio(by_door["seconds"], drawn["seconds"]),
        "ratio_cpu": ratio(by_door["cpu_seconds"], drawn["cpu_seconds"]), "target_ratio": TARGET,
    }  # fmt: skip
    say(f"  {count} routines: {told['ratio']} times the drawing, by processor {told['ratio_cpu']}")
    return told


def _all_at_once(
    server: Server, addresses: Sequence[str], headers: dict[str, str], how_often: tuple[int, int]
) -> dict[str, Any]:
    """Eight readers take one page after the other, each over a connection of his own; first some rounds unmeasured.

    `seconds` and `cpu_seconds` are of one round.
    """
    asked = list(islice(cycle(addresses), PAGES))

    def read(reader: int) -> list[float]:
        door, taken = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), []
        for address in asked[reader::READERS]:
            with clocked() as clock:
                door.request("GET", address, headers=headers)
                answer = door.getresponse()
                answer.read()
            if answer.status != HTTPStatus.OK:
                raise RuntimeError(f"{address} answered {answer.status}")
            taken.append(clock.seconds)
        door.close()
        return taken

    (warming, measured), rounds, each = how_often, [], list[float]()
    with ThreadPoolExecutor(READERS) as readers:
        for _round in range(warming):
            list(readers.map(read, range(READERS)))
        before = server.cpu_seconds()
        for _round in range(measured):
            with clocked() as clock:
                each += [one for taken in readers.map(read, range(READERS)) for one in taken]
            rounds.append(clock.seconds)
    middle = median(rounds)
    return {"seconds": round(middle, 2), "rounds": [round(one, 2) for one in rounds],
            "cpu_seconds": round((server.cpu_seconds() - before) / measured, 2), "each_ms": ms(middle / PAGES),
            **spread(each)}  # fmt: skip


def _write(count: int) -> list[str]:
    """Routines of eight steps, each about an item, with symptoms and a label; those that are shown have runs."""
    chance = random.Random(43)  # noqa: S311 - the same texts each time
    kind, by, read_by = Kind.objects.get(key="routine"), the_system("bench"), Audience.objects.get(key="operations")
    items = list(Item.objects.exclude(kind__key__in=("group", "routine")).values_list("pk", flat=True)[:2_000])
    fields = {"steps": [
        {"id": f"s{at}", "title": f"Steg {at} {WORDS[at]}", "text": f"Kör `systemctl status {WORDS[at]}`.",
         "required": True, "minutes": 5, **({"input": "choice", "options": ["ja", "nej"]} if at % 3 == 0 else {})}
        for at in range(STEPS)
    ]}  # fmt: skip
    with transaction.atomic():
        names = [NewItem(kind=kind, name=f"Omstart av {chance.choice(WORDS)} {at}") for at in range(count)]
        ids = add_items(names, by=by, on=timezone.localdate())
        rows = Document.objects.bulk_create([Document(item_id=pk, sort=Sort.ROUTINE) for pk in ids], batch_size=500)
        versions = Version.objects.bulk_create(
            [Version(document=row, major=1, title=name.name, text=_text(chance), fields=fields)
             for row, name in zip(rows, names, strict=True)], batch_size=500,
        )  # fmt: skip
        for row, version in zip(rows, versions, strict=True):
            row.published = version
        Document.objects.bulk_update(rows, ["published"], batch_size=500)
        DocumentAudience.objects.bulk_create([DocumentAudience(document=row, audience=read_by) for row in rows])
        made = Routine.objects.bulk_create(
            [Routine(document=row, symptoms=f"{chance.choice(WORDS)} svarar inte") for row in rows], batch_size=500
        )
        RoutineLabel.objects.bulk_create(
            [RoutineLabel(routine=one, name="alertname", value=f"Larm{at}") for at, one in enumerate(made)],
            batch_size=500,
        )
        About.objects.bulk_create(
            [About(document=row, item_id=items[at % len(items)]) for at, row in enumerate(rows)], batch_size=500
        )
        shown = rows[:: max(1, count // SHOWN)][:SHOWN]
        _runs([(row.pk, row.published, items[at % len(items)]) for at, row in enumerate(shown)])
    return [one.get_absolute_url() for one in Routine.objects.filter(pk__in=[row.pk for row in shown])]


def _runs(of: Sequence[tuple[int, Version | None, int]]) -> None:
    now = timezone.now()
    runs = Run.objects.bulk_create(
        Run(key=f"bench-{routine}-{at}", routine_id=routine, of_version=version, item_id=item, by="Bench",
            begun_at=now - timedelta(days=at, minutes=30), ended_at=now - timedelta(days=at), minutes=25 + at,
            outcome=RunOutcome.FAILED if at == RUNS_EACH - 1 else RunOutcome.WORKED)
        for routine, version, item in of for at in range(RUNS_EACH)
    )  # fmt: skip
    RunStep.objects.bulk_create(
        RunStep(run=run, key=f"{run.key}-{at}", step=f"s{at}", state=StepState.DONE, by="Bench")
        for run in runs for at in range(STEPS)
    )  # fmt: skip
    for routine, _version, _item in of:
        Routine.objects.filter(pk=routine).update(uses=RUNS_EACH, last_proven_on=timezone.localdate())


def _text(chance: random.Random) -> str:
    words = " ".join(chance.choice(WORDS) for _ in range(60))
    return f"## Innan du börjar\n\n{words}.\n\n- Ring {chance.choice(TOWNS)}\n- Läs **loggen** på `web01`\n"
