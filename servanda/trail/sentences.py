"""The sentence for each action of the trail, in the language of the reader."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.trail.models import Event

SENTENCES = {
    "logged-in": gettext_lazy("%(who)s logged in."),
    "logged-out": gettext_lazy("%(who)s logged out."),
    "log-in-failed": gettext_lazy("Somebody tried to log in as %(what)s and did not know the password."),
    "password-changed": gettext_lazy("%(who)s changed their password."),
    "password-reset": gettext_lazy("%(what)s set a new password through a link sent by e-mail."),
    "single-sign-on-linked": gettext_lazy("%(who)s came in through the identity provider for the first time."),
    "single-sign-on-unlinked": gettext_lazy("%(who)s undid the single sign-on of %(what)s."),
    "single-sign-on-refused": gettext_lazy("The identity provider sent somebody who was not let in: %(what)s."),
    "token-made": gettext_lazy("%(who)s made the access key %(what)s."),
    "token-revoked": gettext_lazy("%(who)s revoked the access key %(what)s."),
    "log-in-unknown": gettext_lazy("Somebody tried to log in with an address that belongs to nobody."),
    "session-expired": gettext_lazy("%(who)s was logged out because nothing was done for a while."),
    "session-ended": gettext_lazy("%(who)s ended one of their own sessions."),
    "other-sessions-ended": gettext_lazy("%(who)s logged out everywhere else."),
    "sessions-ended": gettext_lazy("%(who)s logged out everywhere."),
    "second-factor-activated": gettext_lazy("%(who)s set up a second factor."),
    "second-factor-removed": gettext_lazy("%(who)s took their second factor away."),
    "second-factor-failed": gettext_lazy("Somebody knew the password of %(what)s, but no code of the second factor."),
    "recovery-code-used": gettext_lazy("%(who)s used one of their recovery codes."),
    "recovery-codes-made": gettext_lazy("%(who)s made new recovery codes."),
    "import-received": gettext_lazy("%(who)s sent the file %(what)s."),
    "import-decided": gettext_lazy("%(who)s decided on rows of the file %(what)s."),
    "import-started": gettext_lazy("%(who)s had the file %(what)s applied to the register."),
    "import-applied": gettext_lazy("The file %(what)s was applied to the register."),
    "import-discarded": gettext_lazy("The import of %(what)s was discarded by %(who)s."),
    "import-undone": gettext_lazy("%(who)s took the import of %(what)s back."),
    "people-sheet-sent": gettext_lazy("%(who)s sent the file %(what)s with institutions and people."),
    "people-sheet-applied": gettext_lazy("%(who)s brought in the institutions and people of the file %(what)s."),
    "people-sheet-discarded": gettext_lazy("%(who)s discarded the file %(what)s with institutions and people."),
    "people-sheet-undone": gettext_lazy("%(who)s took back the institutions and people of the file %(what)s."),
    "people-exported": gettext_lazy("%(who)s downloaded the list of institutions and people."),
    "mapping-saved": gettext_lazy("%(who)s saved how the columns of %(what)s are read."),
    "recommendation-created": gettext_lazy("%(who)s wrote the record %(what)s."),
    "recommendation-edited": gettext_lazy("%(who)s changed the record %(what)s."),
    "recommendation-published": gettext_lazy("%(who)s published the record %(what)s."),
    "recommendation-unpublished": gettext_lazy("%(who)s took the record %(what)s out of the public register."),
    "recommendation-withdrawn": gettext_lazy("%(who)s withdrew the record %(what)s."),
    "recommendation-restored": gettext_lazy("%(who)s put the withdrawn record %(what)s back."),
    "recommendation-split": gettext_lazy("%(who)s split the record %(what)s."),
    "recommendations-merged": gettext_lazy("%(who)s merged other records into %(what)s."),
    "recommendation-merged-away": gettext_lazy("%(who)s merged the record %(what)s into another."),
    "recommendations-unmerged": gettext_lazy("%(who)s took merged records out of %(what)s again."),
    "recommendation-unmerged": gettext_lazy("%(who)s made %(what)s a record of its own again."),
    "records-changed-in-bulk": gettext_lazy("%(who)s changed many records at once: %(what)s."),
    "bulk-change-undone": gettext_lazy("%(who)s took back the change of many records: %(what)s."),
    "labels-added": gettext_lazy("%(who)s labelled the record %(what)s."),
    "label-removed": gettext_lazy("%(who)s took a label off the record %(what)s."),
    "label-restored": gettext_lazy("%(who)s put a label back on the record %(what)s."),
    "position-added": gettext_lazy("%(who)s added a position of the State to %(what)s."),
    "position-decided": gettext_lazy("%(who)s settled the position of the State on %(what)s."),
    "position-ended": gettext_lazy("%(who)s took a position of the State off %(what)s."),
    "link-added": gettext_lazy("%(who)s linked the record %(what)s to another."),
    "link-removed": gettext_lazy("%(who)s took a link off the record %(what)s."),
    "text-written": gettext_lazy("%(who)s wrote a text of the record %(what)s."),
    "text-ended": gettext_lazy("%(who)s took a text off the record %(what)s."),
    "note-added": gettext_lazy("%(who)s wrote an internal note on the record %(what)s."),
    "note-withdrawn": gettext_lazy("%(who)s withdrew an internal note on the record %(what)s."),
    "note-restored": gettext_lazy("%(who)s put back an internal note on the record %(what)s."),
    "register-exported": gettext_lazy("%(who)s downloaded a list from the register."),
    "institutions-assigned": gettext_lazy("%(who)s said who answers for the record %(what)s."),
    "assignment-ended": gettext_lazy("%(who)s ended an assignment: %(what)s."),
    "assignment-refused": gettext_lazy("%(who)s refused an assignment: %(what)s."),
    "taxonomy-added": gettext_lazy("%(who)s added the taxonomy %(what)s."),
    "taxonomy-edited": gettext_lazy("%(who)s changed the description of the taxonomy %(what)s."),
    "taxonomy-deleted": gettext_lazy("%(who)s deleted the taxonomy %(what)s."),
    "term-added": gettext_lazy("%(who)s added the term %(what)s."),
    "term-edited": gettext_lazy("%(who)s changed the term %(what)s."),
    "term-deleted": gettext_lazy("%(who)s deleted the term %(what)s."),
    "terms-pasted": gettext_lazy("%(who)s brought a table of terms into the taxonomy %(what)s."),
    "body-added": gettext_lazy("%(who)s added the body %(what)s."),
    "body-edited": gettext_lazy("%(who)s changed the description of the body %(what)s."),
    "body-deleted": gettext_lazy("%(who)s deleted the body %(what)s."),
    "labels-confirmed": gettext_lazy("%(who)s confirmed labels of the vocabulary in the language %(what)s."),
    "spelling-added": gettext_lazy("%(who)s added a spelling of %(what)s."),
    "handed-over": gettext_lazy("%(who)s handed over the appointment %(what)s."),
    "hand-over-downloaded": gettext_lazy("%(who)s downloaded the hand-over %(what)s."),
    "page-denied": gettext_lazy("%(who)s asked for a page of another role: %(what)s."),
    "refused": gettext_lazy("%(who)s was refused: %(what)s."),
    "restore-accepted": gettext_lazy("The restore of an older backup was accepted: %(what)s."),
    "trail-exported": gettext_lazy("%(who)s downloaded a list from the trail."),
    "brief-downloaded": gettext_lazy("%(who)s downloaded the register on one page."),
    "figure-exported": gettext_lazy("%(who)s downloaded the table of the figure %(what)s."),
    "person-invited": gettext_lazy("%(who)s invited %(what)s."),
    "invitation-sent-again": gettext_lazy("%(who)s sent %(what)s the invitation again."),
    "invitation-revoked": gettext_lazy("%(who)s revoked the invitation of %(what)s."),
    "invitation-accepted": gettext_lazy("%(who)s accepted the invitation."),
    "account-edited": gettext_lazy("%(who)s changed their own account."),
    "role-changed": gettext_lazy("%(who)s changed the role of %(what)s in the mechanism."),
    "account-closed": gettext_lazy("%(who)s closed the account of %(what)s."),
    "account-opened-again": gettext_lazy("%(who)s let %(what)s back in."),
    "personal-data-exported": gettext_lazy("%(who)s downloaded the personal data of %(what)s."),
    "personal-data-erased": gettext_lazy("%(who)s erased the personal data of %(what)s."),
    "emergency-access-given": gettext_lazy("%(what)s was made administrator for a few hours on the command line."),
    "second-factor-reset": gettext_lazy("The second factor of %(what)s was taken away on the command line."),
    "instance-edited": gettext_lazy("%(who)s changed the description of this instance."),
    "institution-created": gettext_lazy("%(who)s added the institution %(what)s."),
    "institution-edited": gettext_lazy("%(who)s changed the description of the institution %(what)s."),
    "institution-closed": gettext_lazy("%(who)s closed the institution %(what)s."),
    "institution-succeeded": gettext_lazy("%(who)s recorded who took the place of the institution %(what)s."),
    "institution-reopened": gettext_lazy("%(who)s reopened the institution %(what)s."),
    "person-appointed": gettext_lazy("%(who)s appointed somebody: %(what)s."),
    "appointment-edited": gettext_lazy("%(who)s changed an appointment: %(what)s."),
    "appointment-ended": gettext_lazy("%(who)s ended an appointment: %(what)s."),
    "appointment-reopened": gettext_lazy("%(who)s took back the end of an appointment: %(what)s."),
    "reminders-sent": gettext_lazy("%(who)s sent reminders of appointments that are ending: %(what)s."),
}


def sentence(event: Event, who: str | None = None, what: str | None = None) -> str:
    """What happened, for a person to read; an action without a sentence of its own is named by its code.

    `who` and `what` are what the reader may know of the actor and of the thing, where that is less than the name.
    """
    if who is None:
        who = str(event.actor) if event.actor else _("The system")
    said = {"who": who, "what": event.object_label if what is None else what}
    words = SENTENCES.get(event.action)
    if words is None:
        return _("%(who)s: %(action)s, %(what)s") % {**said, "action": event.action}
    return str(words) % said


def action_label(action: str) -> str:
    """The sentence with its gaps open, for choosing among actions."""
    return str(SENTENCES[action]) % {"who": "…", "what": "…"}
