from django.urls import path

from servanda.people.notifications import views

patterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_notifications, name="read_notifications"),
    path("notifications/<int:pk>/read/", views.read_notification, name="read_notification"),
]
