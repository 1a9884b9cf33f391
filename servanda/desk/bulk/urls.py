"""Addresses of one change for many records."""

from django.urls import path

from servanda.desk.bulk import views

urlpatterns = [
    path("bulk/", views.bulk_edit, name="bulk_edit"),
    path("bulk/<uuid:key>/", views.bulk_result, name="bulk_result"),
    path("bulk/<uuid:key>/progress/", views.bulk_progress, name="bulk_progress"),
    path("bulk/<uuid:key>/continue/", views.continue_bulk, name="continue_bulk"),
    path("bulk/<uuid:key>/undo/", views.undo_bulk, name="undo_bulk"),
]
