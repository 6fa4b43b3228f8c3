"""An invented estate in the plain layout, the same for the same size."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GROUPS = 40
LOCATIONS = 1_000
WHOLE_EVERY = 20
ITEM_COLUMNS = (
    "key", "kind", "name", "group", "part_of", "criticality", "tags", "location", "env", "serial",
)  # fmt: skip
KINDS = (
    ("virtual_machine", 50), ("server", 10), ("application", 10), ("database", 10), ("workplace_device", 10),
    ("network_device", 6), ("storage", 4),
)  # fmt: skip
TOWNS = ("Malmö", "Lund", "Växjö", "Umeå", "Örebro", "Åre", "Kiruna", "Ystad", "Skövde", "Gävle")
WORDS = ("ekonomi", "löner", "vård", "skola", "karta", "arkiv", "post", "tid", "bygg", "vatten", "kultur", "gata")
TAGS = tuple(f"etikett-{number}" for number in range(30))
CRITICALITIES = ("", "low", "medium", "high", "critical")
ENVIRONMENTS = ("prod", "test", "dev")


@dataclass(frozen=True, slots=True)
class Files:
    """The folder that is imported, and its files with rows."""

    folder: Path
    items: Path
    groups: Path

    def bytes(self) -> int:
        """How large both are."""
        return self.items.stat().st_size + self.groups.stat().st_size


def write(folder: Path, size: int) -> Files:
    """`size` items and 40 groups. Three in ten items name no group, half of them inherit one from their whole."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder, folder / "items.csv", folder / "groups.csv")
    with files.groups.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "name", "basis", "mandate"))
        for number in range(GROUPS):
            writer.writerow((f"g{number}", f"Förvaltningsgrupp {number}", "delivery", f"Svarar för område {number}."))
    with files.items.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(ITEM_COLUMNS)
        writer.writerows(_rows(size))
    return files


def _rows(size: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(17)  # noqa: S311 - the same estate each time
    kinds = [kind for kind, weight in KINDS for _ in range(weight)]
    for number in range(size):
        word, town, room = chance.choice(WORDS), chance.choice(TOWNS), chance.randrange(LOCATIONS // 10)
        middle = "drift " if number % 2 else ""
        tags = chance.sample(TAGS, chance.randrange(3))
        is_whole = number % WHOLE_EVERY == 0
        whole = "" if is_whole or chance.random() < 0.2 else f"k{number - number % WHOLE_EVERY}"
        group = f"g{chance.randrange(GROUPS)}" if chance.random() < 0.7 else ""
        yield (
            f"k{number}", chance.choice(kinds), f"{town} {middle}{word} {number}", group, whole,
            chance.choice(CRITICALITIES), ",".join(tags), f"{chance.choice(TOWNS)} sal {room}",
            ENVIRONMENTS[min(chance.randrange(6), 2)], f"SN{chance.getrandbits(40):012X}",
        )  # fmt: skip
