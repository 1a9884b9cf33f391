"""Addresses of updates and their evidence."""

from django.urls import path

from servanda.desk import evidence, update_reviewing, update_writing, updates

patterns = [
    path("updates/", updates.updates, name="updates"),
    path("updates/next/", updates.next_update, name="next_update"),
    path("updates/new/", update_writing.start_update, name="start_update"),
    path("updates/on-behalf/", update_reviewing.enter_on_behalf, name="enter_on_behalf"),
    path("updates/<int:pk>/", updates.update, name="update"),
    path("updates/<int:pk>/write/", update_writing.save_update, name="save_update"),
    path("updates/<int:pk>/submit/", update_writing.submit_update, name="submit_update"),
    path("updates/<int:pk>/validate/", update_reviewing.validate_update, name="validate_update"),
    path("updates/<int:pk>/publish/", update_reviewing.publish_update, name="publish_update"),
    path("updates/<int:pk>/return/", update_reviewing.return_update, name="return_update"),
    path("updates/<int:pk>/level/", update_reviewing.take_over_level, name="take_over_level"),
    path("updates/<int:pk>/link/", update_reviewing.link_update, name="link_update"),
    path("updates/<int:pk>/clusters/<uuid:key>/end/", update_reviewing.unlink_update, name="unlink_update"),
    path("updates/<int:pk>/clusters/<uuid:key>/", update_reviewing.show_on_cluster, name="show_on_cluster"),
    path("updates/<int:pk>/withdraw/", update_writing.withdraw_update, name="withdraw_update"),
    path("register/<str:code>/evidence/add/", evidence.add_evidence, name="add_evidence"),
    path("evidence/<uuid:key>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:key>/edit/", evidence.edit_evidence, name="edit_evidence"),
    path("evidence/<uuid:key>/withdraw/", evidence.withdraw_evidence, name="withdraw_evidence"),
]
