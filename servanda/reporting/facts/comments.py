"""Comments on the report from its consultations, with the replies of the mechanism."""

from collections.abc import Iterable

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource
from servanda.reporting.models import ConsultationComment

COMMENTS = "comments"


def comments(context: FactContext) -> QuerySet:
    """The published comments of all consultations on the report, those on this section first."""
    rows = ConsultationComment.objects.visible_to(context.user).shown()
    rows = rows.filter(consultation__report=context.section.report_id)
    if context.as_of:
        rows = rows.filter(sent_at__lte=context.as_of)
    on_section = Case(
        When(section__section=context.section.pk, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.select_related("section", "consultation").order_by(on_section, "-sent_at", "-pk")


def comment_facts(rows: Iterable[ConsultationComment], _context: FactContext) -> list[Fact]:
    return [
        Fact(
            key=str(row.pk),
            title=title_of(row),
            text="\n\n".join(filter(None, [row.text, reply_of(row)])),
            citation=cited(
                pgettext("source", "Comment on the draft"), row.author_name, in_words(timezone.localdate(row.sent_at))
            ),
            address=row.get_absolute_url(),
            day=timezone.localdate(row.sent_at),
            language=row.language,
        )
        for row in rows
    ]


def title_of(comment: ConsultationComment) -> str:
    heading = comment.section.heading if comment.section else _("The whole draft")
    return f"{comment.author_name}: {heading}"


def reply_of(comment: ConsultationComment) -> str:
    """The reply in words; empty if there is none yet."""
    if not comment.verdict:
        return ""
    sentence = _("Reply of the mechanism: %(verdict)s. %(reason)s")
    return (sentence % {"verdict": comment.get_verdict_display(), "reason": comment.reply}).strip()


SOURCE = FactSource(COMMENTS, gettext_lazy("Comments on the draft"), comments, comment_facts, covered=None)
