"""Addresses of one record and of changes to many."""

from django.urls import path, re_path

from servanda.desk import assigning, bulk, record, record_editing, record_follow_up, record_notes, record_structure

patterns = [
    re_path(r"^register-matrix\.(?P<format>docx|xlsx)$", bulk.register_matrix, name="register_matrix"),
    path("bulk/", bulk.bulk_edit, name="bulk_edit"),
    path("bulk/<uuid:key>/", bulk.bulk_result, name="bulk_result"),
    path("bulk/<uuid:key>/progress/", bulk.bulk_progress, name="bulk_progress"),
    path("bulk/<uuid:key>/continue/", bulk.continue_bulk, name="continue_bulk"),
    path("bulk/<uuid:key>/undo/", bulk.undo_bulk, name="undo_bulk"),
    path("assign/", assigning.assign_in_bulk, name="assign_in_bulk"),
    path("register/<str:code>/assign/", assigning.assign_institutions, name="assign_institutions"),
    path("register/<str:code>/assignment/<int:pk>/end/", assigning.end_assignment, name="end_assignment"),
    path("register/<str:code>/assignment/<int:pk>/refuse/", assigning.refuse_assignment, name="refuse_assignment"),
    path("new-recommendation/", record_editing.create_recommendation, name="create_recommendation"),
    path("register/<str:code>/", record.record, name="record"),
    path("register/<str:code>/follow-up/", record_follow_up.record_follow_up, name="record_follow_up"),
    path("register/<str:code>/history/", record.record_history, name="record_history"),
    path("register/<str:code>/as-of/", record_notes.record_as_of, name="record_as_of"),
    path("register/<str:code>/notes/", record_notes.add_note, name="add_note"),
    path("register/<str:code>/notes/<int:pk>/withdraw/", record_notes.withdraw_note, name="withdraw_note"),
    path("register/<str:code>/notes/<int:pk>/restore/", record_notes.restore_note, name="restore_note"),
    path("register/<str:code>/edit/", record_editing.edit_recommendation, name="edit_recommendation"),
    path("register/<str:code>/publish/", record_editing.publish_recommendation, name="publish_recommendation"),
    path("register/<str:code>/unpublish/", record_editing.unpublish_recommendation, name="unpublish_recommendation"),
    path("register/<str:code>/text/", record_editing.write_text, name="write_text"),
    path("register/<str:code>/text/<int:pk>/end/", record_editing.end_text, name="end_text"),
    path("register/<str:code>/labels/", record_editing.add_labels, name="add_labels"),
    path("register/<str:code>/labels/<int:pk>/confirm/", record_editing.confirm_label, name="confirm_label"),
    path("register/<str:code>/labels/<int:pk>/remove/", record_editing.remove_label, name="remove_label"),
    path("register/<str:code>/labels/<int:pk>/restore/", record_editing.restore_label, name="restore_label"),
    path("register/<str:code>/position/", record_editing.add_position, name="add_position"),
    path("register/<str:code>/position/<int:pk>/decide/", record_editing.decide_position, name="decide_position"),
    path("register/<str:code>/position/<int:pk>/end/", record_editing.end_position, name="end_position"),
    path("register/<str:code>/link/", record_editing.link_recommendations, name="link_recommendations"),
    path(
        "register/<str:code>/link/<int:pk>/end/", record_editing.unlink_recommendations, name="unlink_recommendations"
    ),
    path("register/<str:code>/withdraw/", record_structure.withdraw_recommendation, name="withdraw_recommendation"),
    path("register/<str:code>/restore/", record_structure.restore_recommendation, name="restore_recommendation"),
    path("register/<str:code>/split/", record_structure.split_recommendation, name="split_recommendation"),
    path("register/<str:code>/merge/", record_structure.merge_recommendations, name="merge_recommendations"),
    path("register/<str:code>/unmerge/", record_structure.unmerge_recommendation, name="unmerge_recommendation"),
]
