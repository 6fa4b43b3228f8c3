"""Where rooms that `home` may not know join in."""

from __future__ import annotations

from collections.abc import Callable

from helhet.kit.ports import Port

demo_made: Port[Callable[[], int]] = Port("home.demo_made")
"""What `helhet demo` lets be done once the demonstration is there, and no worker need be running for; answers how much
was done."""
