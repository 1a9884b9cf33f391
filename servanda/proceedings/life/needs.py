"""What must be entered before a step, by the name in `data/kinds.yaml`: each check returns what is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.proceedings.cases.measure_list import with_status
from servanda.proceedings.contents.institutions import closure_in_words
from servanda.proceedings.models import (
    Clearance,
    Draft,
    PersonConcerned,
    Proceeding,
    ProceedingFile,
    ProceedingQuestion,
)
from servanda.progress.models import Common
from servanda.recommendations.models import Recommendation


@dataclass(frozen=True, slots=True)
class Missing:
    """A sentence, and the address of the form where it is entered."""

    sentence: str
    page: str


def bodies(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.bodies.exists():
        facts = proceeding.kind_facts
        if facts.is_dialogue or facts.is_visit:  # no letter begins them
            yield Missing(_("Enter the mandates or the body."), "edit_proceeding")
        else:
            yield Missing(_("Enter the mandates or the body that sent the letter."), "edit_proceeding")


def institutions(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.named.exists():
        yield Missing(_("Name at least one institution."), "set_named_institutions")


def drafts(proceeding: Proceeding) -> Iterator[Missing]:
    """An institution that has closed writes no answer any more; what it wrote before stays part of the reply."""
    drafts = proceeding.drafts.current()
    written = drafts.exclude(text="").filter(institution=OuterRef("institution"))
    waiting = proceeding.named.exclude(
        institution__in=drafts.filter(state=Draft.State.VALIDATED).values("institution")
    )
    for named in waiting.select_related("institution").annotate(is_written=Exists(written)):
        if not named.is_written and not named.institution.is_active(on=timezone.localdate()):
            yield Missing(closure_in_words(named.institution), "set_named_institutions")
            continue
        sentence = _("%(institution)s has not approved its answer yet.")
        yield Missing(sentence % {"institution": named.institution}, "proceeding")


def reply(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.reply and not proceeding.is_by_report:
        yield Missing(_("Write the reply of the State."), "write_reply")


def clearance(proceeding: Proceeding) -> Iterator[Missing]:
    is_cleared = proceeding.clearance is not None and proceeding.clearance.state == Clearance.State.CLEARED
    if proceeding.reply and not is_cleared:
        yield Missing(_("The reply has not been cleared yet."), "proceeding")


def dispatch(proceeding: Proceeding) -> Iterator[Missing]:
    proof = proceeding.files.filter(withdrawn_at=None, kind=ProceedingFile.Kind.PROOF)
    if proceeding.replied_on is None:
        yield Missing(_("Record when and how the reply was sent."), "record_dispatch")
    elif not proceeding.note_verbale and not proof.exists():
        yield Missing(_("Enter the number of the note verbale, or add it as a file."), "record_dispatch")


def publication(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.published_on is None:
        yield Missing(_("Record the publication by the body."), "record_publication")


def answer(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.answer or proceeding.answered_on is None:
        yield Missing(_("Enter the answer of the State to the request, with its date."), "set_visit")


def dates(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.starts_on is None:
        yield Missing(_("Enter the dates."), "set_visit")


def programme(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.meetings.exists():
        yield Missing(_("Enter the programme."), "set_programme")


def visited(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.ends_on is None or proceeding.ends_on > timezone.localdate():
        yield Missing(_("The final day has not passed yet."), "set_visit")


def delegation(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.delegates.filter(is_head=True).exists():
        yield Missing(_("Enter the delegation, with its head."), "set_delegation")


def points(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.points.exclude(text="").exists():
        yield Missing(_("Enter the speaking points."), "set_points")


def room(proceeding: Proceeding) -> Iterator[Missing]:
    put = proceeding.questions.filter(origin=ProceedingQuestion.Origin.ROOM, submission=None)
    if proceeding.replied_on is None and put.exists():
        yield Missing(
            _("Clear and send the written replies to the questions asked during the dialogue."), "write_reply"
        )


def report_file(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.files.filter(withdrawn_at=None, kind=ProceedingFile.Kind.REPORT).exists():
        yield Missing(_("Add the report, or its draft, as a file."), "add_proceeding_file")


def authorisation(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.is_restricted and proceeding.authorised_on is None:
        yield Missing(_("Enter when the State authorised the publication."), "set_visit")


def document(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.document_id is None:
        yield Missing(_("Import the report, then enter its symbol."), "link_report")
    elif proceeding.is_restricted and proceeding.authorised_on is None:
        records = Recommendation.objects.kept().filter(document=proceeding.document_id)
        if records.filter(confidentiality=Recommendation.Confidentiality.PUBLIC).exists():
            sentence = _("Enter when the State authorised the publication, or restrict the records of the report.")
            yield Missing(sentence, "set_visit")


def outcome(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.outcome:
        yield Missing(_("Enter the outcome."), "record_outcome")


def persons(proceeding: Proceeding) -> Iterator[Missing]:
    unknown = PersonConcerned.Outcome.UNKNOWN
    victims = proceeding.persons.filter(role=PersonConcerned.Role.VICTIM, erased_at=None, outcome=unknown)
    if victims.exists():
        yield Missing(_("Enter the outcome for each alleged victim."), "persons_concerned")


def reprisals(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.alleges_reprisals and not proceeding.reprisals_handling:
        yield Missing(_("Enter how the alleged reprisals were handled."), "record_outcome")


def decision(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.case.decided_on is None:
        yield Missing(_("Enter the date of the judgment, decision or Views."), "set_case")


def finality(proceeding: Proceeding) -> Iterator[Missing]:
    if proceeding.case.final_on is None:
        yield Missing(_("Enter when the judgment became final."), "set_case")


def measures(proceeding: Proceeding) -> Iterator[Missing]:
    if not proceeding.measures.exists():
        yield Missing(_("Add or link the measures that were ordered."), "add_case_measures")


def payments(proceeding: Proceeding) -> Iterator[Missing]:
    """Each payment has its day."""
    return unpaid(measures_of_case(proceeding))


def compliance(proceeding: Proceeding) -> Iterator[Missing]:
    """Each payment has its day, and the body has assessed each measure as carried out: partial compliance leaves the
    others."""
    records = measures_of_case(proceeding)
    yield from unpaid(records)
    for record in records:
        if vars(record)["body_status"] != Common.FULL:
            sentence = _("The body has not assessed %(code)s as carried out yet.")
            yield Missing(sentence % {"code": record.code}, "proceeding")


def unpaid(records: list[Recommendation]) -> Iterator[Missing]:
    for record in records:
        facts = getattr(record, "ordered", None)
        if facts is not None and facts.is_payment and facts.paid_on is None:
            yield Missing(_("Enter when %(code)s was paid.") % {"code": record.code}, "proceeding")


def measures_of_case(proceeding: Proceeding) -> list[Recommendation]:
    linked = proceeding.measures.order_by().values("recommendation")
    kept = Recommendation.every_kind.kept().filter(pk__in=linked)
    return list(with_status(kept).select_related("ordered").order_by("order_key", "pk"))


def entry(proceeding: Proceeding, type_: str) -> Iterator[Missing]:
    if type_ not in {found.type for found in proceeding.entries.all()}:
        label = proceeding.kind_facts.entries[type_]
        yield Missing(_("Enter in the course of the case: %(entry)s.") % {"entry": label}, "set_case_course")


NEEDS: dict[str, Callable[[Proceeding], Iterator[Missing]]] = {
    check.__name__: check
    for check in (
        *(bodies, institutions, drafts, reply, clearance),
        *(dispatch, publication, outcome, persons, reprisals),
        *(answer, dates, programme, visited, report_file, authorisation, document),
        *(delegation, points, room),
        *(decision, finality, measures, payments, compliance),
    )
}
OF_ENTRY = "entry:"  # before the type of an entry in the course of a case


def missing_for(proceeding: Proceeding, step: str) -> list[Missing]:
    """What is missing for this step; empty if it can be taken."""
    needs = proceeding.kind_facts.step(step).needs
    return [missing for name in needs for missing in check(name, proceeding)]


def question_before(proceeding: Proceeding, step: str) -> str:
    """What the person who takes the step has to answer, since nothing that was entered shows it; "" if nothing."""
    if "persons" not in proceeding.kind_facts.step(step).needs or proceeding.persons.exists():
        return ""
    return _(
        "No persons concerned have been entered. If the letter names persons, first enter them and the outcome for "
        "each."
    )


def check(name: str, proceeding: Proceeding) -> Iterator[Missing]:
    if name.startswith(OF_ENTRY):
        return entry(proceeding, name.removeprefix(OF_ENTRY))
    return NEEDS[name](proceeding)
