"""Who may change a proceeding, and in which state."""

from datetime import date

from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people import versioning
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.proceedings.document_terms import day_of_term, term_of
from servanda.proceedings.models import Proceeding, ProceedingQuestion, TextInClearance
from servanda.proceedings.obligations import follow_proceeding
from servanda.sources.models import Question
from servanda.vocab.models import Certainty

# Where a deadline comes from that is not in the form: saving the form with the same day leaves it as it is.
STAYS = (Proceeding.DueFrom.EXTENDED, Proceeding.DueFrom.MANUAL)


def refuse_unless_running(by: User) -> None:
    if not can(by, Can.RUN_PROCEEDINGS):
        raise Refused(_("You do not have permission to change communications and visits. Contact the coordinator."))


def lock_kept(proceeding: Proceeding) -> Proceeding:
    """Lock the row and return its present state. Raises `Refused` if it was withdrawn."""
    locked = Proceeding.objects.select_for_update(of=("self",)).get(pk=proceeding.pk)
    if locked.withdrawn_at:
        raise Refused(_("%(what)s has been withdrawn. No changes were made.") % {"what": locked})
    return locked


def lock(proceeding: Proceeding, *, by: User, seen: int | None = None) -> Proceeding:
    """The present row of a proceeding that is not closed, for a person who runs proceedings.

    Raises `Refused`, and `ChangedMeanwhile` if it has another version than the one that the person was shown.
    """
    refuse_unless_running(by)
    locked = lock_kept(proceeding)
    refuse_if_changed(locked.version, seen, overwriting_conflict(locked.reference))
    refuse_closed(locked)
    return locked


def refuse_closed(proceeding: Proceeding) -> None:
    if proceeding.is_closed:
        raise Refused(
            _("%(what)s is closed. Return it to an earlier step before you change it.") % {"what": proceeding}
        )


def refuse_erased(proceeding: Proceeding) -> None:
    """Raises `Refused` if the personal data were erased."""
    if proceeding.erased_at:
        sentence = _("The personal data of %(what)s were erased. Return it to an earlier step before you add to it.")
        raise Refused(sentence % {"what": proceeding})


def refuse_held(proceeding: Proceeding) -> None:
    if proceeding.holds.open().exists():
        sentence = _("%(what)s is under a legal hold. Release the hold before you erase anything.")
        raise Refused(sentence % {"what": proceeding})


def holds(user: User, permission: Can, proceeding: Proceeding, institution: Institution) -> bool:
    """Whether an appointment of this person gives the permission in the institution, which the proceeding names, and
    covers a body of the proceeding."""
    return proceeding.named.in_scope_of(user, permission).filter(institution=institution).exists()


def institutions_with_permission(user: User, permission: Can, proceeding: Proceeding) -> frozenset[int]:
    """The same for all institutions at once, without a query for a proceeding with its bodies."""
    bodies = proceeding.body_codes()
    in_scope = [scope.institutions for scope in scopes(user, permission) if scope.covers(bodies)]
    return frozenset().union(*in_scope)


def text_in_clearance(proceeding: Proceeding) -> TextInClearance:
    writers = proceeding.reply_earlier_writers.values_list("pk", flat=True)
    return TextInClearance(proceeding.body_codes(), {proceeding.reply_written_by_id, *writers})


def set_deadline(proceeding: Proceeding, entered: date | None) -> None:
    """The deadline of the document outranks that of the rule; an empty one is computed, if there is a term or a rule.
    Both are about the first submission: of a later one, only the document sets the deadline."""
    computed, certainty = (None, "") if proceeding.is_later else computed_deadline(proceeding)
    if entered and entered == proceeding.due_on and proceeding.due_from in STAYS:
        return
    proceeding.due_on = entered or computed
    if entered:
        proceeding.due_from = Proceeding.DueFrom.LETTER
    elif computed:
        is_fixed = certainty == Certainty.FIXED
        proceeding.due_from = Proceeding.DueFrom.RULE if is_fixed else Proceeding.DueFrom.ESTIMATE
    else:
        proceeding.due_from = ""


def computed_deadline(proceeding: Proceeding) -> tuple[date | None, str]:
    """The deadline that follows from the term in the document; without one, from the rule. And how sure it is."""
    if (term := term_of(proceeding)) is not None:
        return day_of_term(proceeding, term)
    rule = proceeding.rule()
    start = proceeding.starts().get(rule.trigger) if rule else None
    return (rule.day_after(start), rule.certainty) if rule and start else (None, "")


def save_version(proceeding: Proceeding, action: str, *, by: User, difference: dict | None = None) -> None:
    """Save the next version with its line in the trail, without the reasons and texts of other people."""
    versioning.save_version(proceeding, action, by=by, difference=difference or {})
    follow_proceeding(proceeding, by=by)
    follow_questions(proceeding)


def follow_questions(proceeding: Proceeding) -> None:
    """Name the questions as the proceeding is named now; they are withdrawn and restored with it."""
    rows = ProceedingQuestion.objects.filter(proceeding=proceeding)
    Question.objects.filter(pk__in=rows.order_by().values("question")).update(**facts_of_questions(proceeding))


def facts_of_questions(proceeding: Proceeding) -> dict[str, object]:
    """What its questions have in common. A joint letter has no single body: an appointment limited to some bodies
    does not cover it in rounds."""
    bodies = list(proceeding.bodies.all()[:2])
    return {
        "heading": proceeding.reference,
        "body": bodies[0] if len(bodies) == 1 else None,
        "withdrawn_at": proceeding.withdrawn_at,
        "confidentiality": Question.Confidentiality.RESTRICTED,
        "is_of_proceeding": True,
        "document": None,
    }
