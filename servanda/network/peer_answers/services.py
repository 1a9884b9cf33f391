"""Store the accepted answers of a peer, and delete those no longer accepted. The decision has its own line in the
trail, with the number of objects, where the person takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from servanda.jobs.services import enqueue_once
from servanda.network.models import PeerAction, PeerActionRecord, PeerAnswer
from servanda.network.peer_answers.encoding_tasks import encode_answers
from servanda.network.peer_answers.searching import SEARCH, tokens_of
from servanda.sources.printed.texts import clean
from servanda.vocab.models import Country, Term

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerValues:
    origin: str
    site: str
    sender: str
    country: Country | None
    code: str
    body: str
    language: str
    text: str
    changed_on: date
    stand: str = ""
    government: Sequence[str] = ()
    mechanism: Sequence[str] = ()
    independent: Sequence[str] = ()
    themes: Sequence[Term] = ()
    is_unsigned: bool = False
    is_invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerActionValues:
    origin: str
    site: str
    title: str
    status: str
    changed_on: date
    due_on: date | None = None
    lead: str = ""
    codes: Sequence[str] = ()
    is_unsigned: bool = False


@transaction.atomic
def write_answers(*, answers: Sequence[AnswerValues]) -> None:
    """The same answer again replaces what was written before."""
    delete_found(PeerAnswer.objects.filter(origin__in=[values.origin for values in answers]))
    made = PeerAnswer.objects.bulk_create([answer_of(values) for values in answers], batch_size=AT_ONCE)
    through = PeerAnswer.themes.through
    through.objects.bulk_create(
        [
            through(peeranswer_id=row.pk, term_id=term.pk)
            for row, values in zip(made, answers, strict=True)
            for term in values.themes
        ],
        batch_size=AT_ONCE,
    )
    SEARCH.write((row.pk, tokens_of(row.code, row.language, row.text)) for row in made)
    if made:
        enqueue_once(encode_answers)


def answer_of(values: AnswerValues) -> PeerAnswer:
    return PeerAnswer(
        origin=values.origin,
        site=values.site,
        sender=values.sender,
        country=values.country,
        code=values.code,
        body=values.body,
        language=values.language,
        text=clean(values.text),
        stand=values.stand,
        government=" ".join(values.government),
        mechanism=" ".join(values.mechanism),
        independent=" ".join(values.independent),
        changed_on=values.changed_on,
        is_unsigned=values.is_unsigned,
        is_invented=values.is_invented,
    )


@transaction.atomic
def write_peer_actions(*, actions: Sequence[PeerActionValues]) -> None:
    """The same action again replaces what was written before."""
    PeerAction.objects.filter(origin__in=[values.origin for values in actions]).delete()
    made = PeerAction.objects.bulk_create(
        [
            PeerAction(
                origin=values.origin,
                site=values.site,
                title=clean(values.title),
                status=values.status,
                due_on=values.due_on,
                lead=values.lead,
                changed_on=values.changed_on,
                is_unsigned=values.is_unsigned,
            )
            for values in actions
        ],
        batch_size=AT_ONCE,
    )
    PeerActionRecord.objects.bulk_create(
        [
            PeerActionRecord(action=row, code=code)
            for row, values in zip(made, actions, strict=True)
            for code in values.codes
        ],
        batch_size=AT_ONCE,
    )


@transaction.atomic
def delete_answers(*, origins: Sequence[str]) -> None:
    """Delete answers that a peer withdrew, or that a person returned to review."""
    delete_found(PeerAnswer.objects.filter(origin__in=origins))
    PeerAction.objects.filter(origin__in=origins).delete()


def delete_found(answers: QuerySet[PeerAnswer]) -> None:
    SEARCH.remove(list(answers.values_list("pk", flat=True)))
    answers.delete()
