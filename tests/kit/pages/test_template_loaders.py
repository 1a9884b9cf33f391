import pytest
from django.template import engines

from servanda.kit.pages.template_loaders import without_indentation


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("<ul>\n  <li>\n    a b\n\n  </li>\n</ul>\n", "<ul>\n<li>\na b\n</li>\n</ul>\n"),
        ("{% if a %}\n  <b>{{ a }}</b>  <i>\n", "{% if a %}\n<b>{{ a }}</b>  <i>\n"),
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
