from django.urls import path

from servanda.people.appointments import views

patterns = [
    path("institutions/<int:pk>/appoint/", views.appoint_person, name="appoint_person"),
    path("appointments/<int:pk>/edit/", views.edit_appointment, name="edit_appointment"),
    path("appointments/<int:pk>/reopen/", views.reopen_appointment, name="reopen_appointment"),
]
