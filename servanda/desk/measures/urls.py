"""Addresses of measures."""

from django.urls import path

from servanda.desk.measures import views

urlpatterns = [
    path("ordered-measures/", views.ordered_measures, name="ordered_measures"),
    path("register/<str:code>/measure/", views.set_measure_facts, name="set_measure_facts"),
]
