"""A save that is cut off anywhere has either happened or not, and twenty who edit at once lose no text."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from helhet.documents.actions import create_document, publish, save_draft
from helhet.documents.models import Document, Draft, DraftText, Version
from helhet.journal.models import Event
from helhet.kit.errors import Stale
from helhet.kit.rights import Caller
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
EDITORS = 20


class CutOffError(Exception):
    """The process is gone at this statement."""


def cut_at(number: int, act: Callable[[], Any]) -> bool:
    """Do it, gone at that statement; whether it was done before it came so far."""
    left = number

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        # What is done when something fails is not the process's any longer.
        if not sql.startswith(("ROLLBACK", "RELEASE")):
            left -= 1
            if left == 0:
                raise CutOffError
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(wrapper):
            act()
    except CutOffError:
        return False
    return True


def stands(document: Document) -> dict[str, Any]:
    """All that is written of the document."""
    return {
        "draft": list(Draft.objects.filter(document=document).values("text", "version", "state")),
        "kept": list(DraftText.objects.filter(document=document).values_list("text", flat=True)),
        "versions": list(Version.objects.filter(document=document).values_list("text", flat=True)),
        "document": Document.objects.filter(pk=document.pk).values().get(),
        "events": Event.objects.count(),
    }


def test_a_save_and_a_publishing_cut_off_at_any_statement_leave_all_as_it_was() -> None:
    cast = Cast()
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    document = create_document(by=member, sort="routine", title="Omstart", text="Gammal", audiences=("all",))
    acts = (
        lambda: save_draft(document.address, by=member, version=1, text="Ny"),
        lambda: publish(document.address, by=chair, version=2),
        lambda: save_draft(document.address, by=member, version=0, text="Nyare"),
    )
    for act in acts:
        before, number = stands(document), 1
        while not cut_at(number, act):
            assert stands(document) == before, f"cut off at statement {number}"
            number += 1
        assert number > 5
        assert stands(document)["events"] > before["events"]
    now = stands(document)
    assert (now["versions"], now["kept"]) == (["Ny"], ["Nyare", "Ny", "Gammal"])
    assert [one["text"] for one in now["draft"]] == ["Nyare"]


def add_line(address: str, pk: int, by: Caller, line: str) -> list[str]:
    """As one who meets the merge page: each text that was refused is put together with what stands then, and saved."""
    refused = []
    try:
        while True:
            draft = Draft.objects.get(document=pk)
            text = f"{draft.text}\n{line}"
            try:
                save_draft(address, by=by, version=draft.version, text=text)
            except Stale:
                refused.append(text)
            else:
                return refused
    finally:
        connections.close_all()


def test_twenty_who_edit_one_document_at_once_lose_no_text() -> None:
    cast = Cast()
    member = as_caller(cast.member)
    document = create_document(by=member, sort="routine", title="Omstart", text="Början", audiences=("all",))
    lines = [f"Rad {number} av tjugo" for number in range(EDITORS)]
    with ThreadPoolExecutor(EDITORS) as editors:
        waiting = [editors.submit(add_line, document.address, document.pk, member, line) for line in lines]
        for one in waiting:
            one.result()
    draft = Draft.objects.get(document=document)
    assert sorted(draft.text.splitlines()) == sorted(["Början", *lines])
    kept = list(DraftText.objects.filter(document=document).order_by("version").values_list("version", "text"))
    assert [version for version, _text in kept] == list(range(1, EDITORS + 2))
    assert kept[-1] == (draft.version, draft.text)


def wait_for_one_who_waits() -> None:
    """Until somebody waits for a row that is taken here; SQLite lets one write at a time, whoever asks."""
    asks = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asks)
            if cursor.fetchone()[0]:
                return


def test_who_waits_for_a_publication_begins_from_what_was_published() -> None:
    cast = Cast()
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    document = create_document(by=member, sort="routine", title="Omstart", text="Gammal", audiences=("all",))
    publish(document.address, by=chair, version=1)
    save_draft(document.address, by=member, version=0, text="Ny")

    def save_note() -> Draft:
        try:
            return save_draft(document.address, by=member, version=0, note="Kommer strax")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as editors:
        with transaction.atomic():
            publish(document.address, by=chair, version=2)
            waiting = editors.submit(save_note)
            wait_for_one_who_waits()
        draft = waiting.result()
    assert draft.base is not None
    assert (draft.base.number, draft.text, draft.title) == ("2", "Ny", "Omstart")
