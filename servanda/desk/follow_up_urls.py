"""Addresses of the dashboards of follow-up."""

from django.urls import path

from servanda.desk import follow_up

patterns = [
    path("follow-up/", follow_up.follow_up, name="follow_up"),
]
