"""Comments on drafts: who sends them, until when, and what the mechanism does with them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from servanda.jobs.models import Mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Instance, Notification
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.assessments.signing import may_sign
from servanda.reporting.consultations import commenting, replying, services
from servanda.reporting.consultations.commenting import CommentValues
from servanda.reporting.consultations.letters import announce
from servanda.reporting.facts.comments import COMMENTS
from servanda.reporting.models import Consultation, ConsultationComment
from servanda.reporting.reports.queries import offered_facts, sources_of
from servanda.reporting.reports.services import draft_section
from servanda.trail.models import Event
from tests import assessing_make, make
from tests import consulting_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def nhri():
    return made.contributor(email="nhri@example.org")


@built_once
def consultation(coordinator, nhri):
    return made.opened(coordinator, nhri)


@built_once
def comment(consultation, nhri):
    return made.comment(consultation, nhri)


def replied(comment, by, verdict="accepted", reply="Added.", seen=None):
    return replying.reply_consultation_comment(comment=comment, verdict=verdict, reply=reply, seen=seen, by=by)


def edited(comment, by, text="Other.", seen=1):
    values = CommentValues(text=text, language="en")
    return commenting.edit_consultation_comment(comment=comment, values=values, seen=seen, by=by)


def test_only_those_invited_comment_and_see_comments(consultation, comment, coordinator, nhri):
    stranger = made.contributor("ngo")
    for outsider in (stranger, coordinator, make.user(Role.FOCAL_POINT, make.institution("ministry")), None):
        with pytest.raises(Refused):
            made.comment(consultation, outsider)
    assert not ConsultationComment.objects.visible_to(stranger).exists()
    assert not ConsultationComment.objects.visible_to(make.user(Role.AUDITOR)).exists()
    assert not ConsultationComment.objects.public().exists()
    assert list(ConsultationComment.objects.visible_to(nhri)) == [comment]
    assert list(ConsultationComment.objects.visible_to(coordinator)) == [comment]


def test_a_person_who_is_no_contributor_any_more_sees_nothing(consultation, comment, nhri):
    nhri.appointments.update(end=timezone.localdate() - timedelta(days=1))
    nhri = type(nhri).objects.get(pk=nhri.pk)
    assert not Consultation.objects.visible_to(nhri).exists()


def test_it_closes_at_the_end_of_the_day_in_the_time_zone_of_the_mechanism(consultation, nhri, monkeypatch):
    Instance.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})  # 13 hours ahead in January
    Consultation.objects.update(ends_on="2027-01-10")
    last = datetime(2027, 1, 10, 10, 59, 59, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: last)
    own = made.comment(consultation, nhri)
    monkeypatch.setattr(timezone, "now", lambda: last + timedelta(seconds=1))
    with pytest.raises(Refused, match="closed"):
        made.comment(consultation, nhri)
    with pytest.raises(Refused, match="closed"):
        commenting.withdraw_consultation_comment(comment=own, by=nhri)


def test_a_form_sent_twice_makes_one_comment(consultation, nhri, coordinator):
    key, values = uuid4(), CommentValues(text="Once.", language="en")
    sent = [
        commenting.add_consultation_comment(consultation=consultation, values=values, form_key=key, by=nhri)
        for _time in range(2)
    ]
    assert sent[0] == sent[1]
    other = made.contributor("ngo")
    with pytest.raises(Refused):
        commenting.add_consultation_comment(consultation=consultation, values=values, form_key=key, by=other)


@pytest.mark.database
@pytest.mark.parametrize("text", ["", "  \n", "<p></p>", "\u200e\0 ".replace("\u200e", "")])
def test_an_empty_text_is_refused(consultation, nhri, text):
    with pytest.raises(FieldRefused, match="text of your comment"):
        made.comment(consultation, nhri, text)


def test_html_is_no_html(consultation, nhri):
    assert made.comment(consultation, nhri, "<script>alert(1)</script><b>Bold</b> claim").text == "Bold claim"


def test_a_section_of_another_draft_is_refused(consultation, nhri, coordinator):
    other = made.opened(coordinator, nhri)
    with pytest.raises(FieldRefused, match="section of this draft"):
        made.comment(consultation, nhri, section=other.sections.first())


@pytest.mark.database
def test_ones_own_comment_is_edited_and_withdrawn_until_there_is_a_reply(consultation, comment, nhri, coordinator):
    assert edited(comment, nhri).text == "Other."
    with pytest.raises(ChangedMeanwhile):
        edited(comment, nhri, seen=1)
    colleague = made.contributor("ngo")
    services.invite_to_consultation(consultation=consultation, people=[colleague], by=coordinator)
    with pytest.raises(Refused, match="Only its author"):
        edited(comment, colleague, seen=2)
    replied(comment, coordinator)
    with pytest.raises(Refused, match="has a reply"):
        edited(comment, nhri, seen=None)
    with pytest.raises(Refused, match="has a reply"):
        commenting.withdraw_consultation_comment(comment=comment, by=nhri)
    second = made.comment(consultation, nhri)
    commenting.withdraw_consultation_comment(comment=second, by=nhri)
    assert ConsultationComment.objects.get(pk=second.pk).text == "A figure is missing."
    with pytest.raises(Refused, match="already been withdrawn"):
        commenting.withdraw_consultation_comment(comment=second, by=nhri)


def test_the_second_of_two_who_reply_is_told(comment, coordinator):
    replied(comment, coordinator, seen=1)
    with pytest.raises(ChangedMeanwhile, match="Read it again"):
        replied(comment, make.user(Role.COORDINATOR), "not", "No.", seen=1)
    comment.refresh_from_db()
    assert (comment.verdict, comment.reply) == ("accepted", "Added.")


def test_a_reply_to_a_comment_that_changed_is_read_again(comment, coordinator, nhri):
    edited(comment, nhri)
    with pytest.raises(ChangedMeanwhile):
        replied(comment, coordinator, seen=1)


def test_what_is_not_accepted_needs_a_reason(comment, coordinator):
    for verdict in ("partly", "not"):
        with pytest.raises(FieldRefused, match="reason"):
            replied(comment, coordinator, verdict, "  ")
    with pytest.raises(FieldRefused, match="Choose"):
        replied(comment, coordinator, "", "Thank you.")
    assert replied(comment, coordinator, "accepted", "").verdict == "accepted"


def test_the_author_is_told_of_the_reply_by_mail_and_at_the_desk(comment, coordinator, nhri):
    Mail.objects.all().delete()
    replied(comment, coordinator, "partly", "Half of it.")
    assert "A reply to your comment" in Mail.objects.get(to="nhri@example.org").subject
    assert Notification.objects.filter(person=nhri, kind="comment-answered").count() == 1


def test_nobody_is_written_to_once_their_appointment_has_ended(consultation, comment, coordinator, nhri):
    nhri.appointments.update(start=date(2026, 1, 1), end=date(2026, 1, 2))
    Mail.objects.all().delete()
    replied(ConsultationComment.objects.get(pk=comment.pk), coordinator, "partly", "Half of it.")
    announce(consultation, by=coordinator)
    assert not Mail.objects.filter(to="nhri@example.org").exists()


def test_a_withheld_comment_stays_counted_with_its_reason_and_can_be_shown_again(consultation, coordinator, nhri):
    ngo = made.contributor("ngo")
    services.invite_to_consultation(consultation=consultation, people=[ngo], by=coordinator)
    comment = made.comment(consultation, ngo)
    with pytest.raises(FieldRefused):
        replying.withhold_consultation_comment(
            comment=comment, ground="critical", reason="x", seen=None, by=coordinator
        )
    with pytest.raises(FieldRefused):
        replying.withhold_consultation_comment(
            comment=comment, ground="unlawful", reason=" ", seen=None, by=coordinator
        )
    data = {"ground": "identifies-person", "reason": "It names a child."}
    replying.withhold_consultation_comment(comment=comment, **data, seen=None, by=coordinator)
    comment.refresh_from_db()
    assert (comment.state, comment.text) == ("withheld", "A figure is missing.")
    assert comment in ConsultationComment.objects.visible_to(nhri)
    with pytest.raises(Refused):
        replied(comment, coordinator)
    replying.show_consultation_comment(comment=comment, by=coordinator)
    comment.refresh_from_db()
    assert (comment.state, comment.withheld_reason) == ("shown", "")


def test_an_accredited_institution_is_never_withheld(coordinator):
    institute = assessing_make.accredited()
    consultation = made.public(coordinator)
    comment = made.comment(consultation, institute)
    assert comment.state == "shown"
    with pytest.raises(Refused, match="speaks for itself"):
        replying.withhold_consultation_comment(
            comment=comment, ground="unlawful", reason="Harsh.", seen=None, by=coordinator
        )


def test_the_name_of_an_institution_is_in_the_language_of_the_draft(coordinator):
    names = {"en": "Ombudsman", "ar": "أمين المظالم"}
    nhri = make.user(Role.CONTRIBUTOR, make.institution("ombudsman", name=names))
    consultation = made.opened(coordinator, nhri)
    with translation.override("ar"):
        assert made.comment(consultation, nhri).organisation == "Ombudsman"


def test_a_further_appointment_does_not_change_for_whom_it_speaks(coordinator):
    institute = assessing_make.accredited()
    make.appointment(institute, make.institution("moe"), "contributor", start=timezone.localdate())
    comment = made.comment(made.public(coordinator), institute)
    assert (comment.organisation, comment.is_signed) == ("NHRI", True)


def test_nor_once_its_author_has_left(coordinator):
    institute = assessing_make.accredited()
    comment = made.comment(made.public(coordinator), institute)
    institute.appointments.update(end=date(2026, 1, 2), start=date(2026, 1, 1))
    institute = type(institute).objects.get(pk=institute.pk)
    assert not may_sign(institute)
    with pytest.raises(Refused, match="speaks for itself"):
        replying.withhold_consultation_comment(
            comment=comment, ground="unlawful", reason="Harsh.", seen=None, by=coordinator
        )


def test_on_a_public_draft_others_are_read_before_they_are_published(coordinator, nhri):
    consultation = made.public(coordinator)
    comment = made.comment(consultation, nhri)
    visitor = made.comment(consultation, None, organisation="Parents")
    assert {comment.state, visitor.state} == {"waiting"}
    assert not ConsultationComment.objects.public().exists()
    replying.show_consultation_comment(comment=visitor, by=coordinator)
    assert list(ConsultationComment.objects.public()) == [visitor]
    with pytest.raises(Refused):
        replying.show_consultation_comment(comment=visitor, by=coordinator)
    event = Event.objects.get(action="consultation-comment-without-name")
    assert event.actor is None


def test_nobody_of_the_mechanism_silences_a_comment(comment, nhri):
    for outsider in (nhri, make.user(Role.AUDITOR)):
        with pytest.raises(Refused, match="permission"):
            replied(comment, outsider)
        with pytest.raises(Refused, match="permission"):
            replying.show_consultation_comment(comment=comment, by=outsider)


@pytest.mark.database
def test_comments_with_replies_are_facts_of_the_sections(consultation, coordinator, nhri):
    section = consultation.report.sections.get(key="chapters")
    frozen = consultation.sections.get(section=section)
    on_section = made.comment(consultation, nhri, "Name the law.", section=frozen)
    made.comment(consultation, nhri, "Too long.")
    withdrawn = made.comment(consultation, nhri, "Forget it.")
    commenting.withdraw_consultation_comment(comment=withdrawn, by=nhri)
    replied(on_section, coordinator, "accepted", "It is named now.")
    assert COMMENTS in [source.code for source in sources_of(section)]
    offered = offered_facts(section, COMMENTS, coordinator)
    assert [fact.key for fact in offered.facts][0] == str(on_section.pk)
    assert offered.total == 2
    assert "Accepted. It is named now." in offered.facts[0].text
    assert "Comment on the draft" in offered.facts[0].citation
    focal = make.user(Role.FOCAL_POINT, make.institution("ministry"))
    assert offered_facts(section, COMMENTS, focal).total == 0


@pytest.mark.database
def test_the_chapter_on_views_is_drafted_from_comments_and_replies_once(coordinator, nhri):
    report = made.cleared_report(coordinator)
    report.sections.filter(key="method").update(facts="comments assessments")
    consultation = made.opened(coordinator, nhri, report=report)
    comment = made.comment(consultation, nhri, "No *figures* [^9].")
    replied(comment, coordinator, "not", "They are in annex 2.")
    section = report.sections.get(key="method")
    with pytest.raises(ChangedMeanwhile, match="Open the page again"):
        draft_section(section=section, seen=section.version - 1, by=coordinator)
    written = draft_section(section=section, seen=section.version, by=coordinator)
    assert "They are in annex 2." in written.text
    assert "\\*figures\\*" in written.text
    quotation = written.quotations.get()
    assert (quotation.source, quotation.mark in written.text) == (COMMENTS, True)
    with pytest.raises(Refused, match="no draft"):
        draft_section(section=section, seen=written.version, by=coordinator)
    other = report.sections.get(key="chapters")
    with pytest.raises(Refused, match="no draft"):
        draft_section(section=other, seen=other.version, by=coordinator)
