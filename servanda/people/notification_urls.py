from django.urls import path

from servanda.people import notification_pages

patterns = [
    path("notifications/", notification_pages.notifications, name="notifications"),
    path("notifications/read/", notification_pages.read_notifications, name="read_notifications"),
    path("notifications/<int:pk>/read/", notification_pages.read_notification, name="read_notification"),
]
