from django.urls import path

from servanda.people.invitations import views as invitation_views

patterns = [
    path("invite/", invitation_views.invite_person, name="invite_person"),
    path("<int:pk>/invitation/send-again/", invitation_views.resend_invitation, name="resend_invitation"),
    path("<int:pk>/invitation/revoke/", invitation_views.revoke_invitation, name="revoke_invitation"),
    path("join/<str:token>/", invitation_views.accept_invitation, name="accept_invitation"),
]
