"""Addresses of plans and actions."""

from django.urls import path, re_path

from servanda.desk.plans import action_editing, actions, answered_records
from servanda.desk.plans import views as plan_views
from servanda.desk.sheets import actions as action_sheets

patterns = [
    path("plans/", plan_views.plans, name="plans"),
    path("new-plan/", plan_views.add_plan, name="add_plan"),
    path("plans/<slug:code>/", plan_views.plan, name="plan"),
    path("plans/<slug:code>/edit/", plan_views.edit_plan, name="edit_plan"),
    path("actions/", actions.actions, name="actions"),
    re_path(r"^actions\.(?P<format>csv|xlsx|json)$", actions.actions_export, name="actions_export"),
    path("action-timeline/", actions.action_timeline, name="action_timeline"),
    path("action-sheets/", action_sheets.action_sheets, name="action_sheets"),
    path("action-sheets/send/", action_sheets.send_action_sheet, name="send_action_sheet"),
    path("action-sheets/template.xlsx", action_sheets.action_sheet_template, name="action_sheet_template"),
    path("action-sheets/<uuid:key>/", action_sheets.action_sheet, name="action_sheet"),
    path("action-sheets/<uuid:key>/progress/", action_sheets.action_sheet_progress, name="action_sheet_progress"),
    path("action-sheets/<uuid:key>/apply/", action_sheets.apply_action_sheet, name="apply_action_sheet"),
    path("action-sheets/<uuid:key>/undo/", action_sheets.undo_action_sheet, name="undo_action_sheet"),
    path("action-sheets/<uuid:key>/discard/", action_sheets.discard_action_sheet, name="discard_action_sheet"),
    path("new-action/", action_editing.add_action, name="add_action"),
    path("answer-in-bulk/", answered_records.answer_in_bulk, name="answer_in_bulk"),
    path("register/<str:code>/action/", answered_records.answer_with_action, name="answer_with_action"),
    path("actions/<str:code>/", actions.action, name="action"),
    path("actions/<str:code>/edit/", action_editing.edit_action, name="edit_action"),
    path("actions/<str:code>/status/", action_editing.set_status, name="set_status"),
    path("actions/<str:code>/milestones/", action_editing.set_milestones, name="set_milestones"),
    path("actions/<str:code>/publish/", action_editing.publish_action, name="publish_action"),
    path("actions/<str:code>/unpublish/", action_editing.unpublish_action, name="unpublish_action"),
    path("actions/<str:code>/withdraw/", action_editing.withdraw_action, name="withdraw_action"),
    path("actions/<str:code>/restore/", action_editing.restore_action, name="restore_action"),
    path(
        "actions/<str:code>/recommendations/",
        answered_records.answer_recommendations,
        name="answer_recommendations",
    ),
    path(
        "actions/<str:code>/clusters/<uuid:key>/end/",
        answered_records.stop_answering_cluster,
        name="stop_answering_cluster",
    ),
    path("actions/<str:code>/clusters/<uuid:key>/", answered_records.answer_cluster, name="answer_cluster"),
    path(
        "actions/<str:code>/recommendations/<str:record>/end/", answered_records.stop_answering, name="stop_answering"
    ),
    path(
        "actions/<str:code>/recommendations/<str:record>/again/", answered_records.answer_again, name="answer_again"
    ),
]
