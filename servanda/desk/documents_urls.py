"""Addresses of documents that are looked through unit by unit."""

from django.urls import path

from servanda.desk import documents

UNIT = "imports/<uuid:key>/units/<int:pk>"
patterns = [
    path("imports/<uuid:key>/units/", documents.document_units, name="document_units"),
    path("imports/<uuid:key>/describe/", documents.describe_document, name="describe_document"),
    path("imports/<uuid:key>/as-document/", documents.read_as_document, name="read_as_document"),
    path("imports/<uuid:key>/recognise/", documents.recognise_text, name="recognise_text"),
    path("imports/<uuid:key>/confirm/", documents.confirm_units, name="confirm_units"),
    path("imports/<uuid:key>/pages/<int:number>.png", documents.page_image, name="page_image"),
    path(f"{UNIT}/edit/", documents.edit_unit, name="edit_unit"),
    path(f"{UNIT}/split/", documents.split_unit, name="split_unit"),
    path(f"{UNIT}/join/", documents.join_unit, name="join_unit"),
    path(f"{UNIT}/drop/", documents.drop_unit, name="drop_unit"),
    path(f"{UNIT}/restore/", documents.restore_unit, name="restore_unit"),
]
