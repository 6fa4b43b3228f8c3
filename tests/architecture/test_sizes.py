"""Files, functions and templates stay small. The exceptions stand here, and the list only shrinks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "helhet"
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 150

# path (or path:function) -> lines it has today. Never add a line; lower a number when it has shrunk.
LARGER_FILES: dict[str, int] = {}
LARGER_FUNCTIONS: dict[str, int] = {}
LARGER_TEMPLATES: dict[str, int] = {}

SOURCES = sorted(
    path
    for folder in (PACKAGE, ROOT / "tests", ROOT / "setup")
    for path in folder.rglob("*.py")
    if "migrations" not in path.parts
)
PRODUCT = [path for path in SOURCES if "tests" not in path.relative_to(ROOT).parts]
FORBIDDEN_NAMES = {"services", "helpers", "managers", "common", "utils", "util", "misc", "signals"}


def name_of(path: Path) -> str:
    """The path as written in the lists above."""
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_of(path: Path) -> list[tuple[str, int]]:
    """Each function's name and its length in lines, decorators and docstring left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            if ast.get_docstring(node) is not None and first.end_lineno and len(node.body) > 1:
                docstring = first.end_lineno - first.lineno + 1
            else:
                docstring = 0
            found.append((f"{name_of(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1 - docstring))
    return found


def too_large(found: list[tuple[str, int]], limit: int, exceptions: dict[str, int]) -> list[str]:
    """What is over the limit without being excepted, and exceptions that could be lowered or dropped."""
    sizes = dict(found)
    over = [f"{name}: {size} lines, over {limit}" for name, size in found if size > exceptions.get(name, limit)]
    loose = [
        f"{name}: the exception says {allowed}, it has {sizes.get(name)}; lower or drop it"
        for name, allowed in exceptions.items()
        if sizes.get(name, 0) < allowed
    ]
    return over + loose


def test_files_stay_small() -> None:
    assert too_large([(name_of(path), lines_of(path)) for path in SOURCES], FILE_LINES, LARGER_FILES) == []


def test_functions_stay_small() -> None:
    found = [function for path in PRODUCT for function in functions_of(path)]
    assert too_large(found, FUNCTION_LINES, LARGER_FUNCTIONS) == []


def test_templates_stay_small() -> None:
    found = [(name_of(path), lines_of(path)) for path in sorted(PACKAGE.rglob("templates/**/*.*"))]
    assert too_large(found, TEMPLATE_LINES, LARGER_TEMPLATES) == []


@pytest.mark.parametrize("source", ["x = 1\n" * 3, "def f():\n    '''Doc.'''\n    return 1\n"])
def test_the_measure_sees_what_is_too_large(source: str, tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(source)
    assert too_large([("a", lines_of(path))], 2, {}) == ["a: 3 lines, over 2"]


def test_no_file_is_named_for_nothing_in_particular() -> None:
    found = [name_of(path) for path in SOURCES if {path.stem, *path.relative_to(ROOT).parts[:-1]} & FORBIDDEN_NAMES]
    assert found == []
