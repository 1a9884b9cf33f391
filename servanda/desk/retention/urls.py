"""Addresses of the retention of personal data."""

from django.urls import path

from servanda.desk.retention import views

urlpatterns = [
    path("retention-periods/", views.set_retention_periods, name="set_retention_periods"),
    path("due-for-erasure/", views.due_for_erasure, name="due_for_erasure"),
    path("due-for-erasure/erase/", views.erase_personal_data, name="erase_personal_data"),
    path("communications/<uuid:key>/hold/", views.place_legal_hold, name="place_legal_hold"),
    path("communications/<uuid:key>/release/", views.release_legal_hold, name="release_legal_hold"),
]
