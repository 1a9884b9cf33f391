"""Numbers that Word takes from its style sheet: from styles of paragraphs, from those below them, from lists."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from servanda.sources.candidates import Stand
from servanda.sources.files import word_lines
from servanda.sources.upr import working_group
from tests.sources.reports_make import HEAD, NAMES, add_numbering

STYLED = """<w:style {w} w:type="paragraph" w:styleId="{own}"><w:name w:val="{own}"/><w:basedOn w:val="{other}"/>
<w:pPr>{number}</w:pPr></w:style>"""
NUMBER = '<w:numPr>{level}<w:numId w:val="91"/></w:numPr>'


def styled_report(path, *, links: bool, parts: dict[str, str]):
    """A report whose numbers come from styles alone; `links`: the levels of the list name their styles."""
    document = docx.Document()
    add_numbering(document)
    if links:
        for level, style in zip(document.part.numbering_part.element.iter(qn("w:lvl")), parts, strict=False):
            level.insert(2, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style}"/>'))
    for own, (other, number) in parts.items():
        document.styles.element.append(parse_xml(STYLED.format(w=nsdecls("w"), own=own, other=other, number=number)))
    for line in [*HEAD.splitlines(), "II.\tConclusions and/or recommendations"]:
        document.add_paragraph(line)
    for style, line in (
        ("Lead", "The following recommendations enjoy the support of Slovenia:"),
        ("Item", "Ratify the Convention (Peru);"),
        ("Item", "Build schools (Norway)."),
        ("Lead", "The recommendations below did not enjoy the support of Slovenia:"),
        ("Item", "Abolish it (Spain)."),
    ):
        paragraph = document.add_paragraph(line)
        paragraph._p.get_or_add_pPr().insert(0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style}"/>'))
    document.add_paragraph("Annex")
    document.save(path)
    return path


DEEP = NUMBER.format(level='<w:ilvl w:val="1"/>')
STYLES = {
    "the level in the style": (False, {"Lead": ("Normal", NUMBER.format(level="")), "Item": ("Normal", DEEP)}),
    "the level in the list": (
        True,
        {"Lead": ("Normal", NUMBER.format(level="")), "Item": ("Normal", NUMBER.format(level=""))},
    ),
    "the list in the style below": (True, {"Lead": ("Normal", NUMBER.format(level="")), "Item": ("Lead", "")}),
    "the level alone in the style": (
        False,
        {"Lead": ("Normal", NUMBER.format(level="")), "Item": ("Lead", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')},
    ),
}


@pytest.mark.parametrize(("links", "parts"), STYLES.values(), ids=STYLES)
def test_numbers_that_only_a_style_sheet_gives_are_read(links, parts, tmp_path):
    path = styled_report(tmp_path / "report.docx", links=links, parts=parts)
    found = list(working_group.read(path, country_names=NAMES))
    assert [(item.paragraph, item.position.stand) for item in found] == [
        ("60.1", Stand.SUPPORTED), ("60.2", Stand.SUPPORTED), ("61.1", Stand.NOTED),
    ]  # fmt: skip


def test_a_style_without_a_number_in_a_numbered_style_sheet_has_none(tmp_path):
    parts = {"Lead": ("Normal", NUMBER.format(level="")), "Item": ("Lead", '<w:numPr><w:numId w:val="0"/></w:numPr>')}
    path = styled_report(tmp_path / "report.docx", links=False, parts=parts)
    lines = [line for line in word_lines.read(path) if "(Peru)" in line]
    assert lines == ["Ratify the Convention (Peru);"]


def test_a_list_that_another_list_style_defines_is_read(tmp_path):
    document = docx.Document()
    add_numbering(document)
    root, space = document.part.numbering_part.element, nsdecls("w")
    linked = f'<w:abstractNum {space} w:abstractNumId="95"><w:numStyleLink w:val="UNList"/></w:abstractNum>'
    root.insert(0, parse_xml(linked))
    root.append(parse_xml(f'<w:num {space} w:numId="96"><w:abstractNumId w:val="95"/></w:num>'))
    number = '<w:pPr><w:numPr><w:numId w:val="91"/></w:numPr></w:pPr>'
    style = f'<w:style {space} w:type="numbering" w:styleId="UNList"><w:name w:val="UN list"/>{number}</w:style>'
    document.styles.element.append(parse_xml(style))
    for text in ("First", "Second"):
        document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 96
    document.save(tmp_path / "listed.docx")
    assert list(word_lines.read(tmp_path / "listed.docx")) == ["60. First", "61. Second"]


def test_a_list_that_overrides_a_level_prints_its_own_form(tmp_path):
    document = docx.Document()
    add_numbering(document)
    level = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%1)"/></w:lvl>'
    override = f'<w:lvlOverride w:ilvl="0">{level}</w:lvlOverride>'
    number = f'<w:num {nsdecls("w")} w:numId="97"><w:abstractNumId w:val="90"/>{override}</w:num>'
    document.part.numbering_part.element.append(parse_xml(number))
    for text in ("First", "Second"):
        document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 97
    document.save(tmp_path / "listed.docx")
    assert list(word_lines.read(tmp_path / "listed.docx")) == ["(c) First", "(d) Second"]
