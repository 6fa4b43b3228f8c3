"""Lock files say exactly what is installed, and nothing says from where."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
# Written in halves, so that this file does not find itself.
REGISTRIES = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com")
MACHINE_PATHS = re.compile(r"/(?:root|work|home)/[a-z]|/opt/(?:pypi|wheels)")


def tracked_texts() -> list[tuple[str, str]]:
    """The path and text of every tracked file that is text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git working tree, so it is not known which files belong to it")
    texts = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            try:
                texts.append((name, path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                continue
    return texts


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_version_and_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.\[\],-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_every_package_that_its_list_asks_for(lock: Path) -> None:
    locked = {re.split(r"[=\[]", line)[0].lower() for line in lock.read_text().splitlines() if "==" in line}
    for line in lock.with_suffix(".in").read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            assert re.split(r"[=\[<>~]", line)[0].lower() in locked, f"{line}: run requirements/lock"


def test_the_npm_lock_has_hashes_and_no_addresses_of_packages() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert packages
    for name, about in packages.items():
        assert "resolved" not in about, name
        assert about["integrity"].startswith("sha512-"), name


def test_no_file_names_a_registry() -> None:
    found = [(name, host) for name, text in tracked_texts() for host in REGISTRIES if host in text]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    own = {"tests/architecture/test_locks.py"}
    found = [name for name, text in tracked_texts() if name not in own and MACHINE_PATHS.search(text)]
    assert found == []
