"""Who can read a copy on its disk, and who can have had the key that signs it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from helhet.handbook.bundle import keys, placing
from helhet.handbook.bundle.keys import signing_key
from helhet.handbook.tests.small_bundles import Maker
from helhet.handbook.tests.walking import made
from helhet.kit.errors import Clash


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("swaps", [True, False])
def test_a_renewal_keeps_rights_and_group_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, swaps: bool
) -> None:
    if not swaps:
        monkeypatch.setattr(placing, "_exchange", lambda _made, _out: False)
    maker, out = Maker(tmp_path / "key"), tmp_path / "share" / "out"
    maker.make(out)
    groups = os.getgroups()
    if os.geteuid() == 0 or len(groups) > 1:
        os.chown(out, -1, 4711 if os.geteuid() == 0 else groups[-1])
    group = out.stat().st_gid
    for chosen in (0o2750, 0o700, 0o755):
        out.chmod(chosen)
        maker.make(out, maker.facts(2))
        assert mode(out) == chosen
        for path in (out, *out.rglob("*")):
            assert path.stat().st_gid == group
            assert mode(path) == (chosen if path.is_dir() else chosen & 0o666), path


def test_a_new_copy_is_as_open_as_the_folder_around_it_and_never_writable_by_others(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "key")
    for around, expected in ((0o700, 0o700), (0o750, 0o750), (0o1777, 0o755)):
        place = tmp_path / f"place-{around:o}"
        place.mkdir()
        place.chmod(around)
        maker.make(place / "out")
        assert mode(place / "out") == expected
    with placing.aside_of(place / "other") as aside:
        assert mode(aside) == 0o700


@pytest.mark.django_db
def test_the_folders_of_copies_in_the_data_folder_are_closed(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    made(tmp_path / "bundles" / "operations")
    for name in ("bundles", "bundles/operations", "bundles-made", "bundle-keys"):
        assert mode(tmp_path / name) == 0o700, name


def test_a_key_that_others_could_have_is_not_signed_with(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    signing_key()
    private = keys.folder() / "private.pem"
    for path, wrong, right in ((private, 0o640, 0o600), (private, 0o604, 0o600), (keys.folder(), 0o770, 0o700)):
        path.chmod(wrong)
        with pytest.raises(Clash, match="chmod 600") as refused:
            signing_key()
        assert refused.value.where == str(path)
        path.chmod(right)
        signing_key()
    private.write_text("no key")
    with pytest.raises(Clash, match=r"private\.pem"):
        signing_key()
