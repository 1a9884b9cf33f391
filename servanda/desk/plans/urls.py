"""Addresses of plans and actions."""

from django.urls import path, re_path

from servanda.desk.plans import action_editing, actions, answered_records, views

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("new-plan/", views.add_plan, name="add_plan"),
    path("plans/<slug:code>/", views.plan, name="plan"),
    path("plans/<slug:code>/edit/", views.edit_plan, name="edit_plan"),
    path("actions/", actions.actions, name="actions"),
    re_path(r"^actions\.(?P<format>csv|xlsx|json)$", actions.actions_export, name="actions_export"),
    path("action-timeline/", actions.action_timeline, name="action_timeline"),
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
