"""Addresses of questions put to the State."""

from django.urls import path, re_path

from servanda.desk.questions import asking, editing, views

urlpatterns = [
    path("questions/", views.questions, name="questions"),
    path("questions/<int:document>/", views.document_questions, name="document_questions"),
    re_path(
        r"^questions/(?P<document>\d{1,18})\.(?P<format>csv|xlsx)$", views.questions_export, name="questions_export"
    ),
    path("questions/<int:document>/answers/", asking.ask_questions, name="ask_questions"),
    path("questions/<int:document>/suggested/", editing.name_suggested, name="name_suggested"),
    path("questions/<int:document>/<int:pk>/edit/", editing.edit_question, name="edit_question"),
    path("questions/<int:document>/<int:pk>/records/", editing.set_question_links, name="set_question_links"),
]
