"""Reports from their obligation to the submitted files, and back from Word: a mid-term report and an addendum of
Slovenia, and the reply to a list of issues."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.recommendations.models import Cluster, ClusterMember, Position
from servanda.reporting.models import Report, ReportSnapshot, WordReturn
from servanda.reporting.submissions.making import make_submitted_files
from servanda.sources.models import Obligation
from servanda.sources.upr import working_group
from tests import make, obligation_make, questions_make, word_edits
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


def answers_of(cycle: int) -> Cluster:
    """What Slovenia answered in a cycle, as a cluster."""
    cluster = Cluster.objects.create(name=f"Cycle {cycle}")
    for answer in working_group.read(SLOVENIA / f"upr{cycle}-addendum.pdf", country_names=NAMES):
        stand, comment = answer.position.stand, answer.position.comment
        record = make.recommendation(paragraph=answer.paragraph, stand=stand)
        Position.objects.create(recommendation=record, stand=stand, comment=comment)
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


def write(walk: Walk, report: Report, key: str) -> None:
    """The institution writes its section, on a telephone; the coordinator all others."""
    section = report.sections.get(key=key)
    place = str(walk.place.pk)
    walk.send(walk.coordinator, address("assign_sections", report), **{f"institution__{section.pk}": place})
    page = walk.open(walk.writer, report.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for row in report.sections.all():
        writer = walk.writer if row.key == key else walk.coordinator
        editor = reverse("desk:write_section", args=[report.key, row.key])
        page = walk.open(writer, editor)
        draft = page.locator(f"form[action='{reverse('desk:draft_section', args=[report.key, row.key])}'] button")
        if draft.count():
            draft.click()
            page.wait_for_load_state()
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
    ("en", "mid-term", 3, "chapters"),
    ("ar", "loipr", None, "replies"),
    ("en", "addendum", 4, "introduction"),
]


@pytest.mark.database
@pytest.mark.parametrize(("language", "kind", "cycle", "key"), REPORTS, ids=[kind for _l, kind, _c, _k in REPORTS])
def test_a_report_is_walked_from_its_obligation_to_its_files_and_back_from_word(
    open_page, live_server, axe, tmp_path, language, kind, cycle, key
):
    call_command("load_report_templates", verbosity=0)
    walk = Walk(open_page, live_server, language)
    limit = 2675 if kind == "addendum" else None
    due = obligation_make.obligation("Report of the State", kind=kind, word_limit=limit)
    if cycle is None:
        questions_make.question("Which law protects against trafficking?", walk.place)
    report = start(walk, due, answers_of(cycle) if cycle else None)
    write(walk, report, key)
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
