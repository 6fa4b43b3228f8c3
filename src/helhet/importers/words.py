"""The reader half's refusals as the product's own, in the language of the reader."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.importers.problems import FileRefused, MappingError, told
from helhet.importers.texts import TEXTS, TODOS
from helhet.kit.errors import Invalid


def of_file(error: FileRefused) -> Invalid:
    """A file that cannot be taken as a whole."""
    return Invalid(
        told(_(TEXTS[error.code]), error.params), where=error.where, todo=told(_(TODOS[error.code]), error.params),
        field="file", reason=error.code,
    )  # fmt: skip


def of_mapping(error: MappingError) -> Invalid:
    """A mapping that cannot be used."""
    return Invalid(told(_(TEXTS[error.code]), error.params), where=error.path, field="mapping", reason=error.code)
