"""Gaps in the text of a section: they block clearance until a text is in their place, or a person enters a reason."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.reporting.documents.contents import document_of
from servanda.reporting.models import AcceptedGap, UnansweredQuestion
from servanda.reporting.reports import gaps, services
from servanda.reporting.submissions.clearance import start_report_clearance
from servanda.trail.models import Event
from tests import make, questions_make, reports_make
from tests.desk.reports.test_report_pages import text_of
from tests.once import built_once

pytestmark = pytest.mark.django_db
FIRST, SECOND = r"**\[No approved update on: 140.9.\]**", r"**\[No action planned for: 140.9.\]**"
TEXT = f"A law exists.\n\n{FIRST}\n\n{SECOND}"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def section(coordinator):
    template = reports_make.template("Report", "Chapters")
    return reports_make.report(coordinator, template=template).sections.get()


def written(section, text: str, by):
    section.refresh_from_db()
    return services.write_section(section=section, text=text, seen=section.version, by=by)


def clear(section, by):
    start_report_clearance(report=section.report, steps=["Minister"], by=by)


def gaps_of(section):
    section.refresh_from_db()
    return gaps.gaps_in([type(section).objects.get(pk=section.pk)]).get(section.pk, [])


def printed(section, by, *, is_draft: bool, into=None) -> list[str]:
    with translation.override("en"):
        document = document_of(section.report, by, on=timezone.localdate(), is_draft=is_draft, into=into)
    return [block.text for block in document.blocks]


def test_gaps_do_not_count_as_they_are_not_submitted(section, coordinator):
    assert written(section, TEXT, coordinator).words == 3
    assert written(section, f"**140.28:** {FIRST}\n\nA law exists.", coordinator).words == 4


def test_each_gap_blocks_clearance_until_a_text_is_in_its_place(section, coordinator):
    written(section, TEXT, coordinator)
    with pytest.raises(Refused, match="2 gaps are left .* “Chapters”"):
        clear(section, coordinator)
    written(section, f"A law exists.\n\nA plan exists.\n\n{SECOND}", coordinator)
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)
    written(section, "A law exists.\n\nA plan exists.", coordinator)
    clear(section, coordinator)


def test_a_gap_inside_of_a_paragraph_blocks_clearance_too(section, coordinator):
    written(section, r"**140.6:** **\[The reason is missing.\]**", coordinator)
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)


def test_a_reason_opens_clearance_and_is_printed_in_drafts_only(section, coordinator):
    written(section, TEXT, coordinator)
    for gap in gaps_of(section):
        gaps.accept_gap(section=section, key=gap.key, reason="The plan follows in May.", by=coordinator)
    assert printed(section, coordinator, is_draft=True)[1:] == [
        "A law exists.",
        "[No approved update on: 140.9.]",
        "[No action planned for: 140.9.]",
        "[Accepted gap: No approved update on: 140.9. The plan follows in May.]",
        "[Accepted gap: No action planned for: 140.9. The plan follows in May.]",
    ]
    assert printed(section, coordinator, is_draft=False)[1:] == ["A law exists."]
    clear(section, coordinator)


def test_a_translation_is_submitted_without_the_gaps_that_were_accepted(section, coordinator):
    text = f"A law exists.\n\n{FIRST}\n\n**140.6:** {SECOND} The rest follows."
    written(section, text, coordinator)
    into = reports_make.into(section.report, "fr", coordinator)
    targets = ["Une loi existe.", "", r"**140.6:** **\[Aucune action prévue : 140.9.\]** Le reste suit."]
    reports_make.translated(into.sections.get(section=section), targets, coordinator)
    with translation.override("fr"):
        submitted = printed(section, coordinator, is_draft=False, into=into)[1:]
    assert submitted == ["Une loi existe.", "140.6: Le reste suit."]


def test_a_reason_can_be_withdrawn_and_both_are_in_the_trail(section, coordinator):
    written(section, FIRST, coordinator)
    [gap] = gaps_of(section)
    given = {"section": section, "key": gap.key, "by": coordinator}
    with pytest.raises(FieldRefused, match="Enter a reason"):
        gaps.accept_gap(**given, reason=" ")
    with pytest.raises(FieldRefused, match="at most 2000 characters"):
        gaps.accept_gap(**given, reason="No data exist. " * 200)
    with pytest.raises(Refused, match="permission"):
        gaps.accept_gap(**given | {"by": make.user(Role.FOCAL_POINT, make.institution())}, reason="No data.")
    gaps.accept_gap(**given, reason="No data exist.")
    assert AcceptedGap.objects.get().by == coordinator
    gaps.reopen_gap(**given)
    with pytest.raises(Refused, match="just done this"):
        gaps.reopen_gap(**given)
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)
    assert Event.objects.filter(action__startswith="report-gap-").count() == 2


def test_a_reason_is_for_the_words_of_one_gap(section, coordinator):
    written(section, FIRST, coordinator)
    [gap] = gaps_of(section)
    gaps.accept_gap(section=section, key=gap.key, reason="No data exist.", by=coordinator)
    written(section, FIRST.replace("140.9", "140.10"), coordinator)
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)
    with pytest.raises(Refused, match="no longer has this gap"):
        gaps.accept_gap(section=section, key=gap.key, reason="No data.", by=coordinator)


@pytest.mark.database
def test_the_gap_below_a_question_without_an_answer_has_its_reason(section, coordinator):
    question = questions_make.question("Which law exists?", number="1")
    section.questions.add(question)
    written(section, "**1\\. Which law exists?**\n\n**\\[No institution was asked.\\]**", coordinator)
    assert [gap.reason for gap in gaps_of(section)] == [""]
    UnansweredQuestion.objects.create(section=section, question=question, reason="No data exist.", by=coordinator)
    assert [(gap.reason, gap.is_of_question) for gap in gaps_of(section)] == [("No data exist.", True)]
    clear(section, coordinator)


def test_the_same_words_twice_are_two_gaps_with_a_reason_each(section, coordinator):
    written(section, f"{FIRST}\n\nA law exists.\n\n{FIRST}", coordinator)
    first, second = gaps_of(section)
    assert first.sentence == second.sentence
    gaps.accept_gap(section=section, key=second.key, reason="No data exist.", by=coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["", "No data exist."]
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)


def test_a_reason_goes_with_its_gap_and_never_to_another_one(section, coordinator):
    written(section, f"A law exists.\n\n{FIRST}\n\nIt is applied.\n\n{FIRST}", coordinator)
    first, _second = gaps_of(section)
    gaps.accept_gap(section=section, key=first.key, reason="Of the first.", by=coordinator)
    written(section, f"A newer law exists.\n\n{FIRST}\n\nIt is applied.\n\n{FIRST}", coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["Of the first.", ""]
    written(section, f"A newer law exists.\n\nThe text.\n\nIt is applied.\n\n{FIRST}", coordinator)
    assert [gap.reason for gap in gaps_of(section)] == [""]


def test_a_reason_stays_with_a_gap_that_is_moved_or_gets_an_equal_one_before_it(section, coordinator):
    written(section, f"A law exists.\n\n{FIRST}", coordinator)
    [gap] = gaps_of(section)
    gaps.accept_gap(section=section, key=gap.key, reason="No data exist.", by=coordinator)
    written(section, f"New.\n\n{FIRST}\n\nA law exists.\n\n{FIRST}", coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["", "No data exist."]
    written(section, f"A law exists.\n\n{FIRST}", coordinator)
    written(section, f"A law exists, says the ministry: {FIRST}", coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["No data exist."]


@pytest.mark.database
def test_reasons_of_the_gaps_below_a_question_are_enough_for_the_question(section, coordinator):
    question = questions_make.question("Which law exists?", number="1")
    section.questions.add(question)
    gap = "**\\[No information received from {}.\\]**"
    text = "\n\n".join(["**1\\. Which law exists?**", gap.format("MOJ"), gap.format("MOH")])
    written(section, text, coordinator)
    with pytest.raises(Refused, match="no approved answer"):
        clear(section, coordinator)
    for found in gaps_of(section):
        gaps.accept_gap(section=section, key=found.key, reason="No data exist.", by=coordinator)
    clear(section, coordinator)


def test_the_reason_of_a_question_is_for_one_gap_below_it(section, coordinator):
    question = questions_make.question("Which law exists?", number="1")
    section.questions.add(question)
    written(section, f"**1\\. Which law exists?**\n\n{FIRST}\n\n{SECOND}", coordinator)
    UnansweredQuestion.objects.create(section=section, question=question, reason="Not asked.", by=coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["Not asked.", ""]
    with pytest.raises(Refused, match="1 gap is left"):
        clear(section, coordinator)


def test_the_same_words_below_two_questions_are_two_gaps(section, coordinator):
    for number in ("1", "2"):
        section.questions.add(questions_make.question("Which law exists?", number=number))
    heading = "**{}\\. Which law exists?**"
    written(section, "\n\n".join([heading.format(1), FIRST, heading.format(2), FIRST]), coordinator)
    first, _second = gaps_of(section)
    gaps.accept_gap(section=section, key=first.key, reason="No data exist.", by=coordinator)
    assert [gap.reason for gap in gaps_of(section)] == ["No data exist.", ""]


def test_gaps_of_many_sections_cost_three_queries(coordinator, django_assert_num_queries):
    template = reports_make.template("Report", *(f"Part {number}" for number in range(10)))
    report = reports_make.report(coordinator, template=template)
    report.sections.update(text=TEXT)
    sections = list(report.sections.all())
    with django_assert_num_queries(3):
        assert [len(found) for found in gaps.gaps_in(sections).values()] == [2] * 10


@pytest.mark.database
def test_a_gap_is_accepted_and_reopened_on_the_page_of_its_section(client, section, coordinator):
    written(section, FIRST, coordinator)
    client.force_login(coordinator)
    assert "1 gap blocks clearance" in text_of(client.get(section.report.get_absolute_url()))
    page = text_of(client.get(section.get_absolute_url()))
    assert "Gaps in the text" in page
    assert "Blocks clearance" in page
    arguments = [section.report.key, section.key, gaps_of(section)[0].key]
    page = text_of(client.post(reverse("desk:accept_gap", args=arguments), {"reason": "No data exist."}, follow=True))
    assert ("No data exist." in page, "Blocks clearance" in page) == (True, False)
    assert "gap blocks clearance" not in text_of(client.get(section.report.get_absolute_url()))
    page = text_of(client.post(reverse("desk:reopen_gap", args=arguments), follow=True))
    assert "Blocks clearance" in page
