"""The first bytes of a picture tell how large it is, and no bytes end in an error."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.picture_sizes import size_of

APP = b"\xff\xe1\x00\x06Exif"
FRAME = b"\x00\x11\x08" + struct.pack(">HH", 500, 900)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 900, 500)
RIFF = b"RIFF\x00\x00\x00\x00WEBP"
WHOLE = {
    "png": PNG,
    "gif": b"GIF89a" + struct.pack("<HH", 900, 500),
    "jpeg": b"\xff\xd8" + APP + b"\xff\xff\xff\xc4\x00\x04ab\xff\xc0" + FRAME,
    "progressive jpeg": b"\xff\xd8\xff\xc2" + FRAME,
    "webp": RIFF + b"VP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 900 | 0x4000, 500),
    "lossless webp": RIFF + b"VP8L\x00\x00\x00\x00\x2f" + struct.pack("<I", 899 | 499 << 14 | 1 << 28),
    "webp with more": RIFF + b"VP8X\x0a\x00\x00\x00\x10\x00\x00\x00" + b"\x83\x03\x00\xf3\x01\x00",
}


@pytest.mark.parametrize("form", WHOLE)
def test_each_form_tells_its_size_and_nothing_when_it_is_cut_off(form: str) -> None:
    assert size_of(WHOLE[form] + b"rest") == (900, 500)
    assert {size_of(WHOLE[form][:at]) for at in range(len(WHOLE[form]))} == {None}


@given(st.sampled_from([*(one[:12] for one in WHOLE.values()), b""]), st.binary(max_size=60))
def test_no_bytes_end_in_an_error(beginning: bytes, rest: bytes) -> None:
    found = size_of(beginning + rest)
    assert found is None or all(0 <= one < 2**32 for one in found)


def test_what_only_begins_as_a_picture_has_no_size() -> None:
    assert size_of(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40) is None
