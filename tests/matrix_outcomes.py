"""The rights matrix of what changes were and what needs no asking."""

from __future__ import annotations

from tests.matrix import READERS, Line, Operation

PAGES = {
    "changes:outcomes": Line(READERS),
}

API = {
    "GET /change-outcomes": Operation(READERS, writes=False),
}
