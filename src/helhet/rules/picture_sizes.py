"""How large a picture is, by the first bytes of its file, without unpacking it: a small file can hold a huge one."""

from __future__ import annotations

from typing import Literal

_MARKS_WITH_SIZE = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKS_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP; None of anything else, and of what is cut off before it
    says. A JPEG may say it late: after its colours and its thumbnail.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return _pair(data, 16, 4, "big")
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return _pair(data, 6, 2, "little")
    if data.startswith(b"\xff\xd8"):
        return _of_jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _of_webp(data)
    return None


def _pair(data: bytes, at: int, width: int, order: Literal["big", "little"]) -> tuple[int, int] | None:
    if len(data) < at + 2 * width:
        return None
    one, other = data[at : at + width], data[at + width : at + 2 * width]
    return int.from_bytes(one, order), int.from_bytes(other, order)


def _of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF or mark in _MARKS_ALONE:
            at += 1 if mark == 0xFF else 2
            continue
        if mark in _MARKS_WITH_SIZE:
            found = _pair(data, at + 5, 2, "big")
            return (found[1], found[0]) if found else None
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _of_webp(data: bytes) -> tuple[int, int] | None:
    form = data[12:16]
    if form == b"VP8X":
        found = _pair(data, 24, 3, "little")
        return (found[0] + 1, found[1] + 1) if found else None
    if form == b"VP8 ":
        found = _pair(data, 26, 2, "little")
        return (found[0] & 0x3FFF, found[1] & 0x3FFF) if found else None
    if form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
