"""Addresses of assistance."""

from django.urls import path, re_path

from servanda.desk.assistance import agreements, gaps, missions, views

urlpatterns = [
    path("network/assistance/", views.assistance, name="assistance"),
    re_path(r"^assistance\.(?P<format>csv|xlsx)$", views.assistance_export, name="assistance_export"),
    path("network/assistance/by-year/", views.assistance_by_year, name="assistance_by_year"),
    re_path(
        r"^assistance-(?P<year>[0-9]{4})\.(?P<format>csv|xlsx)$",
        views.assistance_by_year_export,
        name="assistance_by_year_export",
    ),
    path("network/new-assistance/<slug:kind>/", views.add_assistance, name="add_assistance"),
    path(
        "network/self-assessments/<uuid:key>/gaps/<str:question>/<slug:form>/",
        gaps.request_for_gap,
        name="request_for_gap",
    ),
    path(
        "network/self-assessments/<uuid:key>/requests/<uuid:made>/undo/",
        gaps.undo_request_for_gap,
        name="undo_request_for_gap",
    ),
    path("network/assistance/<uuid:key>/", views.assistance_entry, name="assistance_entry"),
    path("network/assistance/<uuid:key>/edit/", views.edit_assistance, name="edit_assistance"),
    path("network/assistance/<uuid:key>/close/", views.close_assistance, name="close_assistance"),
    path("network/assistance/<uuid:key>/reopen/", views.reopen_assistance, name="reopen_assistance"),
    path("network/assistance/<uuid:key>/withdraw/", views.withdraw_assistance, name="withdraw_assistance"),
    path("network/assistance/<uuid:key>/restore/", views.restore_assistance, name="restore_assistance"),
    path("network/assistance/<uuid:key>/introduce/", views.introduce, name="introduce"),
    path("network/cooperation/<int:pk>/", views.follow_cooperation, name="follow_cooperation"),
    path("network/cooperation/<int:pk>/evaluation/", views.evaluate_cooperation, name="evaluate_cooperation"),
    path("network/agreements/", agreements.agreements, name="agreements"),
    re_path(r"^agreements\.(?P<format>csv|xlsx)$", agreements.agreements_export, name="agreements_export"),
    path("network/new-agreement/", agreements.add_agreement, name="add_agreement"),
    path("network/agreements/<uuid:key>/", agreements.agreement, name="agreement"),
    path("network/agreements/<uuid:key>/edit/", agreements.edit_agreement, name="edit_agreement"),
    path("network/agreements/<uuid:key>/withdraw/", agreements.withdraw_agreement, name="withdraw_agreement"),
    path("network/agreements/<uuid:key>/restore/", agreements.restore_agreement, name="restore_agreement"),
    path("network/agreements/<uuid:key>/new-duty/", agreements.add_duty, name="add_duty"),
    path("network/duties/<int:pk>/undo/", agreements.undo_duty, name="undo_duty"),
    path("network/duties/<int:pk>/restore/", agreements.restore_duty, name="restore_duty"),
    path("network/cooperation/<int:pk>/new-mission/", missions.add_mission, name="add_mission"),
    path("network/missions/<int:pk>/edit/", missions.edit_mission, name="edit_mission"),
    path("network/missions/<int:pk>/withdraw/", missions.withdraw_mission, name="withdraw_mission"),
    path("network/missions/<int:pk>/restore/", missions.restore_mission, name="restore_mission"),
]
