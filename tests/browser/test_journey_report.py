"""Reports from their obligation to the submitted files, and back from Word: a mid-term report and an addendum of
Slovenia, and the reply to a list of issues."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.progress.models import InputRound, Update
from servanda.recommendations.models import Cluster, ClusterMember, Position
from servanda.reporting.models import Report, ReportSection, ReportSnapshot, WordReturn
from servanda.reporting.reports.gaps import blocking_gaps
from servanda.reporting.reports.quoting import GAP_BEGINS
from servanda.reporting.submissions.making import make_submitted_files
from servanda.sources.models import Document, Obligation
from servanda.sources.upr import working_group
from tests import make, obligation_make, progress_make, questions_make, word_edits
from tests.browser.walk import Walk
from tests.paths import SLOVENIA
from tests.word_check import faults
from tests.word_edits import replace_words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TODAY = timezone.localdate()
NAMES = {"Slovenia": "SVN", "Peru": "PER", "Norway": "NOR", "Spain": "ESP"}
# What is written, and which words of it are changed in Word.
ANSWERS = {
    "en": ("The law of 2024 applies to all; see A/HRC/42/15.", "The law of 2024"),
    "ar": ("ينطبق القانون على الجميع؛ انظر الوثيقة A/HRC/42/15.", "ينطبق القانون"),
}
CHANGED = {"en": "The law of 2025", "ar": "يسري القانون الجديد"}
REVIEWED = "Ana Legal"
ANSWER = "A law against trafficking was passed in 2025."
PUBLISHED = "A plan of action against trafficking is in force."
# The sections that are drafted and not typed, by template.
DRAFTED = {
    "upr-mid-term": {"chapters"},
    "reply-to-issues": {"replies"},
    "upr-addendum": {"introduction", "supported", "under-way", "noted"},
}


def answers_of(cycle: int) -> Cluster:
    """What Slovenia answered in a cycle, as a cluster."""
    cluster = Cluster.objects.create(name=f"Cycle {cycle}")
    for answer in working_group.read(SLOVENIA / f"upr{cycle}-addendum.pdf", country_names=NAMES):
        stand = answer.position.stand
        record = make.recommendation(paragraph=answer.paragraph, stand=stand)
        data = {"words": answer.position.words, "comment": answer.position.comment}
        Position.objects.create(recommendation=record, stand=stand, **data)
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return cluster


def start(walk: Walk, due: Obligation, cluster: Cluster | None) -> Report:
    """From the page of the obligation; its template is chosen already."""
    page = walk.open(walk.coordinator, due.get_absolute_url())
    page.locator(f"a[href^='{reverse('desk:add_report')}']").first.click()
    page.wait_for_load_state()
    fields = {"language": walk.language} | ({"cluster": str(cluster.pk)} if cluster else {})
    walk.fill(page, **fields)
    report = Report.objects.get()
    due.refresh_from_db()
    assert due.state == Obligation.State.IN_PREPARATION
    return report


def answer_in_words(walk: Walk, report: Report, key: str) -> None:
    """The section asks the institution in its own words."""
    path = reverse("desk:request_input", args=[report.key, key])
    page = walk.open(walk.coordinator, path)
    page.locator(f"input[name=institutions][value='{walk.place.pk}']").check()
    walk.fill(page, words="Which law protects against trafficking?")
    assert InputRound.objects.count() == 1
    answer_and_approve(walk)


def answer_in_a_round(walk: Walk, report: Report, document: Document) -> None:
    """The question becomes part of the section, is requested in a round, answered and approved."""
    arguments = [report.key, "replies"]
    page = walk.open(walk.coordinator, f"{reverse('desk:choose_questions', args=arguments)}?document={document.pk}")
    page.locator("input[name=questions]").check()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_load_state()
    page = walk.open(walk.coordinator, reverse("desk:section_input", args=arguments))
    page.locator(f"form[action='{reverse('desk:ask_questions', args=[document.pk])}'] button").click()
    page.wait_for_selector("input[name=title]")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_selector("button[name=step][value=apply]")
    page.locator("button[name=step][value=apply]").click()
    page.wait_for_url(f"**{InputRound.objects.get().get_absolute_url()}")
    answer_and_approve(walk)


def answer_and_approve(walk: Walk) -> None:
    """The focal point answers from the desk, on a telephone; the authority approves."""
    page = walk.open(walk.writer, reverse("desk:home"))
    page.locator(".desk-asked form button").click()
    page.wait_for_selector("textarea[name=text]")
    page.locator("textarea[name=text]").fill(ANSWER)
    page.locator("button[name=deed][value=submit]").click()
    page.wait_for_selector(".asked-question")
    update = Update.objects.get()
    walk.press(walk.authority, update.get_absolute_url(), "validate_update", update.pk)
    update.refresh_from_db()
    assert update.state == Update.State.VALIDATED


def quote_answer(walk: Walk, report: Report, key: str) -> None:
    """The approved answer is among the facts of the section that asked for it."""
    section = report.sections.get(key=key)
    page = walk.open(walk.coordinator, f"{section.get_absolute_url()}?facts=answers")
    page.locator("button[name=quote][value^='answers:']").click()
    page.wait_for_load_state()
    section.refresh_from_db()
    assert f"> {ANSWER} [^" in section.text


def leave_gaps(walk: Walk, report: Report) -> None:
    """What the drafts name as missing blocks clearance, until the coordinator enters why it stays open."""
    sections = report.sections.filter(text__contains=GAP_BEGINS)
    if sections:
        page = walk.send(walk.coordinator, address("start_report_clearance", report), steps="Minister")
        assert page.locator(".error-summary, [role=alert]").count() > 0
    for section in sections:
        assert blocking_gaps(report) != {}
        page = walk.open(walk.coordinator, section.get_absolute_url())
        while page.locator("#gaps details").count():
            page.locator("#gaps details summary").first.click()
            page.locator("#gaps details textarea").first.fill("No institution has reported yet.")
            page.locator("#gaps details button[type=submit]").first.click()
            page.wait_for_load_state()
    assert blocking_gaps(report) == {}


def draft(page, section: ReportSection) -> None:
    """With the button of the section, or from the preview of the draft from facts."""
    action = reverse("desk:draft_section", args=[section.report.key, section.key])
    if section.key == "chapters":
        page.locator(f"a[href='{reverse('desk:fact_draft', args=[section.report.key, section.key])}']").click()
        page.wait_for_load_state()
    button = page.locator(f"form[action='{action}'] button")
    assert button.count() == 1
    button.click()
    page.wait_for_load_state()
    section.refresh_from_db()
    assert section.words > 0


def write(walk: Walk, report: Report, key: str) -> None:
    """The institution writes its section, on a telephone; the coordinator all others."""
    drafted = DRAFTED[report.template.code]
    section = report.sections.get(key=key)
    place = str(walk.place.pk)
    walk.send(walk.coordinator, address("assign_sections", report), **{f"institution__{section.pk}": place})
    page = walk.open(walk.writer, report.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for row in report.sections.all():
        writer = walk.writer if row.key == key else walk.coordinator
        editor = reverse("desk:write_section", args=[report.key, row.key])
        page = walk.open(writer, editor)
        if row.key in drafted:
            draft(page, row)
        elif row.content != "matrix":
            text = page.locator("#section-form textarea")
            text.fill(f"{ANSWERS[walk.language][0]}\n\n- {row.key}\n- second")
            page.locator("#section-form button[type=submit]:not([name])").first.click()
            page.wait_for_load_state()


def submit(walk: Walk, report: Report) -> ReportSnapshot:
    """Cleared by a colleague of the writer, then submitted; the files are made by the worker."""
    walk.send(walk.coordinator, address("start_report_clearance", report), steps="Legal service\nMinister")
    for _step in range(2):
        walk.press(walk.other, report.get_absolute_url(), "clear_report", report.key)
    walk.send(walk.coordinator, address("submit_report", report), submitted_on=TODAY.isoformat())
    snapshot = report.snapshots.get()
    make_submitted_files.call(str(snapshot.key))
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.problem) == (ReportSnapshot.State.COMPLETE, "")
    return snapshot


def take_back(walk: Walk, report: Report, content: bytes, folder: Path) -> None:
    """The submitted file is saved by LibreOffice, commented and edited as Word does, sent, and one text accepted."""
    content = word_edits.saved_by_libreoffice(content, folder)
    words, changed = ANSWERS[walk.language][1], CHANGED[walk.language]
    if report.template.code == "upr-addendum":  # its text was drafted from positions
        words, changed = "Supports:", "Endorses:"
    content = word_edits.with_comments(content, [(words, "Which law?")])
    content = word_edits.edited(content, replace_words(words, changed))
    (folder / "legal.docx").write_bytes(content)
    walk.send(walk.coordinator, address("send_word_file", report), file=folder / "legal.docx")
    found = WordReturn.objects.get()
    [row] = found.sections.all()
    page = walk.press(walk.coordinator, found.get_absolute_url(), "keep_word_return", found.key)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert changed in row.text
    assert page.locator("ins").count() > 0
    key = row.sent.section.key
    page = walk.press(walk.coordinator, found.get_absolute_url(), "accept_returned_section", found.key, key)
    assert changed in report.sections.get(key=key).text
    page = walk.open(walk.coordinator, row.sent.section.get_absolute_url())
    assert REVIEWED in page.content()
    assert "Which law?" in page.content()


def address(deed: str, report: Report) -> str:
    return reverse(f"desk:{deed}", args=[report.key])


def file_of(person, snapshot: ReportSnapshot) -> bytes:
    client = Client()
    client.force_login(person)
    answer = client.get(reverse("desk:submitted_file", args=[snapshot.key, "docx"]))
    return b"".join(answer.streaming_content)


REPORTS = [
    pytest.param("en", "mid-term", 3, "chapters", id="mid-term"),
    pytest.param("ar", "loipr", None, "replies", id="loipr"),
    pytest.param("en", "addendum", 4, "introduction", id="addendum"),
]


@pytest.mark.parametrize(("language", "kind", "cycle", "key"), REPORTS)
def test_a_report_is_walked_from_its_obligation_to_its_files_and_back_from_word(
    open_page, live_server, axe, tmp_path, request, language, kind, cycle, key
):
    if language == "en":
        request.getfixturevalue("pdf_is_its_page")  # what is in Arabic is laid out
    call_command("load_report_templates", verbosity=0)
    walk = Walk(open_page, live_server, language)
    limit = 2675 if kind == "addendum" else None
    due = obligation_make.obligation("Report of the State", kind=kind, word_limit=limit)
    document = questions_make.document("CEDAW/C/SVN/Q/7")
    questions_make.question("Which law protects against trafficking?", walk.place, document=document, number="1")
    report = start(walk, due, answers_of(cycle) if cycle else None)
    if kind == "loipr":
        answer_in_a_round(walk, report, document)
    else:
        answer_in_words(walk, report, key)
    if kind == "mid-term":
        member = ClusterMember.objects.order_by("recommendation__order_key")[:1].get()
        progress_make.update(member.recommendation, walk.place, state="published", text=PUBLISHED, language="en")
    write(walk, report, key)
    if kind != "loipr":
        quote_answer(walk, report, key)
    if kind == "mid-term":
        assert PUBLISHED in report.sections.get(key=key).text
    assert ANSWER in report.sections.get(key=key).text
    leave_gaps(walk, report)
    snapshot = submit(walk, report)
    if limit:
        assert 0 < snapshot.words <= limit
    due.refresh_from_db()
    assert due.state == Obligation.State.SUBMITTED
    content = file_of(walk.coordinator, snapshot)
    assert faults(content) == []
    take_back(walk, report, content, tmp_path)
    page = walk.open(walk.coordinator, report.get_absolute_url())
    assert axe(page) == []
    report.refresh_from_db()
    assert report.clearance.state != "cleared"
    assert file_of(walk.coordinator, snapshot) == content
