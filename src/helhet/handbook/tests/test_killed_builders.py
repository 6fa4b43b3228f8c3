"""A builder that is killed leaves what stands whole: real processes, killed at each thing that they do to the disk."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from helhet.handbook.bundle import placing
from helhet.handbook.bundle.placing import mend
from helhet.handbook.bundle.verifying import look_over
from helhet.handbook.tests.small_bundles import Maker

DISK = ("open", "os.", "shutil.", "ctypes.call_function", "glob.")


def killed_at(step: int, maker: Maker, out: Path, number: int) -> bool:
    """Make a bundle in a process that is killed before so many steps. Tells whether it was: else it came to its end."""
    child = os.fork()
    if child == 0:
        left = [step]

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event.startswith(DISK) and str(out.parent) in repr(arguments):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(watch)
            maker.make(out, maker.facts(number))
        except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as a second test run
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def numbers_left_by_kills(maker: Maker, out: Path) -> list[int]:
    """The number of what stands after a kill at each step in turn, and at last after none."""
    maker.make(out, maker.facts(1))
    stood = []
    for step in range(200):
        was_killed = killed_at(step, maker, out, number=2 + step)
        mend(out)
        checked = look_over(out, maker.trusted)
        assert checked.is_sound, (step, checked.faults)
        stood.append(checked.manifest.number)
        if not was_killed:
            return stood
    raise AssertionError("it never came to its end")


def test_what_stands_is_whole_after_a_kill_at_each_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    maker, out = Maker(tmp_path / "key"), tmp_path / "place" / "out"
    stood = numbers_left_by_kills(maker, out)
    assert len(stood) > 30
    assert stood == sorted(stood)
    assert stood[-1] == len(stood) + 1
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_place_that_cannot_swap_folders_is_mended_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sync", lambda: None)
    monkeypatch.setattr(placing, "_exchange", lambda _made, _out: False)
    maker, out = Maker(tmp_path / "key"), tmp_path / "place" / "out"
    stood = numbers_left_by_kills(maker, out)
    assert stood[-1] == len(stood) + 1
    assert [path.name for path in out.parent.iterdir()] == ["out"]
