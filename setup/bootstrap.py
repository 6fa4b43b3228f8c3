"""What bin/setup does, with the standard library alone: virtual environment, locked packages, front end, messages.

Each step keeps a stamp (a hash of what it was made from) in `.venv/.helhet`: with nothing to do, a run takes a blink.
"""

from __future__ import annotations

import argparse
import ensurepip
import fcntl
import importlib.metadata
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "setup"))

import messages  # noqa: E402
from digest import digest_of  # noqa: E402

import frontend  # noqa: E402 - found through the line above

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".helhet"
LOCKS = ROOT / "requirements"


class Missing(Exception):
    """Something that this program cannot get by itself; the text says what, and what to do."""


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


def step(name: str, title: str, made_from: str, work: Callable[[], None]) -> bool:
    """Do `work` unless its stamp says that it was done from the same things. Tells whether it was done."""
    stamp = STAMPS / name
    if stamp.is_file() and stamp.read_text() == made_from:
        return False
    say(f"{title} ...")
    begun = time.monotonic()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_from)
    say(f"{title}: done in {time.monotonic() - begun:.1f} s")
    return True


def run(*command: str | Path, env: dict[str, str] | None = None, quiet: bool = False) -> bool:
    """Run a program in the repository; its output goes to standard error. True when it went well."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    return (
        subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=env, stdout=output, stderr=output, check=False
        ).returncode
        == 0
    )


def make_venv() -> None:
    """A fresh virtual environment, made by the Python that runs this."""
    for old in VENV.iterdir() if VENV.is_dir() else []:
        if old.name not in {".setup", STAMPS.name}:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    maker = str(base) if base.is_file() else sys.executable
    # Unpacking pip takes longer than all the rest, and it can be run from where Python keeps it.
    without = ["--without-pip"] if bundled_pip() else []
    if not run(maker, "-m", "venv", *without, VENV):
        raise Missing(
            "The virtual environment could not be made. On Debian or Ubuntu:  apt-get install -y python3-venv"
        )


def bundled_pip() -> Path | None:
    """The pip that came with Python: in ensurepip, or where Debian keeps such wheels."""
    places = (Path(ensurepip.__file__).parent / "_bundled", Path("/usr/share/python-wheels"))
    return next((wheel for place in places for wheel in place.glob("pip-*.whl")), None)


def own_pip() -> bool:
    """Whether the Python that runs this has a pip that can install for another one (from 22.3 on)."""
    try:
        version = importlib.metadata.version("pip").split(".")
    except importlib.metadata.PackageNotFoundError:
        return False
    return tuple(int(part) for part in version[:2] if part.isdigit()) >= (22, 3)


def pip_command() -> list[str | Path]:
    """How to start pip for the virtual environment. An installed pip starts faster than one that lies in a wheel."""
    if own_pip() and sys.prefix == sys.base_prefix:
        return [sys.executable, "-I", "-m", "pip", "--python", PYTHON, "--disable-pip-version-check"]
    wheel = bundled_pip()
    pip: list[str | Path] = ["-m", "pip"] if (VENV / "bin" / "pip").exists() or wheel is None else [wheel / "pip"]
    return [PYTHON, *pip, "--disable-pip-version-check"]


def uv_environment() -> dict[str, str]:
    """The environment for uv, told of the index that pip was told of."""
    env = {
        **os.environ,
        "UV_HTTP_RETRIES": "1",
        "VIRTUAL_ENV": str(VENV),
        "UV_NO_PROGRESS": "" if sys.stderr.isatty() else "1",
    }
    if not env["UV_NO_PROGRESS"]:
        del env["UV_NO_PROGRESS"]
    if "UV_DEFAULT_INDEX" not in env:
        asking = [*pip_command(), "config", "get", "global.index-url"]
        asked = subprocess.run(asking, capture_output=True, text=True, check=False)
        index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
        if index:
            env["UV_DEFAULT_INDEX"] = index
    return env


def install(*what: str | Path) -> None:
    """Install by uv when it can be had and gets through, else by pip. `what` is given to either as it stands."""
    uv = VENV / "bin" / "uv"
    pip = [*pip_command(), "--quiet", "install"]
    if not uv.is_file():
        run(*pip, "--no-deps", "--require-hashes", "-r", LOCKS / "installer.lock", quiet=True)
    if uv.is_file() and run(uv, "--quiet", "pip", "install", *what, env=uv_environment()):
        return
    say("uv could not do it; pip does, which takes longer ...")
    if not run(*pip, *what):
        raise Missing(
            "The packages could not be installed. Is a package index within reach? The lines above say what pip met."
        )


def install_lock(name: str, title: str) -> bool:
    """Install one lock file, every package checked against its hash."""
    path = LOCKS / f"{name}.lock"
    return step(name, title, digest_of(path), lambda: install("--require-hashes", "-r", path))


def find_node() -> Path:
    """A Node that is new enough: the machine's own, or one installed beside our packages."""
    own = frontend.node_on_path()
    if own is not None:
        return own
    install_lock("node", "This machine has no Node 20 or newer: installing one into .venv")
    node = VENV / "bin" / "node"
    if not node.is_file():
        raise Missing("Node could not be installed. On Debian or Ubuntu:  apt-get install -y nodejs npm")
    return node


def build_front_end() -> None:
    """Styles, icons, fonts and scripts, from the npm lock file."""
    if frontend.built(ROOT) is False:
        (STAMPS / "frontend").unlink(missing_ok=True)
    try:
        step(
            "frontend",
            "Building the front end",
            frontend.made_from(ROOT),
            lambda: frontend.build(ROOT, find_node(), say),
        )
    except frontend.BuildFailed as failure:
        raise Missing(str(failure)) from failure


def compile_messages() -> None:
    """Every .po whose .mo is missing or older."""
    if messages.stale(ROOT / "src" / "helhet") and not run(PYTHON, ROOT / "setup" / "messages.py"):
        raise Missing("The translations could not be compiled; the lines above say which file and line.")


def tie_project() -> None:
    """Let .venv find the package in `src`, and give it the command: what an editable install does, without a build."""
    for packages in (VENV / "lib").glob("python*/site-packages"):
        for old in (*packages.glob("__editable__*helhet*"), *packages.glob("helhet-*.dist-info")):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        (packages / "helhet.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command, fresh = VENV / "bin" / "helhet", VENV / "bin" / ".helhet.new"
    fresh.write_text(f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m helhet.config.cli "$@"\n', encoding="utf-8")
    fresh.chmod(0o755)
    fresh.replace(command)


def install_packages(*, dev: bool) -> None:
    """All that is Python."""
    install_lock("runtime", "Installing the product's packages")
    if dev:
        install_lock("build", "Installing the build's packages")
        install_lock("dev", "Installing the packages for checking and testing")
    step("project", "Installing the command helhet", f"{ROOT}", tie_project)


def set_up(*, dev: bool) -> None:
    """All steps; with a Node on this machine the front end is built while the packages are installed."""
    if not ((VENV / "pyvenv.cfg").is_file() and PYTHON.exists()):
        for stamp in ("venv", "runtime", "build", "dev", "node", "project"):
            (STAMPS / stamp).unlink(missing_ok=True)
    with ThreadPoolExecutor(max_workers=1) as beside:
        early = beside.submit(build_front_end) if frontend.node_on_path() else None
        step("venv", "Making the virtual environment .venv", f"{sys.version_info[:2]}", make_venv)
        install_packages(dev=dev)
        if early is not None:
            early.result()
        else:
            build_front_end()
    compile_messages()


def main() -> int:
    """Set up under a lock, so that two runs at once do not disturb each other."""
    parser = argparse.ArgumentParser(prog="bin/setup", description="Set up everything that running and testing need.")
    parser.add_argument("--dev", action="store_true", help="add what checking and testing need")
    options = parser.parse_args()
    begun = time.monotonic()
    VENV.mkdir(exist_ok=True)
    with (VENV / ".setup").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            set_up(dev=options.dev)
        except Missing as missing:
            say(f"bin/setup: {missing}")
            return 1
        except KeyboardInterrupt:
            say("bin/setup: stopped. Run it again to go on.")
            return 130
    if (took := time.monotonic() - begun) > 1:
        say(f"Everything is set up, in {took:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
