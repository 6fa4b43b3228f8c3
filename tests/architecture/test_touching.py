"""Whoever writes what the graph of the estate is made of says so, or its answers would grow old unseen."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "helhet"
NOUNS = {"Dependency", "Redundancy"}
WRITES = {"create", "bulk_create", "bulk_update", "update", "update_or_create", "get_or_create", "delete"}
MAKERS = {"insert", "insert_rows"}


def writers(source: str) -> bool:
    """Whether the code writes one of the nouns: by its manager, or in bulk."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
        if isinstance(node.func, ast.Attribute) and node.func.attr in WRITES and names & NOUNS:
            return True
        first = node.args[0] if node.args else None
        if names & MAKERS and isinstance(first, ast.Name) and first.id in NOUNS:
            return True
    return False


def test_whoever_writes_dependencies_says_which_items_were_touched() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"migrations", "tests"} & set(path.parts)
        and writers(source := path.read_text(encoding="utf-8"))
        and "from helhet.items.touching import touch" not in source
    ]
    assert found == []


def test_the_pattern_finds_what_it_should() -> None:
    assert writers("Dependency.objects.filter(pk=1).update(note='')")
    assert writers("insert_rows(Dependency, FIELDS, rows)")
    assert not writers("Dependency.objects.filter(pk=1).count()")
