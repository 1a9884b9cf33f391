"""What each permission lets a person do, in words."""

from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can

PERMISSIONS = {
    Can.USE_DESK: _("Use the desk and keep saved views"),
    Can.READ_INTERNAL: _("Read records that are internal or not yet published"),
    Can.READ_EVERYTHING: _("Read records that are restricted to named institutions"),
    Can.READ_TRAIL: _("Read the trail"),
    Can.IMPORT: _("Import files"),
    Can.EDIT_REGISTER: _("Create, edit, label, split, merge, publish and withdraw records"),
    Can.EDIT_VOCABULARY: _("Add taxonomies, terms and bodies"),
    Can.EDIT_INSTANCE: _("Say whose system this is, and see its people and roles"),
}
