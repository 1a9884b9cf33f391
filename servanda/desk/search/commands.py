"""Pages and actions in the palette and the search, for those who may open them."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.register.global_search import Hit


class Command(NamedTuple):
    label: object
    page: str
    needs: Can | None = None  # None for everybody who is logged in
    arguments: tuple[str, ...] = ()


COMMANDS = [
    Command(_("My desk"), "desk:home", Can.USE_DESK),
    Command(_("Register"), "desk:register", Can.USE_DESK),
    Command(_("Overview"), "desk:overview", Can.USE_DESK),
    Command(_("Follow-up"), "desk:follow_up", Can.READ_INTERNAL),
    Command(_("Updates"), "desk:updates", Can.READ_INTERNAL),
    Command(_("Write an update"), "desk:start_update", Can.WRITE_UPDATE),
    Command(_("The register at a glance"), "desk:brief", Can.READ_INTERNAL),
    Command(_("Changes since my last visit"), "desk:whats_new", Can.READ_INTERNAL),
    Command(_("Notifications"), "people:notifications"),
    Command(_("Add a record"), "desk:create_recommendation", Can.EDIT_REGISTER),
    Command(_("Imports"), "desk:imports", Can.IMPORT),
    Command(_("Institutions"), "people:institutions", Can.READ_DIRECTORY),
    Command(_("Add an institution"), "people:create_institution", Can.MANAGE_PEOPLE),
    Command(_("People"), "people:people", Can.MANAGE_PEOPLE),
    Command(_("Invite a person"), "people:invite_person", Can.MANAGE_PEOPLE),
    Command(_("Vacancies"), "desk:vacancies", Can.MANAGE_PEOPLE),
    Command(_("Import institutions and people"), "desk:send_sheet", Can.MANAGE_PEOPLE, ("people",)),
    Command(_("Vocabulary"), "vocab:vocabulary", Can.USE_DESK),
    Command(_("Bodies"), "vocab:bodies", Can.USE_DESK),
    Command(_("Add a body"), "vocab:add_body", Can.EDIT_VOCABULARY),
    Command(_("Add a taxonomy"), "vocab:add_taxonomy", Can.EDIT_VOCABULARY),
    Command(_("Audit trail"), "people:trail", Can.READ_TRAIL),
    Command(_("Settings"), "people:instance", Can.EDIT_INSTANCE),
    Command(_("Edit settings"), "people:edit_instance", Can.EDIT_INSTANCE),
    Command(_("Roles"), "people:roles", Can.EDIT_INSTANCE),
    Command(_("My account"), "people:own_account"),
    Command(_("Edit my account"), "people:edit_own_account"),
    Command(_("Access keys for programs"), "people:tokens", Can.USE_DESK),
    Command(_("Change password"), "account_change_password"),
    Command(_("Public start page"), "portal:home"),
    Command(_("Public register"), "portal:register"),
    Command(_("Open data and API"), "portal:open_data"),
    Command(_("Glossary"), "portal:glossary"),
    Command(_("Keyboard shortcuts"), "portal:shortcuts"),
    Command(_("About"), "portal:about"),
]


def commands_for(user: User) -> list[Hit]:
    allowed = [command for command in COMMANDS if command.needs is None or can(user, command.needs)]
    return [Hit(command.label, reverse(command.page, args=command.arguments)) for command in allowed]
