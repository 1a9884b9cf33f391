"""Addresses of files that are imported."""

from django.urls import path

from servanda.desk.imports import mapping, unknown_names, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/send/", views.receive_files, name="receive_files"),
    path("imports/<uuid:key>/", views.show_import, name="show_import"),
    path("imports/<uuid:key>/progress/", views.import_progress, name="import_progress"),
    path("imports/<uuid:key>/columns/", mapping.map_columns, name="map_columns"),
    path("imports/<uuid:key>/columns/<int:position>/", mapping.map_sheet_columns, name="map_sheet_columns"),
    path("imports/<uuid:key>/sheet/", mapping.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:key>/values/", mapping.map_values, name="map_values"),
    path("imports/<uuid:key>/check/", views.preview_again, name="preview_again"),
    path("imports/<uuid:key>/state/", views.assume_country, name="assume_country"),
    path("imports/<uuid:key>/dates/", views.set_date_order, name="set_date_order"),
    path("imports/<uuid:key>/comments/", views.take_comments, name="take_comments"),
    path("imports/<uuid:key>/rows/", views.decide_rows, name="decide_rows"),
    path("imports/<uuid:key>/names/", unknown_names.use_names, name="use_names"),
    path("imports/<uuid:key>/group/", views.decide_group, name="decide_group"),
    path("imports/<uuid:key>/apply/", views.apply_import, name="apply_import"),
    path("imports/<uuid:key>/undo/", views.undo_import, name="undo_import"),
    path("imports/<uuid:key>/discard/", views.discard_import, name="discard_import"),
]
