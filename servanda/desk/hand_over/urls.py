"""Addresses of hand-overs and vacancies."""

from django.urls import path

from servanda.desk.hand_over import vacancies, views

urlpatterns = [
    path("appointments/<int:pk>/end/", views.end_appointment, name="end_appointment"),
    path("hand-over/<int:pk>/", views.hand_over, name="hand_over"),
    path("hand-over/<int:pk>.<str:format>", views.hand_over_file, name="hand_over_file"),
    path("vacancies/", vacancies.vacancies, name="vacancies"),
]
