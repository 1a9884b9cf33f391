"""What each permission lets a person do, in words."""

from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can

PERMISSIONS = {
    Can.READ_PUBLISHED: _("Read what is published"),
    Can.USE_DESK: _("Use the desk, keep saved lists and access keys"),
    Can.READ_INTERNAL: _("Read records that are internal or not yet published"),
    Can.READ_EVERYTHING: _("Read records that are restricted to named institutions"),
    Can.READ_DRAFT_POSITIONS: _("See positions of the State that are not decided yet"),
    Can.READ_NOTES: _("Read the internal notes on a record"),
    Can.READ_DIRECTORY: _("See institutions and who answers for them"),
    Can.SEE_CONTRIBUTORS: _("See the names of contributors"),
    Can.READ_TRAIL: _("Read the trail"),
    Can.IMPORT: _("Import files"),
    Can.EDIT_REGISTER: _("Create, edit, label, split, merge, publish and withdraw records"),
    Can.ASSIGN: _("Say which institutions answer for a record, and until when"),
    Can.REFUSE_ASSIGNMENT: _("Refuse what was assigned to one's own institution"),
    Can.PROPOSE_POSITION: _("Propose where the State should stand, for one's own institution"),
    Can.EDIT_PLAN: _("Edit plans, actions and indicators"),
    Can.EDIT_OWN_ACTIONS: _("Edit the actions that one's own institution leads, and the values that it keeps"),
    Can.WRITE_UPDATE: _("Write what one's own institution did"),
    Can.VALIDATE_UPDATE: _("Approve or return what one's own institution says"),
    Can.PUBLISH_UPDATE: _("Publish or return what institutions say, and enter what came by letter"),
    Can.RUN_ROUNDS: _("Ask institutions for input, remind them, give more time"),
    Can.ASSESS: _("Assess for the government, and enter what the mechanism found"),
    Can.CONTRIBUTE: _("Contribute evidence and ratings"),
    Can.ANSWER_CONTRIBUTIONS: _("Answer contributions"),
    Can.EDIT_VOCABULARY: _("Add taxonomies, terms and bodies"),
    Can.MANAGE_PEOPLE: _("Manage institutions, appointments and invitations"),
    Can.ACCREDIT: _("Enter accreditations; change accredited institutions and the appointments to them"),
    Can.GIVE_ROLES: _("Give roles in the mechanism, close accounts, erase personal data"),
    Can.EDIT_INSTANCE: _("Say whose system this is"),
}
