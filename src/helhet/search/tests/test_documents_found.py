"""Published documents are found by those who may read them, the right one first, with the match shown."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from helhet.documents.models import About, Audience, Document, DocumentAudience, Draft, Version
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.rights import NOBODY
from helhet.routines.models import Routine, RoutineLabel
from helhet.search import asking, documents, indexing, readable
from helhet.search.asking import Asked, asked
from helhet.search.engines import engine
from helhet.search.finding import find
from helhet.search.hits import IN_TEXT, PARTLY, Found, Standpoint
from helhet.search.indexing import index_all, rebuild
from helhet.search.models import DocumentText, Entry, Noun
from tests.world import SYSTEM, Cast, as_caller, make_group, make_item

pytestmark = pytest.mark.django_db


def write(
    title: str, text: str = "", *, audience: str = "all", routine: dict[str, Any] | None = None, part: str = "",
    item: Item | None = None, about: tuple[Item, ...] = (), fields: dict[str, Any] | None = None, **more: Any,
) -> Document:  # fmt: skip
    """A published document, or a routine, straight into the tables."""
    item = item or make_item(title, kind="document" if routine is None else "routine")
    document = Document.objects.create(item=item, part=part, sort="other" if routine is None else "routine", **more)
    DocumentAudience.objects.create(document=document, audience=Audience.objects.get(key=audience))
    publish(document, title, text, fields)
    for one in about:
        About.objects.create(document=document, item=one)
    if routine is not None:
        labels = routine.pop("labels", {})
        made = Routine.objects.create(document=document, **routine)
        for name, value in labels.items():
            RoutineLabel.objects.create(routine=made, name=name, value=value)
    return document


def publish(document: Document, title: str, text: str, fields: dict[str, Any] | None = None) -> None:
    number = document.versions.count() + 1
    document.published = Version.objects.create(
        document=document, major=number, title=title, text=text, fields=fields or {}
    )
    document.save()


def ask(text: str, caller: Any = SYSTEM, **more: Any) -> Found | None:
    found = find(text, caller, nouns=[Noun.DOCUMENT], **more)
    return found[0] if found else None


def titles(text: str, caller: Any = SYSTEM, **more: Any) -> list[str]:
    found = ask(text, caller, **more)
    return [hit.name for hit in found.hits] if found else []


def test_a_document_is_found_by_title_text_heading_step_symptom_label_and_what_it_is_about() -> None:
    service = make_item("Treserva", kind="business_service")
    write(
        "Omstart av vårdsystemet", "# Förberedelser\n\nLogga in på **värden** och kör `systemctl restart`.",
        routine={"symptoms": "Sidan svarar inte\nVit skärm", "labels": {"alertname": "KubePodCrashLooping"}},
        about=(service,), fields={"steps": [{"text": "Ring jouren först", "required": True}]},
    )  # fmt: skip
    index_all()
    for text in (
        "omstarter", "vårdsystem", "förberedelse", "systemctl", "jour", "vit skärm", "KubePodCrashLooping",
        "crash looping", "treserva omstart", "hur gör jag en omstart?", service.reference,
    ):  # fmt: skip
        assert titles(text) == ["Omstart av vårdsystemet"], text
    assert titles("finns inte här") == []
    # Signs that stand apart are no words that could be missing.
    assert titles("vem är det ?") == titles("eller &") == titles("– !") == []
    assert titles("omstart ?") == titles("hur – omstart !") == titles("på ?") == ["Omstart av vårdsystemet"]


def test_who_does_a_thing_is_another_word_than_the_deed_unless_nothing_else_is_there() -> None:
    write("Skriv minnesanteckningar", "Används varje vecka. Skriv först rubriken.")
    write("Nätverksskrivaren svarar inte", "Starta den.")
    write("Byt toner", "Gäller alla skrivarna på plan 2.")
    write("Konton", "Användarnas konton låses.")
    write("Förvaltning av lokaler", "Den sköts av fastighet.")
    index_all()
    assert set(titles("skrivare")) == set(titles("skrivaren")) == {"Nätverksskrivaren svarar inte", "Byt toner"}
    assert titles("användare") == titles("användarens konto") == ["Konton"]
    assert titles("används") == ["Konton", "Skriv minnesanteckningar"]
    assert titles("förvaltaren") == ["Förvaltning av lokaler"]
    hit = find("skrivares", SYSTEM, nouns=[Noun.DOCUMENT])[0].hits[-1]
    assert [text for text, is_match in (*hit.title, *hit.snippet) if is_match] == ["skrivarna"]


def test_a_draft_is_never_found_and_the_newest_published_text_replaces_the_old() -> None:
    document = write("Vattenprov", "Gammal lydelse om klorider")
    Draft.objects.create(document=document, title="Vattenprov", text="hemligt utkast")
    unpublished = Document.objects.create(item=make_item("Ofärdig", kind="document"))
    Draft.objects.create(document=unpublished, title="Ofärdig", text="hemligt utkast")
    index_all()
    assert titles("utkast") == titles("ofärdig") == []
    assert titles("klorid") == ["Vattenprov"]
    publish(document, "Vattenprovtagning", "Ny lydelse om nitrater")
    index_all()
    assert titles("klorid") == []
    assert titles("nitrat") == ["Vattenprovtagning"]
    rebuild()
    assert titles("nitrat") == ["Vattenprovtagning"]
    assert DocumentText.objects.get().of_version == document.published_id


def test_what_happens_to_a_document_or_its_routine_is_followed_by_events() -> None:
    document = write("Byt filter", "i pumpen", routine={})
    index_all()
    Routine.objects.filter(pk=document.pk).update(symptoms="Pumpen skriker")
    record("routines.routine.changed", by=SYSTEM, noun="routine", noun_id=document.pk)
    index_all()
    assert titles("skriker") == ["Byt filter"]
    Item.objects.filter(pk=document.item_id).update(presence=1)
    record("items.item.withdrawn", by=SYSTEM, noun="item", noun_id=document.item_id)
    index_all()
    assert not DocumentText.objects.exists()


def test_restricted_text_is_not_found_counted_completed_or_excerpted_by_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast()
    narrow = Audience.objects.create(key="board", name_sv="Styrelsen", name_en="The board")
    narrow.groups.add(cast.group)
    for number in range(8):
        write(f"Styrelseprotokoll {number}", f"zirkonium nummer {number}", audience="board")
    open_one = write("Materiallista", "bland annat zirkonium")
    index_all()
    # Fewer are weighed than are kept from the reader, so that they would push out or be counted if they could.
    monkeypatch.setattr(documents, "MOST", 2)
    monkeypatch.setattr(documents, "FIRST_BATCH", 3)
    for outside in (cast.reader, cast.other):
        found = ask("zirkonium", as_caller(outside))
        assert found is not None
        assert ([hit.id for hit in found.hits], found.count, found.more) == ([open_one.pk], 1, False)
        assert titles("zirk", as_caller(outside)) == ["Materiallista"]
        assert titles("nummer 3", as_caller(outside)) == []
        client.force_login(outside)
        for address in ("/search/?q=zirkonium", "/palette/?q=zirk", "/api/v1/search?q=zirkonium"):
            answer = client.get(address).content.decode()
            assert "Materiallista" in answer
            assert "nummer" not in answer
            assert "rotokoll" not in answer
    inside = ask("zirkonium", as_caller(cast.member))
    assert inside is not None
    assert (inside.count, inside.more) == (2, True)
    for nobody in (NOBODY, as_caller(cast.outsider)):
        assert ask("zirkonium", nobody) is None


def test_an_item_that_is_a_found_document_is_one_hit_and_stays_an_item_where_its_text_may_not_be_read() -> None:
    cast = Cast()
    narrow = Audience.objects.create(key="board", name_sv="Styrelsen", name_en="The board")
    narrow.groups.add(cast.group)
    write("Krisplan", "ring", audience="board")
    index_all()
    assert [one.noun for one in find("krisplan", as_caller(cast.member))] == [Noun.DOCUMENT]
    assert [one.noun for one in find("krisplan", as_caller(cast.reader))] == [Noun.ITEM]


def test_the_match_is_marked_in_title_and_around_the_best_place_of_the_text() -> None:
    filler = "Det här är utfyllnad som handlar om annat. " * 30
    write("Handbok", f"pumpen {filler} Så byts filtret i pumpen varje vår. {filler} filter")
    index_all()
    some = ask("filter zebra")
    assert some is not None
    assert (some.met, some.label, [hit.name for hit in some.hits]) == (
        PARTLY, "Rutiner och dokument med några av orden", ["Handbok"],
    )  # fmt: skip
    assert titles("zebra") == []
    write("Säkerhetskopior", "Så här återställs de.")
    index_all()
    assert titles("sakerhetskopior") == titles("aterstalls sakerhetskopior") == ["Säkerhetskopior"]
    found = ask("filter pumpen")
    assert found is not None
    assert (found.met, found.label) == (IN_TEXT, "Rutiner och dokument")
    (hit,) = found.hits
    shown = "".join(text for text, _match in hit.snippet)
    assert "byts filtret i pumpen varje" in shown
    assert [text for text, match in hit.snippet if match] == ["filtret", "pumpen"]
    assert len(shown) < 200


def test_what_is_shown_of_steps_has_no_signs_of_markdown_but_those_of_code() -> None:
    text = "Läs **kön** på [sidan](https://kö.example.org)\n```\nrm *kön*.tmp\n```\noch `töm` den."
    write("Postkö", routine={}, fields={"steps": [{"id": "a", "title": "Se efter", "text": text}]})
    index_all()
    assert DocumentText.objects.get().text == "Se efter\nLäs kön på sidan\nrm *kön*.tmp\noch töm den."


def test_documents_about_what_one_looks_from_come_first_also_when_there_are_many_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MOST", 3)
    service = make_item("Kassan", kind="business_service")
    group = make_group("Kassagruppen")
    for number in range(6):
        write(f"Säkerhetskopiering {number}")
    write("Nattlig säkerhetskopiering av diskar", about=(service,))
    index_all()
    assert titles("säkerhetskopiering")[0] == "Säkerhetskopiering 0"
    seen_from = Standpoint(service.pk, frozenset({group.pk}))
    assert titles("säkerhetskopiering", seen_from=seen_from)[0] == "Nattlig säkerhetskopiering av diskar"


def test_pages_and_api_show_kind_and_state(client: Client) -> None:
    cast = Cast()
    service = make_item("Kassan", kind="business_service")
    write("Starta kassan", routine={"kind": "recovery"}, about=(service,), is_doubtful=True)
    index_all()
    client.force_login(cast.reader)
    told = client.get("/api/v1/search", {"q": "starta", "through": service.reference, "noun": "document"}).json()
    assert told["found"][0]["is_partly"] is False
    (hit,) = told["found"][0]["hits"]
    assert (hit["kind"], hit["state"]) == ("återställning", "Kontroll behövs")
    write("Kassan: leverantörer", "Anropa bolaget", item=service, part="suppliers")
    index_all()
    (part,) = client.get("/api/v1/search", {"q": "anropa", "noun": "document"}).json()["found"][0]["hits"]
    assert part["reference"] == f"{service.reference}/suppliers"
    for found in (hit, part):
        assert client.get(found["url"], follow=True).status_code == 200
    assert client.get("/api/v1/search", {"q": "starta", "through": "SRV-99999"}).status_code == 404
    page = client.get("/search/", {"q": "starta", "through": service.reference})
    assert "<mark>Starta</mark>" in page.content.decode()
    assert "hh-mark" in client.get("/palette/", {"q": "starta"}).content.decode()


def test_many_new_entries_are_found_after_the_engine_has_settled_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MANY", 1)
    write("Vindkraft")
    index_all()
    assert titles("vindkraft") == ["Vindkraft"]


def test_words_are_left_out_of_a_question_only_where_no_entry_has_them() -> None:
    write("Omstart av kassan", "## Larm\n\nStarta om efter avbrott.", routine={})
    index_all()
    known = {word for entry in Entry.objects.all() for word in entry.words.split()}
    unknown = {f"{word}x" for word in known} | {"'", "\\", "a'b & !c", "§7¤finns"}
    absent = engine().absent([*known, *unknown])
    assert absent <= unknown
    assert absent == (unknown if connection.vendor == "postgresql" else frozenset())
    wanted = asked("omstart finnsinte", apart=True, others=True).of(Noun.DOCUMENT)
    assert not wanted.is_hopeless
    assert wanted.without(frozenset()) == wanted
    assert wanted.without(frozenset(way.whole[0] for way in wanted.words[1] if way.whole)).exact().is_hopeless


def meets(known: set[str], wanted: Asked) -> bool:
    """Each word in one of its ways, read one by one."""
    return all(
        any(
            known.issuperset(way.whole) and (not way.prefix or any(word.startswith(way.prefix) for word in known))
            for way in ways
        )
        for ways in wanted.words
    )


def test_how_the_first_are_looked_for_alters_neither_hits_nor_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    cast, chance = Cast(), Random(11)
    for room in (asking, readable):
        monkeypatch.setattr(room, "SLICE", 7)
    monkeypatch.setattr(readable, "MOST_SLICES", 2)
    words = ["kassan", "omstart", "disk", "larm", "nät", "server"]
    Audience.objects.get_or_create(key="few", defaults={"name_sv": "Få", "name_en": "Few"})
    for number in range(40):
        title, heading, text = (" ".join(chance.choices(words, k=count)) for count in (1, 1, 3))
        routine = chance.choice([None, {}, {"uses": 1}, {"uses": 20}])
        write(f"{title} {number}", f"## {heading}\n\n{text}", audience=chance.choice(["all", "few"]), routine=routine)
    index_all()
    reader = as_caller(cast.reader)
    entries = {entry.pk: set(entry.words.split()) for entry in Entry.objects.all()}
    for text in [*words, *(" ".join(chance.sample(words, 2)) for _ in range(8)), "omstart av disk efter larm"]:
        wanted = asked(text, apart=True, others=True)
        for one in (wanted, wanted.exact().some_in_titles().of_tier(1), wanted.in_headings()):
            of_documents = one.of(Noun.DOCUMENT)
            met = [number for number, known in sorted(entries.items()) if meets(known, of_documents)]
            assert engine().first(of_documents, -1, 1_000) == met, text
            of_reader = readable.Readable(reader, (wanted,))
            for number in range(6):
                after, most = (-1, 1_000) if not number else (chance.choice([-1, *entries]), chance.randrange(1, 40))
                monkeypatch.setattr(engine(), "is_vast", lambda _asked, answer=number % 2: answer)
                monkeypatch.setattr(readable, "FEW", 1 + number // 3)
                expected = [entry for entry in met if entry > after][:most]
                assert of_reader.ids(one, after, most) == expected, (text, after, most)
        monkeypatch.setattr(documents, "MOST", 1_000)
        every = documents.find_documents(text, reader, 50)
        for most, batch in ((3, 2), (6, 5), (6, 50), (15, 7)):
            monkeypatch.setattr(documents, "MOST", most)
            monkeypatch.setattr(documents, "FIRST_BATCH", batch)
            told = []
            for is_vast in (False, True):
                monkeypatch.setattr(engine(), "is_vast", lambda _asked, answer=is_vast: answer)
                told.append(documents.find_documents(text, reader, 50))
            assert told[0] == told[1], (text, most, batch)
            assert told[0].found.count == min(most, every.found.count)
            assert told[0].found.more == (every.found.count > most)


def test_a_routine_that_nobody_has_used_is_told_as_such_and_not_as_proven_long_ago() -> None:
    long_ago = dt.date(2020, 1, 1)
    write("Vattenlarm A", routine={"prove_days": 30})
    write("Vattenlarm B", routine={"prove_days": 30, "uses": 2, "last_proven_on": long_ago})
    index_all()
    with translation.override("sv"):
        found = ask("vattenlarm")
    assert found is not None
    assert {hit.name: hit.state_label for hit in found.hits} == {
        "Vattenlarm A": "Aldrig körd", "Vattenlarm B": "Inte prövad på länge"
    }  # fmt: skip
