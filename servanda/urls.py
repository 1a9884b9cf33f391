from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("servanda.portal.urls")),
    path("desk/", include("servanda.desk.urls")),
    path("vocabulary/", include("servanda.vocab.urls")),
    path("people/", include("servanda.people.urls")),
    path("api/v1/", include("servanda.api.urls")),
    path("account/", include("allauth.account.urls")),
    path("language/", set_language, name="set_language"),
]
