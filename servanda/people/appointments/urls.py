from django.urls import path

from servanda.people.appointments import views as appointment_views

patterns = [
    path("institutions/<int:pk>/appoint/", appointment_views.appoint_person, name="appoint_person"),
    path("appointments/<int:pk>/edit/", appointment_views.edit_appointment, name="edit_appointment"),
    path("appointments/<int:pk>/reopen/", appointment_views.reopen_appointment, name="reopen_appointment"),
]
