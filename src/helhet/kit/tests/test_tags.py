"""The tags that every template has."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation

from helhet.kit.parts import Chip
from helhet.kit.templatetags.kit import GO_KEYS
from helhet.kit.tests.conftest import bare_frame
from helhet.kit.toasts import toast
from helhet.kit.web import Entry, Frame

pytestmark = pytest.mark.usefixtures("kit_alone")


def rendered(source: str, request: HttpRequest | None = None, **context: object) -> str:
    """A template as it comes out, with no context but that given."""
    values = Context({**context, **({"request": request} if request else {})})
    return str(engines["django"].from_string(source).template.render(values))  # type: ignore[attr-defined]


def test_a_chip_shows_what_the_thing_has() -> None:
    node = Chip("Lagringsnod <1>", "/items/HW-1", "HW-1", "server", "Overdue", "over", "Drift")
    html = rendered("{% thing node state=True group=True %}", node=node)
    assert '<a class="hh-thing" href="/items/HW-1">' in html
    assert "Lagringsnod &lt;1&gt;" in html
    assert '<span class="hh-group">Drift</span>' in html
    assert 'class="hh-mark over"' in html


def test_a_chip_without_address_is_no_link() -> None:
    assert "<a" not in rendered("{% thing node %}", node=Chip("Something"))
    assert "<a" not in rendered("{% thing node plain=True %}", node=Chip("Something", "/x"))


def test_a_chip_may_be_given_as_a_dictionary() -> None:
    html = rendered("{% thing node group=True state=True %}", node={"name": "Node", "state_label": "Live", "state": 3})
    assert (
        html
        == '<span class="hh-thing"><span><span class="n">Node</span></span></span> <span class="hh-group">Live</span>'
    )


def test_the_include_shows_the_same_chip() -> None:
    node = Chip("Node", "/x", "HW-1", "server", "Overdue", "over", "Drift")
    included = rendered('{% include "kit/_thing.html" with state=True group=True plain=False %}', thing=node)
    assert included.strip() == rendered("{% thing node state=True group=True %}", node=node)


def test_a_mark_has_shape_word_and_colour() -> None:
    html = rendered('{% mark "check" "Check needed" %}')
    assert "marks.svg#check" in html
    assert "hh-mark due" in html
    assert "Check needed" in html


def test_a_bare_mark_tells_screen_readers_what_it_means() -> None:
    with translation.override("en"):
        assert '<span class="hh-vh">overdue</span>' in rendered('{% mark "over" %}')
    assert "hh-vh" not in rendered('{% shape "over" %}')


def test_links_keep_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/items/", {"q": "kind:server", "sort": "name", "after": "x"})
    assert rendered('{% query_replace after=None sort="-name" %}', request) == "?q=kind%3Aserver&amp;sort=-name"
    assert rendered("{% query_replace q=None sort=None after=None %}", request) == "/items/"


def test_a_form_carries_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/items/?q=%22%3E&sort=name&sort=kind")
    assert rendered('{% keep_query "q" %}', request) == (
        '<input type="hidden" name="sort" value="name"><input type="hidden" name="sort" value="kind">'
    )
    assert "&quot;&gt;" in rendered('{% keep_query "sort" %}', request)


def test_sentences_are_wrapped_and_what_people_wrote_is_escaped() -> None:
    html = rendered("{% says %} <b>{{ name }}</b> {% endsays %}", name="<script>")
    assert html == '<p class="hh-says"><b>&lt;script&gt;</b></p>'


def test_days_stand_in_time_elements() -> None:
    with translation.override("sv"):
        assert (
            rendered("{% day on %}", on=date(2019, 3, 4)) == '<time datetime="2019-03-04">4\u00a0mars\u00a02019</time>'
        )
        assert rendered("{% day on %}", on=None) == '<span class="hh-quiet">–</span>'


@pytest.mark.parametrize(("count", "text"), [(1, "1\u00a0objekt"), (1204, "1\u00a0204\u00a0objekt")])
def test_a_count_stays_with_its_noun(count: int, text: str) -> None:
    with translation.override("sv"):
        assert rendered('{{ n|counted:"item" }}', n=count) == text


def test_the_keys_that_lead_somewhere_are_the_same_in_each_language() -> None:
    assert rendered("{{ entry|go_key }}", entry=Entry("/", "Översikt", "overview")) == "o"
    assert rendered("{{ entry|go_key }}", entry=Entry("/", "Something", "unheard-of")) == ""


def test_no_two_places_share_a_key() -> None:
    letters = [letter for icon, letter in GO_KEYS.items() if icon != "items"]
    assert len(letters) == len(set(letters))


def test_a_toast_carries_its_undo() -> None:
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    toast(request, "Saved", undo_url="/undo/7/")
    toast(request, "Not saved", failed=True)
    with translation.override("en"):
        html = rendered('{% include "kit/_toasts.html" %}', messages=list(request._messages))  # type: ignore[attr-defined]
    assert html.count('<div class="hh-toast"') == 1
    assert 'action="/undo/7/"' in html
    assert '<div class="hh-toast hh-failed">' in html


FORMS = '{% framed "kit/_top.html" %}{% framed "kit/_hidden.html" %}'


def framed_page(path: str, token: str, frame: Frame) -> str:
    """Parts of the frame as a request for the path has them."""
    return rendered(FORMS, RequestFactory().get(path), frame=frame, csrf_token=token)


def test_a_part_of_the_frame_is_as_its_template_draws_it() -> None:
    frame, request = bare_frame(HttpRequest()), RequestFactory().get('/a/?q="<b>"&x=1')
    included = '{% include "kit/_top.html" %}{% include "kit/_hidden.html" %}'
    as_drawn = rendered(included, request, frame=frame, csrf_token="abc")
    assert framed_page('/a/?q="<b>"&x=1', "abc", frame) == as_drawn
    assert 'value="abc"' in as_drawn
    assert "/a/?q=%22%3Cb%3E%22&amp;x=1" in as_drawn


def test_what_is_kept_of_a_frame_is_given_to_nobody_else() -> None:
    frame = bare_frame(HttpRequest())
    first = framed_page("/first/", "token-one", frame)
    again = framed_page("/second/", "token-two", frame)
    other = framed_page("/second/", "token-two", replace(frame, person=Entry("/me/", "Nils Ek"), initials="NE"))
    assert "token-one" not in again
    assert "/first/" not in again
    assert again == first.replace("token-one", "token-two").replace("/first/", "/second/")
    assert "Maja Lindqvist" in again
    assert "Maja Lindqvist" not in other
    assert "Nils Ek" in other


def test_a_frame_speaks_the_language_of_each_reader() -> None:
    frame = bare_frame(HttpRequest())
    with translation.override("sv"):
        assert "Sök eller gå till" in framed_page("/", "", frame)
    with translation.override("en"):
        assert "Search or go to" in framed_page("/", "", frame)
    with translation.override("sv"):
        assert "Sök eller gå till" in framed_page("/", "", frame)
