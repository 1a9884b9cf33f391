"""Addresses of obligations."""

from django.urls import path, re_path

from servanda.desk.obligations import (
    by_rules,
    calendars,
    editing,
    feeds,
    past_deadlines,
    steps,
    submissions,
    suspensions,
    turning,
    views,
)

urlpatterns = [
    path("obligations/", views.obligations, name="obligations"),
    re_path(r"^obligations\.(?P<format>csv|xlsx|json)$", views.obligations_export, name="obligations_export"),
    path("past-deadlines/", past_deadlines.settle_past_deadlines, name="settle_past_deadlines"),
    path("obligation-calendar/", calendars.obligation_calendar, name="obligation_calendar"),
    path("obligation-timeline/", calendars.obligation_timeline, name="obligation_timeline"),
    path("own-calendar/", feeds.own_calendar, name="own_calendar"),
    path("own-calendar/new/", feeds.renew_feed, name="renew_feed"),
    path("own-calendar/revoke/", feeds.revoke_feed, name="revoke_feed"),
    path("new-obligation/", editing.add_obligation, name="add_obligation"),
    path("obligations-by-rules/", by_rules.add_by_rules, name="add_by_rules"),
    path("obligations-by-rules/<uuid:key>/undo/", by_rules.undo_rules, name="undo_rules"),
    path("usual-steps/<slug:kind>/", steps.set_usual_steps, name="set_usual_steps"),
    path("obligations/<str:code>/", views.obligation, name="obligation"),
    path("obligations/<str:code>/edit/", editing.edit_obligation, name="edit_obligation"),
    path("obligations/<str:code>/status/", editing.set_obligation_state, name="set_obligation_state"),
    path("obligations/<str:code>/publish/", editing.publish_obligation, name="publish_obligation"),
    path("obligations/<str:code>/unpublish/", editing.unpublish_obligation, name="unpublish_obligation"),
    path("obligations/<str:code>/withdraw/", editing.withdraw_obligation, name="withdraw_obligation"),
    path("obligations/<str:code>/restore/", editing.restore_obligation, name="restore_obligation"),
    path("obligations/<str:code>/turn/", turning.turn_into_recommendation, name="turn_into_recommendation"),
    path("register/<str:code>/turn/", turning.turn_into_obligation, name="turn_into_obligation"),
    path("turned/<int:pk>/undo/", turning.undo_turning, name="undo_turning"),
    path("obligations/<str:code>/steps/", steps.set_steps, name="set_steps"),
    path("obligations/<str:code>/usual-steps/", steps.add_usual_steps, name="add_usual_steps"),
    path("obligations/<str:code>/steps/<int:pk>/done/", steps.complete_step, name="complete_step"),
    path("obligations/<str:code>/steps/<int:pk>/reopen/", steps.reopen_step, name="reopen_step"),
    path("obligations/<str:code>/extension/", submissions.ask_extension, name="ask_extension"),
    path("obligations/<str:code>/extension/<int:pk>/", submissions.answer_extension, name="answer_extension"),
    path(
        "obligations/<str:code>/extension/<int:pk>/take-back/",
        submissions.take_back_extension,
        name="take_back_extension",
    ),
    path("obligations/<str:code>/suspensions/", suspensions.add_suspension, name="add_suspension"),
    path("obligations/<str:code>/suspensions/<int:pk>/end/", suspensions.end_suspension, name="end_suspension"),
    path(
        "obligations/<str:code>/suspensions/<int:pk>/remove/",
        suspensions.remove_suspension,
        name="remove_suspension",
    ),
    path("obligations/<str:code>/letters/", submissions.add_letter, name="add_letter"),
    path("obligations/<str:code>/letters/<int:pk>/remove/", submissions.remove_letter, name="remove_letter"),
    path("obligations/<str:code>/next/", submissions.add_next_obligation, name="add_next_obligation"),
    path("obligations/<str:code>/submission/", submissions.record_submission, name="record_submission"),
    path(
        "obligations/<str:code>/submission/take-back/", submissions.take_back_submission, name="take_back_submission"
    ),
]
