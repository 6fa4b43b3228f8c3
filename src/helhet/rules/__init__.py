"""The pure floor: values in, values out.

What it answers: what a filter text means and whether one thing meets it (`filters`), how a name is
folded for search and keyed for Swedish order (`text`), which words a text holds (`words`), who answers
for one item and why (`ownership`), where part-of goes in circles (`loops`), which day an instant
belongs to (`days`), when a time comes back (`recurrence`, and what RFC 5545 forbids, `recurrence_limits`),
and what a planned change should not meet (`clashes`, with `slots` for the times that are free).

What it never knows: Django, a database, a file, the network, the clock on the wall, who is asking, or
the language of the reader. `now` and `today` are always arguments. Errors carry a code and parameters,
so that the floors above can say them in the reader's language.
"""
