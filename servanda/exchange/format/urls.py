from django.urls import path

from servanda.exchange.format import views

urlpatterns = [
    path("", views.formats, name="formats"),
    path("check/", views.check_file, name="check_file"),
    path("schemas/<slug:kind>.json", views.kind_schema, name="kind_schema"),
    path("uhri.<slug:format>", views.uhri_export, name="uhri_export"),
    path("<slug:kind>.jsonld", views.published_file, name="published_file"),
    path("<slug:kind>/<str:code>", views.published_object, name="published_object"),
]
