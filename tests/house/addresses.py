"""The one table of who may ask for what: each address with its methods, the permission it needs, and an example."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.people_sheet import SHAPE as PEOPLE_SHEET
from servanda.people.access import Can
from servanda.people.models import ApiToken, Appointment, HandOver, Institution, Notification, User
from servanda.people.services.invitations import Invited, invite_person
from servanda.people.services.tokens import digest_of
from servanda.planning.models import Assignment
from servanda.recommendations.models import Link, Note, Position, Recommendation, SavedView, Tagging, TextVersion
from servanda.recommendations.services import bulk
from servanda.recommendations.services.bulk_changes import Change
from servanda.vocab.models import Body, Taxonomy, Term
from tests import make

EVERYBODY = "everybody"
KEY = "whose key writes"  # a cookie opens nothing there: a person at the desk is a stranger like any other
LOGGED_IN = "everybody who is logged in"  # pages about oneself, whatever the role
LOOK = frozenset({"GET", "HEAD"})
DO = frozenset({"POST"})
FORM = LOOK | DO
PART = {"hx-request": "true"}  # as htmx asks for a part of a page; without it some lead to the whole page
FILE = "Text,State\nProtect the rights of every person.,SVN\n"

# Names of addresses that are not ours, and why this table does not name their views.
THIRD_PARTY = {
    "account_": "log-in, log-out and passwords are django-allauth's; tests/people looks at them",
    "mfa_": "second factors are django-allauth's; tests/people looks at them",
    "socialaccount_": "what somebody reads who turned back at their identity provider; django-allauth's",
    "openid_connect_": "single sign-on is django-allauth's; tests/people/test_single_sign_on.py walks through it",
    "usersessions_": "the list of sessions is django-allauth's; tests/people looks at it",
    "set_language": "Django's own view; it changes a cookie, and leads back to this site only",
}


@dataclass(slots=True)
class Scene:
    """One of everything that an address can name; all of it may be seen by everybody at the desk."""

    record: Recommendation
    text: TextVersion
    label: Tagging
    former_label: Tagging
    draft: Position
    note: Note
    link: Link
    withdrawn: Recommendation
    merged: Recommendation
    sheet: Batch
    people_sheet: Batch
    change: Batch
    assignment: Assignment
    view: SavedView
    token: ApiToken
    person: User
    invited: Invited
    session: UserSession
    ministry: Institution
    appointment: Appointment
    hand_over: HandOver
    body: Body
    taxonomy: Taxonomy
    term: Term
    notification: Notification


class Address(NamedTuple):
    methods: frozenset[str]
    who: str | Can
    arguments: Callable[[Scene], list] = lambda _there: []

    def url(self, name: str, there: Scene) -> str:
        return reverse(name, args=self.arguments(there))


def of_record(there: Scene) -> list:
    return [there.record.code]


def of_sheet(there: Scene) -> list:
    return [there.sheet.key]


def of_change(there: Scene) -> list:
    return [there.change.key]


def of_text(there: Scene) -> list:
    return [there.record.code, there.text.pk]


def of_label(there: Scene) -> list:
    return [there.record.code, there.label.pk]


def of_position(there: Scene) -> list:
    return [there.record.code, there.draft.pk]


def of_note(there: Scene) -> list:
    return [there.record.code, there.note.pk]


def of_assignment(there: Scene) -> list:
    return [there.record.code, there.assignment.pk]


def of_view(there: Scene) -> list:
    return [there.view.pk]


def of_token(there: Scene) -> list:
    return [there.token.pk]


def of_session(there: Scene) -> list:
    return [there.session.pk]


def of_person(there: Scene) -> list:
    return [there.person.pk]


def of_institution(there: Scene) -> list:
    return [there.ministry.pk]


def of_appointment(there: Scene) -> list:
    return [there.appointment.pk]


def of_hand_over(there: Scene) -> list:
    return [there.hand_over.pk]


def of_body(there: Scene) -> list:
    return [there.body.pk]


def of_taxonomy(there: Scene) -> list:
    return [there.taxonomy.code]


def of_term(there: Scene) -> list:
    return [there.taxonomy.code, there.term.pk]


people_sheets = partial(Address, who=Can.MANAGE_PEOPLE, arguments=lambda there: [there.people_sheet.key])
imports = partial(Address, who=Can.IMPORT, arguments=of_sheet)
deed = partial(Address, who=Can.EDIT_REGISTER, arguments=of_record)
word = partial(Address, who=Can.EDIT_VOCABULARY)
office = partial(Address, who=Can.MANAGE_PEOPLE)

ADDRESSES: dict[str, Address] = {
    "portal:home": Address(LOOK, EVERYBODY),
    "portal:about": Address(LOOK, EVERYBODY),
    "portal:register": Address(LOOK, EVERYBODY),
    "portal:register_export": Address(LOOK, EVERYBODY, lambda _there: ["json"]),
    "portal:recommendation": Address(LOOK, EVERYBODY, of_record),
    "portal:recommendation_panel": Address(LOOK, EVERYBODY, of_record),
    "portal:overview": Address(LOOK, EVERYBODY),
    "portal:chart": Address(LOOK, EVERYBODY, lambda _there: ["body"]),
    "portal:figure_table": Address(LOOK, EVERYBODY, lambda _there: ["body"]),
    "portal:open_data": Address(LOOK, EVERYBODY),
    "portal:search": Address(LOOK, EVERYBODY),
    "portal:palette": Address(LOOK, EVERYBODY),
    "portal:choose_theme": Address(DO, EVERYBODY),
    "portal:shortcuts": Address(LOOK, EVERYBODY),
    "portal:glossary": Address(LOOK, EVERYBODY),
    "portal:languages": Address(LOOK, EVERYBODY),
    "portal:choose_text_language": Address(DO, EVERYBODY),
    "portal:tour": Address(LOOK, EVERYBODY),
    "api:documentation": Address(LOOK, EVERYBODY),
    "api:openapi": Address(LOOK, EVERYBODY),
    "api:recommendations": Address(LOOK, EVERYBODY),
    "api:recommendation": Address(LOOK | {"PATCH"}, EVERYBODY, of_record),
    "api:write_text": Address(frozenset({"PUT"}), KEY, lambda there: [there.record.code, "fr"]),
    "api:publish_recommendation": Address(DO, KEY, lambda there: [there.record.code]),
    "api:unpublish_recommendation": Address(DO, KEY, lambda there: [there.record.code]),
    "api:taxonomies": Address(LOOK, EVERYBODY),
    "api:vocabulary": Address(LOOK, EVERYBODY, of_taxonomy),
    "api:bodies": Address(LOOK, EVERYBODY),
    "api:countries": Address(LOOK, EVERYBODY),
    "desk:home": Address(LOOK, Can.USE_DESK),
    "desk:fold_first_steps": Address(DO, Can.MANAGE_PEOPLE),
    "desk:brief": Address(LOOK, Can.READ_INTERNAL),
    "desk:brief_file": Address(LOOK, Can.READ_INTERNAL),
    "desk:overview": Address(LOOK, Can.USE_DESK),
    "desk:search": Address(LOOK, Can.USE_DESK),
    "desk:palette": Address(LOOK, Can.USE_DESK),
    "desk:chart": Address(LOOK, Can.USE_DESK, lambda _there: ["body"]),
    "desk:figure_table": Address(LOOK, Can.USE_DESK, lambda _there: ["body"]),
    "desk:register": Address(LOOK, Can.USE_DESK),
    "desk:register_export": Address(LOOK, Can.USE_DESK, lambda _there: ["csv"]),
    "desk:register_matrix": Address(LOOK, Can.READ_INTERNAL, lambda _there: ["xlsx"]),
    "desk:record": Address(LOOK, Can.USE_DESK, of_record),
    "desk:record_panel": Address(LOOK, Can.USE_DESK, of_record),
    "desk:record_history": Address(LOOK, Can.READ_INTERNAL, of_record),
    "desk:record_as_of": Address(LOOK, Can.READ_INTERNAL, of_record),
    "desk:add_note": deed(FORM),
    "desk:withdraw_note": Address(DO, Can.READ_NOTES, of_note),
    "desk:restore_note": Address(DO, Can.READ_NOTES, of_note),
    "desk:save_view": Address(DO, Can.USE_DESK),
    "desk:rename_view": Address(DO, Can.USE_DESK, of_view),
    "desk:delete_view": Address(DO, Can.USE_DESK, of_view),
    "desk:restore_view": Address(DO, Can.USE_DESK),
    "desk:imports": Address(LOOK, Can.IMPORT),
    "desk:receive_files": Address(DO, Can.IMPORT),
    "desk:show_import": imports(LOOK),
    "desk:import_progress": imports(LOOK),
    "desk:map_columns": imports(FORM),
    "desk:decide_rows": imports(DO),
    "desk:apply_import": imports(DO),
    "desk:undo_import": imports(DO),
    "desk:discard_import": imports(DO),
    "desk:bulk_edit": Address(DO, Can.EDIT_REGISTER),
    "desk:bulk_result": deed(LOOK, arguments=of_change),
    "desk:bulk_progress": deed(LOOK, arguments=of_change),
    "desk:continue_bulk": deed(DO, arguments=of_change),
    "desk:undo_bulk": deed(DO, arguments=of_change),
    "desk:create_recommendation": Address(FORM, Can.EDIT_REGISTER),
    "desk:edit_recommendation": deed(FORM),
    "desk:publish_recommendation": deed(DO),
    "desk:unpublish_recommendation": deed(DO),
    "desk:write_text": deed(FORM),
    "desk:end_text": deed(FORM, arguments=of_text),
    "desk:add_labels": deed(FORM),
    "desk:confirm_label": deed(DO, arguments=of_label),
    "desk:remove_label": deed(DO, arguments=of_label),
    "desk:restore_label": deed(DO, arguments=lambda there: [there.record.code, there.former_label.pk]),
    "desk:add_position": deed(FORM),
    "desk:decide_position": deed(FORM, arguments=of_position),
    "desk:end_position": deed(FORM, arguments=of_position),
    "desk:link_recommendations": deed(DO),
    "desk:unlink_recommendations": deed(DO, arguments=lambda there: [there.record.code, there.link.pk]),
    "desk:withdraw_recommendation": deed(FORM),
    "desk:restore_recommendation": deed(DO, arguments=lambda there: [there.withdrawn.code]),
    "desk:split_recommendation": deed(FORM),
    "desk:merge_recommendations": deed(FORM),
    "desk:unmerge_recommendation": deed(DO, arguments=lambda there: [there.merged.code]),
    "desk:assign_institutions": Address(FORM, Can.ASSIGN, of_record),
    "desk:end_assignment": Address(FORM, Can.ASSIGN, of_assignment),
    "desk:refuse_assignment": Address(FORM, Can.REFUSE_ASSIGNMENT, of_assignment),
    "desk:assign_in_bulk": Address(DO, Can.ASSIGN),
    "vocab:vocabulary": Address(LOOK, Can.USE_DESK),
    "vocab:taxonomy": Address(LOOK, Can.USE_DESK, of_taxonomy),
    "vocab:bodies": Address(LOOK, Can.USE_DESK),
    "vocab:unconfirmed": Address(LOOK, Can.USE_DESK),
    "vocab:confirm_labels": word(DO),
    "vocab:add_body": word(FORM),
    "vocab:edit_body": word(FORM, arguments=of_body),
    "vocab:delete_body": word(FORM, arguments=of_body),
    "vocab:add_spelling": word(FORM),
    "vocab:add_taxonomy": word(FORM),
    "vocab:edit_taxonomy": word(FORM, arguments=of_taxonomy),
    "vocab:delete_taxonomy": word(FORM, arguments=of_taxonomy),
    "vocab:paste_terms": word(FORM, arguments=of_taxonomy),
    "vocab:add_term": word(FORM, arguments=of_taxonomy),
    "vocab:edit_term": word(FORM, arguments=of_term),
    "vocab:delete_term": word(FORM, arguments=of_term),
    "people:people": Address(LOOK, Can.MANAGE_PEOPLE),
    "people:person": Address(LOOK, Can.MANAGE_PEOPLE, of_person),
    "people:change_role": Address(FORM, Can.GIVE_ROLES, of_person),
    "people:close_account": Address(FORM, Can.GIVE_ROLES, of_person),
    "people:let_back_in": Address(DO, Can.GIVE_ROLES, of_person),
    "people:unlink_single_sign_on": Address(DO, Can.GIVE_ROLES, of_person),
    "people:personal_data": Address(LOOK, Can.GIVE_ROLES, of_person),
    "people:erase_person": Address(FORM, Can.GIVE_ROLES, of_person),
    "people:invite_person": Address(FORM, Can.MANAGE_PEOPLE),
    "people:resend_invitation": Address(DO, Can.MANAGE_PEOPLE, lambda there: [there.invited.invitation.person_id]),
    "people:revoke_invitation": Address(DO, Can.MANAGE_PEOPLE, lambda there: [there.invited.invitation.person_id]),
    "people:accept_invitation": Address(FORM, EVERYBODY, lambda there: [there.invited.link.split("/")[-2]]),
    "people:own_account": Address(LOOK, LOGGED_IN),
    "people:edit_own_account": Address(FORM, LOGGED_IN),
    "people:own_personal_data": Address(LOOK, LOGGED_IN),
    "people:notifications": Address(LOOK, LOGGED_IN),
    "people:read_notification": Address(DO, LOGGED_IN, lambda there: [there.notification.pk]),
    "people:read_notifications": Address(DO, LOGGED_IN),
    "desk:vacancies": office(LOOK),
    "desk:end_appointment": office(FORM, arguments=of_appointment),
    "desk:hand_over": Address(LOOK, LOGGED_IN, of_hand_over),
    "desk:hand_over_file": Address(LOOK, LOGGED_IN, lambda there: [there.hand_over.pk, "docx"]),
    "desk:whats_new": Address(LOOK, Can.READ_INTERNAL),
    "people:institutions": Address(LOOK, Can.READ_DIRECTORY),
    "people:institution": Address(LOOK, Can.READ_DIRECTORY, of_institution),
    "people:create_institution": office(FORM),
    "people:edit_institution": office(FORM, arguments=of_institution),
    "people:close_institution": office(FORM, arguments=of_institution),
    "people:succeed_institution": office(FORM, arguments=of_institution),
    "people:reopen_institution": office(DO, arguments=of_institution),
    "people:appoint_person": office(FORM, arguments=of_institution),
    "people:edit_appointment": office(FORM, arguments=of_appointment),
    "people:reopen_appointment": office(DO, arguments=of_appointment),
    "desk:people_sheets": Address(LOOK, Can.MANAGE_PEOPLE),
    "desk:send_people_sheet": Address(DO, Can.MANAGE_PEOPLE),
    "desk:people_sheet_template": Address(LOOK, Can.MANAGE_PEOPLE),
    "desk:export_people": Address(LOOK, Can.MANAGE_PEOPLE, lambda _there: ["all.xlsx"]),
    "desk:people_sheet": people_sheets(LOOK),
    "desk:people_sheet_progress": people_sheets(LOOK),
    "desk:apply_people_sheet": people_sheets(DO),
    "desk:undo_people_sheet": people_sheets(DO),
    "desk:discard_people_sheet": people_sheets(DO),
    "people:instance": Address(LOOK, Can.EDIT_INSTANCE),
    "people:edit_instance": Address(FORM, Can.EDIT_INSTANCE),
    "people:roles": Address(LOOK, Can.EDIT_INSTANCE),
    "people:trail": Address(LOOK, Can.READ_TRAIL),
    "people:trail_export": Address(LOOK, Can.READ_TRAIL, lambda _there: ["csv"]),
    "people:activity_of_object": Address(
        LOOK, Can.READ_TRAIL, lambda there: ["recommendations.recommendation", there.record.pk]
    ),
    "people:activity_of_person": Address(LOOK, Can.READ_TRAIL, lambda there: [there.person.pk]),
    "people:activity_of_institution": Address(LOOK, Can.READ_TRAIL, of_institution),
    "people:tokens": Address(LOOK, Can.USE_DESK),
    "people:make_token": Address(FORM, Can.USE_DESK),
    "people:revoke_token": Address(DO, Can.USE_DESK, of_token),
    "people:end_session": Address(DO, Can.USE_DESK, of_session),
    "people:end_sessions": Address(DO, Can.USE_DESK),
}


def our_patterns(patterns: list | None = None, room: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the house by its full name, without those of third parties."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLPattern):
            yield from our_patterns(pattern.url_patterns, pattern.namespace or room)
            continue
        name = f"{room}:{pattern.name}" if room else str(pattern.name)
        if not name.startswith(tuple(THIRD_PARTY)):
            yield name, pattern


def public_addresses() -> dict[str, Address]:
    return {name: address for name, address in ADDRESSES.items() if address.who == EVERYBODY}


def set_scene(owner: User | None = None) -> Scene:
    """Rows for every address; the saved list is that of the person who will knock."""
    by = make.user("coordinator")
    record, other = make.recommendation(), make.recommendation()
    withdrawn = make.recommendation(withdrawn_at=timezone.now(), withdrawn_reason="Printed twice.")
    merged = make.recommendation(merged_into=other)
    Batch.objects.create(shape="merge", name=merged.code, state=Batch.State.APPLIED, created_by=by)
    term = make.term("Health", taxonomy="national-plan")
    change = bulk.start_bulk(change=Change("unpublish"), records=Recommendation.objects.filter(pk=other.pk), by=by)
    return Scene(
        record=record,
        text=TextVersion.objects.create(recommendation=record, language="fr", text="Protéger les droits."),
        label=Tagging.objects.create(recommendation=record, term=term, origin="machine", confidence=0.6),
        former_label=Tagging.objects.create(
            recommendation=record, term=make.term("Housing", taxonomy="national-plan"), ended_at=timezone.now()
        ),
        draft=Position.objects.create(recommendation=record, stand="noted", is_draft=True),
        note=Note.objects.create(recommendation=record, author=by, text="Ask the ministry."),
        link=Link.objects.create(from_recommendation=record, to_recommendation=other, relation="repeats"),
        withdrawn=withdrawn,
        merged=merged,
        sheet=sent_sheet(by),
        people_sheet=Batch.objects.create(shape=PEOPLE_SHEET, name="people.csv", created_by=by, sha256="1" * 64),
        change=change,
        assignment=make.assignment(record, make.institution("ministry"), assigned_by=by),
        view=SavedView.objects.create(owner=owner or by, name="Mine", query="?kind=pledge"),
        token=ApiToken.objects.get(digest=digest_of(make.token(owner or by))),
        session=UserSession.objects.create(user=owner or by, ip="192.0.2.1", session_key="elsewhere"),
        person=make.user(),
        invited=invite_person(email="invited@example.org", name="Invited", by=by),
        ministry=(ministry := make.institution("ministry")),
        appointment=make.appointment(make.user(), ministry, "alternate", end=date(2099, 12, 31)),
        hand_over=HandOver.objects.create(
            appointment=make.appointment(make.user(), ministry, end=date(2026, 2, 1)), to=owner or by
        ),
        body=make.body("ACERWC", "monitoring"),
        taxonomy=term.taxonomy,
        term=term,
        notification=Notification.objects.create(
            person=owner or by,
            kind=Notification.Kind.ROLE_CHANGED,
            object_type="people.user",
            object_id=(owner or by).pk,
            created_at=timezone.now(),
        ),
    )


def sent_sheet(by: User) -> Batch:
    batch = Batch(shape="sheet", name="list.csv", state=Batch.State.PREVIEWED, created_by=by, sha256="0" * 64)
    batch.file.save(f"{batch.key}/list.csv", ContentFile(FILE), save=False)
    batch.save()
    return batch
