from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("servanda.desk.home.urls")),
    path("", include("servanda.desk.search.urls")),
    path("", include("servanda.desk.news.urls")),
    path("", include("servanda.desk.register.urls")),
    path("", include("servanda.desk.record.urls")),
    path("", include("servanda.desk.bulk.urls")),
    path("", include("servanda.desk.clusters.urls")),
    path("", include("servanda.desk.labels.urls")),
    path("", include("servanda.desk.imports.urls")),
    path("", include("servanda.desk.documents.urls")),
    path("", include("servanda.desk.sheets.urls")),
    path("", include("servanda.desk.assignments.urls")),
    path("", include("servanda.desk.treaties.urls")),
    path("", include("servanda.desk.positions.urls")),
    path("", include("servanda.desk.plans.urls")),
    path("", include("servanda.desk.obligations.urls")),
    path("", include("servanda.desk.reports.urls")),
    path("", include("servanda.desk.indicators.urls")),
    path("", include("servanda.desk.updates.urls")),
    path("", include("servanda.desk.rounds.urls")),
    path("", include("servanda.desk.assessments.urls")),
    path("", include("servanda.desk.contributions.urls")),
    path("", include("servanda.desk.follow_up.urls")),
    path("", include("servanda.desk.hand_over.urls")),
]
