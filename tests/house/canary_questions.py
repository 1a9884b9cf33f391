"""Questions, obligations and sections of reports, with what other institutions answered."""

from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.progress.models import InputItem, InputRound, Update
from servanda.reporting.consultations import replying
from servanda.reporting.models import Quotation, SectionNote
from servanda.reporting.reports.services import write_section
from servanda.reporting.translations.services import review_translation
from servanda.sources.models import Obligation
from servanda.sources.models import Question as DocumentQuestion
from tests import consulting_make, make, obligation_make, progress_make, questions_make, reports_make, rounds_make
from tests.house.canary_words import ARRIVED, BROUGHT, CLOSED, DEED, HANDED, HIDDEN, REFUSED, UNSENT, batch
from tests.house.kinds import NAMED


def report_beside(by: User) -> None:
    """A section that another institution writes, with what it quotes and what it was asked."""
    place = make.institution("refusing")
    section = reports_make.assigned(reports_make.report(by), "method", place, by)
    question = questions_make.question(HANDED, place, document=None, heading=HANDED)
    section.questions.add(question)
    Update.objects.create(institution=place, question=question, text=ARRIVED, state="submitted")
    write_section(section=section, text=HANDED, seen=section.version, by=by)
    translation = reports_make.into(section.report, "fr", by, title=HANDED).sections.get(section=section)
    reports_make.translated(translation, [HANDED], by)
    review_translation(translation=translation, seen=None, by=make.user("coordinator"))
    words = dict.fromkeys(("text", "citation"), HANDED)
    SectionNote.objects.create(section=section, text=HANDED, by=by)
    Quotation.objects.create(section=section, number=1, source="updates", object_id="1", address="/", **words)
    returned = reports_make.word_return(section, by)
    returned.sections.update(text=HANDED)
    returned.notes.update(text=HANDED, quoted=HANDED, author=HANDED)


def consult_beside(by: User) -> None:
    """A draft for those invited, with a comment and the reply; and what is not public on a draft for everyone."""
    person = consulting_make.contributor("refusing")
    report = consulting_make.cleared_report(by, chapters=HANDED)
    invited = consulting_make.opened(by, person, report=report, introduction=HANDED)
    replied = consulting_make.comment(invited, person, HANDED)
    replying.reply_consultation_comment(comment=replied, verdict="not", reply=HANDED, seen=None, by=by)
    method = [report.sections.get(key="method")]
    public = consulting_make.public(by, report=report, sections=method)
    consulting_make.comment(public, None, HANDED)
    withheld = consulting_make.comment(public, None, HANDED)
    why = {"ground": "unlawful", "reason": "It threatens a person."}
    replying.withhold_consultation_comment(comment=withheld, **why, seen=None, by=by)


def hide_obligations() -> list[Obligation]:
    """Of each way in which an obligation is not for everyone, one that is due now."""
    place = make.institution(NAMED)
    gone = {"withdrawn_at": timezone.now(), "withdrawn_reason": f"It was {DEED}."}
    due = {"due_on": timezone.localdate(), "certainty": "fixed"}
    return [
        obligation_make.hidden(HIDDEN, place, **due),
        obligation_make.hidden(HIDDEN, place, confidentiality="internal", **due),
        obligation_make.hidden(CLOSED, place, confidentiality="restricted", **due),
        obligation_make.hidden(DEED, make.institution("refusing"), **gone, **due),
        obligation_make.hidden(BROUGHT, place, added_by=batch("undone", BROUGHT), **due),
    ]


def hide_questions() -> list[DocumentQuestion]:
    """Of each way in which a question is not for everyone: of the document that others see, of one of its own, and
    of an import that was undone."""
    fields = dict.fromkeys(["heading", "articles"], REFUSED)
    shared = questions_make.document(title="List of issues")
    alone = questions_make.document(f"AL SVN {REFUSED}", title=REFUSED)
    undone = {"document": shared, "added_by": batch("undone", BROUGHT)}
    refusing = make.institution("refusing")
    questions = [
        questions_make.question(CLOSED, make.institution(NAMED), refusing, document=shared, heading=CLOSED),
        questions_make.question(REFUSED, document=shared, **fields),
        questions_make.question(REFUSED, refusing, document=alone, confidentiality="restricted"),
        questions_make.question(BROUGHT, make.institution(NAMED), **undone),
    ]
    answer_beside(*questions[::2], refusing)
    return questions


def answer_beside(shared: DocumentQuestion, alone: DocumentQuestion, place: Institution) -> None:
    """What another institution writes at a question that both are to answer, and at one of its own."""
    input_request = rounds_make.request(place, [])
    InputRound.objects.filter(pk=input_request.round_id).update(title=REFUSED, question=REFUSED)
    for question, state, word in (
        (shared, "draft", UNSENT),
        (shared, "submitted", ARRIVED),
        (alone, "published", REFUSED),
    ):
        InputItem.objects.get_or_create(request=input_request, question=question)
        fields = dict.fromkeys(("text", "return_reason"), word)
        progress_make.update(place=place, question=question, request=input_request, state=state, **fields)
