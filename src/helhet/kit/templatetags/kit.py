"""Tags and filters that every template has without loading them."""

from __future__ import annotations

import functools
import html
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from helhet.kit import spoken, words
from helhet.kit.framed import framed
from helhet.kit.parts import Line, LineCell
from helhet.kit.toasts import UNDO
from helhet.kit.web import Entry, Frame

register = template.Library()

MARK_CLASSES = {
    "good": "good", "yes": "good", "better": "good",
    "due": "due", "check": "due", "yesif": "due",
    "over": "over", "no": "over", "clash": "over", "worse": "over",
    "unknown": "unknown", "missing": "unknown",
}  # fmt: skip

STATES = frozenset({"good", "due", "over", "unknown", "none"})

GO_KEYS = {
    "overview": "o", "estate": "e", "items": "e", "services": "s", "routines": "r", "changes": "c", "problems": "p",
    "improvements": "i", "suppliers": "l", "measures": "m", "priorities": "w", "meetings": "t", "groups": "g",
    "coverage": "v", "rules": "u", "imports": "h", "kinds": "k", "search": "f", "tasks": "a", "settings": "n",
    "person": "q", "language": "b", "list": "d", "key": "y",
}  # fmt: skip


def _mark_word(name: str) -> str:
    """The plain word for a mark that stands alone."""
    return {
        "good": gettext("in order"),
        "due": gettext("due"),
        "over": gettext("overdue"),
        "unknown": gettext("unknown"),
    }.get(name, "")


# A page draws hundreds; where the sheets lie does not change while a process lives.
@functools.lru_cache(maxsize=1024)
def _drawing(sheet: str, name: str, css: str = "") -> SafeString:
    return format_html(
        '<svg class="hh-ic{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static(sheet),
        name,
    )


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "server" %}`: a line icon from the built sprite, hidden from screen readers. `css` adds classes."""
    return _drawing("built/icons.svg", name, css)


@register.simple_tag
def mark(name: str, text: str = "", css: str = "") -> SafeString:
    """`{% mark "over" "Overdue" %}`: a status mark with its word; without one the shape and a hidden word."""
    if text:
        classes = f"{MARK_CLASSES.get(name, 'none')} {css}".strip()
        return format_html('<span class="hh-mark {}">{}{}</span>', classes, _drawing("kit/marks.svg", name), text)
    word = _mark_word(name)
    bare = shape(name, css)
    return format_html('{}<span class="hh-vh">{}</span>', bare, word) if word else bare


@register.simple_tag
def shape(name: str, css: str = "") -> SafeString:
    """`{% shape "over" %}`: a mark's coloured shape alone, where the words beside it say what it means."""
    colour = MARK_CLASSES.get(name, "quiet")
    return _drawing("kit/marks.svg", name, f"hh-{colour} {css}".strip())


@register.simple_tag
def thing(item: Any, *, state: bool = False, group: bool = False, plain: bool = False) -> SafeString:
    """`{% thing item state=True group=True %}`: the one chip for a thing. `plain` leaves the link out.

    Reads `name`, and where the thing has them `url`, `reference`, `icon`, `group_name`, `state_label` and `state` (a
    mark). Written here and not as a template because a list has hundreds.
    """
    url = "" if plain else _read(item, "url")
    sign, reference = _read(item, "icon"), _read(item, "reference")
    parts = [
        f'<a class="hh-thing" href="{esc(url)}">' if url else '<span class="hh-thing">',
        icon(sign) if sign else "",
        f'<span><span class="n">{esc(_read(item, "name"))}</span>',
        f' <span class="hh-ref">{esc(reference)}</span>' if reference else "",
        "</span></a>" if url else "</span></span>",
    ]
    belongs = _read(item, "group_name") if group else ""
    if belongs:
        parts.append(f' <span class="hh-group">{esc(belongs)}</span>')
    label = _read(item, "state_label") if state else ""
    if label:
        shape_name = _read(item, "state")
        parts.append(f" {mark(shape_name, label) if shape_name in STATES else _quiet(label)}")
    return mark_safe("".join(parts))  # noqa: S308 - each value is escaped above


def esc(value: Any) -> str:
    """As templates escape it; quicker for plain text, which a list has hundreds of."""
    return html.escape(value) if type(value) is str else conditional_escape(value)


def _read(item: Any, name: str) -> Any:
    """What a template would read there: a key, an attribute or a method's answer; nothing when there is none."""
    value = item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")
    return (value() if callable(value) else value) or ""


def _quiet(text: str) -> SafeString:
    return format_html('<span class="hh-group">{}</span>', text)


@register.simple_tag
def choose(value: Any, label: str, name: str = "chosen") -> SafeString:
    """`{% choose item.reference item.name %}`: the first cell of a row that can be chosen."""
    called = esc(gettext("Choose %(label)s") % {"label": label})
    return mark_safe(  # noqa: S308 - each value is escaped
        '<td class="hh-selcol"><input class="form-check-input" type="checkbox"'
        f' name="{esc(name)}" value="{esc(value)}" aria-label="{called}"></td>'
    )


@register.simple_tag
def row(line: Line, *, chosen: object = False) -> SafeString:
    """`{% row line chosen=bulk %}`: one row of a list, a `parts.Line`; with `chosen` it begins with its box.

    Written here and not as a template because a list has hundreds of cells.
    """
    box = choose(line.chip.reference, line.chip.name) if chosen else ""
    return mark_safe(f"<tr>{box}<td>{thing(line.chip)}</td>{''.join(map(_cell, line.cells))}</tr>\n")  # noqa: S308 - escaped part by part


def _cell(cell: LineCell) -> str:
    text = mark(cell.mark, cell.text) if cell.mark else esc(cell.text)
    return f'<td class="{esc(cell.css)}">{text}</td>' if cell.css else f"<td>{text}</td>"


def _time(value: date | datetime | None, text: str) -> SafeString:
    if value is None:
        return mark_safe(f'<span class="hh-quiet">{spoken.NOTHING}</span>')  # noqa: S308 - a constant
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.filter
def number(value: spoken.Number | None, decimals: int | None = None) -> str:
    """`{{ n|number }}`: see `spoken.number`."""
    return spoken.number(value, decimals)


@register.simple_tag(name="number")
def number_tag(value: spoken.Number | None, decimals: int | None = None) -> str:
    """`{% number n 1 %}`: see `spoken.number`."""
    return spoken.number(value, decimals)


@register.filter
def signed(value: spoken.Number | None, decimals: int | None = None) -> str:
    """`{{ n|signed }}`: `+5`, `−1`, `0`."""
    return spoken.signed(value, decimals)


@register.filter
def percent(value: spoken.Number | None, decimals: int = 1) -> str:
    """`{{ share|percent }}`: a share between 0 and 1 as `98,8 %`."""
    return spoken.percent(value, decimals)


@register.filter
def hundredths(value: spoken.Number | None) -> str:
    """`{{ job.percent|hundredths }}`: a number between 0 and 100 as `42 %`."""
    return spoken.percent(None if value is None else float(value) / 100, 0)


@register.filter
def day(value: date | datetime | None, form: str = "") -> str:
    """`{{ d|day:"weekday" }}`: bare text, for use inside sentences and attributes."""
    return spoken.day(value, form)


@register.simple_tag(name="day")
def day_tag(value: date | datetime | None, form: str = "") -> SafeString:
    """`{% day d "short" %}`: the day in a `time` element."""
    return _time(value, spoken.day(value, form))


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ at|moment }}`: bare text."""
    return spoken.moment(value)


@register.simple_tag(name="moment")
def moment_tag(value: datetime | None) -> SafeString:
    """`{% moment at %}`: `17 nov 13.42` in a `time` element."""
    return _time(value, spoken.moment(value))


@register.filter
def ago(value: datetime | None) -> str:
    """`{{ at|ago }}`: bare text."""
    return spoken.ago(value)


@register.simple_tag(name="ago")
def ago_tag(value: datetime | None) -> SafeString:
    """`{% ago at %}`: `5 minutes ago` in a `time` element whose title is the moment."""
    if value is None:
        return _time(None, "")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), spoken.moment(value), spoken.ago(value)
    )


@register.filter
def duration(value: float | None) -> str:
    """`{{ seconds|duration }}`: `7 h 20 min`, from two days on `7 days 2 h`."""
    return spoken.duration(value, in_days=True)


@register.simple_tag
def noun(name: str, form: str = "singular") -> str:
    """`{% noun "group" "plural" %}`: this house's word; `as word` and `|capfirst` work on it."""
    return words.noun(name, form)


@register.filter
def counted(count: int, name: str) -> str:
    """`{{ n|counted:"item" }}`: the number with its noun, kept on one line."""
    return f"{spoken.number(count)}{spoken.NBSP}{words.counted(name, count)}"


@register.filter
def go_key(entry: Entry) -> str:
    """The letter that leads to a menu entry after `g`, found by its icon so that it is the same in either language."""
    return GO_KEYS.get(entry.icon, "")


@register.simple_tag(takes_context=True)
def query_replace(context: Context, **changes: Any) -> str:
    """`<a href="{% query_replace page=2 q=None %}">`: this page's query with values replaced; None takes one out."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else (request.path if request is not None else "?")


@register.simple_tag(takes_context=True)
def keep_query(context: Context, *without: str) -> SafeString:
    """`{% keep_query "q" "after" %}`: hidden inputs for this page's query save those named, for a GET form."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    pairs = ((name, value) for name, values in request.GET.lists() if name not in without for value in values)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def page_title(context: Context, *parts: str) -> str:
    """`{% page_title "Coverage" %}`: the parts, then the installation and the product, with dots between."""
    frame = context.get("frame")
    ends = [getattr(frame, "installation", "") or "", "Helhet"]
    return " · ".join(str(part) for part in (*parts, *ends) if part)


@register.simple_tag(takes_context=True, name="framed")
def framed_tag(context: Context, template: str) -> SafeString:
    """`{% framed "kit/_top.html" %}`: a part of the frame; see `framed.framed`."""
    request = context.get("request")
    given = context.get("frame")
    # A copy is the frame itself, not the lazy one of the context, which would keep its request alive.
    frame = copy(given) if isinstance(given, Frame) else Frame()
    path = request.get_full_path() if request is not None else ""
    return framed(template, frame, token=str(context.get("csrf_token", "")), path=path)


@register.filter
def undo_url(message: Message) -> str:
    """Where a toast's deed is undone, or nothing."""
    extra = message.extra_tags or ""
    return extra[len(UNDO) :] if extra.startswith(UNDO) else ""


@register.simple_block_tag
def says(content: str) -> SafeString:
    """`{% says %}…{% endsays %}`: the state of the page in one or two sentences, each figure a link."""
    return format_html('<p class="hh-says">{}</p>', mark_safe(content.strip()))  # noqa: S308 - rendered by the template


@register.simple_block_tag
def why(content: str) -> SafeString:
    """`{% why %}…{% endwhy %}`: date, source or comparison beneath the sentence."""
    return format_html('<p class="hh-why">{}</p>', mark_safe(content.strip()))  # noqa: S308 - rendered by the template


@register.simple_block_tag
def acts(content: str) -> SafeString:
    """`{% acts %}…{% endacts %}`: the page's buttons, right of its name."""
    return format_html('<div class="hh-acts">{}</div>', mark_safe(content))  # noqa: S308 - rendered by the template
