"""Addresses of practices."""

from django.urls import path, re_path

from servanda.desk.practices import editing, for_record, views

urlpatterns = [
    path("network/practices/", views.practices, name="practices"),
    re_path(r"^practices\.(?P<format>csv|xlsx)$", views.practices_export, name="practices_export"),
    path("network/new-practice/", editing.add_practice, name="add_practice"),
    path("network/practices/<uuid:key>/", views.practice, name="practice"),
    path("network/practices/<uuid:key>/file.<str:format>", views.practice_file, name="practice_file"),
    path("network/practices/<uuid:key>/<str:language>/edit/", editing.edit_practice, name="edit_practice"),
    path("network/practices/<uuid:key>/review/", editing.review_practice, name="review_practice"),
    path("network/practices/<uuid:key>/return/", editing.return_practice, name="return_practice"),
    path("network/practices/<uuid:key>/publish/", editing.publish_practice, name="publish_practice"),
    path("network/practices/<uuid:key>/unpublish/", editing.unpublish_practice, name="unpublish_practice"),
    path("network/practices/<uuid:key>/withdraw/", editing.withdraw_practice, name="withdraw_practice"),
    path("network/practices/<uuid:key>/restore/", editing.restore_practice, name="restore_practice"),
    path("network/practices/<uuid:key>/endorsement/", editing.set_endorsement, name="set_endorsement"),
    path(
        "network/practices/<uuid:key>/endorsements/<int:pk>/withdraw/",
        editing.withdraw_endorsement,
        name="withdraw_endorsement",
    ),
    path(
        "network/practices/<uuid:key>/endorsements/<int:pk>/restore/",
        editing.restore_endorsement,
        name="restore_endorsement",
    ),
    path("register/<str:code>/practices/", for_record.record_practices, name="record_practices"),
    path("register/<str:code>/practices/<uuid:key>/link/", for_record.link_practice, name="link_practice"),
    path("register/<str:code>/practices/<uuid:key>/dismiss/", for_record.dismiss_practice, name="dismiss_practice"),
    path("register/<str:code>/practices/<uuid:key>/reopen/", for_record.reopen_practice, name="reopen_practice"),
]
