"""Addresses of measures."""

from django.urls import path, re_path

from servanda.desk.measures import views

urlpatterns = [
    path("ordered-measures/", views.ordered_measures, name="ordered_measures"),
    re_path(
        r"^ordered-measures\.(?P<format>csv|xlsx|json)$",
        views.ordered_measures_export,
        name="ordered_measures_export",
    ),
    path("register/<str:code>/measure/", views.set_measure_facts, name="set_measure_facts"),
]
