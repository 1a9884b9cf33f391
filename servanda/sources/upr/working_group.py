"""Reads reports of the UPR Working Group and their addenda: recommendations, and the answers of the State."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Kind, PrintedPosition, Problem, Unreadable
from servanda.sources.documents.cover import (
    ADDENDUM,
    COMPILATION,
    NATIONAL_REPORT,
    OTHER,
    OUTCOME,
    QUESTIONS,
    REPORT,
    SUMMARY,
    Cover,
    read_cover,
)
from servanda.sources.files.document_text import (
    TextLine,
    joined,
    lines_of,
    printed_lines,
    running_lines,
    words_of,
)
from servanda.sources.printed.positions import printed_position
from servanda.sources.printed.references import expanded
from servanda.sources.printed.states import closing_states, folded_names
from servanda.sources.upr import addendum, thematic_list
from servanda.sources.upr.conclusions import COMMENT, Item, Paragraph, has_new_paragraph, paragraphs, section
from servanda.sources.upr.numbering import new_paragraph, no_number, remark_on_list

RECOGNISED_PAGES = 2
UNEDITED = re.compile(
    r"(?<![\s*])[\s*]*+(?:the\s+)?conclusions\s+and(?:/or)?\s+recommendations\s+(?:have\s+not\s+been|will\s+not\s+be|were\s+not|are\s+not)"
    r"\s+(?:\w+\s+)?edited\.?",
    re.I,
)
LATER_WORD = re.compile(
    r"(?:these|the|above|listed|all)\s+(?:\w+\s+){0,3}?recommendations|recommendations?\s+above", re.I
)


def read(path: Path, *, country_names: Mapping[str, str]) -> Iterator[Candidate]:
    """Recommendations and pledges of a report, or the answers of an addendum; `country_names`: name -> ISO3.

    Raises `Unreadable`.
    """
    return candidates(printed_lines(path), folded_names(country_names), path.name)


def read_text(text: str, *, country_names: Mapping[str, str], name: str = "text") -> Iterator[Candidate]:
    """The same from text that was already extracted from a document. Raises `Unreadable`."""
    return candidates(lines_of(text), folded_names(country_names), name)


def recognise(path: Path) -> str | None:
    """The kind of UPR document, by the first page of the file; None where it is none."""
    if thematic_list.recognise(path):
        return "thematic-list"
    try:
        cover = read_cover(printed_lines(path, pages=RECOGNISED_PAGES), {})
    except Unreadable:
        return None
    return cover.kind if cover.kind in (REPORT, ADDENDUM) else None


def candidates(lines: list[TextLine], names: Mapping[str, str], name: str) -> Iterator[Candidate]:
    cover = read_cover(lines, names)
    if cover.kind not in (REPORT, ADDENDUM, OTHER):
        raise Unreadable(not_a_source(cover, name))
    if cover.kind == ADDENDUM:
        return addendum.answers(lines, cover, names, name)
    conclusions = paragraphs(section(running_lines(lines)))
    if not any(paragraph.items for paragraph in conclusions):
        raise Unreadable(no_conclusions(cover, name))
    return report_candidates(conclusions, cover, names)


def not_a_source(cover: Cover, name: str) -> str:
    if cover.kind == OUTCOME:
        return _(
            "%(file)s is the decision by which the Council adopted the outcome of the review. Send the report "
            "of the Working Group, which contains the recommendations, and its addendum, which contains the "
            "replies."
        ) % {"file": name}
    kinds = {
        NATIONAL_REPORT: _("the national report"),
        COMPILATION: _("the compilation of United Nations information"),
        SUMMARY: _("the summary of stakeholders' submissions"),
        QUESTIONS: _("a list of advance questions"),
    }
    return _(
        "%(file)s seems to be %(kind)s, prepared before the review. It contains no recommendations of the "
        "review. Send the report of the Working Group, its addendum or the thematic list."
    ) % {"file": name, "kind": kinds[cover.kind]}


def no_conclusions(cover: Cover, name: str) -> str:
    if cover.kind == REPORT:
        return _(
            "%(file)s is a report of the Working Group, but no numbered recommendations were found in its "
            "conclusions. Send the English, French or Spanish version, or the thematic list."
        ) % {"file": name}
    return _(
        "According to its first page, %(file)s is not a report of the UPR Working Group, its addendum or a "
        "thematic list. Check the file. Other documents can be entered in a spreadsheet."
    ) % {"file": name}


def report_candidates(conclusions: list[Paragraph], cover: Cover, names: Mapping[str, str]) -> Iterator[Candidate]:
    word_counts = words_of([line for paragraph in conclusions for item in paragraph.items for line in item.lines])
    later_remarks = remarks_below(conclusions)
    recommendations: list[Candidate] = []
    misprinted: dict[int, str] = {}
    for place, paragraph in enumerate(conclusions):
        stand = position_of(paragraph, conclusions[place + 1 :], cover.symbol)
        remarks = later_remarks | remarks_of(paragraph)
        for item in items_of(paragraph, conclusions):
            candidate = candidate_of(item, paragraph, cover, joined(item.lines, word_counts))
            candidate.order = len(recommendations) + 1
            if candidate.kind == Kind.RECOMMENDATION:
                candidate.recommending = closing_states(candidate.texts[cover.language], names)
                candidate.position = position_with_remark(stand, remarks.get(candidate.paragraph, ""))
                candidate.position = with_comment(candidate.position, joined(item.comment, word_counts))
                candidate.problems = problems_of(candidate)
                if not item.number:
                    candidate.problems.append(no_number())
                if has_new_paragraph(item, paragraph.width):
                    candidate.problems.append(new_paragraph())
            if item.printed:
                misprinted[len(recommendations)] = item.printed
            recommendations.append(candidate)
    remark_on_list(recommendations, printed=misprinted)
    return iter(recommendations)


def items_of(paragraph: Paragraph, conclusions: list[Paragraph]) -> list[Item]:
    """Items that become records; comments on numbered recommendations do not."""
    if paragraph.kind != Kind.OTHER:
        return paragraph.items or whole_pledge(paragraph)
    prefixes = prefixes_of(conclusions)
    return [item for item in paragraph.items if not expanded(joined(item.lines), prefixes=prefixes)]


def prefixes_of(conclusions: list[Paragraph]) -> set[str]:
    return {
        str(paragraph.number)
        for paragraph in conclusions
        if paragraph.items and paragraph.kind == Kind.RECOMMENDATION
    }


def with_comment(position: PrintedPosition | None, comment: str) -> PrintedPosition | None:
    if position is None or not comment:
        return position
    return replace(position, comment="\n".join(filter(None, (position.comment, without_label(comment)))))


def without_label(comment: str) -> str:
    """The comment without a leading "Comment:"; "Comment of Peru:" is kept."""
    return re.sub(r"^\W*\w+\s*:\s*", "", comment) if COMMENT.match(comment) else comment


def whole_pledge(paragraph: Paragraph) -> list[Item]:
    """A pledge that is a paragraph of its own."""
    return [Item("", paragraph.lines)] if paragraph.is_pledge and paragraph.lines else []


def number_of(item: Item, paragraph: Paragraph) -> str:
    if not item.number:
        return str(paragraph.number)
    nested = item.number.removeprefix("•")
    return f"{paragraph.number}.{nested}" if item.number.isdigit() else f"{paragraph.number}({nested})"


def candidate_of(item: Item, paragraph: Paragraph, cover: Cover, text: str) -> Candidate:
    number = number_of(item, paragraph)
    page = next((line.page for line in item.lines if line.page), 0)
    place = _("paragraph %(number)s") % {"number": number}
    return Candidate(
        where=_("page %(page)s, %(where)s") % {"page": page, "where": place} if page else place,
        raw="\n".join([f"{number} {item.lines[0].text}", *(line.text for line in item.lines[1:])]),
        kind=paragraph.kind,
        countries=[cover.state] if cover.state else [],
        body="UPR",
        symbol=cover.symbol,
        paragraph=number,
        texts={cover.language: without_list_sign(text)},
        published=cover.published,
        cycle=cover.cycle,
        session=cover.session,
    )


def without_list_sign(text: str) -> str:
    """The text without the separator that ends an item, and without a footnote mark after the last State."""
    unmarked = re.sub(r"(\)\s*[;.]?)\s*\d{1,2}\W*$", r"\1", UNEDITED.sub("", text))
    return re.sub(r"(?<!\s)\s*+[;:؛]\s*(?:and|or|et|y|و)?\s*$", "", unmarked).strip()


def position_of(paragraph: Paragraph, later: list[Paragraph], symbol: str) -> PrintedPosition | None:
    """The position in the sentence above the list, or else in a later paragraph about the list above."""
    position = printed_position(paragraph.lead, symbol=symbol, paragraph=str(paragraph.number))
    if position:
        return position
    for following in later:
        if following.items or not LATER_WORD.search(following.lead):
            continue
        position = printed_position(following.lead, symbol=symbol, paragraph=str(following.number))
        if position:
            return position
    return None


def remarks_of(paragraph: Paragraph) -> dict[str, str]:
    """Remarks between the items, by the numbers that they mention."""
    remarks: dict[str, str] = {}
    for lines in (*paragraph.earlier_remarks, paragraph.remarks):
        remark = joined(lines)
        remarks |= dict.fromkeys(expanded(remark, prefixes={str(paragraph.number)}), remark)
    return remarks


def remarks_below(conclusions: list[Paragraph]) -> dict[str, str]:
    """Later paragraphs and comments about numbers above, by number: "115.10 has been implemented"."""
    remarks = {
        number: paragraph.lead
        for paragraph in conclusions
        if not paragraph.items and "recommendation" in paragraph.lead
        for number in expanded(paragraph.lead, prefixes={str(above.number) for above in conclusions if above.items})
    }
    for paragraph in conclusions:
        if paragraph.kind == Kind.OTHER:
            for item in paragraph.items:
                comment = joined(item.lines)
                remarks |= dict.fromkeys(expanded(comment, prefixes=prefixes_of(conclusions)), comment)
    return remarks


def position_with_remark(stand: PrintedPosition | None, remark: str) -> PrintedPosition | None:
    if not remark:
        return stand
    symbol, paragraph = (stand.symbol, stand.paragraph) if stand else ("", "")
    stated = printed_position(remark, symbol=symbol, paragraph=paragraph) or stand
    return PrintedPosition(stated.stand, stated.words, symbol, paragraph, remark) if stated else None


def problems_of(candidate: Candidate) -> list[Problem]:
    problems = []
    if not candidate.recommending:
        problems.append(Problem("recommending", _("No recommending State was found after the text."), fatal=False))
    if candidate.position is None:
        problems.append(Problem("position", _("The report does not state the position of the State."), fatal=False))
    return problems
