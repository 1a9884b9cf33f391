"""Addresses of the dashboards of follow-up."""

from django.urls import path

from servanda.desk.follow_up import views as follow_up_views

patterns = [
    path("follow-up/", follow_up_views.follow_up, name="follow_up"),
    path("follow-up.xlsx", follow_up_views.follow_up_file, name="follow_up_file"),
    path("follow-up/<int:pk>/", follow_up_views.institution_follow_up, name="institution_follow_up"),
    path("follow-up/<int:pk>.xlsx", follow_up_views.institution_follow_up_file, name="institution_follow_up_file"),
]
