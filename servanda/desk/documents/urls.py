"""Addresses of documents that are looked through unit by unit."""

from django.urls import path

from servanda.desk.documents import views as document_views

UNIT = "imports/<uuid:key>/units/<int:pk>"
patterns = [
    path("imports/<uuid:key>/units/", document_views.document_units, name="document_units"),
    path("imports/<uuid:key>/describe/", document_views.describe_document, name="describe_document"),
    path("imports/<uuid:key>/as-document/", document_views.read_as_document, name="read_as_document"),
    path("imports/<uuid:key>/recognise/", document_views.recognise_text, name="recognise_text"),
    path("imports/<uuid:key>/confirm/", document_views.confirm_units, name="confirm_units"),
    path("imports/<uuid:key>/pages/<int:number>.png", document_views.page_image, name="page_image"),
    path(f"{UNIT}/edit/", document_views.edit_unit, name="edit_unit"),
    path(f"{UNIT}/split/", document_views.split_unit, name="split_unit"),
    path(f"{UNIT}/join/", document_views.join_unit, name="join_unit"),
    path(f"{UNIT}/drop/", document_views.drop_unit, name="drop_unit"),
    path(f"{UNIT}/restore/", document_views.restore_unit, name="restore_unit"),
]
