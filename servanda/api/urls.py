from django.urls import URLPattern, path

from servanda.api import endpoints, views
from servanda.api.answers import published

NOT_OURS = "api-root"  # the page at that address is the documentation

app_name = "api"
urlpatterns = [
    path("", views.documentation, name="documentation"),
    path("openapi.json", published(views.openapi, "openapi"), name="openapi"),
    *[
        path(str(pattern.pattern), published(pattern.callback, name), name=name)
        for pattern in endpoints.api.urls[0]
        if isinstance(pattern, URLPattern) and (name := pattern.name) and name != NOT_OURS
    ],
]
