from django.urls import path

from servanda.people import tokens

patterns = [
    path("keys/", tokens.tokens, name="tokens"),
    path("keys/make/", tokens.make_token, name="make_token"),
    path("keys/revoke/", tokens.revoke_tokens, name="revoke_tokens"),
    path("keys/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
]
