"""One proceeding as its reader sees it: the mechanism all of it, an institution its own part."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.people.naming import shown_names
from servanda.proceedings.cases.reading import MeasureRow, Total, measures_of, totals_of
from servanda.proceedings.cases.referral import referral_of
from servanda.proceedings.clearance.services import pending_in, why_not_decide
from servanda.proceedings.contents.asking import complete_answers
from servanda.proceedings.contents.drafts import why_not_validate
from servanda.proceedings.contents.institutions import successors_of
from servanda.proceedings.dialogues.advance import documents_offered
from servanda.proceedings.document_terms import source_of_deadline
from servanda.proceedings.kinds import StepOfKind
from servanda.proceedings.life.needs import Missing, missing_for
from servanda.proceedings.models import (
    CaseEntry,
    CaseFacts,
    Clearance,
    ClearanceVerdict,
    Delegate,
    Draft,
    EarlierSubmission,
    LegalHold,
    Meeting,
    NamedInstitution,
    Proceeding,
    ProceedingFile,
    ProceedingQuerySet,
    ProceedingQuestion,
    PromisedMeasure,
    PublicLetter,
    SpeakingPoint,
    StandingInvitation,
    TakenStep,
)
from servanda.proceedings.rules import institutions_with_permission, text_in_clearance
from servanda.progress.models import InputItem, InputRequest, Update
from servanda.sources.models import Document, Extension, Obligation, ObligationLetter, Suspension
from servanda.sources.units.obligations import Due
from servanda.vocab.models import Body, ObligationRule

MOST_IN_GROUP = 100


@dataclass(frozen=True, slots=True)
class NextStep:
    step: StepOfKind
    missing: list[Missing]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """An institution named, with its answer and what this reader may do with it."""

    named: NamedInstitution
    draft: Draft | None
    may_write: bool
    may_submit: bool
    may_validate: bool
    why_not_validate: str
    may_return: bool
    is_late: bool
    is_over: bool = False  # the institution no longer exists
    successors: str = ""

    @property
    def has_deeds(self) -> bool:
        return self.may_write or self.may_submit or self.may_validate or self.may_return


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase:
    """The facts, the course and the measures of a case, with the cases of its group that this reader sees."""

    facts: CaseFacts
    entries: list[CaseEntry]
    measures: list[MeasureRow]
    totals: list[Total]
    leading: Proceeding | None
    group: list[Proceeding]
    fields: frozenset[str]
    referral: Obligation | None = None  # to a court, for those who read everything
    suspensions: list[Suspension] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProceeding:
    proceeding: Proceeding
    bodies: list[Body]
    is_whole: bool
    is_late: bool
    may_run: bool
    rows: list[NamedRow]
    questions: list[ProceedingQuestion]
    files: list[ProceedingFile]
    promised: QuerySet[PromisedMeasure]  # read by the page only
    complete: list[Institution] = field(default_factory=list)  # whose answers to questions may be used
    next_steps: list[NextStep] = field(default_factory=list)
    taken: list[tuple[TakenStep, str]] = field(default_factory=list)
    verdicts: list[ClearanceVerdict] = field(default_factory=list)
    pending: ClearanceVerdict | None = None
    may_clear: bool = False
    why_not_clear: str = ""
    shows_reply: bool = False
    earlier: list[EarlierSubmission] = field(default_factory=list)  # for those who read everything
    earlier_answers: list[Draft] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)  # of the deadline of the present submission
    letters: list[ObligationLetter] = field(default_factory=list)
    persons: int | None = None
    public_letter: PublicLetter | None = None
    meetings: list[Meeting] = field(default_factory=list)
    invitation: StandingInvitation | None = None
    delegates: list[Delegate] = field(default_factory=list)
    points: list[SpeakingPoint] = field(default_factory=list)
    advance: Iterable[Document] = ()  # with questions that can be copied; looked up where they are shown
    rule: ObligationRule | None = None
    term: Due | None = None
    missing_start: str = ""
    case: "ShownCase | None" = None
    holds: list[tuple[LegalHold, str, str]] = field(default_factory=list)  # with who placed and released each

    @property
    def is_visit(self) -> bool:
        return self.proceeding.kind_facts.is_visit

    @property
    def is_dialogue(self) -> bool:
        return self.proceeding.kind_facts.is_dialogue

    @property
    def is_case(self) -> bool:
        return self.proceeding.kind_facts.is_case

    @property
    def may_change(self) -> bool:
        return self.may_run and self.proceeding.withdrawn_at is None and not self.proceeding.is_closed

    @property
    def may_withdraw_files(self) -> bool:
        return self.may_run and self.proceeding.withdrawn_at is None

    @property
    def may_return(self) -> bool:
        return self.may_run and self.proceeding.step != self.proceeding.kind_facts.first.code

    @property
    def may_start_next(self) -> bool:
        """Whether the next submission may be started: the present one was sent."""
        return self.may_change and self.proceeding.replied_on is not None

    @property
    def may_undo_submission(self) -> bool:
        is_begun = bool(self.proceeding.reply) or any(row.draft and row.draft.text for row in self.rows)
        is_begun = is_begun or bool(self.extensions or self.letters)
        return self.may_change and bool(self.earlier) and not is_begun

    @property
    def is_held(self) -> bool:
        return any(hold.released_at is None for hold, _placed_by, _released_by in self.holds)

    @property
    def clearance(self) -> Clearance | None:
        return self.proceeding.clearance


def read_proceeding(proceeding: Proceeding, user: User, *, on: date) -> ShownProceeding:
    """The parts of a proceeding that this reader may see. A user of an institution sees nothing of other
    institutions."""
    is_whole, may_run = can(user, Can.READ_EVERYTHING), can(user, Can.RUN_PROCEEDINGS)
    verdicts = verdicts_of(proceeding)
    pending = pending_in(proceeding.clearance, verdicts)
    is_dialogue = proceeding.kind_facts.is_dialogue
    is_visit, has_persons = proceeding.kind_facts.is_visit, bool(proceeding.kind_facts.parties)
    questions = questions_for(proceeding, user)
    is_answered = any(row.by_letter or any(item.answered_at for item in row.asked) for row in questions)
    why_not = why_not_decide(pending, user, of=text_in_clearance(proceeding)) if pending else ""
    return ShownProceeding(
        proceeding=proceeding,
        bodies=list(proceeding.bodies.all()),
        is_whole=is_whole,
        is_late=proceeding.is_late(on=on),
        may_run=may_run,
        rows=named_rows(proceeding, user, on=on),
        questions=questions,
        files=list(ProceedingFile.objects.visible_to(user).filter(proceeding=proceeding)),
        complete=list(complete_answers(proceeding)) if may_run and is_answered and not proceeding.is_closed else [],
        pending=pending,
        may_clear=pending is not None and not why_not,
        why_not_clear=why_not if is_whole else "",
        shows_reply=is_whole or (pending is not None and not why_not),
        verdicts=verdicts if is_whole else [],
        **earlier_of(proceeding, user),
        **(deadline_of(proceeding) if is_whole else {}),
        next_steps=next_steps(proceeding) if may_run else [],
        persons=number_of_persons(proceeding) if has_persons and can(user, Can.READ_IDENTITIES) else None,
        meetings=part_of(proceeding, Meeting.objects.visible_to(user)) if is_visit else [],
        delegates=part_of(proceeding, Delegate.objects.visible_to(user)) if is_dialogue else [],
        points=part_of(proceeding, SpeakingPoint.objects.visible_to(user)) if is_dialogue else [],
        advance=documents_offered(proceeding) if is_dialogue and may_run else [],
        promised=PromisedMeasure.objects.visible_to(user).filter(proceeding=proceeding).with_leads(),
        **source_of_deadline(proceeding),
        case=shown_case(proceeding, user, on=on) if proceeding.kind_facts.is_case else None,
        invitation=StandingInvitation.objects.first() if proceeding.is_invited and is_whole else None,
        public_letter=getattr(proceeding, "public_letter", None) if is_whole else None,
        **(past_of(proceeding, user) if is_whole else {}),
    )


def shown_case(proceeding: Proceeding, user: User, *, on: date) -> ShownCase:
    case = proceeding.case
    measures = measures_of(proceeding, user, on=on)
    entries = list(proceeding.entries.all())
    for entry in entries:
        entry.proceeding = proceeding
    visible = Proceeding.objects.visible_to(user)
    leading = visible.filter(pk=case.leading_case_id).first() if case.leading_case_id else None
    is_leading = case.standing == CaseFacts.Standing.LEADING
    referral = referral_of(proceeding) if can(user, Can.READ_EVERYTHING) else None
    return ShownCase(
        facts=case,
        entries=entries,
        measures=measures,
        totals=totals_of(row.facts for row in measures if row.facts),
        leading=leading,
        group=list(visible.filter(case__leading_case=proceeding)[:MOST_IN_GROUP]) if is_leading else [],
        fields=proceeding.kind_facts.fields,
        referral=referral,
        suspensions=list(referral.suspensions.all()) if referral else [],
    )


def earlier_of(proceeding: Proceeding, user: User) -> dict[str, Any]:
    """The earlier submissions, newest first, for those who read everything; of the answers to them, those that this
    reader sees."""
    if vars(proceeding).get("has_earlier") is False:
        return {}
    answers = Draft.objects.visible_to(user).filter(proceeding=proceeding, submission__isnull=False)
    if not can(user, Can.READ_EVERYTHING):
        return {"earlier_answers": list(answers.select_related("institution", "submission").order_by("-submission"))}
    rows = proceeding.earlier.select_related("clearance", "obligation").order_by("-pk")
    verdicts = ClearanceVerdict.objects.select_related("institution")
    rows = rows.prefetch_related(
        Prefetch("clearance__verdicts", verdicts),
        Prefetch("drafts", answers.select_related("institution")),
        "obligation__extensions",
        "obligation__letters",
    )
    earlier = list(rows)
    return {"earlier": earlier, "earlier_answers": [draft for row in earlier for draft in row.drafts.all()]}


def deadline_of(proceeding: Proceeding) -> dict[str, Any]:
    """Extensions, reminders and holding replies on the deadline of the present submission."""
    if proceeding.obligation is None or vars(proceeding).get("has_correspondence") is False:
        return {}
    return {
        "extensions": list(proceeding.obligation.extensions.all()),
        "letters": list(proceeding.obligation.letters.all()),
    }


def with_numbers(found: ProceedingQuerySet) -> ProceedingQuerySet:
    """Annotate the counts of the page, and whether there are earlier submissions or letters, so that these are
    queried only if needed."""
    of_deadline = {"obligation": OuterRef("obligation")}
    extensions, letters = Extension.objects.filter(**of_deadline), ObligationLetter.objects.filter(**of_deadline)
    return found.annotate(
        number_of_persons=Count("persons", distinct=True),
        has_earlier=Exists(EarlierSubmission.objects.filter(proceeding=OuterRef("pk"))),
        has_correspondence=Exists(extensions) | Exists(letters),
    )


def number_of_persons(proceeding: Proceeding) -> int:
    counted = vars(proceeding).get("number_of_persons")
    return proceeding.persons.count() if counted is None else counted


def named_rows(proceeding: Proceeding, user: User, *, on: date) -> list[NamedRow]:
    named = proceeding.named.select_related("institution")
    if not can(user, Can.READ_EVERYTHING):
        named = named.in_scope_of(user, Can.READ_INTERNAL)
    visible = Draft.objects.current().visible_to(user).filter(proceeding=proceeding).select_related("institution")
    drafts = {draft.institution_id: draft for draft in visible}
    writing, validating = (
        institutions_with_permission(user, permission, proceeding)
        for permission in (Can.WRITE_UPDATE, Can.VALIDATE_UPDATE)
    )
    over = [row.institution_id for row in named if not row.institution.is_active(on=on)]
    successors = successors_of(over)
    rows = [
        named_row(row, drafts.get(row.institution_id), user, writing=writing, validating=validating, on=on)
        for row in named
    ]
    return [
        replace(row, is_over=(pk := row.named.institution_id) in over, successors=successors.get(pk, ""))
        for row in rows
    ]


def named_row(
    row: NamedInstitution,
    draft: Draft | None,
    user: User,
    *,
    writing: frozenset[int],
    validating: frozenset[int],
    on: date,
) -> NamedRow:
    is_open = not row.proceeding.is_closed
    writes = is_open and row.institution_id in writing and (draft is None or draft.is_editable)
    validates = is_open and draft is not None and draft.state == Draft.State.SUBMITTED
    validates = validates and row.institution_id in validating
    is_approved = draft is not None and draft.state == Draft.State.VALIDATED
    why_not = why_not_validate(draft, user) if validates and draft else ""
    return NamedRow(
        named=row,
        draft=draft,
        may_write=writes,
        may_submit=writes and draft is not None and bool(draft.text),
        may_validate=validates and not why_not,
        why_not_validate=why_not,
        may_return=validates or (is_approved and is_open and can(user, Can.RUN_PROCEEDINGS)),
        is_late=not is_approved and row.due_on is not None and row.due_on < on,
    )


def questions_for(proceeding: Proceeding, user: User) -> list[ProceedingQuestion]:
    """All questions, or those that go to an institution of this reader."""
    visible = ProceedingQuestion.objects.visible_to(user).filter(proceeding=proceeding)
    letters = Update.objects.kept().filter(question=OuterRef("question"), on_behalf=True)
    visible = visible.select_related("owner").annotate(has_letters=Exists(letters))
    questions: list[ProceedingQuestion] = [*visible.prefetch_related("question__institutions")]
    asked: defaultdict[int | None, list[InputItem]] = defaultdict(list)
    by_letter: defaultdict[int | None, list[Update]] = defaultdict(list)
    if questions:
        for item in items_shown(questions, user):
            asked[item.question_id].append(item)
    if any(vars(row)["has_letters"] for row in questions):
        for update in letters_shown(questions, user):
            by_letter[update.question_id].append(update)
    for row in questions:
        row.asked, row.by_letter = asked[row.question_id], by_letter[row.question_id]
    return questions


def items_shown(questions: Sequence[ProceedingQuestion], user: User) -> QuerySet[InputItem]:
    """Items of rounds on these questions; a user of an institution sees only its own."""
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    items = InputItem.objects.standing().filter(question__in=[row.question_id for row in questions])
    related = ("request__institution", "request__round")
    return items.filter(request__in=requests).select_related(*related).order_by("request__institution__code", "pk")


def letters_shown(questions: Sequence[ProceedingQuestion], user: User) -> QuerySet[Update]:
    """Answers to these questions that came by letter, as far as this reader sees them."""
    rows = Update.objects.visible_to(user).filter(question__in=[row.question_id for row in questions], on_behalf=True)
    return rows.select_related("institution").order_by("institution__code", "pk")


def verdicts_of(proceeding: Proceeding) -> list[ClearanceVerdict]:
    if proceeding.clearance is None:
        return []
    return list(proceeding.clearance.verdicts.select_related("institution"))


def part_of(proceeding: Proceeding, visible: QuerySet) -> list:
    """The visible rows of this proceeding, each with its institution."""
    return list(visible.filter(proceeding=proceeding).select_related("institution"))


def next_steps(proceeding: Proceeding) -> list[NextStep]:
    return [NextStep(step, missing_for(proceeding, step.code)) for step in proceeding.following]


def past_of(proceeding: Proceeding, user: User) -> dict[str, Any]:
    """The steps and the legal holds, newest first, each with the names of who is behind it."""
    steps = list(proceeding.steps.select_related("by").order_by("-pk"))
    visible = LegalHold.objects.visible_to(user).filter(proceeding=proceeding)
    holds = list(visible.select_related("placed_by", "released_by"))
    people = [step.by for step in steps] + [who for hold in holds for who in (hold.placed_by, hold.released_by)]
    names = shown_names([person for person in people if person], to=user)
    for step in steps:
        step.proceeding = proceeding
    return {
        "taken": [(step, names.get(step.by_id or 0, "")) for step in steps],
        "holds": [
            (hold, names.get(hold.placed_by_id or 0, ""), names.get(hold.released_by_id or 0, "")) for hold in holds
        ],
    }
