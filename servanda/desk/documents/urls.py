"""Addresses of documents that are looked through unit by unit."""

from django.urls import path

from servanda.desk.documents import views

UNIT = "imports/<uuid:key>/units/<int:pk>"
urlpatterns = [
    path("imports/<uuid:key>/units/", views.document_units, name="document_units"),
    path("imports/<uuid:key>/describe/", views.describe_document, name="describe_document"),
    path("imports/<uuid:key>/as-document/", views.read_as_document, name="read_as_document"),
    path("imports/<uuid:key>/recognise/", views.recognise_text, name="recognise_text"),
    path("imports/<uuid:key>/confirm/", views.confirm_units, name="confirm_units"),
    path("imports/<uuid:key>/pages/<int:number>.png", views.page_image, name="page_image"),
    path(f"{UNIT}/edit/", views.edit_unit, name="edit_unit"),
    path(f"{UNIT}/split/", views.split_unit, name="split_unit"),
    path(f"{UNIT}/join/", views.join_unit, name="join_unit"),
    path(f"{UNIT}/drop/", views.drop_unit, name="drop_unit"),
    path(f"{UNIT}/restore/", views.restore_unit, name="restore_unit"),
]
