"""Five hundred hostile texts run no script in a browser, also where no content policy would stop them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

import pytest
from playwright.sync_api import Browser

from helhet.kit.markdown import html_of, html_of_both
from helhet.kit.parts import Chip

pytestmark = pytest.mark.browser
RUN = "parent.ran.push(1)"
ADDRESSES = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java\tscript:{RUN}", f"&#106;avascript:{RUN}",
    f"javascript&colon;{RUN}", f"\x01javascript:{RUN}", f"vbscript:{RUN}", f"javascript:/*--></title>*/{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"data:image/svg+xml,<svg onload='{RUN}'/>",
    "data:text/html;base64,PHNjcmlwdD5wYXJlbnQucmFuLnB1c2goMSk8L3NjcmlwdD4=", f"%6aavascript:{RUN}",
    f"feed:javascript:{RUN}", f"view-source:javascript:{RUN}", f'/x" onerror="{RUN}', f"x' onerror='{RUN}",
)  # fmt: skip
MARKUP = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<svg/onload={RUN}//",
    f"<iframe srcdoc='<script>{RUN}</script>'></iframe>", f"<iframe src=javascript:{RUN}></iframe>",
    f"<body onload={RUN}>", f"<details open ontoggle={RUN}>", f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>", f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></noscript>", f"<!--><img src=x onerror={RUN}>-->",
    f"<svg><style><img src=x onerror={RUN}></style></svg>", f"<a href=javascript:{RUN} autofocus>x</a>",
    f"<form action=javascript:{RUN}><button autofocus>x</button></form>", f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>", f"<meta http-equiv=refresh content='0;javascript:{RUN}'>",
    f"<base href=javascript:{RUN}//>", f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<style>@import 'javascript:{RUN}';</style>", f"<p style=animation-name:x onanimationstart={RUN}>x</p>",
    f"<marquee onstart={RUN}>x</marquee>", f"<template><script>{RUN}</script></template>",
    f"<xmp><p title='</xmp><img src=x onerror={RUN}>'></xmp>", f'"><img src=x onerror={RUN}>',
    f"' onmouseover={RUN} x='", f"<img src=`x` onerror={RUN}>", f"</span><script>{RUN}</script>",
    f'<span data-tick="1"></span><script>{RUN}</script>', f'<a hx-on:load="{RUN}" hx-trigger=load hx-get=/x>x</a>',
)  # fmt: skip
AROUND_ADDRESS = (
    "[x]({})", "[x](<{}>)", "![x]({})", "![x](<{}>)", "<{}>", "[x]\n\n[x]: {}", "[x]\n\n[x]: <{}> 't'",
    "[![x]({})]({})", "| a |\n|---|\n| [x](<{}>) |", "x[^1]\n\n[^1]: [x](<{}>)", "# [x](<{}>)", "[[{}]]",
)  # fmt: skip
AROUND_MARKUP = (
    "{}", "# {}", "- [ ] {}", "| {} |\n|---|\n| {} |", "```{}\n{}\n```", "[{}](/x '{}')",
    "![{}](/items/A-1/attachments/1/)", "[[{}]]", "*a `{}` b*", "x[^{}]\n\n[^{}]: {}",
)  # fmt: skip
DRAWN = "<!doctype html><script>ran = []; parent.ran = ran</script>{}"
# How the browser itself reads an address decides: `%6a...:` is a path to it, a tab within a scheme is nothing.
EVIL_ATTRIBUTES = """() => [...document.body.querySelectorAll('*')].flatMap(one => [...one.attributes]
  .filter(at => /^(on|hx-|style|srcdoc|form)/.test(at.name) || (/^(href|src)$/.test(at.name)
    && !['http:', 'https:', 'mailto:'].includes(new URL(at.value, 'https://here.example/').protocol)))
  .map(at => one.tagName + ' ' + at.name + '=' + at.value))"""


def _texts() -> Iterator[str]:
    for around, payload in (*product(AROUND_ADDRESS, ADDRESSES), *product(AROUND_MARKUP, MARKUP)):
        yield around.replace("{}", payload)


def _evil_names(references: Collection[str]) -> Mapping[str, Chip | None]:
    """Things whose names are as hostile as the texts; every second reference leads nowhere."""
    return {text: Chip(name=text, url="/x", reference=text) if len(text) % 2 else None for text in references}


def test_five_hundred_hostile_texts_run_no_script(chromium: Browser) -> None:
    texts = list(_texts())
    assert len(texts) >= 500
    page = chromium.new_page()
    page.set_content(DRAWN.format("".join(MARKUP[:3])))
    assert page.evaluate("ran.length") > 0, "what is to be noticed is not"
    for start in range(0, len(texts), 100):
        drawn = (
            html_of(text, links=_evil_names, mark=f"t{place}") for place, text in enumerate(texts[start : start + 100])
        )
        page.set_content(DRAWN.format("\n".join(f"<article>{html}</article>" for html in drawn)))
        page.evaluate("document.querySelectorAll('a').forEach(one => one.dispatchEvent(new Event('mouseover')))")
        assert page.evaluate(EVIL_ATTRIBUTES) == []
        assert page.evaluate("ran.length") == 0
        # A parser that was led astray would put later texts inside earlier ones.
        assert page.locator("body > article").count() == min(100, len(texts) - start)


def test_no_two_of_them_run_script_when_they_are_compared(chromium: Browser) -> None:
    page = chromium.new_page()
    texts = list(_texts())
    for start in range(0, len(texts), 200):
        pairs = list(zip(texts[start : start + 200], [*texts[start + 1 : start + 200], ""], strict=False))
        drawn = ("".join(part.html for part in html_of_both(*pair, links=_evil_names, mark="b")) for pair in pairs)
        page.set_content(DRAWN.format("\n".join(f"<article>{html}</article>" for html in drawn)))
        assert page.evaluate(EVIL_ATTRIBUTES) == []
        assert page.evaluate("ran.length") == 0
        assert page.locator("body > article").count() == len(pairs)
    page.close()
