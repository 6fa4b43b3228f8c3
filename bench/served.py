"""The product as it is served: Granian with its workers over the store of the environment."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.measure import cpu_of
from helhet.config.serve import web_command

PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What its processes, which stand in one group, have taken of the processor."""
        return cpu_of(self.pid, of_group=True)


@contextmanager
def served() -> Iterator[Server]:
    """Start it, with the pool of connections that the product has, wait until it answers, and stop it in any case."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "BENCH_SERVED": "1"}
    process = subprocess.Popen(web_command("127.0.0.1", port), process_group=0, env=environment)
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < PATIENCE:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The server does not answer.")
