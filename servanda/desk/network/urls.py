"""Addresses of the network."""

from django.urls import path, re_path

from servanda.desk.network import (
    commitments,
    practice_editing,
    practices,
    profile_editing,
    profiles,
    self_assessments,
)

urlpatterns = [
    path("network/", profiles.mechanisms, name="mechanisms"),
    re_path(r"^mechanisms\.(?P<format>csv|xlsx)$", profiles.mechanisms_export, name="mechanisms_export"),
    path("network/compare/", profiles.compare_mechanisms, name="compare_mechanisms"),
    path("network/commitments/", commitments.commitments, name="commitments"),
    path("network/commitments/declaration/", commitments.add_declaration, name="add_declaration"),
    path("network/new-commitment/", commitments.add_commitment, name="add_commitment"),
    path("register/<str:code>/commitment/", commitments.edit_commitment, name="edit_commitment"),
    path("network/new-mechanism/", profile_editing.add_profile, name="add_profile"),
    path("network/mechanisms/<uuid:key>/", profiles.mechanism, name="mechanism"),
    path("network/mechanisms/<uuid:key>/edit/", profile_editing.edit_profile, name="edit_profile"),
    path("network/mechanisms/<uuid:key>/facts/<slug:group>/", profile_editing.set_facts, name="set_facts"),
    path("network/mechanisms/<uuid:key>/publish/", profile_editing.publish_profile, name="publish_profile"),
    path("network/mechanisms/<uuid:key>/unpublish/", profile_editing.unpublish_profile, name="unpublish_profile"),
    path("network/mechanisms/<uuid:key>/withdraw/", profile_editing.withdraw_profile, name="withdraw_profile"),
    path("network/mechanisms/<uuid:key>/restore/", profile_editing.restore_profile, name="restore_profile"),
    path("network/practices/", practices.practices, name="practices"),
    path("network/new-practice/", practice_editing.add_practice, name="add_practice"),
    path("network/practices/<uuid:key>/", practices.practice, name="practice"),
    path("network/practices/<uuid:key>/file.<str:format>", practices.practice_file, name="practice_file"),
    path("network/practices/<uuid:key>/<str:language>/edit/", practice_editing.edit_practice, name="edit_practice"),
    path("network/practices/<uuid:key>/review/", practice_editing.review_practice, name="review_practice"),
    path("network/practices/<uuid:key>/return/", practice_editing.return_practice, name="return_practice"),
    path("network/practices/<uuid:key>/publish/", practice_editing.publish_practice, name="publish_practice"),
    path("network/practices/<uuid:key>/unpublish/", practice_editing.unpublish_practice, name="unpublish_practice"),
    path("network/practices/<uuid:key>/withdraw/", practice_editing.withdraw_practice, name="withdraw_practice"),
    path("network/practices/<uuid:key>/restore/", practice_editing.restore_practice, name="restore_practice"),
    path("network/practices/<uuid:key>/endorsement/", practice_editing.set_endorsement, name="set_endorsement"),
    path(
        "network/practices/<uuid:key>/endorsements/<int:pk>/withdraw/",
        practice_editing.withdraw_endorsement,
        name="withdraw_endorsement",
    ),
    path(
        "network/practices/<uuid:key>/endorsements/<int:pk>/restore/",
        practice_editing.restore_endorsement,
        name="restore_endorsement",
    ),
    path(
        "network/mechanisms/<uuid:key>/self-assessments/", self_assessments.self_assessments, name="self_assessments"
    ),
    re_path(
        r"^network/mechanisms/(?P<key>[0-9a-f-]{36})/self-assessments\.(?P<format>csv|xlsx)$",
        self_assessments.self_assessments_export,
        name="self_assessments_export",
    ),
    path(
        "network/mechanisms/<uuid:key>/new-self-assessment/",
        self_assessments.start_self_assessment,
        name="start_self_assessment",
    ),
    path("network/self-assessments/<uuid:key>/", self_assessments.self_assessment, name="self_assessment"),
    path(
        "network/self-assessments/<uuid:key>/chart.svg",
        self_assessments.self_assessment_chart,
        name="self_assessment_chart",
    ),
    path(
        "network/self-assessments/<uuid:key>/edit/",
        self_assessments.edit_self_assessment,
        name="edit_self_assessment",
    ),
    path(
        "network/self-assessments/<uuid:key>/answers/<slug:capacity>/",
        self_assessments.answer_questions,
        name="answer_questions",
    ),
    path(
        "network/self-assessments/<uuid:key>/complete/",
        self_assessments.complete_self_assessment,
        name="complete_self_assessment",
    ),
    path(
        "network/self-assessments/<uuid:key>/reopen/",
        self_assessments.reopen_self_assessment,
        name="reopen_self_assessment",
    ),
    path(
        "network/self-assessments/<uuid:key>/withdraw/",
        self_assessments.withdraw_self_assessment,
        name="withdraw_self_assessment",
    ),
    path(
        "network/self-assessments/<uuid:key>/restore/",
        self_assessments.restore_self_assessment,
        name="restore_self_assessment",
    ),
]
