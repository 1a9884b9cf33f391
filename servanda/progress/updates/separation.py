"""Separation of duties: different people write, validate and publish an update, unless the instance allows otherwise.

Where it does, the page of the update says which steps one person took.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import Instance, User
from servanda.progress.models import Update, UpdateStep

State = Update.State


def writers_of(update: Update) -> set[int]:
    """Everyone who saved its text, entered it or submitted it."""
    submitted = update.steps.filter(state=State.SUBMITTED).order_by().values_list("by", flat=True)
    earlier = update.earlier_writers.order_by().values_list("pk", flat=True)
    writers = submitted.union(earlier).order_by()
    return {pk for pk in (update.written_by_id, *writers) if pk is not None}


def validator_of(update: Update) -> int | None:
    """Who validated the present text: a validation ends when the update is returned."""
    last = update.steps.filter(state__in=[State.VALIDATED, State.RETURNED]).order_by("-pk").first()
    return last.by_id if last is not None and last.state == State.VALIDATED else None


def is_validated_apart(instance: Instance) -> bool:
    return instance.updates_need_validation and not instance.writer_may_validate


def is_published_apart(instance: Instance) -> bool:
    return instance.updates_need_publication and not instance.writer_may_publish


def why_not_validate(update: Update, user: User) -> str:
    """Why this person may not validate the update, as a sentence, or an empty text."""
    if not is_validated_apart(Instance.current()) or user.pk not in writers_of(update):
        return ""
    sentence = _(
        "You wrote this update, so another person must validate it. Ask another validating authority of "
        "%(institution)s, or of an institution above it."
    )
    return sentence % {"institution": update.institution}


def why_not_publish(update: Update, user: User) -> str:
    if not is_published_apart(Instance.current()):
        return ""
    if user.pk in writers_of(update):
        return _("You wrote or entered this update, so another person must publish it. Ask another coordinator.")
    if user.pk == validator_of(update):
        return _("You validated this update, so another person must publish it. Ask another coordinator.")
    return ""


def refuse(sentence: str) -> None:
    """Raises `Refused` with the sentence, if there is one."""
    if sentence:
        raise Refused(sentence)


def written_by(user: User) -> Q:
    submitted = UpdateStep.objects.filter(update=OuterRef("pk"), state=State.SUBMITTED, by=user.pk)
    earlier = Update.earlier_writers.through.objects.filter(update=OuterRef("pk"), user=user.pk)
    return Q(written_by=user.pk) | Q(Exists(submitted)) | Q(Exists(earlier))


def validated_by(user: User) -> Q:
    returned = UpdateStep.objects.filter(update=OuterRef("update"), state=State.RETURNED, pk__gt=OuterRef("pk"))
    steps = UpdateStep.objects.filter(update=OuterRef("pk"), state=State.VALIDATED, by=user.pk)
    return Q(Exists(steps.exclude(Exists(returned))))


def open_to_validate(user: User) -> Q:
    """The updates to validate that this person did not write."""
    return ~written_by(user) if is_validated_apart(Instance.current()) else Q()


def open_to_publish(user: User) -> Q:
    return ~written_by(user) & ~validated_by(user) if is_published_apart(Instance.current()) else Q()


def roles_before(update: Update, by: User) -> dict[str, list]:
    """Earlier steps taken by the same person, as recorded in the trail."""
    wrote, validated = by.pk in writers_of(update), by.pk == validator_of(update)
    return {
        name: ["", True] for name, was in (("also_wrote", wrote), ("also_validated", validated and not wrote)) if was
    }


def shared_steps(update: Update, steps: Sequence[UpdateStep]) -> dict[int, str]:
    """A sentence for each step of the present text whose author also took an earlier step."""
    writers, sentences, validator = writers_of(update), {}, None
    returned = max((step.pk for step in steps if step.state == State.RETURNED), default=0)
    for step in (later for later in steps if later.pk > returned and later.by_id is not None):
        is_entered = update.on_behalf or update.from_file
        if step.state == State.VALIDATED and not is_entered:
            validator = step.by_id
            if step.by_id in writers:
                sentences[step.pk] = _("Written and validated by the same person.")
        elif step.state == State.PUBLISHED and step.by_id in writers:
            sentences[step.pk] = sentence_on_publishing(is_entered=is_entered, validated=step.by_id == validator)
        elif step.state == State.PUBLISHED and step.by_id == validator:
            sentences[step.pk] = _("Validated and published by the same person.")
    return sentences


def sentence_on_publishing(*, is_entered: bool, validated: bool) -> str:
    if is_entered:
        return _("Entered and published by the same person.")
    if validated:
        return _("Written, validated and published by the same person.")
    return _("Written and published by the same person.")
