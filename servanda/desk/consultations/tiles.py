"""Tiles of consultations: comments without a reply, and drafts that are open for this person's comments."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.desk.parts.tiles import Ask, Supply, Tile
from servanda.kit.database.kept_texts import READING
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.progress.rounds.days import local_day
from servanda.reporting.models import Consultation, ConsultationComment, ConsultationQuerySet


def consultation_tiles(user: User) -> Supply:
    page = reverse("desk:consultations")
    if can(user, Can.EDIT_REPORTS):
        questions = {"drafts": Count("consultation", distinct=True), "comments": Count("pk")}
        counts = yield Ask("comments", lambda: (ConsultationComment.objects.waiting(), questions))
        label, none = _("Drafts with comments without a reply"), _("Every comment on a draft has a reply.")
        note = _("comments: %(count)d") % {"count": counts["comments"]} if counts["comments"] else ""
        yield Tile("draft_comments", label, counts["drafts"], f"{page}?waiting=1", none, note)
    elif can(user, Can.CONTRIBUTE):
        counts = yield Ask.many("consultations", lambda: open_to(user))
        label, none = _("Drafts open for your comments"), _("No draft is open for comments.")
        yield Tile("open_drafts", label, counts["number"], page, none)


def open_to(user: User) -> ConsultationQuerySet:
    return Consultation.objects.visible_to(user, at=READING).open(on=local_day(timezone.now()), at=READING)
