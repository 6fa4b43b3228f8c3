"""What a person is in the middle of writing, for completion in the page; broken text is no hindrance."""

from dataclasses import dataclass

from helhet.rules.filter_lex import FIELD, is_escape, read_operator


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
    start, is_quoted = _word_start(text, position)
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
        end=_value_end(text, position, is_quoted=is_quoted, in_field=named is not None),
    )


def _word_start(text: str, position: int) -> tuple[int, bool]:
    """Where the word under the cursor begins, and whether the cursor is inside quotation marks."""
    start = at = 0
    is_quoted = False
    while at < position:
        if is_escape(text, at):
            at += 2
            continue
        if text[at] == '"':
            is_quoted = not is_quoted
        elif not is_quoted and (text[at].isspace() or text[at] in "()"):
            start = at + 1
        at += 1
    return min(start, position), is_quoted


def _last_value(text: str, at: int, position: int) -> int:
    """Where the value under the cursor begins: after the last comma or `..` outside quotation marks."""
    start = at
    is_quoted = False
    while at < position:
        if is_escape(text, at):
            at += 2
            continue
        if text[at] == '"':
            is_quoted = not is_quoted
        elif not is_quoted and text[at] == ",":
            start = at + 1
        elif not is_quoted and text.startswith("..", at) and at + 2 <= position:
            start = at + 2
            at += 1
        at += 1
    return min(start, position)


def _value_end(text: str, position: int, *, is_quoted: bool, in_field: bool) -> int:
    """Where the word under the cursor ends; in quotation marks that are never closed, at the cursor."""
    if is_quoted:
        closing = text.find('"', position)
        return position if closing < 0 else closing + 1
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
    while at < len(text):
        if is_escape(text, at):
            at += 1
            plain.append(text[at])
        elif text[at] != '"':
            plain.append(text[at])
        at += 1
    return "".join(plain)
