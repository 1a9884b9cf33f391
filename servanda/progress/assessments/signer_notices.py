"""Notices to accredited institutions about the assessments that they signed."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify, origin_for_links
from servanda.progress.models import Assessment, AssessmentReply
from servanda.recommendations.editing.signers import people_of, write_to_institution
from servanda.recommendations.models import Recommendation


def address_of(record: Recommendation) -> str:
    return origin_for_links("") + reverse("portal:recommendation", args=[record.code])


def institution_of(assessment: Assessment) -> Institution:
    assert assessment.institution is not None
    return assessment.institution


def notify_of_reply(reply: AssessmentReply, *, by: User) -> None:
    """Notify the institution of a reply, at the desk and by mail."""
    assessment = reply.assessment
    institution, code = institution_of(assessment), assessment.recommendation.code
    kind = Notification.Kind.ASSESSMENT_REPLIED
    notify(people=people_of(institution), kind=kind, thing=assessment, by=by, label=code)
    write_to_institution(institution, partial(letter_on_reply, reply))


def letter_on_reply(reply: AssessmentReply, name: str) -> tuple[str, str]:
    record = reply.assessment.recommendation
    body = _(
        "Hello %(name)s,\n\n"
        "the State replied to the assessment of %(code)s that your institution published:\n\n%(text)s\n\n"
        "Your assessment is unchanged. Both are shown here:\n%(link)s\n"
    )
    values = {"name": name, "code": record.code, "text": reply.text, "link": address_of(record)}
    return _("The State replied to your assessment of %(code)s") % {"code": record.code}, body % values


def notify_of_withdrawal(assessment: Assessment, *, by: User) -> None:
    """Mail the colleagues of the person who withdrew it, in case the institution did not decide that."""
    write_to_institution(institution_of(assessment), partial(letter_on_withdrawal, assessment, by), except_to=by)


def letter_on_withdrawal(assessment: Assessment, by: User, name: str) -> tuple[str, str]:
    code = assessment.recommendation.code
    body = _(
        "Hello %(name)s,\n\n"
        "%(person)s withdrew the assessment of %(code)s that your institution had published. It is no longer public."
        "\n\nThe reason is:\n\n%(reason)s\n\n"
        "If your institution did not decide this, publish the assessment again and inform the administrator.\n"
    )
    values = {"name": name, "person": by.name, "code": code, "reason": assessment.retraction_reason}
    return _("An assessment of %(code)s was withdrawn") % {"code": code}, body % values


def notify_of_merge(assessments: Sequence[Assessment], *, from_: Recommendation, to: Recommendation) -> None:
    """Mail each institution once that its assessments are now shown on the surviving record."""
    for institution in {institution_of(assessment): None for assessment in assessments}:
        write_to_institution(institution, partial(letter_on_merge, from_, to))


def letter_on_merge(from_: Recommendation, to: Recommendation, name: str) -> tuple[str, str]:
    body = _(
        "Hello %(name)s,\n\n%(code)s, which your institution has assessed, was merged into %(into)s. Your "
        "assessment is shown on the page of that record, with the text that you assessed:\n%(link)s\n\nYou can "
        "publish another assessment of %(into)s, or withdraw this one.\n"
    )
    values = {"name": name, "code": from_.code, "into": to.code, "link": address_of(to)}
    return _("%(code)s was merged into %(into)s") % {"code": from_.code, "into": to.code}, body % values
