"""Addresses of spreadsheets that are sent and downloaded."""

from django.urls import path

from servanda.desk.sheets import actions, answers, people, values

urlpatterns = [
    path("value-sheets/", values.value_sheets, name="value_sheets"),
    path("value-sheets/send/", values.send_value_sheet, name="send_value_sheet"),
    path("value-sheets/<uuid:key>/", values.value_sheet, name="value_sheet"),
    path("value-sheets/<uuid:key>/apply/", values.apply_value_sheet, name="apply_value_sheet"),
    path("value-sheets/<uuid:key>/undo/", values.undo_value_sheet, name="undo_value_sheet"),
    path("value-sheets/<uuid:key>/discard/", values.discard_value_sheet, name="discard_value_sheet"),
    path("action-sheets/", actions.action_sheets, name="action_sheets"),
    path("action-sheets/send/", actions.send_action_sheet, name="send_action_sheet"),
    path("action-sheets/template.xlsx", actions.action_sheet_template, name="action_sheet_template"),
    path("action-sheets/<uuid:key>/", actions.action_sheet, name="action_sheet"),
    path("action-sheets/<uuid:key>/progress/", actions.action_sheet_progress, name="action_sheet_progress"),
    path("action-sheets/<uuid:key>/apply/", actions.apply_action_sheet, name="apply_action_sheet"),
    path("action-sheets/<uuid:key>/undo/", actions.undo_action_sheet, name="undo_action_sheet"),
    path("action-sheets/<uuid:key>/discard/", actions.discard_action_sheet, name="discard_action_sheet"),
    path("rounds/requests/<int:pk>/answers/", answers.send_answers, name="send_answers"),
    path("rounds/requests/<int:pk>/sheet.<str:format>", answers.answer_sheet, name="answer_sheet"),
    path("rounds/answers/<uuid:key>/", answers.show_answers, name="show_answers"),
    path("rounds/answers/<uuid:key>/progress/", answers.answers_progress, name="answers_progress"),
    path("rounds/answers/<uuid:key>/apply/", answers.apply_answers, name="apply_answers"),
    path("rounds/answers/<uuid:key>/undo/", answers.undo_answers, name="undo_answers"),
    path("rounds/answers/<uuid:key>/discard/", answers.discard_answers, name="discard_answers"),
    path("people-sheets/", people.people_sheets, name="people_sheets"),
    path("people-sheets/send/", people.send_people_sheet, name="send_people_sheet"),
    path("people-sheets/template.xlsx", people.people_sheet_template, name="people_sheet_template"),
    path("people-sheets/export/<str:what>", people.export_people, name="export_people"),
    path("people-sheets/<uuid:key>/", people.people_sheet, name="people_sheet"),
    path("people-sheets/<uuid:key>/progress/", people.people_sheet_progress, name="people_sheet_progress"),
    path("people-sheets/<uuid:key>/apply/", people.apply_people_sheet, name="apply_people_sheet"),
    path("people-sheets/<uuid:key>/undo/", people.undo_people_sheet, name="undo_people_sheet"),
    path("people-sheets/<uuid:key>/discard/", people.discard_people_sheet, name="discard_people_sheet"),
]
