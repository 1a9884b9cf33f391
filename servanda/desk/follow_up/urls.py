"""Addresses of the dashboards of follow-up."""

from django.urls import path

from servanda.desk.follow_up import scorecard, views

urlpatterns = [
    path("follow-up/", views.follow_up, name="follow_up"),
    path("follow-up.xlsx", views.follow_up_file, name="follow_up_file"),
    path("follow-up/institutions/", scorecard.scorecard, name="scorecard"),
    path("follow-up/institutions.xlsx", scorecard.scorecard_file, name="scorecard_file"),
    path("follow-up/<int:pk>/records/<str:number>/", scorecard.scorecard_records, name="scorecard_records"),
    path("follow-up/<int:pk>/", views.institution_follow_up, name="institution_follow_up"),
    path("follow-up/<int:pk>.xlsx", views.institution_follow_up_file, name="institution_follow_up_file"),
]
