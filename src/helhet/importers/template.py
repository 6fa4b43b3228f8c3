"""The downloadable template of the plain layout: an XLSX with a sheet for each noun, or a zip of CSV files."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from helhet.kit.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "items": ("key", "kind", "name", "group", "part_of", "state", "criticality", "tags"),
    "groups": ("key", "name", "basis", "parent", "mandate", "state"),
    "members": ("group", "person", "name", "email", "role", "from", "to", "share"),
    "dependencies": ("from", "to", "type", "criticality", "note", "set", "least"),
    "links": ("from", "to", "type"),
}
"""The plain layout's tables and columns."""

LANGUAGES: Final = ("sv", "en")
_READ_ME: Final = {"sv": "Läs mig", "en": "Read me"}

_HELP: Final[Mapping[str, tuple[str, ...]]] = {
    "sv": (
        "Fyll i bladen items, groups, members, dependencies och links. Blad som inte behövs kan tas bort.",
        "Ändra inte rubrikerna på första raden. Ordningen mellan kolumnerna är fri.",
        "items: key, kind och name krävs. Varje annan kolumn som du lägger till blir ett attribut.",
        "key är objektets nyckel hos dig och får inte ändras mellan importerna. Samma nyckel får bara stå en gång.",
        "kind är objektets typ: {kinds}.",
        "group är nyckeln till den grupp som svarar för objektet. Tomt betyder att ingen gör det (utan grupp).",
        "part_of är nyckeln till det objekt som detta är en del av.",
        "state är planned, live, retiring eller retired; tomt betyder live.",
        "criticality är low, medium, high eller critical; tomt betyder inte angiven.",
        "tags skiljs åt med kommatecken.",
        "groups: key och name krävs. basis är delivery, technology eller other; state är active, closing eller closed.",
        "members: person är personens nyckel. role är member, chair, deputy eller fri text.",
        "members: from och to är dagar som 2026-01-31; to är den sista dagen. share är procent av arbetstiden.",
        "members: email knyter personen till en användare.",
        "dependencies: from beror av to. Utan type gäller uses, utan criticality hard.",
        "dependencies: type är uses, runs_on, körs på och så vidare; ord från andra hållet, som bär, vänder beroendet.",
        "dependencies: rader från samma objekt med samma set kan ersätta varandra; least är hur många som måste hålla.",
        "En hänvisning är en nyckel från samma källa, eller källa:nyckel, eller en referens i Helhet som SRV-12.",
        "Bladet Läs mig läses inte in.",
    ),
    "en": (
        "Fill in the sheets items, groups, members, dependencies and links. Sheets that are not needed can be removed.",
        "Do not change the headings in the first row. The order of the columns is free.",
        "items: key, kind and name are required. Any other column that you add becomes an attribute.",
        "key is the item's key on your side and must stay the same between imports. A key may stand only once.",
        "kind is the item's kind: {kinds}.",
        "group is the key of the group that answers for the item. Empty means that none does (unowned).",
        "part_of is the key of the item that this one is part of.",
        "state is planned, live, retiring or retired; empty means live.",
        "criticality is low, medium, high or critical; empty means not set.",
        "tags are divided by commas.",
        "groups: key and name are required. basis is delivery, technology or other; state is active, closing, closed.",
        "members: person is the person's key. role is member, chair, deputy or free text.",
        "members: from and to are days such as 2026-01-31; to is the last day. share is percent of working time.",
        "members: email ties the person to a user.",
        "dependencies: from depends on to. Without type it is uses, without criticality hard.",
        "dependencies: type is uses, runs_on and so on; a word from the other end, such as carries, turns it round.",
        "dependencies: rows of one item with the same set replace one another; at least least must hold: 2 or 50 %.",
        "A reference is a key of the same source, or source:key, or a reference in Helhet such as SRV-12.",
        "The sheet Read me is not imported.",
    ),
}


def help_lines(language: str, kinds: Mapping[str, str]) -> list[str]:
    """What to know when filling it in. `kinds` are keys with their names in the language."""
    shown = ", ".join(f"{key} ({name})" if name else key for key, name in kinds.items())
    return [line.format(kinds=shown) for line in _HELP[language if language in _HELP else "en"]]


def xlsx_template(language: str, kinds: Mapping[str, str]) -> bytes:
    """A workbook with the help on a sheet of its own and an empty sheet for each noun."""
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    heading = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    as_text = book.add_format({"num_format": "@"})
    for noun, columns in COLUMNS.items():
        sheet = book.add_worksheet(noun)
        # Cells typed as text keep keys such as 007 and days as they are written.
        sheet.set_column(0, len(columns) - 1, 22, as_text)
        sheet.write_row(0, 0, columns, heading)
        sheet.freeze_panes(1, 0)
    sheet = book.add_worksheet(_READ_ME[language if language in _READ_ME else "en"])
    sheet.set_column(0, 0, 110, wrapped)
    for row, line in enumerate(help_lines(language, kinds)):
        sheet.write_string(row, 0, line, wrapped)
    book.close()
    return stored.getvalue()


def zip_template(language: str, kinds: Mapping[str, str]) -> bytes:
    """A zip with an empty CSV for each noun and the help as text."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for noun, columns in COLUMNS.items():
            text = io.StringIO()
            csv.writer(text).writerow(columns)
            # The mark at the start lets spreadsheet programs read å, ä and ö.
            archive.writestr(f"{noun}.csv", "\ufeff" + text.getvalue())
        archive.writestr("README.txt", "\ufeff" + "\r\n".join(help_lines(language, kinds)) + "\r\n")
    return stored.getvalue()


TEMPLATES: Final[Mapping[str, tuple[Callable[[str, Mapping[str, str]], bytes], str]]] = {
    "xlsx": (xlsx_template, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "zip": (zip_template, "application/zip"),
}
"""By ending: how it is made, and its content type."""


def template_file(ending: str, language: str, kinds: Mapping[str, str]) -> HttpResponse:
    """The plain layout, empty, as a download. Raises NotFound for an ending that there is not."""
    if ending not in TEMPLATES:
        raise NotFound(_("There is nothing here."))
    make, content_type = TEMPLATES[ending]
    response = HttpResponse(make(language, kinds), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="helhet-template.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
