"""Commands and pages in the palette and the search, for those who may use them."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from servanda.intake.sheets.kinds import kinds
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.filters.facets import WITHOUT
from servanda.recommendations.register.global_search import Hit


class Command(NamedTuple):
    label: object
    page: str
    needs: Can | None = None  # None for everyone who is logged in
    other_words: object = ""  # by which it is found too, in the language of the interface
    arguments: tuple[str, ...] = ()
    query: str = ""


COMMANDS = [
    Command(
        _("Write an update"),
        "desk:start_update",
        Can.WRITE_UPDATE,
        pgettext_lazy("other words for a command", "new update, report progress, answer a request"),
    ),
    Command(
        _("Record an update on an institution’s behalf"),
        "desk:enter_on_behalf",
        Can.PUBLISH_UPDATE,
        pgettext_lazy("other words for a command", "new update, letter, enter, post, e-mail"),
    ),
    Command(
        _("Contribute"),
        "desk:contribute",
        Can.CONTRIBUTE,
        pgettext_lazy("other words for a command", "new contribution, evidence, rating, information"),
    ),
    Command(
        _("Import a file"),
        "desk:imports",
        Can.IMPORT,
        pgettext_lazy("other words for a command", "upload, document, spreadsheet, Excel, Word, PDF, UHRI, UPR"),
    ),
    Command(
        _("Add a record"),
        "desk:create_recommendation",
        Can.EDIT_REGISTER,
        pgettext_lazy("other words for a command", "new record, new recommendation, create"),
    ),
    Command(
        _("Assign institutions"),
        "desk:register",
        Can.ASSIGN,
        pgettext_lazy("other words for a command", "assign records, lead institution, responsible, supporting"),
        query=f"?lead={WITHOUT}",
    ),
    Command(
        _("Open a round"),
        "desk:open_round",
        Can.RUN_ROUNDS,
        pgettext_lazy("other words for a command", "new round, request updates, ask institutions, questionnaire"),
    ),
    Command(
        _("New communication, visit, case or dialogue"),
        "desk:add_proceeding",
        Can.RUN_PROCEEDINGS,
        pgettext_lazy("other words for a command", "add a letter, allegation letter, urgent appeal, urgent action"),
    ),
    Command(
        _("New obligation"),
        "desk:add_obligation",
        Can.EDIT_OBLIGATIONS,
        pgettext_lazy("other words for a command", "add an obligation, deadline, due, report, reply"),
    ),
    Command(
        _("Add by rules"),
        "desk:add_by_rules",
        Can.EDIT_OBLIGATIONS,
        pgettext_lazy("other words for a command", "add obligations, deadlines of treaties, cycle, compute"),
    ),
    Command(_("Load the list of treaties"), "desk:list_treaties", Can.EDIT_REGISTER),
    Command(
        _("Publish assessments"),
        "desk:publish_assessments",
        Can.ASSESS,
        pgettext_lazy("other words for a command", "assess, implementation status, values"),
    ),
    Command(
        _("New action"),
        "desk:add_action",
        Can.EDIT_OWN_ACTIONS,
        pgettext_lazy("other words for a command", "add an action, create, measure, activity, plan"),
    ),
    Command(
        _("New plan"),
        "desk:add_plan",
        Can.EDIT_PLAN,
        pgettext_lazy("other words for a command", "add a plan, create, action plan, strategy"),
    ),
    Command(
        _("New indicator"),
        "desk:add_indicator",
        Can.EDIT_PLAN,
        pgettext_lazy("other words for a command", "add an indicator, create, measure, target, baseline"),
    ),
    Command(
        _("New cluster"),
        "desk:make_cluster",
        Can.EDIT_REGISTER,
        pgettext_lazy("other words for a command", "add a cluster, create, group records, similar"),
    ),
    Command(
        _("New report"),
        "desk:add_report",
        Can.EDIT_REPORTS,
        pgettext_lazy("other words for a command", "write a report, draft, national report, mid-term, addendum"),
    ),
    Command(_("Add a practice"), "desk:add_practice", Can.EDIT_NETWORK),
    Command(_("Add a mechanism"), "desk:add_profile", Can.EDIT_NETWORK),
    Command(_("Add an agreement"), "desk:add_agreement", Can.EDIT_NETWORK),
    Command(_("Add a meeting"), "desk:add_meeting", Can.EDIT_NETWORK),
    Command(_("Add a commitment"), "desk:add_commitment", Can.EDIT_NETWORK),
    Command(_("Add a course"), "desk:add_course", Can.EDIT_NETWORK),
    Command(
        _("Add peer"),
        "exchange:add_peer",
        Can.IMPORT,
        pgettext_lazy("other words for a command", "other mechanism, exchange, trust, fingerprint, key"),
    ),
    Command(
        _("Receive parcel"),
        "exchange:receive_parcel",
        Can.IMPORT,
        pgettext_lazy("other words for a command", "exchange, ZIP, USB stick, other mechanism"),
    ),
    Command(
        _("Invite a person"),
        "people:invite_person",
        Can.MANAGE_PEOPLE,
        pgettext_lazy("other words for a command", "add a person, new user, account, focal point, appoint"),
    ),
    Command(
        _("Add an institution"),
        "people:create_institution",
        Can.MANAGE_PEOPLE,
        pgettext_lazy("other words for a command", "new institution, create, ministry, agency"),
    ),
    Command(_("Add a body"), "vocab:add_body", Can.EDIT_VOCABULARY),
    Command(_("Add a taxonomy"), "vocab:add_taxonomy", Can.EDIT_VOCABULARY),
    Command(_("Add a treaty"), "vocab:add_instrument", Can.EDIT_VOCABULARY),
    Command(_("Add a spelling of a State"), "vocab:add_spelling", Can.EDIT_VOCABULARY),
    Command(_("Add a scale"), "desk:add_scale", Can.EDIT_VOCABULARY),
    Command(_("Add a rule"), "vocab:add_rule", Can.EDIT_INSTANCE),
    Command(_("Edit settings"), "people:edit_instance", Can.EDIT_INSTANCE),
    Command(_("Edit my account"), "people:edit_own_account"),
    Command(_("Change password"), "account_change_password"),
]
PAGES = [
    Command(_("My desk"), "desk:home", Can.USE_DESK),
    Command(_("Register"), "desk:register", Can.USE_DESK),
    Command(_("Overview"), "desk:overview", Can.USE_DESK),
    Command(_("Obligations"), "desk:obligations", Can.READ_INTERNAL),
    Command(_("Calendar of obligations"), "desk:obligation_calendar", Can.READ_INTERNAL),
    Command(_("Timeline of obligations"), "desk:obligation_timeline", Can.READ_INTERNAL),
    Command(_("Calendar address"), "desk:own_calendar", Can.READ_INTERNAL),
    Command(_("Treaties"), "desk:treaties", Can.READ_INTERNAL),
    Command(_("Questions put to the State"), "desk:questions", Can.READ_INTERNAL),
    Command(_("Follow-up"), "desk:follow_up", Can.READ_INTERNAL),
    Command(_("Scorecard of institutions"), "desk:scorecard", Can.READ_INTERNAL),
    Command(_("Updates"), "desk:updates", Can.READ_INTERNAL),
    Command(_("Communications, visits, cases, dialogues"), "desk:proceedings", Can.READ_INTERNAL),
    Command(_("Requests to my institutions"), "desk:asked", Can.READ_INTERNAL),
    Command(_("Rounds of requests"), "desk:rounds", Can.READ_EVERYTHING),
    Command(_("Actions"), "desk:actions", Can.READ_INTERNAL),
    Command(_("Actions over time"), "desk:action_timeline", Can.READ_INTERNAL),
    Command(_("Measures ordered"), "desk:ordered_measures", Can.READ_INTERNAL),
    Command(_("Plans"), "desk:plans", Can.READ_INTERNAL),
    Command(_("Reports"), "desk:reports", Can.READ_INTERNAL),
    Command(_("Consultations"), "desk:consultations", Can.USE_DESK),
    Command(_("My comments on drafts"), "desk:own_comments", Can.CONTRIBUTE),
    Command(_("Report templates"), "desk:report_templates", Can.READ_INTERNAL),
    Command(_("Word templates"), "desk:word_templates", Can.EDIT_INSTANCE),
    Command(_("Mechanisms"), "desk:mechanisms", Can.READ_INTERNAL),
    Command(_("Map of mechanisms"), "desk:mechanisms_map", Can.READ_INTERNAL),
    Command(_("Evidence for a budget request"), "desk:budget_evidence", Can.READ_INTERNAL),
    Command(_("Practices"), "desk:practices", Can.READ_INTERNAL),
    Command(_("Assistance"), "desk:assistance", Can.READ_INTERNAL),
    Command(_("Cooperation by year"), "desk:assistance_by_year", Can.READ_INTERNAL),
    Command(_("Agreements"), "desk:agreements", Can.READ_INTERNAL),
    Command(_("Commitments"), "desk:commitments", Can.READ_INTERNAL),
    Command(_("Meetings"), "desk:meetings", Can.READ_INTERNAL),
    Command(_("Members"), "desk:members", Can.READ_INTERNAL),
    Command(_("Training"), "desk:training", Can.READ_INTERNAL),
    Command(_("Exercises"), "desk:exercises", Can.READ_INTERNAL),
    Command(_("Rules of the network"), "desk:network_rules", Can.READ_INTERNAL),
    Command(_("Compare mechanisms"), "desk:compare_mechanisms", Can.READ_INTERNAL),
    Command(_("From other mechanisms"), "desk:peer_entries", Can.READ_INTERNAL),
    Command(_("Directory of peers"), "exchange:directory", Can.READ_INTERNAL),
    Command(_("Records of other mechanisms"), "exchange:accepted", Can.READ_INTERNAL),
    Command(_("Search the registers of other mechanisms"), "exchange:search_registers", Can.READ_INTERNAL),
    Command(_("Compare registers"), "exchange:compare_peers", Can.READ_INTERNAL),
    Command(_("Peers"), "exchange:peers", Can.IMPORT),
    Command(_("What is shared"), "exchange:edit_sharing", Can.EDIT_INSTANCE),
    Command(_("Exchange format"), "exchange:formats"),
    Command(_("Check a file"), "exchange:check_file"),
    Command(_("Indicators"), "desk:indicators", Can.READ_INTERNAL),
    Command(_("Assessments"), "desk:assessments", Can.USE_DESK),
    Command(_("Our assessments"), "desk:own_assessments", Can.CONTRIBUTE),
    Command(_("Scales"), "desk:scales", Can.USE_DESK),
    Command(_("Contributions"), "desk:contributions", Can.USE_DESK),
    Command(_("Positions of the State"), "desk:positions", Can.READ_INTERNAL),
    Command(_("Clusters"), "desk:clusters", Can.READ_EVERYTHING),
    Command(_("Proposed clusters"), "desk:cluster_proposals", Can.EDIT_REGISTER),
    Command(_("Suggested labels"), "desk:suggestions", Can.EDIT_REGISTER),
    Command(_("Label suggestion models"), "desk:learned_models", Can.EDIT_REGISTER),
    Command(_("Recommendations made by several States"), "desk:several_states", Can.EDIT_REGISTER),
    Command(_("Usual leads by theme"), "desk:theme_leads", Can.ASSIGN),
    Command(_("The register at a glance"), "desk:brief", Can.READ_INTERNAL),
    Command(_("Changes since my last visit"), "desk:whats_new", Can.READ_INTERNAL),
    Command(_("Notifications"), "people:notifications"),
    Command(_("Imports"), "desk:imports", Can.IMPORT),
    Command(_("Institutions"), "people:institutions", Can.READ_DIRECTORY),
    Command(_("People"), "people:people", Can.MANAGE_PEOPLE),
    Command(_("Vacancies"), "desk:vacancies", Can.MANAGE_PEOPLE),
    Command(_("Vocabulary"), "vocab:vocabulary", Can.USE_DESK),
    Command(_("Bodies"), "vocab:bodies", Can.USE_DESK),
    Command(_("Rules"), "vocab:rules", Can.USE_DESK),
    Command(_("Labels not yet confirmed"), "vocab:unconfirmed", Can.USE_DESK),
    Command(_("Audit trail"), "people:trail", Can.READ_TRAIL),
    Command(_("Settings"), "people:instance", Can.EDIT_INSTANCE),
    Command(_("Roles"), "people:roles", Can.EDIT_INSTANCE),
    Command(_("E-mails not sent"), "desk:unsent_mails", Can.EDIT_INSTANCE),
    Command(_("Clearance steps"), "desk:set_clearance_steps", Can.EDIT_INSTANCE),
    Command(_("Retention of personal data"), "desk:set_retention_periods", Can.EDIT_INSTANCE),
    Command(_("Personal data due for erasure"), "desk:due_for_erasure", Can.READ_IDENTITIES),
    Command(_("Files of obligations due for erasure"), "desk:files_due_for_erasure", Can.EDIT_OBLIGATIONS),
    Command(_("My account"), "people:own_account"),
    Command(_("Access keys for programs"), "people:tokens", Can.USE_DESK),
    Command(_("Public start page"), "portal:home"),
    Command(_("Public register"), "portal:register"),
    Command(_("Open data and API"), "portal:open_data"),
    Command(_("Glossary"), "portal:glossary"),
    Command(_("Keyboard shortcuts"), "portal:shortcuts"),
    Command(_("About"), "portal:about"),
]


def pages_for(user: User) -> list[Command]:
    """With one for each kind of spreadsheet, except answer sheets, which are sent from the page of their request."""
    others = pgettext_lazy("other words for a command", "upload, import, spreadsheet, Excel")
    sheets = [
        Command(kind.title, "desk:send_sheet", kind.permission, others, (kind.code,))
        for kind in kinds()
        if kind.subjects(user) is None
    ]
    return [*PAGES, *sheets]


def offered(commands: Sequence[Command], user: User, words: Sequence[str] = ()) -> list[Hit]:
    """Those that the person may use and that have all these words: first those whose label begins with them, then
    those whose label has them."""
    folded = [fold(word) for word in words]
    hits = [
        Hit(
            command.label,
            reverse(command.page, args=command.arguments) + command.query,
            other_words=command.other_words,
        )
        for command in commands
        if command.needs is None or can(user, command.needs)
    ]
    found = [hit for hit in hits if all(word in fold(f"{hit.label}, {hit.other_words}") for word in folded)]
    return sorted(found, key=lambda hit: distance(fold(str(hit.label)), folded))


def distance(label: str, words: Sequence[str]) -> int:
    if label.startswith(" ".join(words)):
        return 0
    return 1 if all(word in label for word in words) else 2


def fold(text: str) -> str:
    """Without case, accents and vowel marks, as the script of the palette compares."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
