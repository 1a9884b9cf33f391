"""Addresses of assessments in three voices, and of the scales that they use."""

from django.urls import path, re_path

from servanda.desk.assessments import bulk, editing, grading, scales, signing, views

urlpatterns = [
    path("assessments/", views.assessments, name="assessments"),
    re_path(r"^assessments\.(?P<format>csv|xlsx)$", views.assessments_export, name="assessments_export"),
    path("assessments/publish/", bulk.publish_assessments, name="publish_assessments"),
    path("assess/", bulk.assess_in_bulk, name="assess_in_bulk"),
    path("register/<str:code>/assess/", editing.assess, name="assess"),
    path("obligations/<str:code>/grades/", grading.enter_grades, name="enter_grades"),
    path("register/<str:code>/enter-grade/", editing.enter_grade, name="enter_grade"),
    path(
        "register/<str:code>/assessment/<int:pk>/publish/",
        editing.publish_assessment,
        name="publish_assessment",
    ),
    path(
        "register/<str:code>/assessment/<int:pk>/complete/",
        editing.complete_assessment,
        name="complete_assessment",
    ),
    path(
        "register/<str:code>/assessment/<int:pk>/retract/",
        editing.retract_assessment,
        name="retract_assessment",
    ),
    path("own-assessments/", signing.own_assessments, name="own_assessments"),
    re_path(
        r"^own-assessments\.(?P<format>xlsx|json)$", signing.own_assessments_export, name="own_assessments_export"
    ),
    path("own-assessments/<int:pk>/withdraw/", signing.withdraw_own_assessment, name="withdraw_own_assessment"),
    path("register/<str:code>/sign/", signing.sign_assessment, name="sign_assessment"),
    path("register/<str:code>/assessment/<int:pk>/reply/", signing.reply_to_assessment, name="reply_to_assessment"),
    path("scales/", scales.scales, name="scales"),
    path("scales/add/", scales.add_scale, name="add_scale"),
    path("scales/<slug:code>/add-value/", scales.add_grade, name="add_grade"),
    path("scales/<slug:code>/retire/", scales.retire_scale, name="retire_scale"),
    path("scales/<slug:code>/reinstate/", scales.reinstate_scale, name="reinstate_scale"),
    path("scales/values/<int:pk>/retire/", scales.retire_grade, name="retire_grade"),
    path("scales/values/<int:pk>/reinstate/", scales.reinstate_grade, name="reinstate_grade"),
    path("scales/values/<int:pk>/remove/", scales.remove_grade, name="remove_grade"),
]
