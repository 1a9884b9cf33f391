from allauth.socialaccount.views import login_cancelled
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from servanda.exchange.sharing.views import exchange_keys

urlpatterns = [
    path("desk/", include("servanda.desk.urls")),
    path("vocabulary/", include("servanda.vocab.urls")),
    path("people/", include("servanda.people.urls")),
    path("api/v1/", include("servanda.api.urls")),
    path("exchange/", include("servanda.exchange.urls")),
    path(".well-known/servanda-exchange.json", exchange_keys, name="exchange_keys"),
    path("account/", include("servanda.people.log_in.allauth_urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/single-sign-on/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    # A choice of language harms no one, and without a token the public pages need no cookie.
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("", include("servanda.portal.urls")),
]
handler500 = "servanda.kit.server.full_disk.server_error"
