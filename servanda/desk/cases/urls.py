"""Addresses of cases."""

from django.urls import path

from servanda.desk.cases import editing, into_measures

urlpatterns = [
    path("into-measures/", into_measures.turn_into_measures, name="turn_into_measures"),
    path("communications/<uuid:key>/case/", editing.set_case, name="set_case"),
    path("communications/<uuid:key>/course/", editing.set_case_course, name="set_case_course"),
    path("communications/<uuid:key>/new-measures/", editing.add_case_measures, name="add_case_measures"),
    path("communications/<uuid:key>/link-measures/", editing.link_case_measures, name="link_case_measures"),
    path("communications/<uuid:key>/unlink/<str:code>/", editing.unlink_case_measure, name="unlink_case_measure"),
    path(
        "communications/<uuid:key>/restore-measure/<str:code>/",
        editing.restore_case_measure,
        name="restore_case_measure",
    ),
]
