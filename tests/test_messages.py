"""bin/messages: every text that people see has its Swedish."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "bin" / "messages"


@pytest.fixture
def tool(tmp_path: Path) -> ModuleType:
    """The script, working on a package of its own with one room."""
    loader = SourceFileLoader("bin_messages", str(SCRIPT))
    spec = spec_from_loader("bin_messages", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    module.PACKAGE = tmp_path / "src" / "house"  # type: ignore[attr-defined]
    make_room(module, "items", 'from django.utils.translation import gettext as _\nTEXT = _("New item")\n')
    return module


def make_room(tool: ModuleType, name: str, code: str = "", template: str = "") -> Path:
    """A room with a module and, where given, a template."""
    room: Path = tool.PACKAGE / name
    (room / "templates").mkdir(parents=True, exist_ok=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text(code, encoding="utf-8")
    if template:
        (room / "templates" / "page.html").write_text(template, encoding="utf-8")
    return room


def translate(tool: ModuleType, room: str, **texts: str) -> None:
    """Write Swedish into the room's file as a person would."""
    path = tool.po_of(tool.PACKAGE / room)
    lines = path.read_text(encoding="utf-8")
    for english, swedish in texts.items():
        text = english.replace("_", " ")
        lines = lines.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{swedish}"')
    path.write_text(lines, encoding="utf-8")


def test_texts_come_from_code_and_templates(tool: ModuleType) -> None:
    room = make_room(
        tool,
        "groups",
        'ngettext("%(n)d day", "%(n)d days", n)\npgettext("verb", "Open")\n_("""Two\nlines""")\n_(name)\n',
        '{% translate "Save" %}'
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} item\n{% plural %}{{ n }} items{% endblocktranslate %}",
    )
    found = {(message.id, message.context) for message in tool.messages(tool.wanted_of(room))}
    assert found == {
        (("%(n)d day", "%(n)d days"), None),
        ("Open", "verb"),
        ("Two\nlines", None),
        ("Save", None),
        (("%(n)s item", "%(n)s items"), None),
    }


def test_a_text_without_swedish_is_told(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main([]) == 0
    assert "items: 1 without Swedish" in capsys.readouterr().out
    assert tool.main(["--check"]) == 1
    assert "no Swedish for 'New item'" in capsys.readouterr().out


def test_a_text_with_swedish_is_kept(tool: ModuleType) -> None:
    tool.main([])
    translate(tool, "items", New_item="Nytt objekt")
    assert tool.main(["--check"]) == 0
    before = tool.po_of(tool.PACKAGE / "items").read_bytes()
    assert tool.main(["items"]) == 0
    assert tool.po_of(tool.PACKAGE / "items").read_bytes() == before


def test_files_carry_neither_places_nor_days(tool: ModuleType) -> None:
    tool.main([])
    text = tool.po_of(tool.PACKAGE / "items").read_text(encoding="utf-8")
    assert "#:" not in text
    assert "Date" not in text
    assert "nplurals=2" in text


def test_a_text_that_left_the_code_is_told_and_leaves_the_file(
    tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    tool.main([])
    translate(tool, "items", New_item="Nytt objekt")
    make_room(tool, "items", '_("Old item")\n')
    assert tool.main(["--check", "items"]) == 1
    assert "'New item' is no longer in the code" in capsys.readouterr().out
    tool.main(["items"])
    assert "New item" not in tool.po_of(tool.PACKAGE / "items").read_text(encoding="utf-8")


def test_a_room_is_left_alone_when_another_is_named(tool: ModuleType) -> None:
    make_room(tool, "groups", '_("Group")\n')
    tool.main(["groups"])
    assert tool.po_of(tool.PACKAGE / "groups").exists()
    assert not tool.po_of(tool.PACKAGE / "items").exists()


def test_rooms_that_disagree_are_told(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    make_room(tool, "groups", '_("New item")\n')
    tool.main([])
    translate(tool, "items", New_item="Nytt objekt")
    translate(tool, "groups", New_item="Ny sak")
    assert tool.main(["--check"]) == 1
    assert "for 'New item'" in capsys.readouterr().out


def test_a_slot_that_only_the_swedish_has_is_told(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    make_room(tool, "items", '_("%(count)d rows")\n')
    tool.main([])
    path = tool.po_of(tool.PACKAGE / "items")
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace('msgstr ""\n', 'msgstr "%(antal)d rader"\n')
        .replace('msgstr "%(antal)d rader"\n"Language', 'msgstr ""\n"Language'),
        encoding="utf-8",
    )
    assert tool.main(["--check"]) == 1
    assert "antal is in the Swedish" in capsys.readouterr().out


def test_an_unknown_room_is_wrong_use(tool: ModuleType) -> None:
    with pytest.raises(SystemExit) as stop:
        tool.main(["nowhere"])
    assert stop.value.code == 2
