"""The sentence for each action of the trail, in the language of the reader."""

import json
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servanda.trail.models import Event

SENTENCES = {
    "logged-in": gettext_lazy("%(who)s logged in."),
    "logged-out": gettext_lazy("%(who)s logged out."),
    "log-in-failed": gettext_lazy("A log-in as %(what)s failed: wrong password."),
    "password-changed": gettext_lazy("%(who)s changed their password."),
    "password-reset": gettext_lazy("%(what)s set a new password through a link sent by e-mail."),
    "single-sign-on-linked": gettext_lazy("%(who)s logged in through the identity provider for the first time."),
    "single-sign-on-unlinked": gettext_lazy("%(who)s removed the single sign-on of %(what)s."),
    "single-sign-on-refused": gettext_lazy("A single sign-on was refused: %(what)s."),
    "token-made": gettext_lazy("%(who)s created the access key %(what)s."),
    "token-revoked": gettext_lazy("%(who)s revoked the access key %(what)s."),
    "log-in-unknown": gettext_lazy("A log-in failed: no account has the address entered."),
    "session-expired": gettext_lazy("%(who)s was logged out after a period of inactivity."),
    "session-ended": gettext_lazy("%(who)s ended one of their own sessions."),
    "other-sessions-ended": gettext_lazy("%(who)s ended all their other sessions."),
    "sessions-ended": gettext_lazy("%(who)s ended all their sessions."),
    "second-factor-activated": gettext_lazy("%(who)s set up two-step verification."),
    "second-factor-removed": gettext_lazy("%(who)s turned off two-step verification."),
    "second-factor-failed": gettext_lazy("A log-in as %(what)s failed: right password, wrong verification code."),
    "recovery-code-used": gettext_lazy("%(who)s used one of their recovery codes."),
    "recovery-codes-made": gettext_lazy("%(who)s created new recovery codes."),
    "import-received": gettext_lazy("%(who)s sent the file %(what)s."),
    "import-converted": gettext_lazy("The file %(what)s was converted into DOCX."),
    "read-as-document": gettext_lazy("%(who)s had the file %(what)s read as a document."),
    "recognition-asked": gettext_lazy("%(who)s had the text of the scan %(what)s recognised."),
    "document-read": gettext_lazy("The document %(what)s was read and divided into units."),
    "document-described": gettext_lazy("%(who)s entered the details of the document %(what)s."),
    "unit-changed": gettext_lazy("%(who)s changed a unit of the document %(what)s."),
    "units-confirmed": gettext_lazy("%(who)s confirmed the units of the document %(what)s."),
    "import-decided": gettext_lazy("%(who)s decided on rows of the file %(what)s."),
    "import-started": gettext_lazy("%(who)s had the file %(what)s applied to the register."),
    "import-applied": gettext_lazy("The file %(what)s was applied to the register."),
    "import-discarded": gettext_lazy("%(who)s discarded the import of %(what)s."),
    "import-undone": gettext_lazy("%(who)s undid the import of %(what)s."),
    "people-sheet-sent": gettext_lazy("%(who)s sent the file %(what)s with institutions and people."),
    "people-sheet-applied": gettext_lazy("%(who)s imported the institutions and people from the file %(what)s."),
    "people-sheet-discarded": gettext_lazy("%(who)s discarded the file %(what)s with institutions and people."),
    "people-sheet-undone": gettext_lazy(
        "%(who)s undid the import of institutions and people from the file %(what)s."
    ),
    "people-exported": gettext_lazy("%(who)s downloaded the list of institutions and people."),
    "import-sheet-chosen": gettext_lazy("%(who)s chose a sheet of the workbook %(what)s."),
    "import-sheets-chosen": gettext_lazy("%(who)s chose further sheets of the workbook %(what)s."),
    "import-state-assumed": gettext_lazy("%(who)s assigned rows of %(what)s that name no State to this State."),
    "values-mapped": gettext_lazy("%(who)s saved the meanings of values in files of %(what)s."),
    "mapping-saved": gettext_lazy("%(who)s saved the column mapping of %(what)s."),
    "recommendation-created": gettext_lazy("%(who)s created the record %(what)s."),
    "recommendation-edited": gettext_lazy("%(who)s changed the record %(what)s."),
    "recommendation-published": gettext_lazy("%(who)s published the record %(what)s."),
    "recommendation-unpublished": gettext_lazy("%(who)s unpublished the record %(what)s."),
    "recommendation-withdrawn": gettext_lazy("%(who)s withdrew the record %(what)s."),
    "recommendation-restored": gettext_lazy("%(who)s restored the withdrawn record %(what)s."),
    "recommendation-split": gettext_lazy("%(who)s split the record %(what)s."),
    "recommendations-merged": gettext_lazy("%(who)s merged other records into %(what)s."),
    "recommendation-merged-away": gettext_lazy("%(who)s merged the record %(what)s into another."),
    "recommendations-unmerged": gettext_lazy("%(who)s undid the merging of records into %(what)s."),
    "recommendation-unmerged": gettext_lazy("%(who)s restored %(what)s as a separate record."),
    "likeness-confirmed": gettext_lazy("%(who)s marked %(what)s and another record as similar."),
    "likeness-rejected": gettext_lazy("%(who)s marked %(what)s and another record as not similar."),
    "likeness-reopened": gettext_lazy(
        "%(who)s undid the decision on whether %(what)s and another record are similar."
    ),
    "theme-lead-added": gettext_lazy("%(who)s added %(what)s as usual lead institution for a theme."),
    "theme-lead-removed": gettext_lazy("%(who)s removed %(what)s as usual lead institution for a theme."),
    "cluster-made": gettext_lazy("%(who)s created the cluster %(what)s."),
    "cluster-renamed": gettext_lazy("%(who)s renamed the cluster %(what)s."),
    "cluster-changed": gettext_lazy("%(who)s changed the records in the cluster %(what)s."),
    "cluster-dissolved": gettext_lazy("%(who)s dissolved the cluster %(what)s."),
    "cluster-restored": gettext_lazy("%(who)s restored the cluster %(what)s."),
    "cluster-rejected": gettext_lazy("%(who)s rejected a proposed cluster: %(what)s."),
    "cluster-proposed-again": gettext_lazy("%(who)s allowed a rejected cluster to be proposed again: %(what)s."),
    "records-changed-in-bulk": gettext_lazy("%(who)s changed several records at once: %(what)s."),
    "bulk-change-undone": gettext_lazy("%(who)s undid the change of several records: %(what)s."),
    "leads-learned": gettext_lazy("Institution suggestions were updated from %(what)s assignments."),
    "labels-learned": gettext_lazy("Label suggestions were updated from the labels of records: %(what)s."),
    "suggestion-rejected": gettext_lazy("%(who)s rejected a suggested label of the record %(what)s."),
    "suggestion-reopened": gettext_lazy("%(who)s reopened a rejected suggestion for the record %(what)s."),
    "labels-added": gettext_lazy("%(who)s added labels to the record %(what)s."),
    "label-removed": gettext_lazy("%(who)s removed a label from the record %(what)s."),
    "label-restored": gettext_lazy("%(who)s restored a label on the record %(what)s."),
    "follow-up-marked": gettext_lazy(
        "%(who)s recorded a request of the body for follow-up or dissemination on %(what)s."
    ),
    "follow-up-ended": gettext_lazy(
        "%(who)s removed a request of the body for follow-up or dissemination on %(what)s."
    ),
    "follow-up-replied": gettext_lazy("%(who)s recorded a reply to the body on %(what)s."),
    "follow-up-reply-taken-back": gettext_lazy("%(who)s removed the recorded reply to the body on %(what)s."),
    "follow-up-restored": gettext_lazy(
        "%(who)s restored a request of the body for follow-up or dissemination on %(what)s."
    ),
    "position-added": gettext_lazy("%(who)s added a position of the State to %(what)s."),
    "position-decided": gettext_lazy("%(who)s decided the position of the State on %(what)s."),
    "position-proposed": gettext_lazy("%(who)s proposed a position of the State: %(what)s."),
    "proposal-withdrawn": gettext_lazy("%(who)s withdrew a proposed position: %(what)s."),
    "position-ended": gettext_lazy("%(who)s removed a position of the State from %(what)s."),
    "link-added": gettext_lazy("%(who)s linked the record %(what)s to another."),
    "link-removed": gettext_lazy("%(who)s removed a link from the record %(what)s."),
    "text-written": gettext_lazy("%(who)s saved a text of the record %(what)s."),
    "text-ended": gettext_lazy("%(who)s removed a text from the record %(what)s."),
    "note-added": gettext_lazy("%(who)s added an internal note to the record %(what)s."),
    "note-withdrawn": gettext_lazy("%(who)s withdrew an internal note on the record %(what)s."),
    "note-restored": gettext_lazy("%(who)s restored an internal note on the record %(what)s."),
    "register-exported": gettext_lazy("%(who)s downloaded a list from the register."),
    "record-downloaded": gettext_lazy("%(who)s downloaded the file of the record %(what)s."),
    "institutions-assigned": gettext_lazy("%(who)s assigned institutions to record %(what)s."),
    "assignment-ended": gettext_lazy("%(who)s ended an assignment: %(what)s."),
    "assignment-refused": gettext_lazy("%(who)s refused an assignment: %(what)s."),
    "indicator-added": gettext_lazy("%(who)s added the indicator %(what)s."),
    "indicator-edited": gettext_lazy("%(who)s changed the indicator %(what)s."),
    "indicator-withdrawn": gettext_lazy("%(who)s withdrew the indicator %(what)s."),
    "indicator-restored": gettext_lazy("%(who)s restored the withdrawn indicator %(what)s."),
    "indicator-linked": gettext_lazy("%(who)s linked the indicator %(what)s to a record."),
    "indicator-unlinked": gettext_lazy("%(who)s unlinked the indicator %(what)s from a record."),
    "indicator-actions-set": gettext_lazy("%(who)s set the actions linked to the indicator %(what)s."),
    "dimensions-set": gettext_lazy("%(who)s set the disaggregation of the indicator %(what)s."),
    "value-entered": gettext_lazy("%(who)s entered a value of the indicator %(what)s."),
    "value-corrected": gettext_lazy("%(who)s corrected a value of the indicator %(what)s."),
    "progress-overridden": gettext_lazy("%(who)s set the progress of the indicator %(what)s manually."),
    "override-cleared": gettext_lazy("%(who)s removed the manually set progress of the indicator %(what)s."),
    "indicators-exported": gettext_lazy("%(who)s downloaded indicators: %(what)s."),
    "value-sheet-sent": gettext_lazy("%(who)s sent the file %(what)s with values of indicators."),
    "value-sheet-applied": gettext_lazy("%(who)s imported the values from the file %(what)s."),
    "value-sheet-discarded": gettext_lazy("%(who)s discarded the file %(what)s with values of indicators."),
    "value-sheet-undone": gettext_lazy("%(who)s undid the import of values from the file %(what)s."),
    "update-started": gettext_lazy("%(who)s started an update: %(what)s."),
    "update-taken-over": gettext_lazy("%(who)s continued an update started by another user: %(what)s."),
    "update-submitted": gettext_lazy("%(who)s submitted an update: %(what)s."),
    "update-validated": gettext_lazy("%(who)s approved an update for the institution: %(what)s."),
    "update-returned": gettext_lazy("%(who)s returned an update for changes: %(what)s."),
    "update-published": gettext_lazy("%(who)s published an update: %(what)s."),
    "update-withdrawn": gettext_lazy("%(who)s withdrew an update: %(what)s."),
    "update-entered": gettext_lazy("%(who)s entered an update on behalf of an institution: %(what)s."),
    "update-unlinked": gettext_lazy("%(who)s removed an update from a cluster: %(what)s."),
    "update-linked": gettext_lazy("%(who)s linked a published update to further records: %(what)s."),
    "evidence-added": gettext_lazy("%(who)s added evidence: %(what)s."),
    "evidence-edited": gettext_lazy("%(who)s changed the description of evidence: %(what)s."),
    "evidence-withdrawn": gettext_lazy("%(who)s withdrew evidence: %(what)s."),
    "hidden-file-cleaned": gettext_lazy("Personal details were removed from a file: %(what)s."),
    "hidden-file-withdrawn": gettext_lazy(
        "A file from which personal details cannot be removed was withdrawn: %(what)s."
    ),
    "plan-added": gettext_lazy("%(who)s added the plan %(what)s."),
    "plan-edited": gettext_lazy("%(who)s changed the plan %(what)s."),
    "action-added": gettext_lazy("%(who)s added the action %(what)s."),
    "action-edited": gettext_lazy("%(who)s changed the action %(what)s."),
    "action-status-set": gettext_lazy("%(who)s set the status of the action %(what)s."),
    "action-milestones-set": gettext_lazy("%(who)s set the milestones of the action %(what)s."),
    "action-withdrawn": gettext_lazy("%(who)s withdrew the action %(what)s."),
    "action-restored": gettext_lazy("%(who)s restored the withdrawn action %(what)s."),
    "action-published": gettext_lazy("%(who)s published the action %(what)s."),
    "action-unpublished": gettext_lazy("%(who)s unpublished the action %(what)s."),
    "action-answers-records": gettext_lazy("%(who)s linked the action %(what)s to records."),
    "action-answers-cluster": gettext_lazy("%(who)s linked the action %(what)s to a cluster."),
    "action-leaves-cluster": gettext_lazy("%(who)s unlinked the action %(what)s from a cluster."),
    "action-answers-no-longer": gettext_lazy("%(who)s unlinked the action %(what)s from a record."),
    "actions-exported": gettext_lazy("%(who)s downloaded a list of actions."),
    "action-sheet-sent": gettext_lazy("%(who)s sent the file %(what)s with actions."),
    "action-sheet-applied": gettext_lazy("%(who)s imported the actions from the file %(what)s."),
    "action-sheet-discarded": gettext_lazy("%(who)s discarded the file %(what)s with actions."),
    "action-sheet-undone": gettext_lazy("%(who)s undid the import of actions from the file %(what)s."),
    "assessed": gettext_lazy("%(who)s assessed the implementation of %(what)s."),
    "assessment-completed": gettext_lazy("%(who)s set the evidence and values for an assessment of %(what)s."),
    "proposed-level-decided": gettext_lazy("%(who)s decided on the level proposed in an update: %(what)s."),
    "assessment-published": gettext_lazy("%(who)s published an assessment of %(what)s."),
    "assessment-retracted": gettext_lazy("%(who)s withdrew an assessment of %(what)s."),
    "assessment-signed": gettext_lazy("%(who)s published an assessment of %(what)s for an accredited institution."),
    "assessment-withdrawn": gettext_lazy("%(who)s withdrew an assessment of %(what)s for the institution."),
    "assessment-replied": gettext_lazy("%(who)s replied for the State to an assessment of %(what)s."),
    "own-assessments-exported": gettext_lazy("%(who)s downloaded the assessments of %(what)s."),
    "public-reason-given": gettext_lazy(
        "%(who)s published a reason why the assessed record %(what)s is no longer public."
    ),
    "assessments-exported": gettext_lazy("%(who)s downloaded the list of assessments."),
    "scale-added": gettext_lazy("%(who)s added the scale %(what)s."),
    "scale-retired": gettext_lazy("%(who)s put the scale %(what)s out of use."),
    "scale-reinstated": gettext_lazy("%(who)s put the scale %(what)s back in use."),
    "grade-added": gettext_lazy("%(who)s added the value %(what)s to a scale."),
    "grade-removed": gettext_lazy("%(who)s removed the value %(what)s from a scale."),
    "grade-retired": gettext_lazy("%(who)s put the value %(what)s out of use."),
    "grade-reinstated": gettext_lazy("%(who)s put the value %(what)s back in use."),
    "contributed": gettext_lazy("%(who)s submitted a contribution on %(what)s."),
    "contributed-without-name": gettext_lazy(
        "A contribution on %(what)s was submitted without recording the sender."
    ),
    "contribution-accepted": gettext_lazy("%(who)s accepted a contribution on %(what)s."),
    "contribution-merged": gettext_lazy("%(who)s merged a contribution on %(what)s with another."),
    "contribution-withdrawn": gettext_lazy("A contribution on %(what)s was withdrawn by its sender."),
    "contribution-refused": gettext_lazy("A contribution was refused. The sender is not recorded."),
    "contribution-declined": gettext_lazy("%(who)s declined a contribution on %(what)s."),
    "taxonomy-added": gettext_lazy("%(who)s added the taxonomy %(what)s."),
    "taxonomy-edited": gettext_lazy("%(who)s changed the taxonomy %(what)s."),
    "taxonomy-deleted": gettext_lazy("%(who)s deleted the taxonomy %(what)s."),
    "term-added": gettext_lazy("%(who)s added the term %(what)s."),
    "term-edited": gettext_lazy("%(who)s changed the term %(what)s."),
    "term-deleted": gettext_lazy("%(who)s deleted the term %(what)s."),
    "terms-pasted": gettext_lazy("%(who)s imported a table of terms into the taxonomy %(what)s."),
    "body-added": gettext_lazy("%(who)s added the body %(what)s."),
    "body-edited": gettext_lazy("%(who)s changed the body %(what)s."),
    "body-deleted": gettext_lazy("%(who)s deleted the body %(what)s."),
    "treaty-linked": gettext_lazy("%(who)s linked the record %(what)s with a treaty."),
    "treaty-unlinked": gettext_lazy("%(who)s removed the link of the record %(what)s with a treaty."),
    "treaties-listed": gettext_lazy("%(who)s added treaties to the list: %(what)s."),
    "treaty-removed": gettext_lazy("%(who)s removed the treaty %(what)s from the list."),
    "treaty-edited": gettext_lazy("%(who)s changed the status under the treaty %(what)s."),
    "treaty-procedures-set": gettext_lazy("%(who)s set the procedures accepted under the treaty %(what)s."),
    "reservation-added": gettext_lazy("%(who)s added a reservation to the treaty %(what)s."),
    "reservation-edited": gettext_lazy("%(who)s changed a reservation to the treaty %(what)s."),
    "reservation-removed": gettext_lazy("%(who)s deleted a reservation to the treaty %(what)s."),
    "treaty-sheet-sent": gettext_lazy("%(who)s sent the file %(what)s with treaties."),
    "treaty-sheet-applied": gettext_lazy("%(who)s imported the treaties from the file %(what)s."),
    "treaty-sheet-discarded": gettext_lazy("%(who)s discarded the file %(what)s with treaties."),
    "treaty-sheet-undone": gettext_lazy("%(who)s undid the import of treaties from the file %(what)s."),
    "instrument-added": gettext_lazy("%(who)s added the treaty %(what)s to the vocabulary."),
    "instrument-edited": gettext_lazy("%(who)s changed the description of the treaty %(what)s."),
    "rule-added": gettext_lazy("%(who)s added the rule %(what)s."),
    "rule-edited": gettext_lazy("%(who)s changed the rule %(what)s."),
    "rule-replaced": gettext_lazy("%(who)s replaced a shipped rule with the rule %(what)s."),
    "rule-retired": gettext_lazy("%(who)s ended the application of the rule %(what)s."),
    "rule-applied-again": gettext_lazy("%(who)s applied the rule %(what)s again."),
    "rule-taken-over": gettext_lazy("%(who)s copied the shipped values to the rule %(what)s."),
    "rule-kept": gettext_lazy("%(who)s kept the rule %(what)s instead of the newer shipped version."),
    "rule-restored": gettext_lazy("%(who)s restored an earlier version of the rule %(what)s."),
    "labels-confirmed": gettext_lazy("%(who)s confirmed labels of the vocabulary in the language %(what)s."),
    "spelling-added": gettext_lazy("%(who)s added a spelling of %(what)s."),
    "round-opened": gettext_lazy("%(who)s opened the round %(what)s."),
    "round-widened": gettext_lazy("%(who)s added institutions to the round %(what)s."),
    "round-closed": gettext_lazy("%(who)s closed the round %(what)s."),
    "round-reopened": gettext_lazy("%(who)s reopened the round %(what)s."),
    "round-exported": gettext_lazy("%(who)s downloaded the overview of the round %(what)s."),
    "input-time-given": gettext_lazy("%(who)s extended the deadline of an institution: %(what)s."),
    "input-reminders-sent": gettext_lazy("%(who)s sent reminders of requests for information: %(what)s."),
    "input-reminded": gettext_lazy("%(who)s reminded an institution of a request for information: %(what)s."),
    "answer-sheet-downloaded": gettext_lazy("%(who)s downloaded an answer sheet: %(what)s."),
    "answer-sheet-sent": gettext_lazy("%(who)s sent a completed answer sheet: %(what)s."),
    "answer-sheet-applied": gettext_lazy("%(who)s imported the answers from the sheet %(what)s."),
    "answer-sheet-undone": gettext_lazy("%(who)s undid the import of the answer sheet %(what)s."),
    "answer-sheet-discarded": gettext_lazy("%(who)s discarded the answer sheet %(what)s."),
    "handed-over": gettext_lazy("%(who)s handed over the appointment %(what)s."),
    "hand-over-downloaded": gettext_lazy("%(who)s downloaded the hand-over pack %(what)s."),
    "page-denied": gettext_lazy("%(who)s tried to open a page without permission: %(what)s."),
    "refused": gettext_lazy("An action by %(who)s was refused: %(what)s."),
    "refused-again": gettext_lazy("An action by %(who)s was refused again: %(what)s."),
    "restore-accepted": gettext_lazy("The restore of an older backup was accepted: %(what)s."),
    "trail-exported": gettext_lazy("%(who)s downloaded a list from the audit trail."),
    "follow-up-exported": gettext_lazy("%(who)s downloaded the follow-up figures."),
    "brief-downloaded": gettext_lazy("%(who)s downloaded the register at a glance."),
    "figure-exported": gettext_lazy("%(who)s downloaded the table of the figure %(what)s."),
    "person-invited": gettext_lazy("%(who)s invited %(what)s."),
    "invitation-sent-again": gettext_lazy("%(who)s sent %(what)s the invitation again."),
    "invitation-revoked": gettext_lazy("%(who)s revoked the invitation of %(what)s."),
    "invitation-accepted": gettext_lazy("%(who)s accepted the invitation."),
    "account-edited": gettext_lazy("%(who)s changed their own account."),
    "role-changed": gettext_lazy("%(who)s changed the role of %(what)s in the mechanism."),
    "account-closed": gettext_lazy("%(who)s closed the account of %(what)s."),
    "account-opened-again": gettext_lazy("%(who)s reopened the account of %(what)s."),
    "personal-data-exported": gettext_lazy("%(who)s downloaded the personal data of %(what)s."),
    "personal-data-erased": gettext_lazy("%(who)s erased the personal data of %(what)s."),
    "emergency-access-given": gettext_lazy("%(what)s was made administrator for a few hours on the command line."),
    "second-factor-reset": gettext_lazy("Two-step verification of %(what)s was reset on the command line."),
    "second-factors-encrypted": gettext_lazy(
        "%(who)s encrypted the secrets of two-step verification with the current secret key."
    ),
    "instance-edited": gettext_lazy("%(who)s changed the settings of this system."),
    "institution-created": gettext_lazy("%(who)s added the institution %(what)s."),
    "institution-edited": gettext_lazy("%(who)s changed the institution %(what)s."),
    "institution-closed": gettext_lazy("%(who)s closed the institution %(what)s."),
    "institution-succeeded": gettext_lazy("%(who)s recorded the succession of the institution %(what)s."),
    "accreditation-set": gettext_lazy("%(who)s entered an accreditation: %(what)s."),
    "institution-reopened": gettext_lazy("%(who)s reopened the institution %(what)s."),
    "person-appointed": gettext_lazy("%(who)s added an appointment: %(what)s."),
    "appointment-edited": gettext_lazy("%(who)s changed an appointment: %(what)s."),
    "appointment-ended": gettext_lazy("%(who)s ended an appointment: %(what)s."),
    "appointment-reopened": gettext_lazy("%(who)s undid the end of an appointment: %(what)s."),
    "reminders-sent": gettext_lazy("%(who)s sent reminders of appointments that are ending: %(what)s."),
}


def sentence(event: Event, who: str | None = None, what: str | None = None) -> str:
    """The sentence of an event; an action that has no sentence is shown by its code.

    `who` and `what` replace the names of actor and object when the reader may not see them.
    """
    if who is None:
        who = str(event.actor) if event.actor else _("The system")
    names = {"who": who, "what": event.object_label if what is None else what}
    if event.action == "refused-again" and event.difference:
        return sentence_of_repeats(json.loads(event.difference), names, is_person=event.actor_id is not None)
    words = SENTENCES.get(event.action)
    if words is None:
        return _("%(who)s: %(action)s, %(what)s") % {**names, "action": event.action}
    return str(words) % names


def sentence_of_repeats(repeats: dict, names: dict, *, is_person: bool) -> str:
    """How often it was refused again in the same hour. For visitors without an account the actor is not named."""
    times = repeats["times"]
    start, end = (timezone.localtime(datetime.fromisoformat(repeats[name])) for name in ("from", "until"))
    if is_person:
        words = ngettext(
            "An action by %(who)s was refused %(times)d more time between %(start)s and %(end)s on %(day)s: "
            "%(what)s.",
            "An action by %(who)s was refused %(times)d more times between %(start)s and %(end)s on %(day)s: "
            "%(what)s.",
            times,
        )
    else:
        words = ngettext(
            "Refused %(times)d more time between %(start)s and %(end)s on %(day)s: %(what)s.",
            "Refused %(times)d more times between %(start)s and %(end)s on %(day)s: %(what)s.",
            times,
        )
    hours = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}", "day": date_format(start, "DATE_FORMAT")}
    return words % {**names, **hours, "times": times}


def action_label(action: str) -> str:
    """The sentence with … instead of actor and object, for the filter by action."""
    return str(SENTENCES[action]) % {"who": "…", "what": "…"}
