"""Addresses of training."""

from django.urls import path, re_path

from servanda.desk.training import exercises, materials, participants, sessions, views

urlpatterns = [
    path("network/training/", views.training, name="training"),
    re_path(r"^training\.(?P<format>csv|xlsx)$", views.training_export, name="training_export"),
    path("network/new-course/", views.add_course, name="add_course"),
    path("network/courses/<uuid:key>/", views.course, name="course"),
    path("network/courses/<uuid:key>/edit/", views.edit_course, name="edit_course"),
    path("network/courses/<uuid:key>/withdraw/", views.withdraw_course, name="withdraw_course"),
    path("network/courses/<uuid:key>/restore/", views.restore_course, name="restore_course"),
    path("network/courses/<uuid:key>/new-session/", sessions.add_session, name="add_session"),
    path("network/sessions/<int:pk>/edit/", sessions.edit_session, name="edit_session"),
    path("network/sessions/<int:pk>/cancel/", sessions.cancel_session, name="cancel_session"),
    path("network/sessions/<int:pk>/reopen/", sessions.reopen_session, name="reopen_session"),
    path("network/sessions/<int:pk>/register/", sessions.register_for_session, name="register_for_session"),
    path(
        "network/sessions/<int:pk>/withdraw-registration/",
        sessions.withdraw_registration,
        name="withdraw_registration",
    ),
    path("network/sessions/<int:pk>/attendance/", sessions.set_attendance, name="set_attendance"),
    path(
        "network/sessions/<int:pk>/participants/",
        participants.session_participants,
        name="session_participants",
    ),
    re_path(
        r"^network/sessions/(?P<pk>[0-9]{1,17})/participants\.(?P<format>csv|xlsx)$",
        participants.session_participants_export,
        name="session_participants_export",
    ),
    path("network/sessions/<int:pk>/new-participant/", participants.register_guest, name="register_guest"),
    path("network/guests/<int:pk>/withdraw/", participants.withdraw_guest, name="withdraw_guest"),
    path("network/guests/<int:pk>/restore/", participants.restore_guest, name="restore_guest"),
    path("network/courses/<uuid:key>/new-file/", materials.add_material, name="add_material"),
    path("network/materials/<uuid:key>/", materials.course_material, name="course_material"),
    path("network/materials/<uuid:key>/withdraw/", materials.withdraw_material, name="withdraw_material"),
    path("network/materials/<uuid:key>/restore/", materials.restore_material, name="restore_material"),
    path("network/exercises/offer/", exercises.offer_exercises, name="offer_exercises"),
    path("network/exercises/stop/", exercises.stop_exercises, name="stop_exercises"),
    path("network/exercises/", exercises.exercises, name="exercises"),
    re_path(r"^network/exercise-review\.(?P<format>csv|xlsx)$", exercises.exercise_file, name="exercise_file"),
    path("network/exercises/<slug:code>/", exercises.exercise, name="exercise"),
    path("network/exercises/<slug:code>/start/", exercises.start_exercise, name="start_exercise"),
    path("network/exercises/<slug:code>/reset/", exercises.reset_exercise, name="reset_exercise"),
    path("network/exercises/<slug:code>/undo-reset/", exercises.undo_reset, name="undo_reset"),
    path("network/exercises/<slug:code>/forget/", exercises.forget_exercise, name="forget_exercise"),
]
