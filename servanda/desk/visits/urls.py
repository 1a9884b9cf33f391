"""Addresses of visits."""

from django.urls import path

from servanda.desk.visits import views

urlpatterns = [
    path("communications/<uuid:key>/visit/", views.set_visit, name="set_visit"),
    path("communications/<uuid:key>/programme/", views.set_programme, name="set_programme"),
    path("communications/<uuid:key>/report/", views.link_report, name="link_report"),
    path("standing-invitation/", views.set_standing_invitation, name="set_standing_invitation"),
]
