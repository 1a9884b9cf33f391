"""A draft is opened for comments, commented in Arabic on a telephone without scripts, replied to, and quoted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.reporting.models import Consultation, ConsultationComment
from tests import consulting_make, make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TELEPHONE = {"width": 360, "language": "ar", "script": False}
COMMENT = "لا توجد بيانات عن الأشخاص ذوي الإعاقة."
REPLY = "The values by disability are added."


def at(name: str, *arguments) -> str:
    return reverse(f"desk:{name}", args=arguments)


def send(page) -> None:
    page.locator("main form[method=post]").last.locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_draft_is_opened_commented_replied_to_and_quoted(logged_in):
    coordinator = make.user(Role.COORDINATOR, name="Cora Coordinator")
    nhri = consulting_make.contributor(name="Nour Nhri")
    report = consulting_make.cleared_report(coordinator)
    consultation = open_draft(logged_in, coordinator, report)
    comment = comment_on(logged_in, nhri, consultation)

    page = logged_in(coordinator, at("reply_consultation_comment", consultation.key, comment.pk), language="en")
    page.get_by_label("Partly accepted").check()
    page.locator("textarea[name=reply]").fill(REPLY)
    send(page)
    assert REPLY in page.content()

    page = logged_in(nhri, at("own_comments"), **TELEPHONE)
    assert fits(page)
    assert "مقبول جزئياً" in page.locator("main").inner_text()
    assert REPLY in page.locator("main").inner_text()

    section = report.sections.get(key="chapters")
    page = logged_in(coordinator, f"{section.get_absolute_url()}?facts=comments", language="en", width=1366)
    page.locator(f"button[name=quote][value='comments:{comment.pk}']").click()
    page.wait_for_load_state()
    section.refresh_from_db()
    assert COMMENT in section.text
    assert REPLY in section.text
    page = logged_in(coordinator, at("report_text", report.key), language="en")
    assert COMMENT in page.content()
    page = logged_in(coordinator, at("consultation_changes", consultation.key), language="en")
    assert page.locator("ins").count() > 0


def open_draft(logged_in, coordinator, report) -> Consultation:
    page = logged_in(coordinator, at("add_consultation", report.key), language="en", width=1366)
    page.get_by_label("Nour Nhri").check()
    page.locator("input[name=ends_on]").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    send(page)
    page.locator("main a.btn-primary").first.click()
    page.wait_for_load_state()
    send(page)
    consultation = Consultation.objects.get()
    assert consultation.opened_at
    return consultation


def comment_on(logged_in, nhri, consultation) -> ConsultationComment:
    """From the list of drafts to the comment that was sent, without a script."""
    page = logged_in(nhri, at("consultations"), **TELEPHONE)
    assert fits(page)
    page.locator(f"main a[href='{consultation.get_absolute_url()}']").click()
    assert fits(page)
    page.locator("main section").filter(has_text="Chapters").locator("a.btn-quiet").click()
    assert fits(page)
    page.locator("textarea[name=text]").fill(COMMENT)
    send(page)
    comment = ConsultationComment.objects.get()
    assert (comment.text, comment.language, comment.section.heading) == (COMMENT, "ar", "Chapters")
    assert fits(page)
    return comment
