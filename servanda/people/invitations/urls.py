from django.urls import path

from servanda.people.invitations import views

patterns = [
    path("invite/", views.invite_person, name="invite_person"),
    path("<int:pk>/invitation/send-again/", views.resend_invitation, name="resend_invitation"),
    path("<int:pk>/invitation/revoke/", views.revoke_invitation, name="revoke_invitation"),
    path("join/<str:token>/", views.accept_invitation, name="accept_invitation"),
]
