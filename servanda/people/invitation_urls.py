from django.urls import path

from servanda.people import invitations

patterns = [
    path("invite/", invitations.invite_person, name="invite_person"),
    path("<int:pk>/invitation/send-again/", invitations.resend_invitation, name="resend_invitation"),
    path("<int:pk>/invitation/revoke/", invitations.revoke_invitation, name="revoke_invitation"),
    path("join/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
]
