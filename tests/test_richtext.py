import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaflets.richtext import clean, from_markup, plain, to_markup


@pytest.mark.parametrize(
    ("given_html", "kept"),
    [
        ("<p>One</p>", "<p>One</p>"),
        ("One", "<p>One</p>"),
        ("<b>bold</b> and <i>italic</i>", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("<p>a<strong>b </strong>c</p>", "<p>a<strong>b</strong> c</p>"),
        ("<h1>Title</h1>text", "<p>Title</p><p>text</p>"),
        ("<div>a<br><br>b</div>", "<p>a</p><p>b</p>"),
        ("<ul><li><p>a</p></li><li>b<ul><li>c</li></ul></li></ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
        ("<ol><li>a</li><li>b</li></ol>", "<p>1. a</p><p>2. b</p>"),
        ('<a href="https://example.org/a b">x</a>', '<p><a href="https://example.org/a%20b">x</a></p>'),
        ("<p>  a \n  b </p><p> </p>", "<p>a b</p>"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("", ""),
    ],
)
def test_clean_html_has_one_form(given_html: str, kept: str) -> None:
    assert clean(given_html) == kept


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        '<p style="position:fixed" onclick="x()" data-zone="headline"></p>',
        "<iframe src='file:///etc/passwd'></iframe>",
        "<link rel=stylesheet href=https://example.org/x.css>",
        "<base href='https://example.org/'>",
        "<!-- comment -->",
    ],
)
def test_hostile_html_leaves_only_its_words(hostile: str) -> None:
    assert clean(f"<p>before</p>{hostile}<p>after</p>") == "<p>before</p><p>after</p>"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/local", "//x.org"]
)
def test_a_link_to_anything_but_the_web_mail_or_a_telephone_is_only_words(address: str) -> None:
    assert clean(f'<a href="{address}">words</a>') == "<p>words</p>"
    assert "<a" not in from_markup(f"[words]({address})")


def test_directions_and_control_characters_are_removed() -> None:
    assert clean("<p>a\u202eb\u2066c\x07d\ud800e</p>") == "<p>abcde</p>"
    assert from_markup("a\u202eb\x00c") == "<p>abc</p>"


def test_markup_reads_as_people_type_it() -> None:
    typed = "A **bold** and *soft* word.\nNew line.\n\n- one\n- two [there](https://example.org)\n\n<b>not HTML</b>"
    assert from_markup(typed) == (
        "<p>A <strong>bold</strong> and <em>soft</em> word.<br>New line.</p>"
        '<ul><li>one</li><li>two <a href="https://example.org">there</a></li></ul>'
        "<p>&lt;b&gt;not HTML&lt;/b&gt;</p>"
    )


def test_plain_text_has_a_line_for_each_paragraph_and_item() -> None:
    assert plain("<p>a <strong>b</strong><br>c</p><ul><li>d</li><li>e</li></ul>") == "a b\nc\nd\ne"


_words = st.text(alphabet="ab .,-+*_[]()\\<>&1#!`~\u0175", min_size=1, max_size=12)
_inline = st.tuples(st.sampled_from(["", "strong", "em", "br"]), _words).map(
    lambda pair: "<br>" if pair[0] == "br" else f"<{pair[0]}>{esc(pair[1])}</{pair[0]}>" if pair[0] else esc(pair[1])
)
_blocks = st.tuples(st.sampled_from(["p", "li"]), st.lists(_inline, max_size=4)).map(
    lambda pair: f"<p>{''.join(pair[1])}</p>" if pair[0] == "p" else f"<ul><li>{''.join(pair[1])}</li></ul>"
)
_html = st.lists(_blocks, max_size=4).map("".join)


def esc(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@settings(max_examples=300, deadline=None)
@given(_html)
def test_cleaning_twice_changes_nothing_and_markup_keeps_every_word(html: str) -> None:
    once = clean(html)
    assert clean(once) == once
    back = from_markup(to_markup(once))
    assert plain(back) == plain(once)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_anything_at_all_can_be_cleaned(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean(from_markup(text)) == from_markup(text)
