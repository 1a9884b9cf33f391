import pytest
from django.template import engines

from servanda.kit.pages.template_loaders import without_indentation


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("<ul>\n  <li>\n    a b\n\n  </li>\n</ul>\n", "<ul>\n<li>\na b\n</li>\n</ul>"),
        ("{% if a %}\n  <b>{{ a }}</b>  <i>\n", "{% if a %}\n<b>{{ a }}</b>  <i>"),
        ('<a href="x"\n    class="y">', '<a href="x"\nclass="y">'),
    ],
)
def test_a_template_is_loaded_without_its_indentation(source, loaded):
    assert without_indentation(source) == loaded


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktranslate %}\n  A message\n  of {{ two }}\n  lines\n{% endblocktranslate %}",
        "{% blocktranslate count n=n %}\n  one\n{% plural %}\n  {{ n }}\n  others\n{% endblocktranslate %}",
        "<pre>\n  {{ text }}\n    as it is\n</pre>",
        "<pre>\n  a\n</pre>\n  <pre>{{ text }}\n    as it is\n</pre>",
        "<textarea>\n  {{ text }}\n    as it is\n</textarea>",
    ],
)
def test_what_is_shown_or_translated_as_written_stays_as_it_is(source):
    assert without_indentation(source) == source


@pytest.mark.django_db
def test_pages_have_no_indentation(client):
    assert "\n  " not in client.get("/about/").content.decode()
    assert "\n  " in (engines["django"].engine.dirs[0] / "portal" / "about.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("{# note #}\n{% load x %}\n<p>\n", "{% load x %}<p>"),
        ("a\n{# note #}\nb", "a\nb"),
        ("a\n{% if c %}\n  b\n{% endif %}\nd", "a\n{% if c %}b\n{% endif %}d"),
        (
            "a\n{% if c %}\nb\n{% elif d %}\ne\n{% else %}\nf\n{% endif %}",
            "a\n{% if c %}b\n{% elif d %}e\n{% else %}f{% endif %}",
        ),
        (
            "a\n{% for x in y %}\nb\n{% empty %}\nc\n{% endfor %}\nd",
            "a\n{% for x in y %}b\n{% empty %}c\n{% endfor %}d",
        ),
        (
            "a\n{% with c=d %}\n{% if c %}\nb\n{% endif %}\n{% endwith %}\ne",
            "a\n{% with c=d %}{% if c %}b\n{% endif %}{% endwith %}e",
        ),
        (
            "a\n{% if b %}\n{% if c %}\nd\n{% endif %}\n{% endif %}\n",
            "a\n{% if b %}{% if c %}d{% endif %}{% endif %}",
        ),
        ('a\n{% translate "Word" as b %}\nc', 'a\n{% translate "Word" as b %}c'),
        ("a\n{% block b %}\nc{% endblock %}\nd", "a\n{% block b %}c{% endblock %}\nd"),
    ],
)
def test_a_tag_that_prints_nothing_leaves_no_line(source, loaded):
    assert without_indentation(source) == loaded


@pytest.mark.parametrize(
    "source",
    [
        # Only some of the tags of the block have a line of their own: a break may be the only one between two words.
        "a{% if c %}\nb\n{% endif %}\nd",
        "a\n{% if c %}b{% endif %}\nd",
        "a\n{% if c %}\nb{% else %}d\n{% endif %}\ne",
        "a\n{% for x in y %}\nb{% endfor %}\nd",
        # What a tag prints is not known.
        "a\n{{ b }}\nc",
        "a\n{% include b %}\nc",
        'a\n{% translate "Same as my device" %}\nc',
        "a\n{% cycle b c as d %}\ne",
        # What is shown or translated as written.
        "<pre>\n{% if a %}\n  b\n{% endif %}\n</pre>",
        "{% blocktranslate %}\na\n{% plural %}\nb\n{% endblocktranslate %}",
        # The template engine refuses these.
        "a\n{% endif %}\nb",
        "a\n{% if a %}\nb",
        "a\n{% else %}\n{% for x in y %}\nb",
    ],
)
def test_a_break_that_may_be_the_only_one_stays(source):
    assert without_indentation(source) == source
