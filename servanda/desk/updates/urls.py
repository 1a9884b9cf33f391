"""Addresses of updates and their evidence."""

from django.urls import path

from servanda.desk.updates import evidence, reviewing, views, writing

urlpatterns = [
    path("updates/", views.updates, name="updates"),
    path("updates/next/", views.next_update, name="next_update"),
    path("updates/new/", writing.start_update, name="start_update"),
    path("updates/on-behalf/", reviewing.enter_on_behalf, name="enter_on_behalf"),
    path("updates/<int:pk>/", views.update, name="update"),
    path("updates/<int:pk>/write/", writing.save_update, name="save_update"),
    path("updates/<int:pk>/submit/", writing.submit_update, name="submit_update"),
    path("updates/<int:pk>/validate/", reviewing.validate_update, name="validate_update"),
    path("updates/<int:pk>/publish/", reviewing.publish_update, name="publish_update"),
    path("updates/<int:pk>/return/", reviewing.return_update, name="return_update"),
    path("updates/<int:pk>/level/", reviewing.take_over_level, name="take_over_level"),
    path("updates/<int:pk>/link/", reviewing.link_update, name="link_update"),
    path("updates/<int:pk>/clusters/<uuid:key>/end/", reviewing.unlink_update, name="unlink_update"),
    path("updates/<int:pk>/clusters/<uuid:key>/", reviewing.show_on_cluster, name="show_on_cluster"),
    path("updates/<int:pk>/withdraw/", writing.withdraw_update, name="withdraw_update"),
    path("register/<str:code>/evidence/add/", evidence.add_evidence, name="add_evidence"),
    path("evidence/<uuid:key>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:key>/edit/", evidence.edit_evidence, name="edit_evidence"),
    path("evidence/<uuid:key>/withdraw/", evidence.withdraw_evidence, name="withdraw_evidence"),
]
