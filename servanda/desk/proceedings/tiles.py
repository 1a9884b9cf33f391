"""Tiles of communications, with the same conditions as their list."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Numbers, Supply, Tile, counted_in
from servanda.people.access import Can, can, scopes
from servanda.people.models import User
from servanda.proceedings.life.listing import LATE, MINE, OWNED, awaiting_answers
from servanda.proceedings.models import Proceeding, ProceedingQuerySet, ProceedingQuestion
from servanda.proceedings.retention import obligation_files
from servanda.proceedings.retention.periods import FILES
from servanda.proceedings.retention.queries import due
from servanda.proceedings.retention.services import present_periods


def erasure_tiles(user: User) -> Supply:
    """Proceedings whose personal data are due for erasure: a proposal only."""
    if not can(user, Can.READ_IDENTITIES) or not (periods := present_periods()):
        return
    counts = yield Ask.many(("erasure", *periods.items()), lambda: due(periods, on=timezone.localdate()))
    label, page = _("Personal data due for erasure"), reverse("desk:due_for_erasure")
    yield Tile("erasure", label, counts["number"], page, _("No personal data are due for erasure."))


def file_erasure_tiles(user: User) -> Supply:
    """Obligations whose files are due for erasure: a proposal only."""
    if not can(user, Can.EDIT_OBLIGATIONS):
        return
    periods = {code: years for code, years in present_periods().items() if code.startswith(FILES)}
    if not periods:
        return
    key = ("file_erasure", *periods.items())
    counts = yield Ask.many(key, lambda: obligation_files.due(periods, on=timezone.localdate()))
    label, page = _("Files due for erasure"), reverse("desk:files_due_for_erasure")
    yield Tile("file_erasure", label, counts["number"], page, _("No files are due for erasure."))


def room_tiles(user: User) -> Supply:
    """Dialogues in which a question was asked for which this person is responsible, without a written reply."""
    if not (can(user, Can.RUN_PROCEEDINGS) or scopes(user, Can.WRITE_UPDATE)):
        return
    counts = yield Ask.many("questions_owned", lambda: with_owed_questions(user))
    page, label = reverse("desk:proceedings"), _("Dialogues with a question assigned to me")
    none = _("No questions asked during dialogues await your answer.")
    yield Tile("questions_owned", label, counts["number"], f"{page}?which={OWNED}", none)


def proceeding_tiles(user: User) -> Supply:
    """For the mechanism, overdue communications; for institutions, those that await their answer."""
    page = reverse("desk:proceedings")
    if can(user, Can.READ_EVERYTHING):
        if not can(user, Can.RUN_PROCEEDINGS):
            return
        counts = yield Ask("proceedings_late", lambda: counted_late(on=timezone.localdate()))
        label, none = _("Overdue replies to communications"), _("No overdue replies to communications.")
        yield Tile("proceedings_late", label, counts["late"], f"{page}?which={LATE}", none)
    elif scopes(user, Can.WRITE_UPDATE):
        counts = yield Ask.many("proceedings_mine", lambda: to_answer(user))
        label = _("Communications and visits awaiting our answer")
        none = _("No communications or visits await your answer.")
        yield Tile("proceedings_mine", label, counts["number"], f"{page}?which={MINE}", none)


def with_owed_questions(user: User) -> ProceedingQuerySet:
    owed = ProceedingQuestion.objects.owed_by(user).order_by().values("proceeding")
    return Proceeding.objects.visible_to(user).filter(pk__in=owed)


def counted_late(*, on: date) -> Numbers:
    return Proceeding.objects.kept(), counted_in({"late": Proceeding.objects.late(on=on)})


def to_answer(user: User) -> ProceedingQuerySet:
    waiting = awaiting_answers(user).order_by().values("proceeding")
    return Proceeding.objects.visible_to(user).filter(pk__in=waiting)
