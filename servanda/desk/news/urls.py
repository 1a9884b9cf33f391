"""Addresses of what changed."""

from django.urls import path

from servanda.desk.news import views

urlpatterns = [
    path("whats-new/", views.whats_new, name="whats_new"),
]
