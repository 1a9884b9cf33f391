from django.urls import path

from servanda.people.notifications import views as notification_views

patterns = [
    path("notifications/", notification_views.notifications, name="notifications"),
    path("notifications/read/", notification_views.read_notifications, name="read_notifications"),
    path("notifications/<int:pk>/read/", notification_views.read_notification, name="read_notification"),
]
