"""`helhet serve`: the web server and a worker as children of one process, which starts them anew when they die."""

from __future__ import annotations

import argparse
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings

from helhet.accounts import actions
from helhet.config.environment import is_port
from helhet.config.store import make_all_ready
from helhet.kit.command import DONE, FAILED, Output
from helhet.kit.errors import Clash, Invalid

GRACE_SECONDS = 15.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A child that lived this long had started well; its next fall starts with the first pause again.
WELL_SECONDS = 30.0
# So many falls in a row before the first answer mean that it never will start.
HOPELESS = 3
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process that we keep running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    falls: int = 0
    pause: float = field(default=FIRST_PAUSE)

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C comes to us alone and we stop it in order."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, process_group=0, preexec_fn=_die_with_parent)  # noqa: PLW1509 - no threads here

    def tend(self, out: Output) -> None:
        """Start it when its time has come; notice when it fell and set the time for the next start."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        well = now - self.started_at > WELL_SECONDS
        self.falls = 1 if well else self.falls + 1
        self.pause = FIRST_PAUSE if well else min(self.pause * 2, LONGEST_PAUSE)
        self.process, self.start_at = None, now + self.pause
        out.note(f"The {self.name} ended (code {code}); it starts again in {self.pause:.0f} s.")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ask it to end, or, with SIGKILL, end it and all that it started."""
        if self.process is None or self.process.poll() is not None:
            return
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None


def _die_with_parent() -> None:
    """On Linux the kernel ends the child when we are killed without a chance to do so ourselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class ServeCommand:
    """`helhet serve`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What differs from the settings."""
        parser.add_argument(
            "--bind", metavar="ADDRESS:PORT", default=settings.BIND, help="where to serve (HELHET_BIND)"
        )
        parser.add_argument("--no-worker", action="store_true", help="only the web server; run helhet worker elsewhere")

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Serve until Ctrl-C or SIGTERM."""
        host, port = _address(args.bind)
        _require_free(host, port)
        make_all_ready(out)
        # Pages and links in the children name the address that is really served.
        os.environ["HELHET_BIND"] = settings.BIND = args.bind
        children = [Child("web server", web_command(host, port))]
        if not args.no_worker:
            # Two, so that what is quick (the index, the seal) need not wait for what is long (an import).
            command = [sys.executable, "-m", "helhet.config.cli", "worker"]
            children += [Child("worker", command), Child("second worker", command)]
        return Supervisor(children, out).run(host, port, lambda: _greet(out))


class Supervisor:
    """Keeps children running until it is told to stop."""

    def __init__(self, children: list[Child], out: Output) -> None:
        """The first child is the one whose answer means that all is well; the others start when it has come."""
        self.children = children
        self.out = out
        self._signals = 0

    def run(self, host: str, port: int, greet: Callable[[], None]) -> int:
        """Start all, greet at the first answer, tend, and stop all in the end."""
        before = {number: signal.signal(number, self._note_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        greeted, first = False, FirstAnswer(host, port)
        try:
            while not self._signals:
                # All at once would load the same modules on the same processors, and the first page would wait for it.
                for child in self.children if greeted else self.children[:1]:
                    child.tend(self.out)
                if not greeted and self.children[0].is_running and first.has_come():
                    greeted = True
                    greet()
                if not greeted and self.children[0].falls >= HOPELESS:
                    self.out.note("The web server does not start. The lines above say why; helhet check may tell more.")
                    return FAILED
                time.sleep(0.1)
            self.out.note("\nStopping ...")
            return DONE
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _stop_all(self) -> None:
        """Ask all to end; kill what has not within the grace, or at a second Ctrl-C."""
        for child in self.children:
            child.stop()
        asked, signals = time.monotonic(), self._signals
        while any(child.is_running for child in self.children):
            if time.monotonic() - asked > GRACE_SECONDS or self._signals > signals:
                for child in self.children:
                    child.stop(signal.SIGKILL)
            time.sleep(0.05)


def web_command(host: str, port: int) -> list[str]:
    """Granian with one thread a worker: more threads made it slower when measured."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(max(settings.WEB_WORKERS, 1)), "--blocking-threads", "1", "--respawn-failed-workers",
        "--no-ws", "--log-level", "warning", "helhet.config.wsgi:application",
    ]  # fmt: skip


def _greet(out: Output) -> None:
    """The address, and for a store that nobody has signed in to the link for the first administrator."""
    begun = os.environ.get("HELHET_BEGUN", "")
    took = f", ready after {max(0, time.time() - int(begun)):.0f} s" if begun.isdigit() else ""
    out.line(f"Helhet is served at {actions.base_url()}{took}  (Ctrl-C stops it)")
    link = actions.first_link()
    if link:
        out.line("\nNobody has signed in yet. This link signs in the first administrator, once:\n")
        out.line(f"  {link}\n")


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not is_port(port):
        raise Invalid(f"{bind} is no address to serve at.", todo="Write it as 127.0.0.1:8000.", field="bind")
    return host.strip("[]"), int(port)


def _require_free(host: str, port: int) -> None:
    """Raises Clash when something else serves there already."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Invalid(f"The address {host} cannot be used: {error.strerror}.", todo="Mend HELHET_BIND.") from error
    with socket.socket(family, kind, number) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise Clash(
                f"Port {port} on {host} cannot be served: {error.strerror}.",
                todo=f"Stop what serves there, or choose another port:  HELHET_BIND={host}:{port + 1}",
            ) from error


class FirstAnswer:
    """One request, and whether anything has come back for it. Nothing here waits: Ctrl-C is heard meanwhile."""

    def __init__(self, host: str, port: int) -> None:
        """Where to ask: for an address that means all of this host's, its own."""
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        self.port = port
        self._asked: socket.socket | None = None

    def has_come(self) -> bool:
        """Ask when that is not done yet, then look. Anything that the server says counts."""
        try:
            if self._asked is None:
                self._asked = socket.create_connection((self.host, self.port), timeout=0.5)
                # By a name that is allowed here, or each start would leave an error in the log.
                name = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
                self._asked.sendall(f"GET / HTTP/1.0\r\nHost: {name}\r\n\r\n".encode("ascii", "ignore"))
            if not select.select([self._asked], [], [], 0)[0]:
                return False
            has_come = bool(self._asked.recv(1))
        except OSError:
            has_come = False
        if self._asked is not None:
            self._asked.close()
            self._asked = None
        return has_come
