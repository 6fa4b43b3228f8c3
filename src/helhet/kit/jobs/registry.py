"""The jobs that exist. A row of the queue can only name one of these: nothing is imported or called by what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from helhet.kit.jobs.errors import UnknownJob


@dataclass(frozen=True, slots=True)
class Definition:
    """What a job is. `lease` and `backoff` are seconds; `title` is what people call it."""

    name: str
    function: Callable[..., Any]
    title: str | Promise
    max_tries: int
    lease: float
    backoff: float
    queue: str
    priority: int

    def check_arguments(self, arguments: Any) -> None:
        """Raise TypeError unless the function can be called with these, by name."""
        if not isinstance(arguments, dict):
            raise TypeError("the arguments must be a JSON object")
        signature(self.function).bind(None, **arguments)


_definitions: dict[str, Definition] = {}


def add(definition: Definition) -> None:
    """Register a job; a name stands for one function only."""
    known = _definitions.get(definition.name)
    if known is not None and known.function.__qualname__ != definition.function.__qualname__:
        raise ValueError(f"two jobs are called {definition.name}")
    _definitions[definition.name] = definition


def find(name: str) -> Definition:
    """The job of this name; raises UnknownJob."""
    try:
        return _definitions[name]
    except KeyError:
        raise UnknownJob(f"No job is registered under the name {name!r}.") from None


def discover() -> None:
    """Import the module `jobs` of each room, which registers its jobs."""
    autodiscover_modules("jobs")


def require(names: Iterable[str]) -> None:
    """Raise UnknownJob, naming all that are missing, unless each name is registered."""
    missing = sorted(set(names) - set(_definitions))
    if missing:
        raise UnknownJob(
            f"The timetable names jobs that do not exist: {', '.join(missing)}. "
            "Mend config/schedule.py, or register them in the module jobs of their room."
        )
