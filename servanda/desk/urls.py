from django.conf import settings
from django.urls import path

from servanda.desk import (
    first_run,
    hand_over_pages,
    imports,
    overview,
    parts,
    people_sheet_urls,
    record_urls,
    register,
    searching,
    vacancies,
    views,
    whats_new,
)

app_name = "desk"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/send/", imports.receive_files, name="receive_files"),
    path("imports/<uuid:key>/", imports.show_import, name="show_import"),
    path("imports/<uuid:key>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:key>/columns/", imports.map_columns, name="map_columns"),
    path("imports/<uuid:key>/rows/", imports.decide_rows, name="decide_rows"),
    path("imports/<uuid:key>/apply/", imports.apply_import, name="apply_import"),
    path("imports/<uuid:key>/undo/", imports.undo_import, name="undo_import"),
    path("imports/<uuid:key>/discard/", imports.discard_import, name="discard_import"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:figure>.svg", overview.chart, name="chart"),
    path("overview/<slug:figure>.csv", overview.figure_table, name="figure_table"),
    path("register/", register.register, name="register"),
    path("register.<str:format>", register.register_export, name="register_export"),
    path("register/<str:code>/panel/", register.record_panel, name="record_panel"),
    path("saved-lists/save/", register.save_view, name="save_view"),
    path("saved-lists/<int:pk>/rename/", register.rename_view, name="rename_view"),
    path("saved-lists/<int:pk>/delete/", register.delete_view, name="delete_view"),
    *record_urls.patterns,
    *people_sheet_urls.patterns,
    path("appointments/<int:pk>/end/", hand_over_pages.end_appointment, name="end_appointment"),
    path("hand-over/<int:pk>/", hand_over_pages.hand_over, name="hand_over"),
    path("hand-over/<int:pk>.<str:format>", hand_over_pages.hand_over_file, name="hand_over_file"),
    path("search/", searching.search, name="search"),
    path("palette/", searching.palette, name="palette"),
    path("whats-new/", whats_new.whats_new, name="whats_new"),
    path("vacancies/", vacancies.vacancies, name="vacancies"),
    path("first-steps/", first_run.fold_first_steps, name="fold_first_steps"),
    path("", views.home, name="home"),
]
if settings.DEBUG:
    urlpatterns.append(path("parts/", parts.parts, name="parts"))
