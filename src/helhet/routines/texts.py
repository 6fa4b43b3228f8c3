"""The text of a step as safe HTML, and the steps of a version as plain text."""

from __future__ import annotations

from collections.abc import Iterable

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from helhet.rules.steps import Step

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "table", "thead", "tbody",
         "tr", "th", "td", "h2", "h3", "h4"}  # fmt: skip


def html_of(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return mark_safe(  # noqa: S308 - cleaned here
        nh3.clean(_MARKDOWN.render(text), tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, link_rel="noopener")
    )


def plain_steps(steps: Iterable[Step]) -> str:
    """Titles, texts and options, for search and export."""
    return "\n".join(
        part for step in steps for part in (step.title, step.text, " ".join(step.options), step.role) if part
    )
