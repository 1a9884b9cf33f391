"""Who may do what: one enum of permissions, one table of roles. What a person may see is decided by
`visible_to(user)` and `public()` on the QuerySet of each model."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.kit.pages.addresses import page_name
from servanda.trail.repeats import record_refused


class Role(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("role", "Public")
    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    FOCAL_POINT = "focal-point", _("Focal point")
    AUTHORITY = "authority", _("Validating authority")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Can(StrEnum):
    READ_PUBLISHED = "read-published"
    USE_DESK = "use-desk"  # a home page, saved lists and access tokens of one's own
    READ_INTERNAL = "read-internal"  # records that are internal or not yet published
    READ_EVERYTHING = "read-everything"  # also records restricted to named institutions
    READ_DRAFT_POSITIONS = "read-draft-positions"  # positions that the State has not decided yet
    READ_NOTES = "read-notes"  # internal notes of the secretariat on a record
    READ_DIRECTORY = "read-directory"  # institutions, and who answers for them
    SEE_CONTRIBUTORS = "see-contributors"  # the names behind contributions
    READ_TRAIL = "read-trail"
    IMPORT = "import"
    EDIT_REGISTER = "edit-register"  # create, edit, tag, split, merge, withdraw, publish
    ASSIGN = "assign"  # assign institutions to records
    REFUSE_ASSIGNMENT = "refuse-assignment"  # of the institutions of one's own appointments
    PROPOSE_POSITION = "propose-position"  # for the institutions of one's own appointments
    EDIT_PLAN = "edit-plan"  # plans, actions and indicators of everyone
    EDIT_OWN_ACTIONS = "edit-own-actions"  # actions in which one's own institution leads; values that it keeps
    WRITE_UPDATE = "write-update"  # for the institutions of one's own appointments
    VALIDATE_UPDATE = "validate-update"  # approve or return what one's own institution says
    PUBLISH_UPDATE = "publish-update"  # and return; enter what came by letter
    EDIT_OBLIGATIONS = "edit-obligations"  # what is due to bodies, until when, and how it was submitted
    EDIT_REPORTS = "edit-reports"  # start reports, assign their sections, write all of them
    COMPLETE_STEPS = "complete-steps"  # steps of the institutions of one's own appointments towards a deadline
    RUN_ROUNDS = "run-rounds"  # ask institutions, remind, give more time, close
    ASSESS = "assess"  # in the voice of the government, and of the mechanism as its document says
    CONTRIBUTE = "contribute"  # evidence and ratings of one's own
    ANSWER_CONTRIBUTIONS = "answer-contributions"
    RUN_PROCEEDINGS = "run-proceedings"  # letters, from their arrival to their closure
    EDIT_NETWORK = "edit-network"  # profiles of mechanisms, and what they exchange
    READ_IDENTITIES = "read-identities"  # of the persons that a letter concerns; each reading is recorded
    EDIT_VOCABULARY = "edit-vocabulary"
    MANAGE_PEOPLE = "manage-people"  # institutions, appointments, invitations
    ACCREDIT = "accredit"  # enter the accreditation of an institution; change one that has it, and who acts for it
    GIVE_ROLES = "give-roles"  # roles in the mechanism itself; close accounts, erase personal data
    EDIT_INSTANCE = "edit-instance"


PUBLIC = {Can.READ_PUBLISHED}
READING = PUBLIC | {Can.USE_DESK, Can.READ_INTERNAL, Can.READ_DIRECTORY}
ANSWERING = (
    READING
    | {Can.REFUSE_ASSIGNMENT, Can.PROPOSE_POSITION, Can.EDIT_OWN_ACTIONS, Can.WRITE_UPDATE}
    | {Can.COMPLETE_STEPS}
)
CONFIDENTIAL = {Can.READ_EVERYTHING, Can.READ_DRAFT_POSITIONS, Can.READ_NOTES, Can.READ_TRAIL}
ROLES: dict[str, set[Can]] = {
    Role.PUBLIC: PUBLIC,
    Role.READER: READING,
    Role.CONTRIBUTOR: PUBLIC | {Can.USE_DESK, Can.CONTRIBUTE},
    Role.FOCAL_POINT: ANSWERING,
    Role.AUTHORITY: ANSWERING | {Can.VALIDATE_UPDATE},
    Role.COORDINATOR: READING
    | CONFIDENTIAL
    | {Can.SEE_CONTRIBUTORS, Can.IMPORT, Can.EDIT_REGISTER, Can.ASSIGN, Can.EDIT_VOCABULARY, Can.MANAGE_PEOPLE}
    | {Can.EDIT_PLAN, Can.EDIT_OWN_ACTIONS, Can.PUBLISH_UPDATE, Can.RUN_ROUNDS, Can.ASSESS}
    | {Can.ANSWER_CONTRIBUTIONS, Can.EDIT_OBLIGATIONS, Can.EDIT_REPORTS, Can.COMPLETE_STEPS}
    | {Can.RUN_PROCEEDINGS, Can.READ_IDENTITIES, Can.EDIT_NETWORK},
    Role.AUDITOR: READING | CONFIDENTIAL,
    Role.ADMINISTRATOR: set(Can),
}
# Roles in the mechanism itself. All others come with an appointment to an institution, and end with it.
OFFICES = (Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Scope:
    """The institutions and bodies for which an appointment gives a permission; without bodies, all of them."""

    institutions: frozenset[int]
    bodies: frozenset[str] = frozenset()

    def covers(self, bodies: Collection[str]) -> bool:
        """Whether it is for all bodies, or for one of these."""
        return not self.bodies or not self.bodies.isdisjoint(bodies)


def roles_of(user) -> frozenset[str]:
    """The roles that a person has now; a person without a role has the rights of the public."""
    if not (user and user.is_authenticated and user.is_active):
        return frozenset({Role.PUBLIC})
    return user.roles or frozenset({Role.PUBLIC})


def can(user, permission: Can) -> bool:
    return any(permission in ROLES[role] for role in roles_of(user))


def holders(*permissions: Can) -> Callable[..., bool]:
    """A predicate: whether a person has one of these permissions. It ignores the parameters of the address."""
    return lambda user, **_address: any(can(user, permission) for permission in permissions)


def scopes(user, permission: Can) -> list[Scope]:
    """Where this person's appointments give the permission; holders of an office have it everywhere, without a
    scope."""
    if not can(user, permission):
        return []
    return user.scopes_of([role for role, granted in ROLES.items() if permission in granted])


def record_denied(request: HttpRequest, person: AbstractBaseUser) -> None:
    """Record in the trail that a person opened a page without permission."""
    record_refused("page-denied", page=page_name(request), path=request.path, by=person, label=request.path)


def requires(permission: Can) -> Callable:
    """Guard a view: strangers are sent to the log-in; without the permission, the person gets a 403, which is
    recorded."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            if not can(request.user, permission):
                record_denied(request, request.user)
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # -- the tests compare it with their table
        return guarded

    return decorate


PERMISSIONS = {
    Can.READ_PUBLISHED: _("Read published content"),
    Can.USE_DESK: _("Use the desk, saved lists and access keys"),
    Can.READ_INTERNAL: _("Read records that are internal or not yet published"),
    Can.READ_EVERYTHING: _("Read records that are restricted to named institutions"),
    Can.READ_DRAFT_POSITIONS: _("See undecided positions of the State"),
    Can.READ_NOTES: _("Read the internal notes on a record"),
    Can.READ_DIRECTORY: _("See institutions and the people appointed to them"),
    Can.SEE_CONTRIBUTORS: _("See the names of contributors"),
    Can.READ_TRAIL: _("Read the audit trail"),
    Can.IMPORT: _("Import files"),
    Can.EDIT_REGISTER: _("Create, edit, label, split, merge, publish and withdraw records"),
    Can.ASSIGN: _("Assign institutions and deadlines to records"),
    Can.REFUSE_ASSIGNMENT: _("Refuse assignments to one's own institution"),
    Can.PROPOSE_POSITION: _("Propose positions of the State, for one's own institution"),
    Can.EDIT_PLAN: _("Edit plans, actions and indicators"),
    Can.EDIT_OWN_ACTIONS: _("Edit the actions led by one's own institution, and its indicator values"),
    Can.WRITE_UPDATE: _("Write updates for one's own institution"),
    Can.VALIDATE_UPDATE: _("Approve or return updates of one's own institution"),
    Can.PUBLISH_UPDATE: _("Publish or return updates, and enter updates received by letter"),
    Can.EDIT_OBLIGATIONS: _("Enter obligations, their steps, extensions and submissions"),
    Can.EDIT_REPORTS: _("Start reports, assign their sections and write all of them"),
    Can.COMPLETE_STEPS: _("Mark steps of one's own institution towards a deadline as done"),
    Can.RUN_ROUNDS: _("Request information from institutions, send reminders, extend deadlines"),
    Can.ASSESS: _("Enter Government assessments and mechanism assessments"),
    Can.CONTRIBUTE: _("Contribute evidence and assessments"),
    Can.ANSWER_CONTRIBUTIONS: _("Answer contributions"),
    Can.RUN_PROCEEDINGS: _("Enter communications and visits, reply to them, and close them"),
    Can.EDIT_NETWORK: _("Enter profiles of mechanisms and other entries of the network"),
    Can.READ_IDENTITIES: _("Read who the alleged victims are; each reading is recorded"),
    Can.EDIT_VOCABULARY: _("Add taxonomies, terms and bodies"),
    Can.MANAGE_PEOPLE: _("Manage institutions, appointments and invitations"),
    Can.ACCREDIT: _("Enter accreditations; change accredited institutions and the appointments to them"),
    Can.GIVE_ROLES: _("Assign roles in the mechanism, close accounts, erase personal data"),
    Can.EDIT_INSTANCE: _("Edit settings"),
}
