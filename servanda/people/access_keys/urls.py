from django.urls import path

from servanda.people.access_keys import views

patterns = [
    path("keys/", views.tokens, name="tokens"),
    path("keys/make/", views.make_token, name="make_token"),
    path("keys/revoke/", views.revoke_tokens, name="revoke_tokens"),
    path("keys/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
