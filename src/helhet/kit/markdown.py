"""People's texts: Markdown as safe HTML, where it leads, and its plain words. The one door for such HTML.

What a writer's text may become is told by the lists below and nothing else: no raw HTML, no style, no script, links to
http, https, mail and this product, pictures from its own attachments. A text never alters once it is a version, so its
HTML is kept; what the things that it names are called now is asked each time and put in afterwards.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha256
from html import escape, unescape
from threading import Lock
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from helhet.kit.parts import Chip
from helhet.kit.templatetags.kit import thing
from helhet.rules.comparing_laid_out import Part, compare_laid_out
from helhet.rules.page_links import is_local
from helhet.rules.text import fold

Links = Callable[[Collection[str]], Mapping[str, Chip | None]]
"""(references) -> the chip of each that is a thing which the reader may see, None for one that leads nowhere. What is
left out of the answer is taken for ordinary words, such as UTF-8."""

Addresses = Mapping[str, str | None]
"""Of links within a set of pages, the address here that each leads to; None: nowhere."""

REFERENCE: Final = re.compile(r"(?<![\w/.:@-])([A-ZÅÄÖ][A-ZÅÄÖ0-9]{0,7})-([1-9]\d{0,17})(?![\w-])")
BRACKETED: Final = re.compile(r"\[\[[ \t]*([^\[\]\n]{1,200}?)[ \t]*\]\]")
ATTACHED: Final = re.compile(r"/items/[^/?#\s]{1,40}/attachments/\d{1,18}/\Z")
KEPT: Final = 24_000_000
"""Characters of finished HTML that one process keeps."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]{}|\\^`]*[^\s<>\"'\[\]{}|\\^`.,;:!?)]")
_NAMED = re.compile(rf"(?P<b>{BRACKETED.pattern})|(?P<r>{REFERENCE.pattern})|(?P<a>{_ADDRESS.pattern})")
_TICK = re.compile(r"\[([ xX])\][ \t]+")
_PLACE = re.compile(r'<span data-(to|must)="([^"<>]*)">([^<]*)</span>|<span data-tick="([01])"></span>')
_LINK = re.compile(r'<a href="([^"#][^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "a", "img", "span", "sup", "section", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "id"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "li": {"id"},
    "span": {"data-to", "data-must", "data-tick"}, **{f"h{level}": {"id"} for level in range(2, 7)},
}  # fmt: skip
_CLASSES = {
    "div": {"hh-scroll"}, "section": {"footnotes"}, "sup": {"footnote-ref"}, "a": {"footnote-backref"},
    "li": {"hh-ticked"},
    "td": {"hh-num", "hh-mid"}, "th": {"hh-num", "hh-mid"},
}  # fmt: skip
_ALTERED = {tag: {*_CLASSES.get(tag, ()), "hh-gone", "hh-new"} for tag in _TAGS}
_REACHED = {"pre": {"tabindex": "0"}, "div": {"tabindex": "0"}}
_ALIGNED = {"text-align:right": "hh-num", "text-align:center": "hh-mid"}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    return parser.use(footnote_plugin, inline=False)


_markdown = _parser()


def html_of(
    text: str, *, links: Links | None = None, pages: Addresses | None = None, top: int = 2, mark: str = ""
) -> SafeString:
    """A text as safe HTML. Its first heading level becomes `top`; `mark` keeps the anchors of several texts on one page
    apart. `links` tells what the references in it are, all at once; without it they stay words. `pages` gives, for
    links and names in double brackets as `links_in` tells them, the address that each leads to; None for nowhere.
    """
    return placed([_kept(text, top, mark).html], links, pages)[0]


def html_of_both(
    before: str, after: str, *, links: Links | None = None, pages: Addresses | None = None, top: int = 2, mark: str = ""
) -> list[Part]:
    """Two texts as one safe HTML, block by block, what was altered between `ins` and `del`; the rest as `html_of`."""
    parts = compare_laid_out(_kept(before, top, mark).html, _kept(after, top, mark).html)
    html = placed([_clean(one.html, _TAGS | {"ins", "del"}, _ALTERED) for one in parts], links, pages)
    return list(map(Part, html, (one.is_same for one in parts), (one.is_heading for one in parts)))


def placed(cleaned: Sequence[str], links: Links | None, pages: Addresses | None) -> list[SafeString]:
    """Cleaned pieces of a page with what is named in them led to where it stands, all asked for at once."""
    pages = pages or {}
    cleaned = [_LINK.sub(lambda match: _led(match, pages), html) for html in cleaned] if pages else cleaned
    wanted = {unescape(match[2]) for html in cleaned for match in _PLACE.finditer(html) if match[1]}
    chips = links(wanted) if links and wanted else {}
    filled = (_PLACE.sub(lambda match: _filled(match, chips, pages, knows=links is not None), one) for one in cleaned)
    return [mark_safe(html) for html in filled]  # noqa: S308 - cleaned


def _led(match: re.Match[str], pages: Addresses) -> str:
    """A link within a set of pages, led to where that page stands here. Both parts were cleaned."""
    href, words = unescape(match[1]), match[2]
    if href not in pages:
        return match[0]
    return _dead(mark_safe(words)) if pages[href] is None else f'<a href="{escape(pages[href] or "")}">{words}</a>'  # noqa: S308 - cleaned


def _dead(words: str) -> str:
    return format_html('<span class="hh-dead">{} <span class="hh-second">({})</span></span>', words, _("leads nowhere"))


def _filled(
    match: re.Match[str], chips: Mapping[str, Chip | None], pages: Addresses, *, knows: bool
) -> str:  # fmt: skip
    how, written, shown, tick = match.groups()
    if tick:
        word, sign = (_("done"), "☑") if tick == "1" else (_("not done"), "☐")
        return format_html('<span class="hh-tick" role="img" aria-label="{}">{}</span>', word, sign)
    reference = unescape(written)
    if chip := chips.get(reference):
        return thing(chip)
    if how == "must" and (address := pages.get(reference)):
        return f'<a href="{escape(address)}">{escape(unescape(shown).rpartition("|")[2].strip())}</a>'
    if knows and (how == "must" or reference in chips):
        return _dead(reference if REFERENCE.fullmatch(reference) else unescape(shown))
    return escape(reference)


class Leads(NamedTuple):
    """Where a text leads: what stands in double brackets (in capitals), references that stand in the text, addresses
    inside the product or the site of its own set, and links relative to the page.
    """

    bracketed: set[str]
    bare: set[str]
    addresses: set[str]
    relative: set[str]


def links_in(text: str) -> Leads:
    """Where a text leads. Code is no text: what stands in it leads nowhere."""
    found = Leads(set(), set(), set(), set())
    bracketed, bare, addresses, relative = found
    for token in _inline(_markdown.parse(text)):
        if token.type == "text":
            for match in _NAMED.finditer(token.content):
                if match["b"]:
                    bracketed.add(match[2].upper())
                elif match["r"]:
                    bare.add(match["r"])
        elif token.type in {"link_open", "image"}:
            href = str(token.attrGet("href") or token.attrGet("src") or "")
            if href.startswith("/") and not href.startswith("//"):
                addresses.add(href[:500])
            elif token.type == "link_open" and is_local(href):
                relative.add(href[:500])
    return found


class Heading(NamedTuple):
    """A heading of a text: its level (2 to 6), its words, and its anchor on the page without `#`."""

    level: int
    words: str
    anchor: str


def headings_of(text: str, *, top: int = 2, mark: str = "") -> tuple[Heading, ...]:
    """The headings that `html_of` gives an anchor, in their order; those within a quote or a list are no parts of the
    text, and those without words lead nobody.
    """
    return _kept(text, top, mark).headings


def tokens_of(text: str) -> list[Token]:
    """A text's parts as the parser gives them, for those who look at how it is written."""
    return _markdown.parse(text)


def marked_tokens(text: str) -> list[Token]:
    """The same with what `html_of` makes of them, for other forms than HTML: a line of a checklist begins with a token
    whose meta has `tick` (whether it is done), a thing that is named is one with `reference`.
    """
    tokens = _markdown.parse(text.replace("\x00", "\ufffd"))
    _mark(tokens, "")
    return tokens


def plain_of(text: str) -> str:
    """The words of a text, a line for each paragraph, heading and cell; references as they are written."""
    return plain_and_headings(text)[0]


def plain_and_headings(text: str) -> tuple[str, list[str]]:
    """`plain_of`, and those of its lines that are headings."""
    lines: list[str] = []
    headings: list[str] = []
    before = ""
    for token in _markdown.parse(text):
        if token.type in {"fence", "code_block"}:
            lines.append(token.content.rstrip("\n"))
        elif token.type == "inline":
            words = "".join(map(_words, token.children or ()))
            lines.append(BRACKETED.sub(r"\1", words))
            if before == "heading_open" and words.strip():
                headings.append(lines[-1])
        before = token.type
    return "\n".join(line for line in lines if line.strip()), headings


def _words(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content


def _inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens if token.type == "inline" for child in token.children or ()]


# ---- the part that never alters, kept ---------------------------------------------------------------------------


class _Finished(NamedTuple):
    html: str
    headings: tuple[Heading, ...]


_shelf: OrderedDict[bytes, _Finished] = OrderedDict()
_lock = Lock()
_size = [0]


def _kept(text: str, top: int, mark: str) -> _Finished:
    key = sha256(f"{top} {mark}\n{text}".encode("utf-8", "surrogatepass")).digest()
    with _lock:
        if (found := _shelf.get(key)) is not None:
            _shelf.move_to_end(key)
            return found
    made = _cleaned(text, top, mark)
    with _lock:
        if key not in _shelf and len(made.html) <= KEPT:
            _shelf[key] = made
            _size[0] += len(made.html)
        while _size[0] > KEPT:
            _size[0] -= len(_shelf.popitem(last=False)[1].html)
    return made


def _cleaned(text: str, top: int, mark: str) -> _Finished:
    env: dict[str, Any] = {"docId": mark} if mark else {}
    tokens = _markdown.parse(text.replace("\x00", "\ufffd"), env)
    headings = _lower_headings(tokens, top, f"{mark}-" if mark else "s-")
    _mark(tokens, f"{mark}-" if mark else "s-")
    html = _markdown.renderer.render(_framed(tokens), _markdown.options, env)
    return _Finished(_clean(html, _TAGS, _CLASSES), headings)


def _clean(html: str, tags: set[str], classes: dict[str, set[str]]) -> str:
    return nh3.clean(
        html, tags=tags, attributes=_ATTRIBUTES, allowed_classes=classes, attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style"}, set_tag_attribute_values=_REACHED,
    )  # fmt: skip


def _mark(tokens: list[Token], anchors: str) -> None:
    _put_ticks(tokens)
    for token in tokens:
        if token.type == "inline":
            token.children = _marked(token.children or [], anchors)
        elif token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
            token.attrSet("class", _ALIGNED.get(str(style), ""))


def _framed(tokens: list[Token]) -> list[Token]:
    """Each table in a frame of its own, which scrolls where the table is wider than the page."""
    framed: list[Token] = []
    for token in tokens:
        if token.type == "table_open":
            framed.append(Token("html_block", "", 0, content='<div class="hh-scroll">'))
        framed.append(token)
        if token.type == "table_close":
            framed.append(Token("html_block", "", 0, content="</div>"))
    return framed


def _own_pictures(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if ATTACHED.match(value) else None
    return value


def _lower_headings(tokens: list[Token], top: int, mark: str) -> tuple[Heading, ...]:
    """Headings under the page's own, each with an anchor of its words, and a number where words come again."""
    found: list[Heading] = []
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = top - min(levels, default=1)
    taken: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, min(6, int(token.tag[1]) + shift))}"
        if token.type == "heading_open":
            words = "".join(map(_words, tokens[place + 1].children or ()))
            anchor = _free(mark + anchor_of(words), taken)
            token.attrSet("id", anchor)
            if words.strip() and not token.level:
                found.append(Heading(int(token.tag[1]), BRACKETED.sub(r"\1", words).strip(), anchor))
    return tuple(found)


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, with a number where it is taken; taken from now on."""
    anchor = name
    while anchor in taken:
        taken[name] += 1
        anchor = f"{name}-{taken[name]}"
    taken[anchor] = 1
    return anchor


def anchor_of(words: str) -> str:
    """A heading's words as the end of an address."""
    return re.sub(r"[^\w]+", "-", fold(words)).strip("-")[:80] or "s"


def _put_ticks(tokens: list[Token]) -> None:
    """`- [ ] this` and `- [x] that` are lines of a checklist."""
    for item, paragraph, token in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type, token.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        first = token.children[0] if token.children else None
        found = _TICK.match(first.content) if first is not None and first.type == "text" else None
        if first is None or found is None:
            continue
        first.content = first.content[found.end() :]
        item.attrJoin("class", "hh-ticked")
        is_done = found[1] != " "
        tick = _html(f'<span data-tick="{int(is_done)}"></span> ', tick=is_done)
        token.children = [tick, *(token.children or [])]


def _marked(children: list[Token], mark: str) -> list[Token]:
    """The tokens of a line with a place where each thing is named, and no picture from elsewhere."""
    made: list[Token] = []
    inside = 0
    for token in children:
        inside += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type == "link_open" and str(token.attrGet("href") or "").startswith("#"):
            token.attrSet("href", f"#{mark}{anchor_of(unquote(str(token.attrGet('href'))[1:]))}")
        if token.type == "text" and not inside:
            made += _named(token.content)
        elif token.type == "image" and not ATTACHED.match(str(token.attrGet("src") or "")):
            made += _elsewhere(token, inside=bool(inside))
        else:
            made.append(token)
    return made


def _named(words: str) -> list[Token]:
    made: list[Token] = []
    start = 0
    for match in _NAMED.finditer(words):
        made.append(_text(words[start : match.start()]))
        start = match.end()
        if match["a"]:
            made += _linked(match["a"], match["a"])
        else:
            reference = escape(match[2].upper() if match["b"] else match["r"])
            how, shown = ("must", escape(match[2])) if match["b"] else ("to", reference)
            place = f'<span data-{how}="{reference}">{shown}</span>'
            made.append(_html(place, reference=unescape(reference)))
    return [*made, _text(words[start:])]


def _elsewhere(picture: Token, *, inside: bool) -> list[Token]:
    """A picture from another host tells that host who reads, and a relative one leads nowhere: its words instead."""
    address = str(picture.attrGet("src") or "")
    words = picture.content or address
    if inside or not address.startswith(("https://", "http://")):
        return [_text(words)]
    return _linked(address, words)


def _linked(address: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(words), Token("link_close", "a", -1)]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _html(content: str, **meta: Any) -> Token:
    return Token("html_inline", "", 0, content=content, meta=meta)
