"""Whatever is asked, an answer comes; documents are those that plain Python finds in what the asker may read."""

from __future__ import annotations

import argparse
import json

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.documents.models import Audience
from helhet.items.actions import change_item, withdraw
from helhet.items.merging import merge_items
from helhet.items.models import Item
from helhet.kit.command import DONE, Output
from helhet.search.asking import asked
from helhet.search.command import ReindexCommand
from helhet.search.documents import find_documents
from helhet.search.finding import find
from helhet.search.indexing import index_all, rebuild
from helhet.search.models import STRIDE, Entry, Noun
from helhet.search.tests.test_asking import naive
from helhet.search.tests.test_documents_found import titles, write
from helhet.search.weighing import needed_words
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db

HOSTILE = (
    '"', "'", '""disk"', "disk*", "*", "NEAR(disk full)", "NEAR", "AND", "OR disk", "NOT", "-disk", "disk:full",
    "a:b:c", ":*", "\\", "\\'", "('", "& | !", "<->", "disk <-> full", "\x00", "disk\x00full", "\ud800", "x" * 10_000,
    "disk " * 2_000, "och att i", "🙂", "👩\u200d👩\u200d👧", "§7†3", "¤disk", "‡disk", "%", "_", "%s", "{}",
    "' OR 1=1 --",
    "<script>alert(1)</script>", "\ufdfa" * 50, "\u2474\u2475", "é" * 300, "\u202e", "::1", "C:\\Temp\\x", "rut3", "0",
    "-1", "1e9", "Å", "å ä ö", "ß", "İ",
)  # fmt: skip


def test_no_question_breaks_the_search_or_is_answered_with_markup(client: Client) -> None:
    client.force_login(Cast().reader)
    write(
        "Full disk <img src=x onerror=alert(1)>",
        "Text <script>alert(2)</script> om disk, ORA-01555 och 10.0.0.1",
        routine={},
    )
    index_all()
    for text in HOSTILE:
        find(text, SYSTEM)
    for text in HOSTILE[::7]:
        for address in ("/search/", "/palette/"):
            answer = client.get(
                address, {"q": text.encode("utf-8", "replace"), "through": text.encode("utf-8", "replace")}
            )
            assert answer.status_code == 200, text
            assert "<script>alert" not in answer.content.decode(), text
    for address in ("/search/?q=disk", "/palette/?q=disk"):
        shown = client.get(address).content.decode()
        assert "<img src=x" not in shown
        assert "&lt;img" in shown.replace("&lt;<mark", "&lt;")


def test_codes_paths_addresses_and_references_are_found_as_people_write_them() -> None:
    document = write("Fel i tabellrymd", "Felet ORA-01555 i /var/lib/oracle på 10.20.30.40, port 1521", routine={})
    reference = document.item.reference
    index_all()
    for text in (
        "ORA-01555", "ora-01555", "01555", "/var/lib/oracle", "oracle", "10.20.30.40", "1521", "port 1521", reference,
        reference.lower(), reference.replace("-", ""), reference.replace("-", " "), f"({reference})", f"{reference}?",
    ):  # fmt: skip
        assert titles(text) == ["Fel i tabellrymd"], text
    assert titles("ORA-01556") == titles("10.20.30.41") == []


def test_rename_merge_withdrawal_and_the_command_leave_nothing_stale(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = make_item("Zirkus", kind="business_service"), make_item("Akrobat", kind="business_service")
    document = write("Byt filter", "i pumpen", routine={}, about=(first,))
    index_all()
    change_item(first.reference, by=SYSTEM, version=first.version, name="Manegen")
    index_all()
    assert (titles("zirkus filter"), titles("manegen filter")) == (titles("filter"), ["Byt filter"])
    assert [one.noun for one in find("zirkus", SYSTEM)] == []
    second.refresh_from_db()
    merge_items(second.reference, first.reference, by=SYSTEM, version=second.version)
    index_all()
    assert (titles("manegen"), titles("akrobat")) == ([], ["Byt filter"])
    assert [hit.name for one in find("manegen", SYSTEM) for hit in one.hits] == []
    rebuild()
    before = set(Entry.objects.values_list("id", "words"))
    assert ReindexCommand().run(argparse.Namespace(), Output(as_json=True)) == DONE
    assert json.loads(capsys.readouterr().out)["entries"] >= len(before)
    assert set(Entry.objects.values_list("id", "words")) == before
    item = Item.objects.get(pk=document.item_id)
    withdraw([item], by=SYSTEM, batch=None, reason="")
    index_all()
    assert find("filter", SYSTEM) == []


WORDS = (
    "server",
    "servrar",
    "databas",
    "databasserver",
    "backup",
    "säkerhetskopia",
    "omstart",
    "starta om",
    "RUT-3",
    "disk",
    "och",
    "igen",
)
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(st.tuples(texts, texts, st.booleans()), min_size=1, max_size=5), texts.filter(bool))
def test_the_documents_found_are_those_that_plain_python_finds_among_the_readable(
    things: list[tuple[str, str, bool]], question: str
) -> None:
    with transaction.atomic():
        cast = Cast()
        narrow = Audience.objects.create(key="board", name_sv="Styrelsen", name_en="The board")
        narrow.groups.add(cast.group)
        written = [
            write(f"{title} nr", text, audience="board" if is_narrow else "all") for title, text, is_narrow in things
        ]
        index_all()
        heavy = asked(needed_words(question)[1], apart=True, others=True)
        words = {
            number // STRIDE: words
            for number, words in Entry.objects.filter(id__in=[one.pk * STRIDE + 7 for one in written]).values_list(
                "id", "words"
            )
        }
        for caller, sees in ((as_caller(cast.reader), False), (as_caller(cast.member), True)):
            readable = [one.pk for one, thing in zip(written, things, strict=True) if sees or not thing[2]]
            whole = {number for number in readable if naive(words[number], heavy.of(Noun.DOCUMENT))}
            some = {
                number for number in readable
                if any(naive(words[number], one.exact().of(Noun.DOCUMENT)) for one in heavy.one_by_one())
            }  # fmt: skip
            found = {hit.id for hit in find_documents(question, caller, 100).found.hits}
            assert found == (whole or (some if len(heavy.words) > 1 else set()))
        transaction.set_rollback(True)
