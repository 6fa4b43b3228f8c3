"""What a person is in the middle of writing, for completion in the page; broken text is no hindrance."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from helhet.rules.filter_lex import FIELD, QUOTES, closes_quote, is_escape, read_operator
from helhet.rules.text import fold


@dataclass(frozen=True, slots=True)
class Completion:
    """The word under the cursor.

    `prefix` is the word up to the cursor without leading `-`; `field` is its field, when the cursor is
    after the colon; `value_prefix` is the value up to the cursor, without quotation marks and escapes.
    Put the chosen text in place of `text[start:end]`: the value (one of a list, one end of a range) when
    there is a field, else the whole word.
    """

    prefix: str
    field: str | None
    value_prefix: str
    start: int
    end: int


def at_cursor(text: str, position: int) -> Completion:
    """What is being written at `position` (between 0 and the text's length, else the nearest of these)."""
    position = min(max(position, 0), len(text))
    bare, opening = _bare_places(text, 0, position)
    start = max((at + 1 for at in bare if text[at].isspace() or text[at] in "()"), default=0)
    while start < position and text[start] == "-":
        start += 1
    prefix = text[start:position]
    named = FIELD.match(prefix)
    value_start = start
    if named is not None:
        _, value_start = read_operator(text, start + named.end())
        value_start = _last_value(text, min(value_start, position), position)
    return Completion(
        prefix=prefix,
        field=named.group(1) if named else None,
        value_prefix=_plain(text[value_start:position]),
        start=value_start,
        end=_value_end(text, position, opening, in_field=named is not None),
    )


def _bare_places(text: str, at: int, position: int) -> tuple[list[int], str]:
    """The places of characters outside quotation marks and escapes, and the mark still open, if any."""
    places: list[int] = []
    opening = ""
    while at < position:
        if is_escape(text, at):
            at += 2
            continue
        if opening:
            opening = "" if closes_quote(opening, text[at]) else opening
        elif text[at] in QUOTES:
            opening = text[at]
        else:
            places.append(at)
        at += 1
    return places, opening


def _last_value(text: str, at: int, position: int) -> int:
    """Where the value under the cursor begins: after the last comma or `..` outside quotation marks."""
    start = at
    for place in _bare_places(text, at, position)[0]:
        if text[place] == ",":
            start = place + 1
        elif place >= start and text.startswith("..", place) and place + 2 <= position:
            start = place + 2
    return start


def _value_end(text: str, position: int, opening: str, *, in_field: bool) -> int:
    """Where the word under the cursor ends; in quotation marks that are never closed, at the cursor."""
    if opening:
        return next((at + 1 for at in range(position, len(text)) if closes_quote(opening, text[at])), position)
    at = position
    while at < len(text) and not text[at].isspace() and text[at] not in "()":
        if in_field and (text[at] == "," or text.startswith("..", at)):
            break
        at += 1
    return at


def _plain(text: str) -> str:
    """A value as far as it is written, without quotation marks and escapes."""
    plain: list[str] = []
    at = 0
    opening = ""
    while at < len(text):
        if is_escape(text, at):
            at += 1
            plain.append(text[at])
        elif opening and closes_quote(opening, text[at]):
            opening = ""
        elif not opening and text[at] in QUOTES:
            opening = text[at]
        else:
            plain.append(text[at])
        at += 1
    return "".join(plain)


def nearest(written: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, for "did you mean"; None when nothing is near."""
    by_key = {fold(word): word for word in known}
    close = get_close_matches(fold(written), by_key, n=1)
    return by_key[close[0]] if close else None
