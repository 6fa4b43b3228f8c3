"""What a bundle holds, and what it never does."""

from __future__ import annotations

import argparse
import datetime as dt
import errno
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from helhet.documents.models import Audience, Cause, Doubt
from helhet.estate.models import Dependency
from helhet.groups.models import Answer
from helhet.handbook.bundle import keys
from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.bundle.manifest import MANIFEST, parsed
from helhet.handbook.bundle.verifying import look_over, verify
from helhet.handbook.command_bundle import BundleCommand, VerifyCommand
from helhet.handbook.models import Bundle
from helhet.handbook.tests.walking import every_text, faults_in, made
from helhet.handbook.tests.written import a_supplier, written
from helhet.kit.command import Command, Output
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound
from helhet.kit.rights import Caller
from tests.world import SYSTEM, make_group, make_item, make_person

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script>", "[x](javascript:alert(1))", '<img src=x onerror="alert(1)">', "![p](https://a.b/c)",
    "[ut](https://example.org/)", "<https://example.org/auto>", '<a href="//evil.example">e</a>', "[x](data:text/x,x)",
    '[t](https://example.org/ "a > b")', "<iframe src=https://example.org></iframe>", "[död](/items/SRV-999999/)",
)  # fmt: skip


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    settings.DATA_DIR = folder
    return folder


def test_every_page_is_reached_no_link_is_dead_and_nothing_leads_out(tmp_path: Path) -> None:
    group = make_group("Drift", contacts={"phone": "040-1", "web": "https://example.org/drift"})
    service, server = make_item("Journal", kind="supporting_service"), make_item("vm <1>")
    Answer.objects.filter(item=service).update(group=group)
    Dependency.objects.create(from_item=service, to_item=server)
    Dependency.objects.create(from_item=server, to_item=service)
    a_supplier("Nordkabel & Co", delivers=service)
    for at, text in enumerate(HOSTILE):
        written(f"Rutin {at} {text}", text, about=(service,), routine="incident")
    words = f"Se [här](/items/{service.reference}/), {service.reference} och `{service.reference}`."
    written("Beskrivning", words, item=service, part="description")
    out = tmp_path / "out"
    made(out)
    assert faults_in(out) == []
    told = every_text(out)
    for word in ("Nordkabel &amp; Co", "A-2026-17", "08-123 45 67", "040-1", "Chair of Drift", "vm &lt;1&gt;"):
        assert word in told, word
    assert "<script" not in "".join(path.read_text() for path in out.rglob("*.html"))
    assert f'<a href="../items/{service.reference.lower()}.html">här</a>' in told
    assert f'<a href="../items/{service.reference.lower()}.html">{service.reference}</a>' in told
    assert f"<code>{service.reference}</code>" in told
    assert verify(out, keys.own_key()).is_sound


def test_an_older_copy_is_refused_where_a_newer_was_made_and_only_once_that_one_stands(tmp_path: Path) -> None:
    written("Rutin")
    out, former, trusted = tmp_path / "out", tmp_path / "former", tmp_path / "blocked"
    made(out)
    shutil.copytree(out, former)
    trusted.write_text("no folder")
    with pytest.raises(Clash):
        make_bundle(find_audience("operations"), [trusted / "out"], by=SYSTEM)
    assert verify(former, keys.own_key()).is_sound
    made(out)
    assert [fault.code for fault in verify(former, keys.own_key()).faults] == ["older"]
    assert verify(out, keys.own_key()).is_sound
    keys.memory_of(keys.own_key()).write_text("damaged")
    made(out)
    assert look_over(out, keys.own_key()).is_sound


def test_nothing_of_another_audience_is_in_it(tmp_path: Path) -> None:
    service = make_item("Lönesystem", kind="business_service")
    Audience.objects.create(key="security", name_sv="Säkerhet", name_en="Security")
    secret = written("Kanariefågel", "kanarietext", audience="security", about=(service,), fields={"k": "kanariefält"})
    written("kanariedel", "kanarietext", audience="security", item=service, part="support")
    Dependency.objects.create(from_item=service, to_item=secret.item)
    draft = written("kanarieutkast", audience="operations")
    draft.published = None
    draft.save()
    written("Öppen", "läses av alla", audience="all")
    for audience, may in (("operations", False), ("all", False), ("security", True)):
        out = tmp_path / audience
        made(out, audience)
        told = every_text(out).lower()
        assert ("kanarie" in told) is may, audience
        assert "läses av alla" in told
        assert ("kanariefält" in told) is may


def test_what_everybody_read_stays_out_once_it_is_no_longer_open(tmp_path: Path) -> None:
    written("Öppen", "kanarietext", audience="all")
    Audience.objects.filter(key="all").update(is_open=False)
    made(tmp_path / "out")
    assert "kanarietext" not in every_text(tmp_path / "out")


def test_a_stale_doubtful_or_ended_document_says_so_on_top(tmp_path: Path) -> None:
    day = dt.date(2026, 1, 1)
    document = written("Rutin", "text", routine="desk", due_on=day, valid_to=day, is_doubtful=True)
    Doubt.objects.create(document=document, cause=Cause.REPORTED)
    with translation.override("sv"):
        made(tmp_path / "out")
    page = (tmp_path / "out" / f"documents/{document.address.lower()}.html").read_text()
    top = page[: page.index("<article")]
    for words in ("Kontroll behövs", "Granskningen är försenad", "Gäller inte längre", "2026-01-01"):
        assert words in top


def test_the_first_page_tells_how_to_restore_and_names_no_secret(tmp_path: Path, settings: Any) -> None:
    settings.SECRET_KEY = "kanarie-hemlighet"
    own = written("Återställ Helhet", "steg", routine="recovery")
    other = written("Återställ katalogen", "steg", routine="recovery")
    made(tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text()
    assert page.index(own.address) < page.index("helhet check --whole") < page.index(other.address)
    assert str(settings.DATA_DIR) in page
    assert "verify-bundle MAPP" in page
    assert "FOLDER" not in page
    told = every_text(tmp_path / "out")
    assert "kanarie-hemlighet" not in told
    assert "PRIVATE KEY" not in told


def test_private_ways_to_members_stay_out_and_those_to_the_chair_are_in(tmp_path: Path) -> None:
    chair, member = (make_person(name, email=f"{name}@x.example", phone=f"070-{name}") for name in ("Ada", "Bo"))
    group = make_group("Drift", chair=chair, members=(member,))
    Answer.objects.filter(item=make_item("Post", kind="supporting_service")).update(group=group)
    made(tmp_path / "out")
    told = every_text(tmp_path / "out")
    assert "070-Ada" in told
    assert "Bo" in told
    assert "070-Bo" not in told


def test_words_of_titles_symptoms_and_rare_words_lead_to_the_document(tmp_path: Path) -> None:
    for at in range(30):
        written(f"Rutin nummer {at}", f"vanligtord ovanligt{at:02}")
    found = written("Ändra ägare", "Kör på dc01.sjovik.example", routine="desk")
    made(tmp_path / "out")
    words = "".join(path.read_text() for path in (tmp_path / "out" / "words").iterdir())
    assert "<dt>vanligtord</dt>" not in words
    for word in ("ändra", "misslyckas", "dc01.sjovik.example"):
        assert re.search(rf'<dt>{word}</dt><dd><a href="../documents/{found.address.lower()}.html">', words), word
    assert (tmp_path / "out" / "words" / "ae-1.html").exists()


def test_steps_are_a_checklist_and_rows_a_table_with_links_to_what_is_in_it(tmp_path: Path) -> None:
    routine = written("Starta om", routine="incident", fields={"steps": [
        {"id": "a", "title": "Mät <b>", "input": "number", "unit": "V", "least": "3", "most": "5"},
        {"id": "b", "title": "Byt", "text": "Se [rutinen](/items/RUT-1/)", "stop": True,
         "when": {"step": "a", "sense": "over", "value": "4"}},
    ]})  # fmt: skip
    hidden = written("kanariefågel", audience="all", routine="desk")
    Audience.objects.filter(key="all").update(is_open=False)
    rows = [{"who": "Driften", "routine": routine.address}, {"who": "Jouren", "routine": hidden.address}]
    service = make_item("Post", kind="supporting_service")
    part = written("Uppgifter", item=service, part="tasks", fields={"rows": rows})
    supplier = a_supplier("Nordkabel", delivers=service)
    contacts = {"supplier": supplier.item.reference, "contacts": [str(supplier.contacts.get().pk)]}
    outside = written("Leverantörer", item=service, part="suppliers", fields={"rows": [contacts]})
    made(tmp_path / "out")
    page = (tmp_path / "out" / f"documents/{routine.address.lower()}.html").read_text()
    for words in ("<strong>Mät &lt;b&gt;</strong>", "______ V (3 – 5)", 'type="checkbox"'):
        assert words in page, words
    page = (tmp_path / "out" / f"documents/{part.address.lower().replace('/', '-')}.html").read_text()
    assert f'{routine.address.lower()}.html">Starta om ({routine.address})</a>' in page
    assert "<td>förbehållet andra läsare</td>" in page
    page = (tmp_path / "out" / f"documents/{outside.address.lower().replace('/', '-')}.html").read_text()
    assert "Nordkabel" in page[page.index("<article") :]
    assert "08-123 45 67" in page[page.index("<article") :]
    odd = written("Udda", routine="desk", fields={"steps": [{"title": ""}, {"title": "kvar ändå"}]})
    made(tmp_path / "out")
    assert "kvar ändå" in (tmp_path / "out" / f"documents/{odd.address.lower()}.html").read_text()
    assert "kanarie" not in every_text(tmp_path / "out")
    assert faults_in(tmp_path / "out") == []


def test_numbers_rise_and_none_is_given_twice_after_an_old_database_came_back(tmp_path: Path) -> None:
    assert [made(tmp_path / "out").number for _ in range(2)] == [1, 2]
    Bundle.objects.all().delete()
    assert made(tmp_path / "out").number == 3
    assert made(tmp_path / "all", "all").number == 1


def test_a_place_that_cannot_take_it_stops_no_other_and_all_that_fail_are_told(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("kept")
    told = make_bundle(find_audience("all"), [tmp_path / "mine", tmp_path / "out"], by=SYSTEM)
    assert [path for path, _why in told.failed] == [tmp_path / "mine"]
    assert told.placed == [tmp_path / "out"]
    with pytest.raises(Clash):
        make_bundle(find_audience("all"), [tmp_path / "mine"], by=SYSTEM)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_reader_may_not_make_one(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        make_bundle(find_audience("all"), [tmp_path / "out"], by=Caller(name="reader"))


def asked(command: Command, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer for machines."""
    parser, said = argparse.ArgumentParser(), io.StringIO()
    command.add_arguments(parser)
    code = command.run(parser.parse_args(words), Output(as_json=True, stdout=said, stderr=io.StringIO()))
    return code, json.loads(said.getvalue())


def test_the_commands_make_verify_and_refuse(tmp_path: Path) -> None:
    out, kept, bundle, verifier = tmp_path / "out", tmp_path / "paper.pem", BundleCommand(), VerifyCommand()
    mine = ("--audience", "operations", "--out", str(out))
    assert asked(bundle, *mine)[0] == 0
    kept.write_text(asked(bundle, "--print-key")[1]["key"])
    assert keys.folder().joinpath("private.pem").stat().st_mode & 0o777 == 0o600
    assert asked(bundle, *mine)[1]["number"] == 2
    code, told = asked(verifier, str(out), "--key", str(kept))
    assert (code, told["sound"], told["number"], told["faults"]) == (0, True, 2, [])
    assert (tmp_path / "paper.pem.seen.json").exists()
    assert asked(verifier, str(out), "--audience", "all")[0] == 1
    (out / "index.html").write_text("x")
    code, told = asked(verifier, str(out), "--key", str(kept))
    assert (code, told["faults"][0]["file"]) == (1, "index.html")


def test_the_commands_refuse_in_words_what_cannot_be_right(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(NotFound):
        asked(VerifyCommand(), str(out))
    asked(BundleCommand(), "--audience", "operations", "--out", str(out))
    (out / "key.pem").write_text(keys.own_key().pem)
    with pytest.raises(Invalid, match=r"key\.pem"):
        asked(VerifyCommand(), str(out), "--key", str(out / "key.pem"))
    for words in (("--audience", "all", "--out", str(out)), ("--audience", "all"), ("--out", str(out))):
        with pytest.raises(Invalid):
            asked(BundleCommand(), *words)
    with pytest.raises(NotFound):
        asked(BundleCommand(), "--audience", "nobody", "--out", str(tmp_path / "x"))


def test_refusals_speak_the_language_of_whoever_asked_and_name_what_is_in_the_way(
    tmp_path: Path, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "sv"
    (tmp_path / "file").write_text("kept")
    with translation.override("en"), pytest.raises(Clash) as refused:
        make_bundle(find_audience("all"), [tmp_path / "file" / "below" / "out"], by=SYSTEM)
    assert refused.value.message == "The offline copy could not be put there: This is no folder."
    with pytest.raises(Invalid) as early:
        asked(BundleCommand(), "--audience", "all", "--out", str(tmp_path / "file" / "below" / "out"))
    assert early.value.where == str(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    parser, said = argparse.ArgumentParser(), io.StringIO()
    VerifyCommand().add_arguments(parser)
    made(tmp_path / "out", "all")
    with translation.override("en"):
        out = Output(as_json=False, stdout=said, stderr=said)
        assert VerifyCommand().run(parser.parse_args([str(tmp_path / "empty")]), out) == 1
    assert said.getvalue().startswith("REFUSED: there is no offline copy in")
    page = (tmp_path / "out" / "index.html").read_text()
    assert '<html lang="sv">' in page


def test_a_disk_that_is_full_says_so_and_keeps_the_former_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "stick", "all")

    def full(_from: Path, to: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(to))

    monkeypatch.setattr("shutil.copyfile", full)
    with translation.override("sv"):
        told = make_bundle(find_audience("all"), [tmp_path / "stick", tmp_path / "out"], by=SYSTEM)
    assert told.failed == [(tmp_path / "stick", "disken är full")]
    assert look_over(tmp_path / "stick", keys.own_key()).is_sound
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert parsed((tmp_path / "stick" / MANIFEST).read_bytes()).number == 1
