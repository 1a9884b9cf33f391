"""Addresses of mechanisms."""

from django.urls import path, re_path

from servanda.desk.mechanisms import (
    budget_evidence,
    editing,
    legal_texts,
    members,
    self_assessments,
    terms_of_reference,
    views,
)

urlpatterns = [
    path("network/", views.mechanisms, name="mechanisms"),
    re_path(r"^mechanisms\.(?P<format>csv|xlsx)$", views.mechanisms_export, name="mechanisms_export"),
    path("network/map/", views.mechanisms_map, name="mechanisms_map"),
    path("network/map.svg", views.mechanisms_map_chart, name="mechanisms_map_chart"),
    path("network/compare/", views.compare_mechanisms, name="compare_mechanisms"),
    path("network/new-mechanism/", editing.add_profile, name="add_profile"),
    path("network/mechanisms/<uuid:key>/", views.mechanism, name="mechanism"),
    path("network/mechanisms/<uuid:key>/edit/", editing.edit_profile, name="edit_profile"),
    path("network/mechanisms/<uuid:key>/facts/<slug:group>/", editing.set_facts, name="set_facts"),
    path("network/mechanisms/<uuid:key>/publish/", editing.publish_profile, name="publish_profile"),
    path("network/mechanisms/<uuid:key>/unpublish/", editing.unpublish_profile, name="unpublish_profile"),
    path("network/mechanisms/<uuid:key>/withdraw/", editing.withdraw_profile, name="withdraw_profile"),
    path("network/mechanisms/<uuid:key>/restore/", editing.restore_profile, name="restore_profile"),
    path("network/mechanisms/<uuid:key>/new-file/", legal_texts.add_legal_text, name="add_legal_text"),
    path("network/legal-texts/<uuid:key>/", legal_texts.legal_text, name="legal_text"),
    path("network/legal-texts/<uuid:key>/withdraw/", legal_texts.withdraw_legal_text, name="withdraw_legal_text"),
    path("network/legal-texts/<uuid:key>/restore/", legal_texts.restore_legal_text, name="restore_legal_text"),
    path(
        "network/mechanisms/<uuid:key>/terms-of-reference/",
        terms_of_reference.terms_of_reference,
        name="terms_of_reference",
    ),
    path(
        "network/mechanisms/<uuid:key>/terms-of-reference.<str:format>",
        terms_of_reference.terms_of_reference_file,
        name="terms_of_reference_file",
    ),
    path("network/budget-evidence/", budget_evidence.budget_evidence, name="budget_evidence"),
    re_path(
        r"^network/budget-evidence\.(?P<format>docx|pdf|xlsx)$",
        budget_evidence.budget_evidence_file,
        name="budget_evidence_file",
    ),
    path(
        "network/mechanisms/<uuid:key>/self-assessments/", self_assessments.self_assessments, name="self_assessments"
    ),
    re_path(
        r"^network/mechanisms/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/self-assessments\.(?P<format>csv|xlsx)$",
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
    path("network/members/", members.members, name="members"),
    re_path(r"^network/members\.(?P<format>csv|xlsx)$", members.members_export, name="members_export"),
    path("network/members/<uuid:key>/", members.member, name="member"),
    path("network/members/<uuid:key>/new-step/", members.record_membership, name="record_membership"),
    path("network/membership/<int:pk>/undo/", members.undo_membership, name="undo_membership"),
    path("network/membership/<int:pk>/restore/", members.restore_membership, name="restore_membership"),
    path("network/members/<uuid:key>/new-contact/", members.add_contact, name="add_contact"),
    path("network/contacts/<int:pk>/edit/", members.edit_contact, name="edit_contact"),
    path("network/contacts/<int:pk>/end/", members.end_contact, name="end_contact"),
    path("network/contacts/<int:pk>/restore/", members.restore_contact, name="restore_contact"),
    path("network/rules/", members.network_rules, name="network_rules"),
    path("network/rules/<slug:subject>/", members.set_rule, name="set_rule"),
]
