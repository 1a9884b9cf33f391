from django.urls import path

from servanda.people.access_keys import views as access_key_views

patterns = [
    path("keys/", access_key_views.tokens, name="tokens"),
    path("keys/make/", access_key_views.make_token, name="make_token"),
    path("keys/revoke/", access_key_views.revoke_tokens, name="revoke_tokens"),
    path("keys/<int:pk>/revoke/", access_key_views.revoke_token, name="revoke_token"),
]
