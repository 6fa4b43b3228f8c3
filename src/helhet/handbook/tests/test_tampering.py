"""No bundle that was altered after it was signed is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import shutil
import socket
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.handbook.bundle.keys import memory_of, read_key
from helhet.handbook.bundle.manifest import MANIFEST, SIGNATURE, Entry, Manifest, canonical, is_name, parsed
from helhet.handbook.bundle.verifying import Checked, verify
from helhet.handbook.tests.small_bundles import FILES, Maker
from helhet.kit.errors import Clash, Invalid
from helhet.kit.spoken import refusal

AT = "documents/rut-1.html"
Undo = Callable[[], object]


class Standing:
    """A sound bundle, a later one of the same audience, one of another audience and another maker's."""

    def __init__(self, folder: Path) -> None:
        self.maker, self.stranger = Maker(folder / "key"), Maker(folder / "other-key")
        self.here, self.old, self.other = folder / "here", folder / "old", folder / "other"
        self.maker.make(self.old, self.maker.facts(1))
        self.maker.make(self.here, self.maker.facts(2), **{"documents/rut-3.html": "<p>Ny</p>"})
        self.maker.make(self.other, self.maker.facts(3, "security"), **{AT: "<p>Hemligt</p>"})
        self.forged = folder / "forged"
        self.stranger.make(self.forged, self.stranger.facts(9))
        assert verify(self.here, self.maker.trusted).is_sound

    def check(self) -> Checked:
        return verify(self.here, self.maker.trusted, audience="operations")


def rewritten(path: Path, data: bytes) -> Undo:
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(data)
    return path.unlink if before is None else lambda: path.write_bytes(before)


def a_file(chance: random.Random) -> str:
    return chance.choice([*FILES, "documents/rut-3.html", MANIFEST, SIGNATURE])


def flip_a_byte(s: Standing, chance: random.Random) -> Undo:
    path = s.here / chance.choice([name for name in (*FILES, MANIFEST, SIGNATURE) if FILES.get(name) != ""])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return rewritten(path, bytes(data))


def add_bytes(s: Standing, chance: random.Random) -> Undo:
    path = s.here / a_file(chance)
    data = path.read_bytes()
    at = chance.randrange(len(data) + 1)
    return rewritten(path, data[:at] + chance.randbytes(chance.randint(1, 9)) + data[at:])


def cut(s: Standing, chance: random.Random) -> Undo:
    path = s.here / chance.choice([name for name in (*FILES, MANIFEST, SIGNATURE) if FILES.get(name) != ""])
    data = path.read_bytes()
    return rewritten(path, data[: chance.randrange(len(data))])


def swap(s: Standing, chance: random.Random) -> Undo:
    one, other = chance.sample(sorted(FILES), 2)
    first, second = (s.here / one).read_bytes(), (s.here / other).read_bytes()
    undo = [rewritten(s.here / one, second), rewritten(s.here / other, first)]
    return lambda: [each() for each in undo]


def remove(s: Standing, chance: random.Random) -> Undo:
    path = s.here / a_file(chance)
    data = path.read_bytes()
    path.unlink()
    return lambda: path.write_bytes(data)


def add_a_file(s: Standing, chance: random.Random) -> Undo:
    names = (
        "extra.html",
        ".hidden",
        "documents/rut-9.html",
        "documents/.x",
        "words/a.html~",
        "Thumbs.db",
        "rut\n.html",
    )
    return rewritten(s.here / chance.choice(names), chance.randbytes(chance.randint(0, 20)))


def add_a_folder(s: Standing, chance: random.Random) -> Undo:
    path = s.here / chance.choice(("empty", "documents/empty", ".git"))
    path.mkdir()
    return path.rmdir


def rename(s: Standing, chance: random.Random) -> Undo:
    path = s.here / a_file(chance)
    new = path.with_name(chance.choice((path.name.upper(), "x" + path.name, path.name + " ", "ｒut-1.html")))
    path.rename(new)
    return lambda: new.rename(path)


def add_a_twin(s: Standing, chance: random.Random) -> Undo:
    path = s.here / a_file(chance)
    twins = (path.name.swapcase(), unicodedata.normalize("NFD", "å" + path.name), path.name + "\u200b", path.name + ".")
    return rewritten(path.with_name(chance.choice(twins)), path.read_bytes())


def link_elsewhere(s: Standing, chance: random.Random) -> Undo:
    path = s.here / a_file(chance)
    data, kept = path.read_bytes(), s.here.parent / "kept"
    kept.write_bytes(data)
    path.unlink()
    path.symlink_to(kept)

    def undo() -> None:
        path.unlink()
        path.write_bytes(data)

    return undo


def link_a_folder(s: Standing, chance: random.Random) -> Undo:
    path = s.here / chance.choice(("documents", "words", "json"))
    away = s.here.parent / "away"
    path.rename(away)
    path.symlink_to(away)

    def undo() -> None:
        path.unlink()
        away.rename(path)

    return undo


def mix_in(s: Standing, chance: random.Random) -> Undo:
    from_ = chance.choice((s.old, s.other, s.forged))
    names = [
        name for name in (*FILES, MANIFEST, SIGNATURE) if (from_ / name).read_bytes() != (s.here / name).read_bytes()
    ]
    name = chance.choice(names)
    return rewritten(s.here / name, (from_ / name).read_bytes())


def whole_other(s: Standing, chance: random.Random) -> Undo:
    """An old bundle, another audience's, or another maker's, each whole in itself."""
    aside = s.here.with_name("aside")
    s.here.rename(aside)
    shutil.copytree(chance.choice((s.old, s.other, s.forged)), s.here)

    def undo() -> None:
        shutil.rmtree(s.here)
        aside.rename(s.here)

    return undo


def rewrite_the_manifest(s: Standing, chance: random.Random) -> Undo:
    """A file altered and the manifest made to fit: unsigned, signed by a stranger, or with his key beside."""
    told = json.loads((s.here / MANIFEST).read_bytes())
    data = chance.randbytes(chance.randint(1, 30))
    undo = [rewritten(s.here / AT, data)]
    manifest = parsed((s.here / MANIFEST).read_bytes())
    facts = Manifest(
        manifest.audience, told["number"] + chance.randint(0, 5), manifest.made_at, manifest.expires_at, 7, "",
        {**manifest.files, AT: Entry(len(data), hashlib.sha256(data).hexdigest())},
    )  # fmt: skip
    undo.append(rewritten(s.here / MANIFEST, canonical(facts)))
    if chance.random() < 0.7:
        undo.append(rewritten(s.here / SIGNATURE, s.stranger.key.sign(canonical(facts))))
    if chance.random() < 0.3:
        undo.append(rewritten(s.here / "public.pem", s.stranger.trusted.pem.encode()))
    return lambda: [each() for each in reversed(undo)]


def spell_otherwise(s: Standing, chance: random.Random) -> Undo:
    told = json.loads((s.here / MANIFEST).read_bytes())
    return rewritten(s.here / MANIFEST, json.dumps(told, indent=chance.choice((None, 1, 2))).encode())


TAMPERINGS = (
    flip_a_byte, add_bytes, cut, swap, remove, add_a_file, add_a_folder, rename, add_a_twin, link_elsewhere,
    link_a_folder, mix_in, whole_other, rewrite_the_manifest, spell_otherwise,
)  # fmt: skip


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    return Standing(tmp_path_factory.mktemp("bundles"))


@settings(max_examples=1_000, database=None)
@given(how=st.sampled_from(TAMPERINGS), seed=st.integers(0, 2**48))
def test_a_thousand_tampered_bundles_are_refused(standing: Standing, how: Callable[..., Undo], seed: int) -> None:
    undo = how(standing, random.Random(seed))
    try:
        checked = standing.check()
    finally:
        undo()
    assert not checked.is_sound
    assert checked.faults[0].file
    assert checked.faults[0].text


def test_what_was_tampered_with_is_sound_again_when_it_is_put_right(standing: Standing) -> None:
    chance = random.Random(1)
    for how in TAMPERINGS:
        how(standing, chance)()
        assert standing.check().is_sound, how.__name__


def test_an_expired_bundle_is_believed_with_a_warning(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "key")
    maker.make(tmp_path / "out", maker.facts(made_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=10)))
    checked = verify(tmp_path / "out", maker.trusted)
    assert checked.is_sound
    assert checked.is_expired
    assert len(checked.warnings) == 1


def test_a_key_that_cannot_be_written_beside_still_verifies_and_says_so(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "key")
    maker.make(tmp_path / "out")
    (tmp_path / "key" / ".public.pem.seen.json.lock").mkdir()
    checked = verify(tmp_path / "out", maker.trusted)
    assert checked.is_sound
    assert len(checked.warnings) == 1


def test_a_key_is_read_as_typed_from_paper_and_nothing_else_is_a_key(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "key")
    typed = tmp_path / "typed"
    typed.write_text("\n".join(maker.trusted.pem.splitlines()[1:-1]))
    assert read_key(typed).fingerprint == maker.trusted.fingerprint
    for wrong in ("", "AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        typed.write_text(wrong)
        with pytest.raises(Invalid):
            read_key(typed)


@given(st.text("abZ09._-/ å", max_size=12))
def test_no_name_leads_out_of_the_folder_or_meets_another(text: str) -> None:
    if is_name(text):
        assert text == unicodedata.normalize("NFKC", text).casefold()
        assert not {"", ".", ".."} & set(text.split("/"))


def test_a_pipe_a_device_and_a_socket_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    maker, out = Maker(tmp_path / "key"), tmp_path / "o"

    def bind(path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(path))

    sorts: list[Callable[[Path], object]] = [os.mkfifo, bind, lambda path: path.symlink_to("/dev/zero"), Path.mkdir]
    if os.geteuid() == 0:
        sorts.append(lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5)))
    for make in sorts:
        for name in (MANIFEST, SIGNATURE, AT, "index.html"):
            shutil.rmtree(out, ignore_errors=True)
            maker.make(out)
            (out / name).unlink()
            make(out / name)
            checked = verify(out, maker.trusted)
            assert (checked.is_sound, checked.faults[0].file) == (False, name), make


def test_what_was_seen_is_not_forgotten_because_a_part_of_it_is_gone(tmp_path: Path) -> None:
    maker, out = Maker(tmp_path / "key"), tmp_path / "out"
    maker.make(out, maker.facts(3))
    verify(out, maker.trusted)
    memory = memory_of(maker.trusted)
    told = json.loads(memory.read_bytes())
    for broken in ({"number": 3}, {"digest": "x"}, {}, [], {"number": None, "digest": ""}, 0, "3"):
        memory.write_text(json.dumps({maker.trusted.fingerprint: {"operations": broken}}))
        with pytest.raises(Clash, match=memory.name):
            verify(out, maker.trusted)
    for known in ({}, {maker.trusted.fingerprint: {}}, {"another key": told}):
        memory.write_text(json.dumps(known))
        assert verify(out, maker.trusted).is_sound


def test_each_refusal_of_the_system_has_words_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("no folder")
    for language, words in (("sv", "något på vägen dit är ingen mapp"), ("en", "something on the way to it is no")):
        with pytest.raises(NotADirectoryError) as refused:
            (tmp_path / "share" / "out").mkdir()
        with translation.override(language):
            assert refusal(refused.value).startswith(words)
            assert refusal(OSError(71, "Protocol error")).endswith("71")
