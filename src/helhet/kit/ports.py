"""The one way in which higher rooms join in: a lower room declares a port, `config` says who fills it, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.utils.module_loading import import_string

T = TypeVar("T")

_ports: dict[str, Port[object]] = {}
_filled: dict[str, list[str]] = {}


class Port(Generic[T]):
    """A named, ordered list of answers. The room that declares it sees answers only, never who gives them."""

    def __init__(self, name: str) -> None:
        """`name` is `room.port` and unique in the product."""
        if name in _ports:
            raise ValueError(f"the port {name} is declared twice")
        self.name = name
        self._paths: tuple[str, ...] = tuple(_filled.get(name, ()))
        self._loaded: tuple[T, ...] | None = None
        _ports[name] = self  # type: ignore[assignment]

    def fill(self, paths: list[str]) -> None:
        """Say who answers: dotted paths, loaded at first use so that filling imports no room."""
        self._paths = tuple(paths)
        self._loaded = None

    def __iter__(self) -> Iterator[T]:
        """The answers, in the order that `config` gives them."""
        if self._loaded is None:
            self._loaded = tuple(import_string(path) for path in self._paths)
        return iter(self._loaded)

    def only(self) -> T:
        """The single answer of a port that must be bound to exactly one."""
        (answer,) = tuple(self)
        return answer

    def __bool__(self) -> bool:
        """Whether anybody fills it."""
        return bool(self._paths)


def fill(filling: dict[str, list[str]]) -> None:
    """Fill many ports by name; one whose room is loaded later finds its answers then."""
    _filled.update(filling)
    for name, paths in filling.items():
        if name in _ports:
            _ports[name].fill(paths)


def all_ports() -> dict[str, Port[object]]:
    """Every declared port by name, of the rooms that are loaded."""
    return dict(_ports)
