from django.urls import URLPattern, path

from servanda.api import views, writing
from servanda.api.answers import published
from servanda.api.description import description

# The first operation at an address names it.
ADDRESSES = {
    next(iter(operations.values()))["operationId"]: {method.upper() for method in operations}
    for operations in description()["paths"].values()
}

app_name = "api"
urlpatterns = [
    path("", views.documentation, name="documentation"),
    path("openapi.json", published(views.openapi, "openapi"), name="openapi"),
    *[
        path(str(pattern.pattern), published(pattern.callback, name, ADDRESSES[name]), name=name)
        for pattern in writing.api.urls[0]
        if isinstance(pattern, URLPattern) and (name := pattern.name) and name in ADDRESSES
    ],
]
