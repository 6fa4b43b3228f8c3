"""The last day on which a contract can be ended, counted back from the day that it runs out.

Source of the rule: notice is given in time when the day of notice, so many months later, is not past the last day of
the contract. A month that has no such day ends with its last day, as in `days.add_months`; so notice of 6 months to
30 April is given on 31 October at the latest.
"""

from datetime import date, timedelta

from helhet.rules.days import add_months


def last_notice_on(ends_on: date, months: int) -> date:
    """The last day from which `months` months fit before `ends_on` is past.

    Raises:
        ValueError: for a negative number of months.
        OverflowError: before the year 1.
    """
    if months < 0:
        raise ValueError(f"A notice of {months} months is none")
    day = add_months(ends_on, -months)
    # Days after it may fit too, where the later month is shorter: at most from the 28th to the 31st.
    for more in range(3, 0, -1):
        later = day + timedelta(days=more)
        if add_months(later, months) <= ends_on:
            return later
    return day
