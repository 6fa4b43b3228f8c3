"""What routines ask of the rooms above."""

from __future__ import annotations

from collections.abc import Callable

from helhet.kit.ports import Port
from helhet.kit.rights import Caller

calendar_url: Port[Callable[[Caller, str], str]] = Port("routines.calendar_url")
"""Where the caller makes a calendar of operational tasks to subscribe to, for a group's reference or, without one, for
himself; empty where he may not.
"""
