import pytest

from servanda.kit.server.blank_lines import without_blank_lines


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (b"<p>\n\n  a</p>\n\n\n<p>b</p>", b"<p>\na</p>\n<p>b</p>"),
        (b"<p>a\n\nb</p>", b"<p>a\n\nb</p>"),
        (b'<input value="a\n\nb">\n\n', b'<input value="a\n\nb">\n'),
        (b"<p>\n\n<textarea>\n\n\na</textarea>\n\n<b>", b"<p>\n<textarea>\n\n\na</textarea>\n<b>"),
        (b"<pre>\n\n a</pre>\n\n<i>", b"<pre>\n\n a</pre>\n<i>"),
    ],
)
def test_blank_lines_are_left_out_after_tags_but_not_of_what_was_written(page, shown):
    assert without_blank_lines(page) == shown


@pytest.mark.django_db
def test_pages_have_no_blank_lines_after_a_tag(client):
    answer = client.get("/about/")
    assert b">\n\n" not in answer.content
    assert answer.headers.get("Content-Length", str(len(answer.content))) == str(len(answer.content))
