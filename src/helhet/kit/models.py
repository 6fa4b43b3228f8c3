"""The tables of the room `kit`: jobs, and the timetable's slots."""

from helhet.kit.jobs.models import Job, Slot

__all__ = ["Job", "Slot"]
