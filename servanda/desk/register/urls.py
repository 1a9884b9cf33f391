"""Addresses of the list of records, its files, saved lists and figures."""

from django.urls import path, re_path

from servanda.desk.register import overview, views

urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:figure>.svg", overview.chart, name="chart"),
    path("overview/<slug:figure>.csv", overview.figure_table, name="figure_table"),
    path("register/", views.register, name="register"),
    path("register.<str:format>", views.register_export, name="register_export"),
    path("register/<str:code>/panel/", views.record_panel, name="record_panel"),
    path("saved-lists/save/", views.save_view, name="save_view"),
    path("saved-lists/<int:pk>/rename/", views.rename_view, name="rename_view"),
    path("saved-lists/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path("saved-lists/restore/", views.restore_view, name="restore_view"),
    path("machine-labels/", views.choose_machine_labels, name="choose_machine_labels"),
    re_path(r"^register-matrix\.(?P<format>docx|xlsx)$", views.register_matrix, name="register_matrix"),
]
