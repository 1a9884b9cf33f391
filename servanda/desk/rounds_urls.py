"""Addresses of rounds of questions, and of what is asked of an institution."""

from django.urls import path

from servanda.desk import asked, rounds

patterns = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/open/", rounds.open_round, name="open_round"),
    path("rounds/asked/", asked.asked, name="asked"),
    path("rounds/<int:pk>/", rounds.round, name="round"),
    path("rounds/<int:pk>.xlsx", rounds.round_export, name="round_export"),
    path("rounds/<int:pk>/institutions/", rounds.add_institutions, name="add_institutions"),
    path("rounds/<int:pk>/remind/", rounds.remind_now, name="remind_now"),
    path("rounds/<int:pk>/close/", rounds.close_round, name="close_round"),
    path("rounds/<int:pk>/reopen/", rounds.reopen_round, name="reopen_round"),
    path("rounds/requests/<int:pk>/time/", rounds.give_more_time, name="give_more_time"),
]
