from django.urls import path

from servanda.desk.assessments import urls as assessment_urls
from servanda.desk.clusters import urls as cluster_urls
from servanda.desk.contributions import urls as contribution_urls
from servanda.desk.documents import urls as document_urls
from servanda.desk.follow_up import urls as follow_up_urls
from servanda.desk.hand_over import vacancies
from servanda.desk.hand_over import views as hand_over_views
from servanda.desk.home import brief_views, first_steps
from servanda.desk.home import views as home_views
from servanda.desk.imports import mapping, unknown_names
from servanda.desk.imports import views as import_views
from servanda.desk.indicators import urls as indicator_urls
from servanda.desk.labels import urls as label_urls
from servanda.desk.news import views as news_views
from servanda.desk.plans import urls as plan_urls
from servanda.desk.positions import urls as position_urls
from servanda.desk.record import urls as record_urls
from servanda.desk.register import overview
from servanda.desk.register import views as register_views
from servanda.desk.rounds import urls as round_urls
from servanda.desk.search import views as search_views
from servanda.desk.sheets import urls as sheet_urls
from servanda.desk.updates import urls as update_urls

app_name = "desk"
urlpatterns = [
    path("imports/", import_views.imports, name="imports"),
    path("imports/send/", import_views.receive_files, name="receive_files"),
    path("imports/<uuid:key>/", import_views.show_import, name="show_import"),
    path("imports/<uuid:key>/progress/", import_views.import_progress, name="import_progress"),
    path("imports/<uuid:key>/columns/", mapping.map_columns, name="map_columns"),
    path("imports/<uuid:key>/columns/<int:position>/", mapping.map_sheet_columns, name="map_sheet_columns"),
    path("imports/<uuid:key>/sheet/", mapping.choose_sheet, name="choose_sheet"),
    path("imports/<uuid:key>/values/", mapping.map_values, name="map_values"),
    path("imports/<uuid:key>/check/", import_views.preview_again, name="preview_again"),
    path("imports/<uuid:key>/state/", import_views.assume_country, name="assume_country"),
    path("imports/<uuid:key>/rows/", import_views.decide_rows, name="decide_rows"),
    path("imports/<uuid:key>/names/", unknown_names.use_names, name="use_names"),
    path("imports/<uuid:key>/group/", import_views.decide_group, name="decide_group"),
    path("imports/<uuid:key>/apply/", import_views.apply_import, name="apply_import"),
    path("imports/<uuid:key>/undo/", import_views.undo_import, name="undo_import"),
    path("imports/<uuid:key>/discard/", import_views.discard_import, name="discard_import"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:figure>.svg", overview.chart, name="chart"),
    path("overview/<slug:figure>.csv", overview.figure_table, name="figure_table"),
    path("register/", register_views.register, name="register"),
    path("register.<str:format>", register_views.register_export, name="register_export"),
    path("register/<str:code>/panel/", register_views.record_panel, name="record_panel"),
    path("saved-lists/save/", register_views.save_view, name="save_view"),
    path("saved-lists/<int:pk>/rename/", register_views.rename_view, name="rename_view"),
    path("saved-lists/<int:pk>/delete/", register_views.delete_view, name="delete_view"),
    path("saved-lists/restore/", register_views.restore_view, name="restore_view"),
    *record_urls.patterns,
    *cluster_urls.patterns,
    *update_urls.patterns,
    *position_urls.patterns,
    *sheet_urls.patterns,
    *document_urls.patterns,
    *plan_urls.patterns,
    *round_urls.patterns,
    *assessment_urls.patterns,
    *contribution_urls.patterns,
    *indicator_urls.patterns,
    *follow_up_urls.patterns,
    *label_urls.patterns,
    path("appointments/<int:pk>/end/", hand_over_views.end_appointment, name="end_appointment"),
    path("hand-over/<int:pk>/", hand_over_views.hand_over, name="hand_over"),
    path("hand-over/<int:pk>.<str:format>", hand_over_views.hand_over_file, name="hand_over_file"),
    path("search/", search_views.search, name="search"),
    path("palette/", search_views.palette, name="palette"),
    path("whats-new/", news_views.whats_new, name="whats_new"),
    path("vacancies/", vacancies.vacancies, name="vacancies"),
    path("machine-labels/", register_views.choose_machine_labels, name="choose_machine_labels"),
    path("first-steps/", first_steps.fold_first_steps, name="fold_first_steps"),
    path("brief/", brief_views.brief, name="brief"),
    path("brief.pdf", brief_views.brief_file, name="brief_file"),
    path("", home_views.home, name="home"),
]
