"""Small bundles for tests, written without a database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from helhet.handbook.bundle.keys import Trusted
from helhet.handbook.bundle.manifest import LIVES, Manifest, whole_seconds
from helhet.handbook.bundle.placing import Writing, aside_of, check_place, put

NOW = dt.datetime.now(dt.UTC)
FILES = {
    "index.html": "<h1>Så återställer man</h1>",
    "style.css": "body { color: black }",
    "documents/rut-1.html": "<p>Starta om tjänsten.</p>" * 20,
    "documents/rut-2.html": "",
    "words/a.html": "<p>avbrott</p>",
    "json/documents.json": "[]\n",
}


class Maker:
    """Somebody who signs bundles, and the public key that others trust."""

    def __init__(self, folder: Path) -> None:
        """The public key is written into the folder."""
        self.key = Ed25519PrivateKey.generate()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "public.pem"
        self.trusted = Trusted(self.key.public_key(), path)
        path.write_text(self.trusted.pem)

    def facts(self, number: int = 1, audience: str = "operations", made_at: dt.datetime = NOW) -> Manifest:
        """A manifest whose files are still to be written."""
        made = whole_seconds(made_at)
        return Manifest(audience, number, made, made + LIVES, sequence=7)

    def make(self, out: Path, facts: Manifest | None = None, **more: str) -> Manifest:
        """Write, sign, check and put a bundle in place."""
        facts = facts or self.facts()
        check_place(out, facts.audience)
        with aside_of(out) as aside:
            writing = Writing(aside)
            for name, text in {**FILES, **more}.items():
                writing.add(name, text)
            manifest = writing.sign(facts, self.key)
            put(aside, out, self.trusted)
        return manifest
