"""The kit for the head of delegation as a document: delegation, speaking points, questions."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.files.paper import DENSE, Paper, Part, Table, TextLine
from servanda.people.models import Instance
from servanda.proceedings.life.detail import ShownProceeding
from servanda.proceedings.models import ProceedingQuestion


def paper_of(shown: ShownProceeding, *, on: date) -> Paper:
    dialogue = shown.proceeding
    facts = [(_("Reference"), dialogue.reference)]
    if shown.bodies:
        facts.append((_("Body"), ", ".join(str(body.name) for body in shown.bodies)))
    if dialogue.starts_on:
        days = {"first": date_format(dialogue.starts_on), "last": date_format(dialogue.ends_on)}
        facts.append((_("Dates"), _("%(first)s to %(last)s") % days))
    facts.append((_("Date"), date_format(on, "DATE_FORMAT")))
    return Paper(
        title=_("Kit for the head of delegation"),
        heading=TextLine(dialogue.title, is_typed=True),
        issuer=str(Instance.current()),
        day=date_format(on, "DATE_FORMAT"),
        status=_("Confidential"),
        facts=facts,
        parts=list(parts_of(shown)),
        sizes=DENSE,
    )


def parts_of(shown: ShownProceeding) -> Iterator[Part]:
    header = [_("Name"), _("Role"), _("Institution"), _("Languages")]
    rows = [
        [
            TextLine(row.name, is_typed=True, is_strong=row.is_head),
            TextLine(row.role, is_typed=True),
            TextLine(str(row.institution.name) if row.institution else ""),
            TextLine(row.languages, is_typed=True),
        ]
        for row in shown.delegates
    ]
    if rows:
        yield Part(_("Delegation"), table=Table(header, rows))
    if not shown.points:
        yield Part(_("Speaking points"), [TextLine(_("No speaking points yet."))])
    for point in shown.points:
        yield Part(point.title, [TextLine(line, is_typed=True) for line in point.text.splitlines() if line])
    yield from questions_of(shown)


def questions_of(shown: ShownProceeding) -> Iterator[Part]:
    """One part for each origin, those asked during the dialogue last."""
    for origin, label in ProceedingQuestion.Origin.choices:
        if asked := [question for question in shown.questions if question.origin == origin]:
            header = [_("Number"), _("Question"), _("Prepared answer"), _("Institutions")]
            title = pgettext("questions by origin", "Questions: %(origin)s") % {"origin": label}
            yield Part(title, table=Table(header, [cells_of(question) for question in asked]))


def cells_of(question: ProceedingQuestion) -> list[TextLine]:
    institutions = ", ".join(str(place) for place in question.institutions.all())
    if question.due_at:
        institutions += f" ({date_format(question.due_at, 'DATETIME_FORMAT')})"
    return [
        TextLine(str(question.number)),
        TextLine(question.text, question.language, is_typed=not question.language),
        TextLine(question.answer, is_typed=True),
        TextLine(institutions),
    ]
