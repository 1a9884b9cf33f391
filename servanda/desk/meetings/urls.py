"""Addresses of meetings."""

from django.urls import path, re_path

from servanda.desk.meetings import contents, editing, invitations, views

urlpatterns = [
    path("network/meetings/", views.meetings, name="meetings"),
    re_path(r"^meetings\.(?P<format>csv|xlsx)$", views.meetings_export, name="meetings_export"),
    path(
        "network/meetings/<uuid:key>/register/",
        invitations.register_for_meeting,
        name="register_for_meeting",
    ),
    path(
        "network/meetings/<uuid:key>/withdraw-registration/",
        invitations.withdraw_from_meeting,
        name="withdraw_from_meeting",
    ),
    path(
        "network/meetings/<uuid:key>/restore-registration/",
        invitations.restore_own_registration,
        name="restore_own_registration",
    ),
    path(
        "network/meetings/<uuid:key>/invitations/",
        invitations.meeting_invitations,
        name="meeting_invitations",
    ),
    path(
        "network/meetings/<uuid:key>/new-invitation/",
        invitations.invite_to_meeting,
        name="invite_to_meeting",
    ),
    path(
        "network/invitations/<int:pk>/resend/",
        invitations.resend_meeting_invitation,
        name="resend_meeting_invitation",
    ),
    path(
        "network/invitations/<int:pk>/revoke/",
        invitations.revoke_meeting_invitation,
        name="revoke_meeting_invitation",
    ),
    path(
        "network/invitations/<int:pk>/restore/",
        invitations.restore_meeting_invitation,
        name="restore_meeting_invitation",
    ),
    path("network/new-meeting/", editing.add_meeting, name="add_meeting"),
    path("network/meetings/<uuid:key>/", views.meeting, name="meeting"),
    path("network/meetings/<uuid:key>/print/", views.meeting_sheet, name="meeting_sheet"),
    path("network/meetings/<uuid:key>/meeting.ics", views.meeting_calendar, name="meeting_calendar"),
    path("network/meetings/<uuid:key>/edit/", editing.edit_meeting, name="edit_meeting"),
    path("network/meetings/<uuid:key>/agenda/", editing.set_agenda, name="set_agenda"),
    path("network/meetings/<uuid:key>/cancel/", editing.cancel_meeting, name="cancel_meeting"),
    path("network/meetings/<uuid:key>/restore/", editing.restore_meeting, name="restore_meeting"),
    path("network/meetings/<uuid:key>/participants/", views.meeting_participants, name="meeting_participants"),
    re_path(
        r"^network/meetings/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/participants\.(?P<format>csv|xlsx)$",
        views.meeting_participants_export,
        name="meeting_participants_export",
    ),
    path(
        "network/meetings/<uuid:key>/new-participant/",
        editing.register_participant,
        name="register_participant",
    ),
    path("network/participants/<int:pk>/edit/", editing.edit_participant, name="edit_participant"),
    path("network/participants/<int:pk>/withdraw/", editing.withdraw_participant, name="withdraw_participant"),
    path("network/participants/<int:pk>/restore/", editing.restore_participant, name="restore_participant"),
    path("network/meetings/<uuid:key>/new-paper/", contents.add_paper, name="add_paper"),
    path("network/papers/<uuid:key>/", views.meeting_paper, name="meeting_paper"),
    path("network/papers/<uuid:key>/withdraw/", contents.withdraw_paper, name="withdraw_paper"),
    path("network/papers/<uuid:key>/restore/", contents.restore_paper, name="restore_paper"),
    path("network/meetings/<uuid:key>/minutes/", views.meeting_minutes, name="meeting_minutes"),
    path("network/meetings/<uuid:key>/minutes/edit/", contents.write_minutes, name="write_minutes"),
    path("network/meetings/<uuid:key>/minutes/adopt/", contents.adopt_minutes, name="adopt_minutes"),
    path("network/meetings/<uuid:key>/minutes/reopen/", contents.reopen_minutes, name="reopen_minutes"),
    path("network/meetings/<uuid:key>/new-decision/", contents.add_decision, name="add_decision"),
    path("network/decisions/<int:pk>/edit/", contents.edit_decision, name="edit_decision"),
    path("network/decisions/<int:pk>/withdraw/", contents.withdraw_decision, name="withdraw_decision"),
    path("network/decisions/<int:pk>/restore/", contents.restore_decision, name="restore_decision"),
    path("network/decisions/<int:pk>/commitment/", contents.make_commitment, name="make_commitment"),
    path("network/decisions/<int:pk>/commitment/undo/", contents.undo_commitment, name="undo_commitment"),
]
