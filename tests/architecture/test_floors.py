"""What the import contract cannot see: keys, addresses and templates that point upwards, and models fetched by name."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "helhet"
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]

# Addresses that kit's frame may name although they are filled from above: settings and ports give them.
NAMESPACE = re.compile(r"{%\s*url\s+[\"'](?P<room>\w+):")
TEMPLATE = re.compile(r"{%\s*(?:include|extends)\s+[\"'](?P<room>\w+)/")
REVERSED = re.compile(r"\b(?:reverse|reverse_lazy|redirect)\(\s*[\"'](?P<room>\w+):")


def floors() -> dict[str, int]:
    """Each room's floor, counted from the top; rooms side by side share one."""
    return {room.strip(" ()"): number for number, layer in enumerate(CONTRACT) for room in layer.split("|")}


FLOORS = floors()
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())


def may_know(room: str, other: str) -> bool:
    """Whether a room may point to another: itself and what lies below."""
    return room == other or FLOORS[room] < FLOORS[other]


def test_every_room_has_a_floor() -> None:
    assert [room for room in ROOMS if room not in FLOORS] == []


def test_no_foreign_key_points_up_or_sideways() -> None:
    found = []
    for model in apps.get_models(include_auto_created=True):
        room = apps.get_app_config(model._meta.app_label).name.removeprefix("helhet.")
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if room not in FLOORS or not isinstance(target, type):
                continue
            other = apps.get_app_config(target._meta.app_label).name.removeprefix("helhet.")
            if other in FLOORS and not may_know(room, other):
                found.append(f"{model.__name__}.{field.name}: {room} points to {other}")
    assert found == []


def references(pattern: re.Pattern[str], ending: str) -> Iterator[tuple[str, str, str]]:
    """The file, its room and the room that it names, for all files of an ending outside the tests."""
    for path in sorted(PACKAGE.rglob(f"*{ending}")):
        parts = path.relative_to(PACKAGE).parts
        if "tests" in parts or parts[0] not in FLOORS:
            continue
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            if match["room"] in FLOORS:
                yield path.relative_to(ROOT).as_posix(), parts[0], match["room"]


@pytest.mark.parametrize(
    ("pattern", "ending"),
    [(NAMESPACE, ".html"), (TEMPLATE, ".html"), (REVERSED, ".py")],
    ids=["addresses in templates", "templates in templates", "addresses in code"],
)
def test_nothing_names_an_address_or_a_template_of_a_room_above(pattern: re.Pattern[str], ending: str) -> None:
    assert [found for found in references(pattern, ending) if not may_know(found[1], found[2])] == []


def test_the_patterns_find_what_they_should() -> None:
    assert NAMESPACE.search("{% url 'home:overview' %}")
    assert TEMPLATE.search('{% include "items/_row.html" with a=b %}')
    assert REVERSED.search('return redirect("groups:page", pk)')


def test_no_model_is_fetched_by_name_outside_migrations() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"migrations", "tests"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]
    assert found == []


def test_no_signals_and_no_generic_keys() -> None:
    forbidden = ("django.db.models.signals", "django.contrib.contenttypes.fields", "GenericForeignKey")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for word in forbidden
        if "tests" not in path.parts and word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_the_floor_plan_in_architecture_md_is_the_contract() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```floors\n(.*?)```", page, re.DOTALL)
    assert block, "ARCHITECTURE.md needs the plan in a block that opens with ```floors"
    told = []
    for line in block[1].splitlines():
        rooms = re.match(r"\(?\w+\)?(?:\s*\|\s*\(?\w+\)?)*", line)
        if rooms and not line[0].isspace():
            told.append([room.strip(" ()") for room in rooms[0].split("|")])
    assert told == [[room.strip(" ()") for room in layer.split("|")] for layer in CONTRACT]
