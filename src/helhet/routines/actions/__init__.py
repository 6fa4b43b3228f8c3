"""The verbs of routines and runs."""

from helhet.routines.actions.answering import answer_step, choose_answer
from helhet.routines.actions.reporting import report_routine
from helhet.routines.actions.routine import change_routine
from helhet.routines.actions.runs import abandon_run, begin_run, end_run, take_run

__all__ = [
    "abandon_run", "answer_step", "begin_run", "change_routine", "choose_answer", "end_run", "report_routine",
    "take_run",
]  # fmt: skip
