"""Updates that arrived as a letter or a mail, entered for the institution by a coordinator."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.planning.assignments.services import may_read
from servanda.progress.models import InputRequest, Update
from servanda.progress.updates.coverage import (
    covered_records,
    link_cluster,
    open_request,
    settle_items,
)
from servanda.progress.updates.linking import link
from servanda.progress.updates.permissions import (
    create_once,
    refuse_letter,
    refuse_odd_days,
    refuse_unnamed,
    refuse_unready,
)
from servanda.progress.updates.transitions import pass_on, refuse_unless_coordinator, trail_label
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.models import Question
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


@transaction.atomic
def enter_on_behalf(
    *,
    institution: Institution,
    recommendations: Sequence[Recommendation],
    letter: str,
    letter_date: date,
    text: str,
    obstacles: str,
    figures: str,
    language: str,
    start: date | None,
    end: date | None,
    by: User,
    request: InputRequest | None = None,
    question: Question | None = None,
    cluster: Cluster | None = None,
    form_key: UUID | None = None,
) -> Update:
    """Enter what came by letter or mail. The institution has spoken already, so no validation is needed.

    Raises `Refused` for anyone except a coordinator, and if the letter, the period or the records break a rule.
    """
    refuse_unless_coordinator(by)
    refuse_letter(institution, letter, letter_date)
    refuse_odd_days(start, end)
    refuse_without_access(institution, recommendations)
    if question is not None:
        refuse_unnamed(institution, question)
    fields: dict = {"text": clean(text), "obstacles": clean(obstacles), "figures": clean(figures)}
    fields |= {"language": language, "start": start, "end": end, "question": question}
    by_letter = {"on_behalf": True, "letter": clean(letter), "letter_date": letter_date}
    update, is_new = create_once(form_key, {"institution": institution, "written_by": by, **fields, **by_letter})
    if not is_new:
        return update
    if question is None:
        link(update, recommendations)
    if cluster is not None:
        link_cluster(update, cluster, by=by)
    refuse_unready(update, list(recommendations))
    update.request = request or open_request(institution, covered_records(update), question)
    pass_on(update, by=by)
    settle_items(update)
    Event.record("update-entered", update, by=by, label=trail_label(update))
    return update


def refuse_without_access(institution: Institution, recommendations: Sequence[Recommendation]) -> None:
    """Raises `Refused` if the institution may not read one of the records."""
    if not all(may_read(institution, record) for record in recommendations):
        sentence = _(
            "%(institution)s has no access to this record. Add it to the institutions with access on the "
            "record first."
        )
        raise Refused(sentence % {"institution": institution})
