"""A list of items as a file to take away, for the page and for programs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.estate import export
from helhet.items.listing import ItemList
from helhet.kit.errors import NotFound

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLOCK = 64 * 1024


def file_of(listed: ItemList, form: str) -> HttpResponse:
    """All that match, as a download: csv, xlsx or json. Raises NotFound for another form."""
    name = f"{_('estate')}-{timezone.localdate().isoformat()}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(export.csv_lines(listed), content_type="text/csv; charset=utf-8")
    elif form == "json":
        answer = StreamingHttpResponse(export.json_lines(listed), content_type="application/json")
    elif form == "xlsx":
        answer = StreamingHttpResponse(_workbook(listed), content_type=SPREADSHEET)
    else:
        raise NotFound(_("There is no file of the form %(form)s.") % {"form": form}, todo=_("Take csv, xlsx or json."))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)


def _workbook(listed: ItemList) -> Iterator[bytes]:
    """Written whole before anything is sent, so that a refusal is an answer; the file goes when all is read."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        export.write_xlsx(listed, file)
        file.seek(0)
        stack.pop_all()
        return _read_out(file)


def _read_out(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block
