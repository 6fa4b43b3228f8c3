"""`helhet serve`: web server and worker live and die together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from helhet.config.serve import Child, FirstAnswer, Supervisor
from helhet.kit.command import DONE, FAILED, Output

PATIENCE = 240.0


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, log: Path) -> str:
    """The server's words, once they hold this."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text()
        if what in text:
            return text
        time.sleep(0.1)
    raise AssertionError(f"{what!r} did not come:\n{log.read_text()}")


Serving = tuple[subprocess.Popen[bytes], str, Path]
"""A running server, its address and its words."""


@contextlib.contextmanager
def serving(folder: Path, log: Path) -> Iterator[Serving]:
    """A server on that data folder, stopped in the end."""
    address = f"127.0.0.1:{free_port()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DJANGO_"))}
    env = {**kept, "HELHET_DATA_DIR": str(folder), "HELHET_BIND": address, "HELHET_WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "helhet.config.cli", "serve"]
    with (
        log.open("wb") as words,
        subprocess.Popen(command, env=env, stdout=words, stderr=words, cwd="/", process_group=0) as process,
    ):
        yield process, address, log
        if process.poll() is None:
            process.kill()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Serving]:
    """A server that makes its store."""
    with serving(tmp_path / "data", tmp_path / "log") as started:
        yield started


@pytest.fixture
def later(store: Path, tmp_path: Path) -> Iterator[Serving]:
    """A server that finds its store."""
    with serving(store, tmp_path / "log") as started:
        yield started


@pytest.mark.slow
def test_one_signal_stops_all_and_the_first_start_gives_a_link(first: Serving) -> None:
    process, address, log = first
    text = wait_for("/link/", log)
    assert f"served at http://{address}" in text
    with urllib.request.urlopen(f"http://{address}/sign-in/", timeout=120) as answer:
        assert answer.status == 200
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == DONE
    for pid in children.stdout.split():
        assert not Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_a_second_server_says_that_the_port_is_taken(later: Serving, store: Path) -> None:
    process, address, log = later
    wait_for("served at", log)
    env = {
        **os.environ,
        "HELHET_DATA_DIR": str(store),
        "DJANGO_SETTINGS_MODULE": "helhet.config.settings",
    }
    command = [sys.executable, "-m", "helhet.config.cli", "serve", "--bind", address]
    second = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert second.returncode == FAILED
    assert "cannot be served" in second.stderr
    assert process.poll() is None


def test_a_server_that_never_starts_ends_with_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    children = [Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])]
    greeted: list[bool] = []
    code = Supervisor(children, Output(as_json=False)).run("127.0.0.1", free_port(), lambda: greeted.append(True))
    assert code == FAILED
    assert greeted == []
    assert "does not start" in capsys.readouterr().err


def test_no_worker_takes_a_processor_before_the_web_server_has_answered() -> None:
    port = free_port()
    answering = f"""
import http.server
http.server.HTTPServer(("127.0.0.1", {port}), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
    web = Child("web server", [sys.executable, "-c", answering])
    worker = Child("worker", [sys.executable, "-c", "import time; time.sleep(60)"])
    supervisor, seen = Supervisor([web, worker], Output(as_json=False)), []

    def greet() -> None:
        seen.append((web.is_running, worker.process))
        os.kill(os.getpid(), signal.SIGINT)

    assert supervisor.run("127.0.0.1", port, greet) == DONE
    assert seen == [(True, None)]


def test_a_port_that_takes_the_call_but_says_nothing_is_no_answer_yet() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        first = FirstAnswer("127.0.0.1", silent.getsockname()[1])
        assert not first.has_come()
        assert not first.has_come()
        taken, _address = silent.accept()
        with taken:
            taken.sendall(b"HTTP/1.0 302 Found")
            until = time.monotonic() + PATIENCE
            while not (came := first.has_come()) and time.monotonic() < until:
                time.sleep(0.01)
        assert came


def test_a_child_that_fell_starts_again_after_a_growing_pause() -> None:
    child, out = Child("worker", [sys.executable, "-c", ""]), Output(as_json=False)
    pauses = []
    for _ in range(3):
        child.start_at = 0.0
        child.tend(out)
        assert child.process is not None
        child.process.wait()
        child.tend(out)
        pauses.append(child.pause)
    assert pauses == [2.0, 4.0, 8.0]
    assert child.falls == 3
