"""The front-end build: npm's locked packages and our own sources become `src/helhet/kit/static/built/`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from digest import digest_of

OLDEST_NODE = 20


class BuildFailed(Exception):
    """The front end could not be built; the text says why and what to do."""


def _npm_of(node: Path) -> Path | None:
    npm = node.with_name("npm")
    if npm.exists():
        return npm
    found = shutil.which("npm")
    return Path(found) if found else None


def node_on_path() -> Path | None:
    """The machine's own Node, when it is new enough and has npm; otherwise None."""
    found = shutil.which("node")
    if found is None or _npm_of(Path(found)) is None:
        return None
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = told.removeprefix("v").split(".")[0]
    return Path(found) if major.isdigit() and int(major) >= OLDEST_NODE else None


def made_from(root: Path) -> str:
    """A hash over all that the build reads."""
    folder = root / "frontend"
    names = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "icons.json")
    return digest_of(*(folder / name for name in names), folder / "icons", root / "src" / "helhet" / "kit" / "js")


def built(root: Path) -> bool:
    """Whether a finished build stands there: its last file is the one written last."""
    return (root / "src" / "helhet" / "kit" / "static" / "built" / "manifest.json").is_file()


def build(root: Path, node: Path, say: Callable[[str], None]) -> None:
    """Install the npm packages when their lock changed, then bundle.

    Raises:
        BuildFailed: npm or the bundler failed; what they said went to standard error before.
    """
    folder = root / "frontend"
    npm = _npm_of(node)
    if npm is None:
        raise BuildFailed("npm was not found beside Node. On Debian or Ubuntu:  apt-get install -y npm")
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_ENV": ""}
    del env["NODE_ENV"]
    stamp = folder / "node_modules" / ".helhet"
    wanted = digest_of(folder / "package-lock.json")
    if not stamp.is_file() or stamp.read_text() != wanted:
        say("  npm packages ...")
        command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(command, cwd=folder, env=env, stdout=sys.stderr, check=False).returncode:
            raise BuildFailed(
                "The npm packages could not be installed. Is a registry within reach? The lines above say what npm met."
            )
        stamp.write_text(wanted)
    if subprocess.run([str(node), "build.mjs"], cwd=folder, env=env, stdout=sys.stderr, check=False).returncode:
        raise BuildFailed("The front end could not be built; the lines above say in which file.")
