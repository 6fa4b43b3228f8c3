"""A list of items as a file to take away, for the page and for programs."""

from __future__ import annotations

import tempfile
from typing import Any, cast

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.estate import export
from helhet.items.listing import ItemList
from helhet.kit.errors import NotFound

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_of(listed: ItemList, form: str) -> HttpResponse:
    """All that match, as a download: csv, xlsx or json. Raises NotFound for another form."""
    name = f"{_('estate')}-{timezone.localdate().isoformat()}.{form}"
    if form == "csv":
        answer: Any = StreamingHttpResponse(export.csv_lines(listed), content_type="text/csv; charset=utf-8")
    elif form == "json":
        answer = StreamingHttpResponse(export.json_lines(listed), content_type="application/json")
    elif form == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        export.write_xlsx(listed, file)
        file.seek(0)
        workbook = FileResponse(file, as_attachment=True, filename=name, content_type=SPREADSHEET)
        return cast("HttpResponse", workbook)
    else:
        raise NotFound(_("There is no file of the form %(form)s.") % {"form": form}, todo=_("Take csv, xlsx or json."))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)
