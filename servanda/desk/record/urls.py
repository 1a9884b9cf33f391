"""Addresses of one record."""

from django.urls import path

from servanda.desk.record import editing, follow_up_page, follow_up_requests, notes, similar, structure, views

urlpatterns = [
    path("new-recommendation/", editing.create_recommendation, name="create_recommendation"),
    path("register/<str:code>/", views.record, name="record"),
    path("register/<str:code>/follow-up/", follow_up_page.record_follow_up, name="record_follow_up"),
    path("register/<str:code>/history/", views.record_history, name="record_history"),
    path("register/<str:code>/as-of/", notes.record_as_of, name="record_as_of"),
    path("register/<str:code>/notes/", notes.add_note, name="add_note"),
    path("register/<str:code>/notes/<int:pk>/withdraw/", notes.withdraw_note, name="withdraw_note"),
    path("register/<str:code>/notes/<int:pk>/restore/", notes.restore_note, name="restore_note"),
    path("register/<str:code>/edit/", editing.edit_recommendation, name="edit_recommendation"),
    path("register/<str:code>/publish/", editing.publish_recommendation, name="publish_recommendation"),
    path("register/<str:code>/unpublish/", editing.unpublish_recommendation, name="unpublish_recommendation"),
    path("register/<str:code>/text/", editing.write_text, name="write_text"),
    path("register/<str:code>/text/<int:pk>/end/", editing.end_text, name="end_text"),
    path("register/<str:code>/labels/", editing.add_labels, name="add_labels"),
    path("register/<str:code>/labels/<int:pk>/confirm/", editing.confirm_label, name="confirm_label"),
    path("register/<str:code>/labels/<int:pk>/remove/", editing.remove_label, name="remove_label"),
    path("register/<str:code>/labels/<int:pk>/restore/", editing.restore_label, name="restore_label"),
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
    path("register/<str:code>/position/", editing.add_position, name="add_position"),
    path("register/<str:code>/position/<int:pk>/decide/", editing.decide_position, name="decide_position"),
    path("register/<str:code>/position/<int:pk>/end/", editing.end_position, name="end_position"),
    path("register/<str:code>/link/", editing.link_recommendations, name="link_recommendations"),
    path("register/<str:code>/link/<int:pk>/end/", editing.unlink_recommendations, name="unlink_recommendations"),
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
