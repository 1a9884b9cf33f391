"""Addresses of one record and of changes to many."""

from django.urls import path, re_path

from servanda.desk.assignments import views as assignment_views
from servanda.desk.bulk import views as bulk_views
from servanda.desk.record import editing as record_editing
from servanda.desk.record import follow_up_page, follow_up_requests, notes, similar, structure
from servanda.desk.record import views as record_views

patterns = [
    re_path(r"^register-matrix\.(?P<format>docx|xlsx)$", bulk_views.register_matrix, name="register_matrix"),
    path("bulk/", bulk_views.bulk_edit, name="bulk_edit"),
    path("bulk/<uuid:key>/", bulk_views.bulk_result, name="bulk_result"),
    path("bulk/<uuid:key>/progress/", bulk_views.bulk_progress, name="bulk_progress"),
    path("bulk/<uuid:key>/continue/", bulk_views.continue_bulk, name="continue_bulk"),
    path("bulk/<uuid:key>/undo/", bulk_views.undo_bulk, name="undo_bulk"),
    path("assign/", assignment_views.assign_in_bulk, name="assign_in_bulk"),
    path("register/<str:code>/assign/", assignment_views.assign_institutions, name="assign_institutions"),
    path("register/<str:code>/assignment/<int:pk>/end/", assignment_views.end_assignment, name="end_assignment"),
    path(
        "register/<str:code>/assignment/<int:pk>/refuse/",
        assignment_views.refuse_assignment,
        name="refuse_assignment",
    ),
    path("new-recommendation/", record_editing.create_recommendation, name="create_recommendation"),
    path("register/<str:code>/", record_views.record, name="record"),
    path("register/<str:code>/follow-up/", follow_up_page.record_follow_up, name="record_follow_up"),
    path("register/<str:code>/history/", record_views.record_history, name="record_history"),
    path("register/<str:code>/as-of/", notes.record_as_of, name="record_as_of"),
    path("register/<str:code>/notes/", notes.add_note, name="add_note"),
    path("register/<str:code>/notes/<int:pk>/withdraw/", notes.withdraw_note, name="withdraw_note"),
    path("register/<str:code>/notes/<int:pk>/restore/", notes.restore_note, name="restore_note"),
    path("register/<str:code>/edit/", record_editing.edit_recommendation, name="edit_recommendation"),
    path("register/<str:code>/publish/", record_editing.publish_recommendation, name="publish_recommendation"),
    path("register/<str:code>/unpublish/", record_editing.unpublish_recommendation, name="unpublish_recommendation"),
    path("register/<str:code>/text/", record_editing.write_text, name="write_text"),
    path("register/<str:code>/text/<int:pk>/end/", record_editing.end_text, name="end_text"),
    path("register/<str:code>/labels/", record_editing.add_labels, name="add_labels"),
    path("register/<str:code>/labels/<int:pk>/confirm/", record_editing.confirm_label, name="confirm_label"),
    path("register/<str:code>/labels/<int:pk>/remove/", record_editing.remove_label, name="remove_label"),
    path("register/<str:code>/labels/<int:pk>/restore/", record_editing.restore_label, name="restore_label"),
    path("register/<str:code>/asked-for/", follow_up_requests.mark_follow_up, name="mark_follow_up"),
    path("register/<str:code>/asked-for/<int:pk>/end/", follow_up_requests.end_follow_up, name="end_follow_up"),
    path("register/<str:code>/asked-for/<int:pk>/reply/", follow_up_requests.record_reply, name="record_reply"),
    path(
        "register/<str:code>/asked-for/<int:pk>/reply/back/",
        follow_up_requests.take_back_reply,
        name="take_back_reply",
    ),
    path(
        "register/<str:code>/asked-for/<int:pk>/restore/",
        follow_up_requests.restore_follow_up,
        name="restore_follow_up",
    ),
    path("register/<str:code>/position/", record_editing.add_position, name="add_position"),
    path("register/<str:code>/position/<int:pk>/decide/", record_editing.decide_position, name="decide_position"),
    path("register/<str:code>/position/<int:pk>/end/", record_editing.end_position, name="end_position"),
    path("register/<str:code>/link/", record_editing.link_recommendations, name="link_recommendations"),
    path(
        "register/<str:code>/link/<int:pk>/end/", record_editing.unlink_recommendations, name="unlink_recommendations"
    ),
    path("register/<str:code>/similar/<int:pk>/confirm/", similar.confirm_likeness, name="confirm_likeness"),
    path("register/<str:code>/similar/<int:pk>/reject/", similar.reject_likeness, name="reject_likeness"),
    path("register/<str:code>/similar/<int:pk>/reopen/", similar.reopen_likeness, name="reopen_likeness"),
    path("register/<str:code>/similar/<int:pk>/merge/", similar.merge_likeness, name="merge_likeness"),
    path("register/<str:code>/withdraw/", structure.withdraw_recommendation, name="withdraw_recommendation"),
    path("register/<str:code>/restore/", structure.restore_recommendation, name="restore_recommendation"),
    path("register/<str:code>/split/", structure.split_recommendation, name="split_recommendation"),
    path("register/<str:code>/merge/", structure.merge_recommendations, name="merge_recommendations"),
    path("register/<str:code>/unmerge/", structure.unmerge_recommendation, name="unmerge_recommendation"),
]
