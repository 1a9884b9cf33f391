"""Addresses of rounds of questions, and of what they request of an institution."""

from django.urls import path

from servanda.desk.rounds import my_requests, views

urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/open/", views.open_round, name="open_round"),
    path("rounds/asked/", my_requests.asked, name="asked"),
    path("rounds/<int:pk>/", views.round, name="round"),
    path("rounds/<int:pk>.xlsx", views.round_export, name="round_export"),
    path("rounds/<int:pk>/institutions/", views.add_institutions, name="add_institutions"),
    path("rounds/<int:pk>/remind/", views.remind_now, name="remind_now"),
    path("rounds/<int:pk>/close/", views.close_round, name="close_round"),
    path("rounds/<int:pk>/reopen/", views.reopen_round, name="reopen_round"),
    path("rounds/requests/<int:pk>/time/", views.give_more_time, name="give_more_time"),
]
