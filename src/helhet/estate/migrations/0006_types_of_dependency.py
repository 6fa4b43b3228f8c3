"""The types of dependency that every installation begins with; what was free text becomes one of them, or one of its own."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations

# key, Swedish, English, Swedish and English from the other end, further words, further words from the other end, pairs
TYPES = (
    ("uses", "använder", "uses", "används av", "used by",
     ("depends on", "dependson", "beror av", "beror på", "behöver", "kräver", "requires", "needs", "consumes",
      "consumes api", "konsumerar"),
     ("dependency of", "dependencyof", "is used by", "required by", "needed by", "behövs av", "consumed by"), ()),
    ("runs_on", "körs på", "runs on", "bär", "carries",
     ("hosted on", "virtualized by", "installed on", "deployed on", "körs i", "runs in", "installerad på"),
     ("runs", "hosts", "virtualizes", "kör"), ()),
    ("connects_through", "kopplas genom", "connects through", "kopplar", "connects",
     ("connects to", "connected through", "ansluts genom", "ansluter till", "ansluter via"), ("connected by", "ansluter"), ()),
    ("stored_in", "lagras i", "stored in", "lagrar", "stores", ("stored on", "lagras på"), ("storage of", "houses"), ()),
    ("powered_by", "får ström av", "powered by", "ger ström till", "powers", ("fed by", "matas av"), ("feeds", "matar"), ()),
    ("documented_by", "beskrivs av", "documented by", "beskriver", "documents",
     ("described by", "dokumenteras av"), ("describes", "dokumenterar"),
     (["", "family:document"], ["", "family:routine"], ["", "family:process"])),
    ("delivered_by", "levereras av", "delivered by", "levererar", "delivers",
     ("provided by", "supplied by", "tillhandahålls av"), ("provides", "supplies", "tillhandahåller"), ()),
)  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())


def forwards(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Add the built-in types, and give each free text its type."""
    model = apps.get_model("estate", "DependencyType")
    known: dict[str, str] = {}
    for position, row in enumerate(TYPES):
        key, sv, en, turned_sv, turned_en, words, turned_words, pairs = row
        model.objects.create(
            key=key, name_sv=sv, name_en=en, turned_sv=turned_sv, turned_en=turned_en, words=list(words),
            turned_words=list(turned_words), pairs=list(pairs), is_builtin=True, position=(position + 1) * 10,
        )  # fmt: skip
        known |= dict.fromkeys(map(_plain, (key, sv, en, *words)), key)
    dependencies = apps.get_model("estate", "Dependency").objects
    for text in sorted(set(dependencies.order_by().values_list("type", flat=True))):
        key = known.get(_plain(text)) or _own(model, text)
        if key != text:
            _rename(dependencies.filter(type=text), dependencies, key)


def _own(model: Any, text: str) -> str:
    """A type of its own for a text that no built-in type has among its words."""
    stem = re.sub(r"[^a-z0-9]+", "_", _plain(text).translate(str.maketrans("åäö", "aao"))).strip("_")
    stem = stem if stem[:1].isalpha() else f"type_{stem}".rstrip("_")
    key, number = stem[:60], 1
    while model.objects.filter(key=key).exists():
        number += 1
        key = f"{stem[:55]}_{number}"
    names = dict.fromkeys(("name_sv", "name_en", "turned_sv", "turned_en"), text)
    model.objects.create(key=key, words=[text], **names)
    return key


def _rename(rows: Any, dependencies: Any, key: str) -> None:
    for row in rows.iterator():
        if dependencies.filter(from_item_id=row.from_item_id, to_item_id=row.to_item_id, type=key).exists():
            dependencies.filter(pk=row.pk).delete()
        else:
            dependencies.filter(pk=row.pk).update(type=key)


class Migration(migrations.Migration):
    """Going back leaves the keys in place of the texts."""

    dependencies = [("estate", "0005_dependency_types")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
