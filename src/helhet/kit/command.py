"""What a command of the command line is, and where its words go.

With `--json`, standard output is exactly one JSON object and everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Protocol, Self, TextIO

import orjson

DONE, FAILED, WRONG_USE = 0, 1, 2
_BAR_WIDTH = 30
_REDRAW_SECONDS = 0.1


class Command(Protocol):
    """One command. Made without arguments when it is asked for, after Django is set up."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say which arguments it takes, besides `--json`, which every command has."""

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Do it. Returns 0 for done, 1 for failed or nothing taken; a Refused becomes plain words and 1."""


class Progress:
    """A bar on a terminal, silence elsewhere. `total` None means unknown."""

    def __init__(self, total: int | None, title: str, stream: TextIO) -> None:
        """Nothing is drawn before the first `advance`."""
        self.total = total
        self.done = 0
        self._title = title
        self._stream = stream
        self._on = stream.isatty()
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Draw the end and leave the line."""
        self.close()

    def advance(self, by: int = 1) -> None:
        """So many more are done."""
        self.reach(self.done + by)

    def reach(self, done: int) -> None:
        """So many are done in all."""
        self.done = done
        now = time.monotonic()
        if self._on and now - self._drawn_at >= _REDRAW_SECONDS:
            self._drawn_at = now
            self._draw()

    def close(self) -> None:
        """Leave the line; further calls do nothing."""
        if self._on and self._drawn_at:
            self._draw()
            self._stream.write("\n")
            self._stream.flush()
        self._on = False

    def _draw(self) -> None:
        count = f"{self.done:,}".replace(",", " ")
        if self.total:
            share = min(self.done / self.total, 1.0)
            bar = ("█" * round(share * _BAR_WIDTH)).ljust(_BAR_WIDTH, "·")
            count = f"{bar} {share:4.0%} {count}"
        self._stream.write(f"\r{self._title} {count}\x1b[K")
        self._stream.flush()


class Output:
    """Where a command speaks: `line` for people, `json` for machines, `note` for what is neither."""

    def __init__(self, *, as_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        """`as_json` is whether `--json` was given."""
        self.as_json = as_json
        self.answered = False
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr

    def json(self, answer: dict[str, Any]) -> None:
        """The one JSON object of this command; said only under `--json`, and only once."""
        if self.answered:
            raise RuntimeError("A command answers with one JSON object.")
        self.answered = True
        if self.as_json:
            options = orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
            self._stdout.write(orjson.dumps(answer, default=str, option=options).decode())
            self._stdout.flush()

    def line(self, text: object = "") -> None:
        """A line for people: on standard output, or on standard error under `--json`."""
        print(text, file=self._stderr if self.as_json else self._stdout, flush=True)

    def note(self, text: object = "") -> None:
        """A line beside the answer, always on standard error."""
        print(text, file=self._stderr, flush=True)

    def progress(self, total: int | None = None, title: str = "") -> Progress:
        """A bar on standard error when that is a terminal."""
        return Progress(total, title, self._stderr)
