from django.urls import path

from servanda.people import activity

patterns = [
    path("trail/", activity.trail, name="trail"),
    path("trail.<str:format>", activity.trail_export, name="trail_export"),
    path("trail/<str:kind>/<str:key>/", activity.activity_of_object, name="activity_of_object"),
    path("<int:pk>/activity/", activity.activity_of_person, name="activity_of_person"),
    path("institutions/<int:pk>/activity/", activity.activity_of_institution, name="activity_of_institution"),
]
