"""Pages of text with facts in front: YAML between `---`, TOML between `+++`, or a JSON object, then the text.

Values follow YAML 1.2's core rules, as people mean them: `no`, `1.10` and `2017-5-02` stay as they were written. What
is broken is told with its line, what can still be read of it line by line is read, and the text is kept whole.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import yaml

from helhet.rules import page_names as names
from helhet.rules.front_matter_forms import JSON, TOML, YAML, as_json, as_toml, without_none
from helhet.rules.page_values import plain_name

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPTH: Final = 30
VALUES: Final = 20_000
"""How many values a front matter may hold, those that references repeat counted each time."""

MOST_HEADED: Final = 60
_OPENING = frozenset((
    *names.TITLE, *names.OWNER, *names.REVIEWED, *names.EVERY, *names.BY, *names.SORT, *names.VALID_FROM,
    *names.VALID_TO, *names.OPENING, *names.TOLD_EITHER_WAY,
)) - frozenset(names.SAYS_LESS)  # fmt: skip
_REVIEW = frozenset((*names.REVIEWED, *names.EVERY, *names.BY))
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE = re.compile(r"(-{3,}|\+\+\+)[ \t]*(?:\n|\Z)")
_END = re.compile(r"^(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_END = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_REMARKS = re.compile(r"(?:\s*<!--(?:(?!-->).){0,20000}-->)+[ \t]*\n\s*", re.DOTALL)
"""Comments to whoever edits the page, such as its licence."""
_FACT = re.compile(r"([A-Za-zÅÄÖåäö_][\w .-]{0,60}?):(?:[ \t]+(.*)|)\Z")
_TOML_FACT = re.compile(r"[ \t]*([\w-]+)[ \t]*=[ \t]*([^#\n]*?)[ \t]*(?:#.*)?\Z", re.ASCII)
_JSON_FACT = re.compile(r'\{\s*"[\w .-]+"\s*:')
_TABLE = re.compile(r"[ \t]*\[([\w-]+)\][ \t]*(?:#.*)?\Z", re.ASCII)
_AMISS = re.compile(r"[ \t]*([A-Za-zÅÄÖåäö_][\w-]{0,60}):([ \t]+.*|\d{4}-.*|\d+ *[a-zåäö]+)\Z")
"""A fact that alone makes the whole unreadable: pushed in, or without a space behind its colon."""
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,15})\Z", re.ASCII)
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
          "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}  # fmt: skip
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_LOOSE = re.compile(r"[-+]?(?:\.?\d[\d_.:,eE+-]*|\.(?:inf|nan)|0[xo][0-9a-f]+)\Z", re.IGNORECASE)
_TEMPLATE_LINE = re.compile(r"\s*(?:<%.*%>|\{%.*%\}|\{\{.*\}\})\s*\Z")
_TEMPLATE_VALUE = re.compile(r"^([ \t]*(?:- )?[\w-]+:[ \t]+)((?:<%|\{%|\{\{)[^\n]*)$", re.MULTILINE)
_HARD_SPACE = re.compile(r"^([ \t]*\w[\w .-]*:)[\u00a0\u202f]+", re.MULTILINE)
"""What looks like a space behind a name and is none to YAML, which would take no fact from such a line."""
_HIDDEN = re.compile(r"[\w .-]+:[ \t]+(#\w[\w-]*)\s*\Z")
_WHOLE = 10**16
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a front matter: `broken` (with what the reader says; whole lines are read), `json` (the
    same of JSON, of which none is), `twice` (a name that stands twice), `deep`, `large`, `open` (its end is missing),
    `template` (a line that only some tool could fill in) or `comment` (a value that YAML reads as a comment, such as
    `#channel` without quotation marks). `line` counts from 1 in the page.
    """

    sort: str
    line: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was split. `facts` are plain JSON values; `text` has plain line feeds.

    Where the front matter cannot be read in full, the text holds all of it, from its line `head` on it is below it.
    `form` is how its facts are written, one of FORMS; YAML where it has none.
    """

    facts: dict[str, Any]
    text: str
    flaws: tuple[Flaw, ...] = field(default=())
    head: int = 0
    form: str = YAML

    @property
    def body(self) -> str:
        """The text below the front matter."""
        return "\n".join(self.text.split("\n")[self.head :]) if self.head else self.text


def split(written: str) -> Page:
    """A page as written, in facts and text. A mark of byte order and empty lines before the facts are passed over, and
    remarks that stand before them begin the text.
    """
    text = _UNKEEPABLE.sub("\ufffd", written.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    start = len(text) - len(text.lstrip("\n \t"))
    if fence := _FENCE.match(text, start):
        return _fenced(text, fence)
    if text.startswith("{", start):
        return _json_first(text, start)
    if (remarks := _REMARKS.match(text)) and (fence := _FENCE.match(text, remarks.end())):
        page = _fenced(text, fence)
        if page.facts and page.text != text:
            return replace(page, text=f"{remarks[0].strip()}\n\n{page.text}")
        return page if page.facts else Page({}, text, page.flaws)
    return _headed(text)


def write(facts: Mapping[str, Any], text: str, form: str = YAML) -> str:
    """A page of facts and text, which `split` reads as the same again. Without facts it is the text alone, unless
    that would be read as facts. What TOML cannot say is written as YAML; nothing is what it says without a word.
    """
    if not facts and split(text) == Page({}, text):
        return text
    for head in (as_toml(facts) if form == TOML else "", as_json(facts) if form == JSON and facts else ""):
        written = f"{head}\n{text}" if text else head
        if head and split(written) == Page(without_none(facts) if form == TOML else dict(facts), text, form=form):
            return written
    told = yaml.dump(dict(facts), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=1 << 30) if facts else ""
    return f"---\n{told}---\n\n{text}" if text else f"---\n{told}---\n"


def _fenced(text: str, fence: re.Match[str]) -> Page:
    is_toml, is_rule = fence[1] == "+++", len(fence[1]) > len("---")
    end = (_TOML_END if is_toml else _END).search(text, fence.end())
    first = text.count("\n", 0, fence.end()) + 1
    if end is None:
        looks_meant = _FACT.match(text[fence.end() :].split("\n", 1)[0])
        return Page({}, text, (Flaw("open", first - 1),) if looks_meant and not is_rule else ())
    block, rest = text[fence.end() : end.start()], text[end.end() + 1 :]
    # One empty line between the two is a way of writing, and belongs to neither.
    rest = rest.removeprefix("\n")
    flaws: list[Flaw] = []
    try:
        facts = _toml(block, first) if is_toml else _yaml_as_meant(block, first, flaws)
    except _BrokenError as broken:
        if is_rule:
            return Page({}, text)
        lines = _toml_lines if is_toml else _line_by_line
        return Page(lines(block), text, (*flaws, broken.flaw), _lines_to(text, end.end()))
    # A longer line is more often one across the page.
    if not isinstance(facts, dict) or (is_rule and not any(plain_name(name) in _OPENING for name in facts)):
        return Page({}, text)
    if any(flaw.sort == "template" for flaw in flaws):
        return Page(facts, text, tuple(flaws), _lines_to(text, end.end()))
    return Page(facts, rest, tuple(flaws), form=TOML if facts and is_toml else YAML)


def _headed(text: str) -> Page:
    """A page that begins with lines such as `Owner: ops`, as MultiMarkdown and MkDocs have them, up to an empty line.

    At least two, the first of them known: a text may well begin with a word and a colon. They stay in the text.
    """
    facts: dict[str, Any] = {}
    name = ""
    lines = text.split("\n", MOST_HEADED)[:MOST_HEADED]
    for at, line in enumerate(lines):
        found = _FACT.match(line.rstrip())
        if not line.strip():
            return Page(facts, text, (), at + 1) if len(facts) > 1 else Page({}, text)
        if found and (facts or plain_name(found[1]) in _OPENING):
            name = found[1]
            facts[name] = scalar((found[2] or "").strip())
        elif name and line.startswith((" ", "\t")):
            facts[name] = f"{facts[name] or ''} {line.strip()}".strip()
        else:
            break
    return Page({}, text)


def _lines_to(text: str, end: int) -> int:
    return text.count("\n", 0, end) + 1


def _json_first(text: str, start: int) -> Page:
    try:
        facts, end = json.JSONDecoder(parse_constant=str).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        line = text.count("\n", 0, error.pos) + 1 if isinstance(error, json.JSONDecodeError) else 1
        return Page({}, text, (Flaw("json", line, str(error)),) if _JSON_FACT.match(text, start) else ())
    if not isinstance(facts, dict) or text[end : end + 1] not in {"\n", ""}:
        return Page({}, text)
    rest = text[end + 1 :]
    return Page(_plain(facts), rest.removeprefix("\n"), form=JSON if facts else YAML)


class _BrokenError(Exception):
    """A front matter that cannot be read as a whole."""

    def __init__(self, sort: str, line: int, told: str = "") -> None:
        super().__init__(sort)
        self.flaw = Flaw(sort, line, told)


def _toml(block: str, first: int) -> dict[str, Any]:
    try:
        return dict(_plain(tomllib.loads(block)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise _BrokenError("broken", first + int(at[1]) - 1 if at else first, str(error)) from error


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that came already read, as JSON values that can be kept."""
    return dict(_plain(facts))


def _plain(value: Any, depth: int = 0) -> Any:
    """JSON values alone: days and instants as text."""
    if depth > DEPTH:
        return str(value)
    if isinstance(value, dict):
        return {_UNKEEPABLE.sub("\ufffd", str(name)): _plain(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, str):
        return _UNKEEPABLE.sub("\ufffd", value)
    is_plain = value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < _WHOLE)
    return value if is_plain else str(value)


def _yaml_as_meant(block: str, first: int, flaws: list[Flaw]) -> Any:
    """The block as YAML; where it is no facts as it stands, with its hard spaces as spaces."""
    spaced = _HARD_SPACE.sub(r"\1 ", block)
    if spaced != block:
        tried: list[Flaw] = []
        try:
            facts = _yaml(block, first, tried)
        except _BrokenError:
            facts = None
        if isinstance(facts, dict):
            flaws += tried
            return facts
    return _yaml(spaced, first, flaws)


def _yaml(block: str, first: int, flaws: list[Flaw]) -> Any:
    lines = block.split("\n")
    for at, line in enumerate(lines, first):
        if _TEMPLATE_LINE.match(line):
            flaws.append(Flaw("template", at, line.strip()))
        elif hidden := _HIDDEN.match(line):
            flaws.append(Flaw("comment", at, hidden[1]))
    block = "\n".join("#" if _TEMPLATE_LINE.match(line) else line for line in lines)
    block = _TEMPLATE_VALUE.sub(lambda found: found[1] + "'" + found[2].rstrip(" \t").replace("'", "''") + "'", block)
    builder = _Builder(first, flaws)
    try:
        for event in yaml.parse(block, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _BrokenError(
            "broken", first + (mark.line if mark else 0), error.problem or error.context or ""
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise _BrokenError("broken", first, str(error)) from error
    return {} if builder.value is None else builder.value


class _Builder:
    """Values from a parser's events with a stack of its own, so that no nesting exhausts the machine's."""

    def __init__(self, first: int, flaws: list[Flaw]) -> None:
        self._first = first
        self._flaws = flaws
        self._stack: list[tuple[dict[str, Any] | list[Any], str | None]] = []
        self._names: list[str | None] = []
        self._anchors: dict[str, Any] = {}
        self._count = 0
        self.value: Any = None

    def take(self, event: Any) -> None:
        """One event."""
        line = self._first + event.start_mark.line
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.style in {None, ""} and event.tag in {None, "!"}
            self._put(scalar(event.value) if is_plain else _UNKEEPABLE.sub("\ufffd", event.value), line,
                      event.anchor, event.value)  # fmt: skip
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self._stack) >= DEPTH:
                raise _BrokenError("deep", line)
            self._stack.append(({} if isinstance(event, yaml.MappingStartEvent) else [], event.anchor))
            self._names.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            (value, anchor), _name = self._stack.pop(), self._names.pop()
            self._put(value, line, anchor, json.dumps(value, ensure_ascii=False))
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _BrokenError("broken", line, f"*{event.anchor}")
            self._count += _size(self._anchors[event.anchor])
            self._put(self._anchors[event.anchor], line, None, str(self._anchors[event.anchor]))

    def _put(self, value: Any, line: int, anchor: str | None, as_name: str) -> None:
        self._count += 1
        if self._count > VALUES:
            raise _BrokenError("large", line)
        if anchor:
            self._anchors[anchor] = value
        if not self._stack:
            self.value = value
            return
        holder = self._stack[-1][0]
        if isinstance(holder, list):
            holder.append(value)
        elif self._names[-1] is None:
            name = _UNKEEPABLE.sub("\ufffd", as_name)
            if name in holder:
                self._flaws.append(Flaw("twice", line, name))
            self._names[-1] = name
        else:
            name, self._names[-1] = self._names[-1], None
            if name == "<<" and isinstance(value, dict):
                holder.update({key: one for key, one in value.items() if key not in holder})
            else:
                holder[name] = value


def _size(value: Any) -> int:
    count, level = 0, [value]
    while level:
        one = level.pop()
        count += 1
        level.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        if count > VALUES:
            break
    return count


def scalar(text: str) -> Any:
    """What a word without quotation marks means: nothing, a truth, a whole number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.match(text) and text != "-0" else text


def _line_by_line(block: str) -> dict[str, Any]:
    """The facts that stand whole on a line of their own, of a block that cannot be read as one."""
    facts: dict[str, Any] = {}
    for line in block.split("\n"):
        found = _FACT.match(line.rstrip()) or _AMISS.match(line.rstrip())
        value = (found[2] or "").strip() if found else ""
        if not found or not value or value[0] in "|>&*[{":
            continue
        if line.startswith((" ", "\t")) and plain_name(found[1]) not in _REVIEW:
            continue
        quoted = re.fullmatch(r"""(["'])(.*)\1(?:\s+#.*)?""", value)
        facts[found[1]] = quoted[2] if quoted else scalar(re.sub(r"\s+#.*\Z", "", value))
    return facts


def _toml_lines(block: str) -> dict[str, Any]:
    """The same of TOML: each line that can be read alone, and a day without its zeros; below a heading it is within."""
    facts: dict[str, Any] = {}
    table: dict[str, Any] | None = facts
    for line in block.split("\n"):
        if heading := _TABLE.match(line):
            inner = facts.setdefault(heading[1], {})
            table = inner if isinstance(inner, dict) else None
        elif line.lstrip().startswith("["):
            table = None
        elif table is not None and (found := _TOML_FACT.match(line)):
            try:
                table |= _toml(line, 0)
            except _BrokenError:
                if _DAY.match(found[2]):
                    table[found[1]] = found[2]
    return facts


class _Writer(yaml.SafeDumper):
    """Writes days without quotation marks, as other tools want them, and quotes each text that one would misread."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's name and arguments
        """No references: each value in full."""
        return True


def _text(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    if _DAY.match(value):
        return writer.represent_scalar("tag:yaml.org,2002:timestamp", value)
    style = None
    if "\n" in value:
        style = '"' if re.search(r"[^\S\n]\n|\A\s|\n\Z|[\x85\u2028\u2029\r\ufeff]", value) else "|"
    elif not value.isprintable():
        style = '"'
    elif _LOOSE.match(value) or value in _WORDS:
        style = "'"
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _text)
