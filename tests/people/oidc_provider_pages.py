"""The pages of the identity provider for tests; imported in its process only."""

from allauth.account.models import EmailAddress
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from tests.people.oidc_provider import TROUBLE

WRONG = {"iss": "https://elsewhere.example.org", "aud": "another client", "nonce": "of another log-in", "exp": 1}


class Troublesome(DefaultOIDCAdapter):
    def populate_id_token(self, id_token: dict, client, scopes, **_rest) -> None:
        trouble = TROUBLE[User.objects.get(pk=id_token["sub"]).email]
        if trouble in WRONG:
            id_token[trouble] = WRONG[trouble]

    def get_claims(self, purpose: str, user: User, client, scopes, email: str | None = None, **_rest) -> dict:
        claims = super().get_claims(purpose, user, client, scopes, email, **_rest)
        if purpose == "userinfo" and TROUBLE[user.email] == "sub":
            claims["sub"] = "somebody else"
        return claims


def log_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        address = EmailAddress.objects.get(email=request.POST["address"])
        login(request, address.user, "django.contrib.auth.backends.ModelBackend")
        return redirect(request.GET["next"])
    return HttpResponse('<form method="post"><input name="address"><button>Log in</button></form>')


urlpatterns = [path("log-in/", log_in), path("", include("allauth.idp.urls"))]
