"""bin/setup: the environment finds the package in its folder, whatever that folder is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import bootstrap
import pytest


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty environment in a folder with a space in its name, with an older editable install in it."""
    root = tmp_path / "a folder"
    packages = root / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "helhet-0.1.0.dist-info").mkdir(parents=True)
    (packages / "__editable__.helhet-0.1.0.pth").write_text("/elsewhere")
    (packages / "another.pth").write_text("/kept")
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", root / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", root / ".venv" / "bin" / "python")
    return root / ".venv"


def test_the_package_is_found_in_its_folder_and_an_older_install_is_gone(venv: Path) -> None:
    bootstrap.tie_project()
    packages = venv / "lib" / "python3.11" / "site-packages"
    assert sorted(path.name for path in packages.iterdir()) == ["another.pth", "helhet.pth"]
    assert (packages / "helhet.pth").read_text() == f"{venv.parent / 'src'}\n"


def test_the_command_hands_its_arguments_on_as_they_are(venv: Path) -> None:
    bootstrap.tie_project()
    package = venv.parent / "src" / "helhet" / "config"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "cli.py").write_text("import sys\nprint(sys.argv[1:])\n")
    env = {"PYTHONPATH": str(venv.parent / "src")}
    done = subprocess.run([venv / "bin" / "helhet", "a b", "*"], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "['a b', '*']\n"


def test_a_pip_of_ones_own_is_used_when_it_is_new_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for version, taken in {"22.2.2": False, "22.3": True, "23.0.1": True, "9.0.3": False}.items():
        monkeypatch.setattr("importlib.metadata.version", lambda _name, version=version: version)
        assert bootstrap.own_pip() is taken
