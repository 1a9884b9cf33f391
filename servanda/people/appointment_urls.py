from django.urls import path

from servanda.people import appointments

patterns = [
    path("institutions/<int:pk>/appoint/", appointments.appoint_person, name="appoint_person"),
    path("appointments/<int:pk>/edit/", appointments.edit_appointment, name="edit_appointment"),
    path("appointments/<int:pk>/reopen/", appointments.reopen_appointment, name="reopen_appointment"),
]
