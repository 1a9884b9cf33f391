"""Dividing the text of a section: everything that belongs to the second part goes with it."""

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReportSection, SectionNote, UnansweredQuestion
from servanda.reporting.reports import gaps, services, splitting
from servanda.reporting.reports.quoting import add_quotations
from servanda.trail.models import Event
from tests import make, questions_make, reports_make
from tests.desk.reports.test_report_pages import text_of
from tests.once import built_once

pytestmark = pytest.mark.django_db
TEXT = "First. [^1]\n\n## Second part\n\nMore on schools. [^2] [^1]\n\n- one\n\n  of it"
TEXT += "\n\n```\ncode\n\nmore\n```\n\nEnd."


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def section(coordinator):
    template = reports_make.template("Report", "A", "A1", "B", word_limit=100)
    template.sections.filter(key="a").update(share=50, facts="updates")
    template.sections.filter(key="a1").update(depth=2)
    made = reports_make.report(coordinator, template=template).sections.get(key="a")
    return written(made, TEXT, coordinator)


def written(section, text: str, by) -> ReportSection:
    section.refresh_from_db()
    return services.write_section(section=section, text=text, seen=section.version, by=by)


def divided(section, number: int, by, heading: str = "") -> ReportSection:
    section.refresh_from_db()
    given = {"number": number, "heading": heading, "seen": section.version}
    made = splitting.split_report_section(section=section, **given, by=by)
    section.refresh_from_db()
    made.refresh_from_db()
    return made


def test_places_are_paragraphs_and_headings_outside_of_lists_and_code(section):
    places = splitting.places_in(TEXT)
    assert [place.line for place in places] == [
        "## Second part",
        "More on schools. [^2] [^1]",
        "- one",
        "```",
        "End.",
    ]
    assert [str(place) for place in places][:2] == ["Second part", "More on schools."]
    assert splitting.places_in("One.") == splitting.places_in("") == []


@pytest.mark.database
def test_a_heading_of_the_text_becomes_that_of_the_section(section, coordinator):
    made = divided(section, 1, coordinator)
    assert (section.text, made.text) == ("First. [^1]", TEXT.partition("## Second part\n\n")[2])
    rows = [(row.heading, row.depth) for row in section.report.sections.all()]
    assert rows == [("A", 1), ("Second part", 1), ("A1", 2), ("B", 1)]
    assert (made.facts, section.share + made.share) == ("updates", 50)
    assert made.share > section.share
    assert [row.versions.first().text for row in (section, made)] == [section.text, made.text]
    assert Event.objects.filter(action="report-section-split").count() == 1


def test_a_paragraph_needs_a_heading(section, coordinator):
    with pytest.raises(FieldRefused, match="Enter a heading"):
        divided(section, 5, coordinator)
    made = divided(section, 5, coordinator, heading="Outlook")
    assert (made.heading, made.text) == ("Outlook", "End.")
    assert section.text == TEXT.removesuffix("\n\nEnd.")


def test_endnotes_go_with_their_part(section, coordinator):
    add_quotations(
        section, [("updates", reports_make.fact(text)) for text in ("One.", "Two.", "Gone.")], by=coordinator
    )
    made = divided(section, 1, coordinator)
    assert list(section.quotations.values_list("number", flat=True)) == [1, 3]
    assert list(made.quotations.values_list("number", "text")) == [(1, "One."), (2, "Two.")]


def test_comments_on_a_passage_go_with_it_and_the_others_stay(section, coordinator):
    note = SectionNote.objects.create(section=section, text="Which?", passage="More on schools.", by=coordinator)
    reply = SectionNote.objects.create(section=section, parent=note, text="All.", by=coordinator)
    whole = SectionNote.objects.create(section=section, text="Shorter.", by=coordinator)
    first = SectionNote.objects.create(section=section, text="Why?", passage="First.", by=coordinator)
    reports_make.word_return(section, coordinator).notes.update(quoted="More on schools.")
    made = divided(section, 1, coordinator)
    assert set(made.notes.all()) == {note, reply}
    assert set(section.notes.all()) == {whole, first}
    assert (made.returned_notes.count(), section.returned_notes.count()) == (1, 0)


def gaps_of(section) -> list[gaps.TextGap]:
    fresh = type(section).objects.get(pk=section.pk)
    return gaps.gaps_in([fresh]).get(section.pk, [])


@pytest.mark.database
def test_questions_gaps_and_their_reasons_go_with_their_part(section, coordinator):
    first, second = (questions_make.question(f"Question {number}?", number=str(number)) for number in (1, 2))
    section.questions.add(first, second)
    UnansweredQuestion.objects.create(section=section, question=second, reason="No data.", by=coordinator)
    gap = r"**\[No answer.\]**"
    written(section, f"**1\\. Question 1?**\n\nYes.\n\n**2\\. Question 2?**\n\n{gap}", coordinator)
    [found] = gaps_of(section)
    gaps.accept_gap(section=section, key=found.key, reason="None.", by=coordinator)
    made = divided(section, 2, coordinator, heading="Second")
    assert (list(section.questions.all()), list(made.questions.all())) == ([first], [second])
    assert made.unanswered.get().question == second
    assert [gap.reason for gap in gaps_of(made)] == ["None."]
    assert not section.accepted_gaps.exists()


def test_each_reason_stays_with_the_gap_that_it_is_for(section, coordinator):
    gap = r"**\[No data.\]**"
    written(section, f"{gap}\n\nOne.\n\n{gap}\n\nTwo.\n\n{gap}", coordinator)
    _first, second, third = gaps_of(section)
    gaps.accept_gap(section=section, key=third.key, reason="Third.", by=coordinator)
    made = divided(section, 3, coordinator, heading="Second")
    assert [found.reason for found in gaps_of(made)] == ["Third."]
    assert [found.reason for found in gaps_of(section)] == ["", ""]
    assert second.key in [found.key for found in gaps_of(section)]


def test_a_gap_that_leaves_its_question_takes_the_reason_along(section, coordinator):
    question = questions_make.question("Question 1?", number="1")
    section.questions.add(question)
    UnansweredQuestion.objects.create(section=section, question=question, reason="No data.", by=coordinator)
    written(section, "**1\\. Question 1?**\n\n**\\[No answer.\\]**", coordinator)
    made = divided(section, 1, coordinator, heading="Second")
    assert [found.reason for found in gaps_of(made)] == ["No data."]
    assert section.unanswered.get().question == question


def test_translations_go_with_their_paragraphs(section, coordinator):
    into = reports_make.into(section.report, "fr", coordinator)
    written(section, "One.\n\nTwo.", coordinator)
    reports_make.translated(into.sections.get(section=section), ["Un.", "Deux."], coordinator)
    made = divided(section, 1, coordinator, heading="Second")
    rows = {row.section.heading: (row.segments, row.shown_state, row.words) for row in into.sections.all()}
    assert rows["A"] == ([["One.", "Un."]], "draft", 1)
    assert rows["Second"] == ([["Two.", "Deux."]], "draft", 1)
    assert made.translations.get().changed_by == coordinator


def test_what_cannot_be_divided_is_refused(section, coordinator):
    with pytest.raises(Refused, match="Select a paragraph"):
        divided(section, 9, coordinator)
    with pytest.raises(ChangedMeanwhile):
        splitting.split_report_section(section=section, number=1, heading="", seen=0, by=coordinator)
    person = make.user(Role.FOCAL_POINT, make.institution())
    with pytest.raises(Refused, match="permission to edit reports"):
        divided(section, 1, person)


def test_a_text_is_divided_on_its_page(client, section, coordinator):
    client.force_login(coordinator)
    page = reverse("desk:split_report_section", args=[section.report.key, section.key])
    assert page in text_of(client.get(reverse("desk:rename_report_section", args=[section.report.key, section.key])))
    assert ">Second part</option>" in text_of(client.get(page))
    sent = {"place": "3", "heading": "", "seen": section.version}
    assert "Enter a heading." in text_of(client.post(page, sent))
    assert client.post(page, sent | {"place": "7"}).status_code == 422
    assert client.post(page, sent | {"seen": 0, "heading": "Steps"}).status_code == 422
    answer = client.post(page, sent | {"heading": "Steps"}, follow=True)
    assert "Section divided." in text_of(answer)
    assert section.report.sections.get(heading="Steps").text.startswith("- one")
    empty = reverse("desk:split_report_section", args=[section.report.key, "b"])
    assert "fewer than two paragraphs" in text_of(client.get(empty))
