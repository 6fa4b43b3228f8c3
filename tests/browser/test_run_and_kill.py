"""A run whose server is killed with the power cord: the process ends at once, and starts again on the same data."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, Route, expect

from helhet.config.tests.test_serve import free_port, wait_for
from helhet.routines.tests.written import make_routine
from tests.browser.conftest import Complaints
from tests.browser.walking import sign_in
from tests.world import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
DONE = "Klart, nästa steg"


@dataclass
class Served:
    """`helhet serve` on a copy of the test's store."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DJANGO_"))}
        env = {
            **kept, "HELHET_DATA_DIR": str(self.folder), "HELHET_BIND": f"127.0.0.1:{self.port}",
            "HELHET_WEB_WORKERS": "1", "DJANGO_SETTINGS_MODULE": "tests.browser.served_settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "helhet.config.cli", "serve", "--no-worker"]
        log = self.folder / "log"
        with log.open("wb") as words:
            self.process = subprocess.Popen(command, env=env, stdout=words, stderr=words, process_group=0)
        wait_for("served at", log)

    def kill(self) -> None:
        """End it and all that it started, with no chance to say goodbye."""
        if self.process is None:
            return
        for pid in [self.process.pid, *_children(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """What its store has."""
        with closing(sqlite3.connect(self.folder / "helhet.sqlite3")) as store:
            return store.execute(question).fetchall()


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [each for child in found for each in (int(child), *_children(int(child)))]


@pytest.fixture
def served(tmp_path: Path, cast: Cast, page: Page) -> Iterator[Served]:
    """A server of our own with Sjövik's people and a routine; the page is the reader's."""
    if connection.vendor != "sqlite":
        pytest.skip("the store is copied as a file of SQLite")
    make_routine(group=cast.group)
    server = Served(tmp_path, free_port())
    sign_in(page, cast.reader, server.address)
    copy = sqlite3.connect(tmp_path / "helhet.sqlite3")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as ours, closing(copy):
        ours.backup(copy)
    (tmp_path / "secret").write_text(settings.SECRET_KEY, encoding="ascii")
    server.start()
    yield server
    server.kill()


def test_a_server_killed_in_the_middle_of_a_run_has_each_answer_once_when_it_is_back(
    served: Served, page: Page, complaints: Complaints
) -> None:
    def kill_after_the_answer_is_taken(route: Route) -> None:
        if served.process is not None and "queue" in (route.request.post_data or ""):
            route.fetch()
            served.kill()
        route.abort()

    page.goto(f"{served.address}/routines/")
    page.get_by_role("link", name="Omstart av motorn").click()
    page.get_by_role("button", name="Kör rutinen").click()
    expect(page.locator("#hh-run[data-ready]")).to_be_attached()
    with page.expect_response("**/answers/"):
        page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_be_hidden()
    page.context.route("**/answers/", kill_after_the_answer_is_taken)
    page.get_by_label("Värde").fill("12")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("1 svar")
    assert served.process is None
    page.context.unroute("**/answers/")
    page.get_by_role("button", name=DONE).click()
    expect(page.locator("#hh-run-net")).to_contain_text("2 svar")
    page.reload()
    expect(page.locator(".hh-step.now h2")).to_have_text("Skriv vad du såg")
    served.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#hh-run-net")).to_be_hidden(timeout=20_000)
    page.get_by_role("button", name="Hoppa över steget").click()
    page.get_by_role("button", name=DONE).click()
    page.get_by_role("button", name="Det gick bra").click()
    expect(page.locator(".hh-ended")).to_be_visible()
    answers = [("check", "done"), ("queue", "done"), ("wait", "done"), ("note", "skipped"), ("tell", "done")]
    assert served.rows("SELECT step, state FROM routines_runstep ORDER BY id") == answers
    assert served.rows("SELECT outcome FROM routines_run") == [("worked",)]
    assert served.rows("PRAGMA integrity_check") == [("ok",)]
    complaints.found = [
        one for one in complaints.found if "ERR_" not in one and not one.startswith("call to another host")
    ]
