"""Notifications of one person, and the pages that they opened recently."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.people.access import Can, can

OF_PERSON = "people.user"  # the type of a notification about its own reader
# The rooms above register which objects of a kind a person sees, and which of them mails do not name.
_visible_objects: dict[str, Callable[..., models.QuerySet]] = {}
_not_in_mails: dict[str, models.QuerySet] = {}


def register_objects(
    object_type: str, visible_to: Callable[..., models.QuerySet], *, not_in_mails: models.QuerySet | None = None
) -> None:
    """`object_type` is a key of `Notification.CONFIDENTIAL`. Mails do not contain the labels of `not_in_mails`."""
    _visible_objects[object_type] = visible_to
    if not_in_mails is not None:
        _not_in_mails[object_type.lower()] = not_in_mails


def kept_out_of_mails(notifications: Iterable["Notification"]) -> set[tuple[str, str]]:
    """The types and keys of the objects of these notifications that mails do not name."""
    keys: dict[str, set[int]] = {}
    for row in notifications:
        if row.object_type in _not_in_mails:
            keys.setdefault(row.object_type, set()).add(int(row.object_id))
    return {
        (object_type, str(key))
        for object_type, found in keys.items()
        for key in _not_in_mails[object_type].all().filter(pk__in=found).values_list("pk", flat=True)
    }


def unread_of(object_type: str) -> str:
    """An annotation of the user of a request: whether there are unread notifications on such confidential objects."""
    return f"has_unread_{object_type.replace('.', '_').lower()}"


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user, *, object_types: Iterable[str] | None = None):
        """The user's own, except those on things that they may not see any more. `object_types` are those among
        `Notification.CONFIDENTIAL` of which there are any, if they are known: each condition takes some time."""
        shown = self.permitted_to(user)
        for object_type in Notification.CONFIDENTIAL if object_types is None else object_types:
            kinds = Notification.CONFIDENTIAL[object_type]
            visible = _visible_objects[object_type](user).order_by()
            keys = visible.annotate(key_as_text=Cast("pk", models.CharField())).values("key_as_text")
            # What concerns several objects is about the person, and names none of the objects.
            shown = shown.exclude(~Q(object_id__in=keys), ~Q(object_type=OF_PERSON), kind__in=kinds)
        return shown

    def permitted_to(self, user):
        """The user's own of the kinds that their roles allow; whether they see the objects is not asked."""
        if not (user and user.is_authenticated):
            return self.none()
        closed = [kind for kind, permission in Notification.ABOUT.items() if not can(user, permission)]
        return self.filter(person=user.pk).exclude(kind__in=closed)

    def on_confidential(self, object_type: str):
        return self.filter(kind__in=Notification.CONFIDENTIAL[object_type])

    def unread(self):
        return self.filter(read_at=None)

    def unread_by(self, user):
        """The user's own unread ones that they may see."""
        among = [kind for kind in Notification.CONFIDENTIAL if getattr(user, unread_of(kind), True)]
        return self.unread().visible_to(user, object_types=among)


class Notification(models.Model):
    """Something that concerns one person; its sentence is composed when they read it."""

    class Kind(models.TextChoices):
        APPOINTED = "appointed", pgettext_lazy("notification", "Appointed")
        APPOINTMENT_ENDED = "appointment-ended", pgettext_lazy("notification", "Appointment ended")
        HANDED_OVER = "handed-over", pgettext_lazy("notification", "Function handed over to you")
        ROLE_CHANGED = "role-changed", pgettext_lazy("notification", "Role changed")
        INVITATION_ACCEPTED = "invitation-accepted", pgettext_lazy("notification", "Invitation accepted")
        IMPORT_READY = "import-ready", pgettext_lazy("notification", "Import ready")
        IMPORT_APPLIED = "import-applied", pgettext_lazy("notification", "Import applied")
        IMPORT_FAILED = "import-failed", pgettext_lazy("notification", "Import failed")
        SHEET_READY = "people-sheet-ready", pgettext_lazy("notification", "Import of institutions and people ready")
        SHEET_APPLIED = (
            "people-sheet-applied",
            pgettext_lazy("notification", "Import of institutions and people applied"),
        )
        SHEET_FAILED = (
            "people-sheet-failed",
            pgettext_lazy("notification", "Import of institutions and people failed"),
        )
        ASSIGNMENT_REFUSED = "assignment-refused", pgettext_lazy("notification", "Assignment refused")
        CONTRIBUTION_RECEIVED = "contribution-received", pgettext_lazy("notification", "Contribution received")
        CONTRIBUTION_ANSWERED = "contribution-answered", pgettext_lazy("notification", "Contribution answered")
        INPUT_ASKED = "input-asked", pgettext_lazy("notification", "Information requested")
        INPUT_ENDED = "input-ended", pgettext_lazy("notification", "Request for information withdrawn")
        UPDATE_SUBMITTED = "update-submitted", pgettext_lazy("notification", "Update submitted")
        UPDATE_VALIDATED = "update-validated", pgettext_lazy("notification", "Update approved by its institution")
        UPDATE_RETURNED = "update-returned", pgettext_lazy("notification", "Update returned")
        UPDATE_PUBLISHED = "update-published", pgettext_lazy("notification", "Update published")
        REPLY_ASKED = "reply-asked", pgettext_lazy("notification", "Answer of an institution requested")
        REPLY_SUBMITTED = "reply-submitted", pgettext_lazy("notification", "Answer of an institution submitted")
        REPLY_VALIDATED = "reply-validated", pgettext_lazy("notification", "Answer of an institution approved")
        REPLY_RETURNED = "reply-returned", pgettext_lazy("notification", "Answer of an institution returned")
        REPLY_TO_CLEAR = "reply-to-clear", pgettext_lazy("notification", "Reply of the State to clear")
        REPLY_CLEARED = "reply-cleared", pgettext_lazy("notification", "Reply of the State cleared")
        REPLY_SENT_BACK = "reply-sent-back", pgettext_lazy("notification", "Reply of the State returned")
        QUESTION_ASSIGNED = (
            "question-assigned",
            pgettext_lazy("notification", "Question asked during the dialogue assigned"),
        )
        ASSESSMENT_SIGNED = "assessment-signed", pgettext_lazy("notification", "Independent assessment published")
        ASSESSMENT_REPLIED = "assessment-replied", pgettext_lazy("notification", "Reply to an assessment")
        RECORD_CONCEALED = "record-concealed", pgettext_lazy("notification", "Assessed record no longer public")
        CONSULTATION_OPENED = "consultation-opened", pgettext_lazy("notification", "Draft open for comments")
        CONSULTATION_CLOSES = "consultation-closes", pgettext_lazy("notification", "Consultation closing soon")
        COMMENT_ANSWERED = "comment-answered", pgettext_lazy("notification", "Reply to a comment on a draft")
        REPORT_TO_CLEAR = "report-to-clear", pgettext_lazy("notification", "Report to clear")
        REPORT_CLEARED = "report-cleared", pgettext_lazy("notification", "Report cleared")
        REPORT_RETURNED = "report-returned", pgettext_lazy("notification", "Report returned")
        SECTION_ASSIGNED = "section-assigned", pgettext_lazy("notification", "Section of a report assigned")
        OBLIGATION_ASSIGNED = "obligation-assigned", pgettext_lazy("notification", "Obligation assigned")
        KEY_EXPIRES = "key-expires", pgettext_lazy("notification", "Access key expiring soon")
        PEER_STOPPED = "peer-stopped", pgettext_lazy("notification", "Peer stopped")
        RESTORE_ACCEPTED = "restore-accepted", pgettext_lazy("notification", "Older backup restored")

    # Visible only with a role, which the person may have lost since. The other kinds are about the person.
    ABOUT = {
        Kind.INVITATION_ACCEPTED: Can.MANAGE_PEOPLE,
        **dict.fromkeys([Kind.IMPORT_READY, Kind.IMPORT_APPLIED, Kind.IMPORT_FAILED], Can.IMPORT),
        **dict.fromkeys([Kind.SHEET_READY, Kind.SHEET_APPLIED, Kind.SHEET_FAILED], Can.MANAGE_PEOPLE),
        Kind.ASSIGNMENT_REFUSED: Can.ASSIGN,
        **dict.fromkeys([Kind.INPUT_ASKED, Kind.INPUT_ENDED], Can.READ_INTERNAL),
        Kind.UPDATE_SUBMITTED: Can.VALIDATE_UPDATE,
        Kind.UPDATE_VALIDATED: Can.PUBLISH_UPDATE,
        **dict.fromkeys([Kind.UPDATE_RETURNED, Kind.UPDATE_PUBLISHED], Can.READ_INTERNAL),
        **dict.fromkeys([Kind.REPLY_ASKED, Kind.REPLY_RETURNED, Kind.QUESTION_ASSIGNED], Can.READ_INTERNAL),
        **dict.fromkeys([Kind.REPLY_TO_CLEAR, Kind.REPLY_CLEARED, Kind.REPLY_SENT_BACK], Can.READ_INTERNAL),
        Kind.REPLY_SUBMITTED: Can.VALIDATE_UPDATE,
        Kind.REPLY_VALIDATED: Can.RUN_PROCEEDINGS,
        Kind.CONTRIBUTION_RECEIVED: Can.ANSWER_CONTRIBUTIONS,
        Kind.ASSESSMENT_SIGNED: Can.ASSESS,
        **dict.fromkeys([Kind.ASSESSMENT_REPLIED, Kind.RECORD_CONCEALED], Can.CONTRIBUTE),
        **dict.fromkeys([Kind.CONSULTATION_OPENED, Kind.CONSULTATION_CLOSES, Kind.COMMENT_ANSWERED], Can.CONTRIBUTE),
        **dict.fromkeys([Kind.REPORT_TO_CLEAR, Kind.REPORT_CLEARED, Kind.REPORT_RETURNED], Can.READ_INTERNAL),
        **dict.fromkeys([Kind.SECTION_ASSIGNED, Kind.OBLIGATION_ASSIGNED], Can.READ_INTERNAL),
        Kind.PEER_STOPPED: Can.IMPORT,
        Kind.RESTORE_ACCEPTED: Can.READ_TRAIL,
    }

    # Visible as long as the person sees the object itself, whose reference is in the label.
    CONFIDENTIAL = {
        "proceedings.Proceeding": [
            *(Kind.REPLY_ASKED, Kind.REPLY_SUBMITTED, Kind.REPLY_VALIDATED, Kind.REPLY_RETURNED),
            *(Kind.REPLY_TO_CLEAR, Kind.REPLY_CLEARED, Kind.REPLY_SENT_BACK),
            Kind.QUESTION_ASSIGNED,
        ],
        "sources.Obligation": [Kind.OBLIGATION_ASSIGNED],
        "progress.InputRequest": [Kind.INPUT_ASKED],
        "progress.EndedInputRequest": [Kind.INPUT_ENDED],
        "reporting.Report": [
            *(Kind.REPORT_TO_CLEAR, Kind.REPORT_CLEARED, Kind.REPORT_RETURNED),
            Kind.SECTION_ASSIGNED,
        ],
    }

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    page_key = models.CharField(max_length=80, blank=True)  # the key of the object in the address of its page
    label = models.CharField(_("what"), max_length=200, blank=True)  # never the name of a person
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("e-mailed at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notifications_of_a_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="unread_notifications"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}".strip()


class Opened(models.Model):
    """A page that a person opened, once for each object, for the list of recent pages."""

    class Kind(models.TextChoices):
        RECORD = "record", _("Record")
        INSTITUTION = "institution", _("Institution")
        SAVED_LIST = "saved-list", _("Saved list")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="opened")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.BigIntegerField()  # the primary key; deleted objects are left out when the list is shown
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "number"], name="opened_once_each")]
        indexes = [models.Index(fields=["person", "-at"], name="opened_lately")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
