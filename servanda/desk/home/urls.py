"""Addresses of the start page, its first steps, and the register at a glance."""

from django.urls import path

from servanda.desk.home import brief_views, first_steps, unsent_mails, views

urlpatterns = [
    path("first-steps/", first_steps.fold_first_steps, name="fold_first_steps"),
    path("brief/", brief_views.brief, name="brief"),
    path("brief.<str:format>", brief_views.brief_file, name="brief_file"),
    path("unsent-mails/", unsent_mails.unsent_mails, name="unsent_mails"),
    path("unsent-mails/retry/", unsent_mails.retry_unsent_mails, name="retry_unsent_mails"),
    path("", views.home, name="home"),
]
