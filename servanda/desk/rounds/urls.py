"""Addresses of rounds of questions, and of what is asked of an institution."""

from django.urls import path

from servanda.desk.rounds import my_requests
from servanda.desk.rounds import views as round_views
from servanda.desk.sheets import answers

patterns = [
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/open/", round_views.open_round, name="open_round"),
    path("rounds/asked/", my_requests.asked, name="asked"),
    path("rounds/<int:pk>/", round_views.round, name="round"),
    path("rounds/<int:pk>.xlsx", round_views.round_export, name="round_export"),
    path("rounds/<int:pk>/institutions/", round_views.add_institutions, name="add_institutions"),
    path("rounds/<int:pk>/remind/", round_views.remind_now, name="remind_now"),
    path("rounds/<int:pk>/close/", round_views.close_round, name="close_round"),
    path("rounds/<int:pk>/reopen/", round_views.reopen_round, name="reopen_round"),
    path("rounds/requests/<int:pk>/time/", round_views.give_more_time, name="give_more_time"),
    path("rounds/requests/<int:pk>/answers/", answers.send_answers, name="send_answers"),
    path("rounds/requests/<int:pk>/sheet.<str:format>", answers.answer_sheet, name="answer_sheet"),
    path("rounds/answers/<uuid:key>/", answers.show_answers, name="show_answers"),
    path("rounds/answers/<uuid:key>/progress/", answers.answers_progress, name="answers_progress"),
    path("rounds/answers/<uuid:key>/apply/", answers.apply_answers, name="apply_answers"),
    path("rounds/answers/<uuid:key>/undo/", answers.undo_answers, name="undo_answers"),
    path("rounds/answers/<uuid:key>/discard/", answers.discard_answers, name="discard_answers"),
]
