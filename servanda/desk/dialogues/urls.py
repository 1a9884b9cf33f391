"""Addresses of dialogues."""

from django.urls import path

from servanda.desk.dialogues import editing

urlpatterns = [
    path("communications/<uuid:key>/delegation/", editing.set_delegation, name="set_delegation"),
    path("communications/<uuid:key>/points/", editing.set_points, name="set_points"),
    path("communications/<uuid:key>/points/add/", editing.add_points, name="add_points"),
    path(
        "communications/<uuid:key>/advance-questions/<int:pk>/",
        editing.take_advance_questions,
        name="take_advance_questions",
    ),
    path(
        "communications/<uuid:key>/advance-questions/<int:pk>/undo/",
        editing.undo_advance_questions,
        name="undo_advance_questions",
    ),
    path("communications/<uuid:key>/kit.<str:format>", editing.dialogue_kit, name="dialogue_kit"),
]
