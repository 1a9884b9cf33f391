"""A report in English is translated to Arabic and French on a telephone, changed, translated again, cleared and
submitted in three languages."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from servanda.reporting.models import Report, ReportSnapshot, SectionTranslation
from servanda.reporting.reports.services import write_section
from servanda.reporting.submissions.making import make_submitted_files
from servanda.sources.models import Submission
from tests import obligation_make, reports_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
SOURCE = "The law of 2024 protects persons with disabilities.\n\nIt applies to {count} institutions."
TEXTS = {
    "ar": ("المنهجية", "يحمي قانون عام 2024 الأشخاص ذوي الإعاقة.", "ويسري على {count} مؤسسة."),
    "fr": ("Méthode", "La loi de 2024 protège les personnes handicapées.", "Elle s’applique à {count} institutions."),
}
SECTION = "method"


def of(deed: str, report: Report, *more: str) -> str:
    return reverse(f"desk:{deed}", args=[report.key, *more])


def add_languages(walk: Walk, report: Report) -> None:
    for language in TEXTS:
        values = {"language": language, "title": f"Title ({language})", "translator": str(walk.writer.pk)}
        page = walk.send(walk.coordinator, of("add_report_translation", report), **values)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def translate(walk: Walk, report: Report, language: str, count: int, *, is_changed: bool = False) -> None:
    """The assigned person fills in what is empty or outdated; the script saves, and the button too."""
    page = walk.open(walk.writer, of("translate_section", report, language, SECTION))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heading, first, second = TEXTS[language]
    page.locator("[name=heading]").fill(heading)
    areas = page.locator("textarea")
    assert areas.first.evaluate("area => getComputedStyle(area).direction") == ("rtl" if language == "ar" else "ltr")
    areas.nth(0).fill(first)
    areas.nth(1).fill(second.format(count=count))
    if is_changed:
        assert page.locator("ins").count() > 0
        page.locator("[name=fits-1]").check()
    page.locator("#translation-form p.actions button:not([name])").click()
    page.wait_for_load_state()


def states(report: Report) -> set[str]:
    rows = SectionTranslation.objects.filter(into__report=report).select_related("section", "into")
    return {row.shown_state for row in rows}


def review(walk: Walk, report: Report) -> None:
    for language in TEXTS:
        section = of("translate_section", report, language, SECTION)
        walk.press(walk.coordinator, section, "review_translation", report.key, language, SECTION)


@pytest.mark.database
def test_a_report_is_translated_changed_reviewed_cleared_and_submitted(open_page, live_server, axe):
    call_command("load_report_templates", verbosity=0)
    walk = Walk(open_page, live_server, "en")
    due = obligation_make.obligation("Report of the State", kind="mid-term", language="fr")
    template = reports_make.template("Report", "Method")
    report = reports_make.report(walk.coordinator, template=template, obligation=due)
    section = report.sections.get()
    section = write_section(section=section, text=SOURCE.format(count=12), seen=1, by=walk.coordinator)
    add_languages(walk, report)
    for language in TEXTS:
        translate(walk, report, language, 12)
    page = walk.open(walk.writer, of("translate_section", report, "ar", SECTION))
    assert axe(page) == []
    review(walk, report)
    assert states(report) == {"reviewed"}
    write_section(section=section, text=SOURCE.format(count=15), seen=section.version, by=walk.coordinator)
    assert states(report) == {"outdated"}
    walk.send(
        walk.coordinator,
        of("start_report_clearance", report),
        steps="Legal service\nTranslation",
        translated_by="Translation",
    )
    walk.press(walk.other, report.get_absolute_url(), "clear_report", report.key)
    page = walk.open(walk.other, report.get_absolute_url())
    assert page.locator(f"form[action='{of('clear_report', report)}']").count() == 0
    assert page.get_by_text("Source text changed").count() == len(TEXTS)
    for language in TEXTS:
        translate(walk, report, language, 15, is_changed=True)
    review(walk, report)
    page = walk.open(walk.coordinator, of("report_translations", report))
    assert axe(page) == []
    walk.press(walk.other, report.get_absolute_url(), "clear_report", report.key)
    walk.send(walk.coordinator, of("submit_report", report), submitted_on=timezone.localdate().isoformat())
    snapshot = report.snapshots.get()
    make_submitted_files.call(str(snapshot.key))
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.problem) == (ReportSnapshot.State.COMPLETE, "")
    assert set(snapshot.files.filter(format="docx").values_list("language", flat=True)) == {"", "ar", "fr"}
    assert Submission.objects.get().language == "fr"
    page = walk.open(walk.coordinator, report.get_absolute_url())
    page.get_by_role("link", name="-ar-").first.wait_for()
