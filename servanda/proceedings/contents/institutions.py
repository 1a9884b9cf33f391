"""The institutions that a proceeding names, each with its internal deadline."""

from collections import defaultdict
from collections.abc import Collection, Sequence, Set
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, Succession, User
from servanda.proceedings.contents.owners import drop_owner_out_of_sight
from servanda.proceedings.models import NamedInstitution, Proceeding
from servanda.proceedings.rules import lock, save_version
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.services import listed
from servanda.recommendations.editing.versioning import lock as lock_record
from servanda.recommendations.editing.versioning import save_version as save_record
from servanda.recommendations.models import Recommendation


class Named(NamedTuple):
    institution: Institution
    due_on: date | None = None


@transaction.atomic
def set_named_institutions(*, proceeding: Proceeding, named: Sequence[Named], seen: int, by: User) -> None:
    """Replace the named institutions. Each of them sees its own part; all others see nothing.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` for a new institution that has closed, for one
    that is named twice or has written an answer, and for an internal deadline before the letter or after that of the
    reply.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    before = described(proceeding)
    refuse_impossible(proceeding, named)
    present = {row.institution_id: row for row in proceeding.named.all()}
    chosen = {row.institution.pk: row for row in named}
    refuse_removing_writers(proceeding, [pk for pk in present if pk not in chosen])
    proceeding.named.exclude(institution__in=chosen).delete()
    for pk, row in chosen.items():
        NamedInstitution.objects.update_or_create(
            proceeding=proceeding, institution_id=pk, defaults={"due_on": row.due_on}
        )
    forget_removed(proceeding, set(chosen))
    follow_measures(proceeding, present.keys() - chosen.keys(), chosen.keys() - present.keys(), by=by)
    if before != (after := described(proceeding)):
        save_version(proceeding, "proceeding-institutions-set", by=by, difference={"institutions": [before, after]})


def refuse_impossible(proceeding: Proceeding, named: Sequence[Named]) -> None:
    if len({row.institution.pk for row in named}) < len(named):
        raise Refused(_("Name each institution only once."))
    saved = dict(proceeding.named.values_list("institution", "due_on"))
    arrived = proceeding.sent_on or proceeding.received_on or date.min
    for row in named:
        if row.institution.pk not in saved:
            refuse_closed_institution(row.institution)
        if row.due_on and row.due_on != saved.get(row.institution.pk) and row.due_on < arrived:
            sentence = _("The internal deadline of %(institution)s is before the date of the letter.")
            raise Refused(sentence % {"institution": row.institution})
        if row.due_on and proceeding.due_on and row.due_on > proceeding.due_on:
            sentence = _("The internal deadline of %(institution)s is after the deadline of the reply.")
            raise Refused(sentence % {"institution": row.institution})


def refuse_closed_institution(institution: Institution) -> None:
    """One that was named before it closed stays: its answer belongs to the reply."""
    if not institution.is_active(on=timezone.localdate()):
        raise Refused(closure_in_words(institution))


def closure_in_words(institution: Institution) -> str:
    """That it has closed, and which institution to name in its place."""
    if names := successors_of([institution.pk]).get(institution.pk, ""):
        sentence = _("%(institution)s no longer exists. Name its successor: %(successors)s.")
        return sentence % {"institution": institution, "successors": names}
    sentence = _("%(institution)s no longer exists. Name another institution.")
    return sentence % {"institution": institution}


def successors_of(institutions: Collection[int]) -> dict[int, str]:
    """By institution the names of those that succeeded it; no query without an institution."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    if institutions:
        rows = Succession.objects.filter(predecessor__in=institutions).select_related("successor")
        for row in rows.order_by("successor__code"):
            found[row.predecessor_id].append(str(row.successor))
    return {pk: ", ".join(names) for pk, names in found.items()}


def refuse_removing_writers(proceeding: Proceeding, removed: Sequence[int]) -> None:
    written = (
        proceeding.drafts.current().filter(institution__in=removed).exclude(text="").select_related("institution")
    )
    if draft := written.first():
        sentence = _("%(institution)s has already written an answer. Keep it on the list.")
        raise Refused(sentence % {"institution": draft.institution})


def forget_removed(proceeding: Proceeding, kept: set[int]) -> None:
    """Remove institutions that are no longer named from questions, meetings, delegation and speaking points, and
    delete their drafts."""
    for question in proceeding.questions.prefetch_related("question__institutions"):
        question.institutions.set([place for place in question.institutions.all() if place.pk in kept])
        drop_owner_out_of_sight(question)
    for rows in (proceeding.meetings, proceeding.delegates, proceeding.points):
        rows.exclude(institution__in=kept).update(institution=None)
    proceeding.drafts.current().exclude(institution__in=kept).delete()


def follow_measures(proceeding: Proceeding, removed: Set[int], added: Set[int], *, by: User) -> None:
    """Restricted measures of a case are closed to institutions that it no longer names, and opened again to those
    that it names again. No other measure is opened to them."""
    measures = proceeding.measures.filter(recommendation__confidentiality=Recommendation.Confidentiality.RESTRICTED)
    for measure in measures.select_related("recommendation"):
        record = measure.recommendation
        open_to = set(record.restricted_to.values_list("pk", flat=True))
        closing, opening = open_to & removed, set(measure.closed_to) & added
        if closing or opening:
            record = lock_record(record)
            old = listed(record.restricted_to.all())
            record.restricted_to.set(open_to - closing | opening)
            measure.closed_to = sorted(set(measure.closed_to) - opening | closing)
            measure.save(update_fields=["closed_to"])
            difference = {"restricted_to": [old, listed(record.restricted_to.all())]}
            save_record(record, "recommendation-edited", by=by, difference=difference)
            reindex([record.pk])


def described(proceeding: Proceeding) -> str:
    rows = proceeding.named.select_related("institution")
    return ", ".join(f"{row.institution.code} ({row.due_on or '–'})" for row in rows)
