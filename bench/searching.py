"""Search over many documents: the first twenty hits with the match shown, over the bare full-text query."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.test import Client
from django.utils import timezone

from bench.filling import write
from bench.lists import BARE_MS, bench_user
from bench.measure import Place, clocked, cpu_of, ms, percentile, say, spread
from helhet.accounts.models import Access
from helhet.documents.models import Audience, Document, DocumentAudience, Version
from helhet.groups.policy import caller_of_user
from helhet.items.models import Item, Kind, Presence, State
from helhet.kit.engines import engine as tables
from helhet.kit.rights import Caller
from helhet.routines.models import Routine
from helhet.search.asking import asked
from helhet.search.engines import engine
from helhet.search.finding import find
from helhet.search.indexing import index_all
from helhet.search.models import Noun

OVER_MS = 30
FIRST = 20
PARAGRAPHS, WORDS_EACH = 8, 40
ROUTINES = 3
"""One document in so many is a routine; half of them have been used."""
ASKED = {
    "word_in_half": "drift",
    "rare_word": "kvarnsten",
    "word_in_titles": "omstart",
    "two_words": "drift omstart",
    "two_common": "drift server",
    "phrase_of_four": "starta om server efter avbrott",
    "begun": "serv",
    "end_of_compound": "journal",
    "symptom": "servern svarar inte",
    "nothing": "finnsinte",
}
START = ("ba", "de", "fil", "gra", "hus", "in", "kon", "lis", "mo", "nor", "or", "pla", "re", "sta", "tra", "ut", "vik")
END = ("ning", "are", "en", "era", "het", "ion", "lek", "man", "nad", "or", "sam", "tal", "ut", "verk", "ytor")


def searching(place: Place) -> dict[str, Any]:
    """Each question `place.requests` times: in process, by the API, and bare."""
    with clocked() as filling:
        _fill(place.size)
    with clocked() as indexing:
        index_all()
    tables().refresh_statistics()
    say(f"  {place.size} documents in {filling.seconds:.0f} s, found after {indexing.seconds:.0f} s more")
    client, reader = Client(), bench_user(Access.READER)
    client.force_login(reader)
    caller = caller_of_user(reader)
    gc.collect()
    gc.freeze()
    found = {name: _one(client, caller, text, place.requests) for name, text in ASKED.items()}
    for name, one in found.items():
        taken = f"{one['find']} (CPU {one['cpu_ms']}), bare {one['bare']} (CPU {one['bare_cpu_ms']})"
        say(f"  {name}: {one['hits']} of {one['met']}, {taken}, API {one['api']}")
    return {
        "documents": place.size, "indexing_seconds": round(indexing.seconds, 1), "target_over_floor_ms": OVER_MS,
        "worst_over_floor_ms": max(one["p95_over_floor_ms"] for one in found.values()),
        "worst_cpu_over_floor_ms": max(one["cpu_over_floor_ms"] for one in found.values()),
        "slow_bare": sorted(name for name, one in found.items() if one["bare"]["p95_ms"] > BARE_MS), "asked": found,
    }  # fmt: skip


def _one(client: Client, caller: Caller, text: str, repeat: int) -> dict[str, Any]:
    """The clock and the processor, of this process and of the database's, of the search and of the bare query."""
    wanted = asked(text).exact().of(Noun.DOCUMENT)
    answer = find(text, caller, nouns=[Noun.DOCUMENT], each=FIRST)
    door, door_cpu = _asked_often(lambda: find(text, caller, nouns=[Noun.DOCUMENT], each=FIRST), repeat)
    bare, bare_cpu = _asked_often(lambda: engine().first(wanted, -1, FIRST), repeat)
    whole = []
    for _number in range(min(repeat, 10)):
        with clocked() as clock:
            told = client.get("/api/v1/search", {"q": text, "noun": "document", "limit": str(FIRST)})
        whole.append(clock.seconds)
        if told.status_code != 200:
            raise RuntimeError(f"{text} answered {told.status_code}")
    sql, params = engine().ids_sql(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) met", params)  # noqa: S608 - own names only
        (met,) = cursor.fetchone()
    return {
        "text": text, "met": met, "hits": len(answer[0].hits) if answer else 0, "find": spread(door),
        "cpu_ms": ms(door_cpu), "bare": spread(bare), "bare_cpu_ms": ms(bare_cpu), "api": spread(whole),
        "p95_over_floor_ms": ms(max(0.0, percentile(door, 0.95) - percentile(bare, 0.95))),
        "cpu_over_floor_ms": ms(max(0.0, door_cpu - bare_cpu)),
    }  # fmt: skip


def _asked_often(deed: Callable[[], object], repeat: int) -> tuple[list[float], float]:
    """Seconds of each, and the mean seconds of the processor: this process's and the database's together."""
    seconds, database = [], _database_pid()
    before = cpu_of(database) if database else 0.0
    with clocked(by=time.process_time) as processor:
        for _number in range(repeat):
            with clocked() as clock:
                deed()
            seconds.append(clock.seconds)
    server = cpu_of(database) - before if database else 0.0
    return seconds, (processor.seconds + server) / repeat


def _database_pid() -> int:
    """The server's process for this connection; 0 where the database is in this one."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _fill(size: int) -> None:
    """Documents with eight paragraphs of forty words, of a vocabulary by a power law; every other one says `drift`."""
    today, now = timezone.localdate(), timezone.now()
    kinds = [Kind.objects.get(key=key).pk for key in ("document", "routine")]
    empty, none = tables().json({}), tables().json([])
    titles = [_title(number) for number in range(size)]
    write(
        Item,
        ("kind", "prefix", "number", "name", "name_key", "name_fold", "description", "state", "criticality",
         "attributes", "tags", "presence", "created_on", "created_at", "updated_at", "version"),
        ((kinds[number % ROUTINES == 0], "TXT", number, title, f"{number:09}", title.lower(), "", State.LIVE.value, 0,
          empty, none, Presence.HERE.value, today, now, now, 1) for number, title in enumerate(titles)),
    )  # fmt: skip
    items = list(Item.objects.filter(prefix="TXT").order_by("number").values_list("pk", flat=True))
    write(
        Document,
        ("item", "part", "sort", "language", "review_unit", "is_doubtful", "path", "former_paths", "front_matter",
         "front_form", "created_at", "version"),
        ((item, "", "other" if number % ROUTINES else "routine", "sv", "month", number % 50 == 0, "", none, empty,
          "yaml", now, 1)
         for number, item in enumerate(items)),
    )  # fmt: skip
    documents = list(Document.objects.filter(item__in=Item.objects.filter(prefix="TXT")).order_by("item__number"))
    numbers = [document.pk for document in documents]
    write(
        Version, ("document", "major", "minor", "title", "text", "fields", "note", "written_by", "reviewed_by",
                  "approved_by", "published_by", "published_at"),
        ((pk, 1, 0, title, text, empty, "", "", "", "", "", now)
         for pk, title, text in zip(numbers, titles, _texts(size), strict=True)),
    )  # fmt: skip
    newest = Version.objects.filter(document=OuterRef("pk")).values("pk")[:1]
    Document.objects.filter(published=None).update(published=Subquery(newest))
    everyone = Audience.objects.get(key="all").pk
    write(DocumentAudience, ("document", "audience"), ((pk, everyone) for pk in numbers))
    write(
        Routine, ("document", "kind", "symptoms", "uses", "version"),
        ((pk, "incident", "servern svarar inte" if place % 600 == 0 else "", place % 2 * (place % 40), 1)
         for place, pk in enumerate(numbers) if place % ROUTINES == 0),
    )  # fmt: skip


def _title(number: int) -> str:
    deed = ("Omstart", "Kontroll", "Byte", "Uppgradering", "Felsökning", "Beställning")[number % 6]
    thing = ("databasserver", "omsorgsjournal", "brandvägg", "lagring", "inloggning", "skrivare", "nätverk")[number % 7]
    return f"{deed} av {thing} {number}"


def _texts(size: int) -> Iterator[str]:
    chance = random.Random(5)  # noqa: S311 - the same texts each time
    words = [a + b + c for a in START for b in START for c in END]
    chance.shuffle(words)
    known = ["server", "avbrott", "starta", "om", "efter", "logga", "kontrollera", "databas", "och", "att", "i", "på"]
    weights = [1 / (place + 3) for place in range(len(words))]
    drawn = iter(chance.choices(words, weights, k=200_000))
    for number in range(size):
        lines = [f"## {words[number % len(words)].title()}"]
        for _paragraph in range(PARAGRAPHS):
            some: list[str] = []
            for _word in range(WORDS_EACH // 2):
                word = next(drawn, "")
                if not word:
                    drawn = iter(chance.choices(words, weights, k=200_000))
                    word = next(drawn)
                some += [word, chance.choice(known)]
            lines.append(" ".join(some))
        if number % 2:
            lines.append("Tala med driften, och starta om server efter avbrott." if number % 97 == 1 else "Se drift.")
        if number % 5_000 == 7:
            lines.append("Som en kvarnsten.")
        yield "\n\n".join(lines)
