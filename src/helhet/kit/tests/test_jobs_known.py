"""A worker knows every job of the product, wherever its room keeps it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PACKAGE = Path(__file__).resolve().parents[2]
BARE_WORKER = (
    "import django, json; django.setup(); from helhet.kit.jobs import registry; registry.discover();"
    "print(json.dumps(sorted(registry._definitions)))"
)


def declared_names() -> set[str]:
    """The names in all `@job(name=...)` outside tests, read from the source without importing it."""
    names = set()
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts or "@job(" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "job":
                names |= {
                    word.value.value
                    for word in node.keywords
                    if word.arg == "name" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
                }
    return names


def test_a_bare_worker_knows_every_job_that_a_room_declares(tmp_path: Path) -> None:
    around = os.environ | {
        "HELHET_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BARE_WORKER],
        env=around,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "kit.tidy_jobs" in declared_names()
    missing = declared_names() - set(json.loads(done.stdout.splitlines()[-1]))
    assert not missing, f"import these in the module jobs of their room: {sorted(missing)}"
