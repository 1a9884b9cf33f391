from django.urls import path

from servanda.portal import record, register, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("recommendations/", register.register, name="register"),
    path("recommendations.<str:format>", register.register_export, name="register_export"),
    path("recommendations/<str:code>/panel/", register.recommendation_panel, name="recommendation_panel"),
    path("recommendations/<str:code>/", record.recommendation, name="recommendation"),
    path("about/", views.about, name="about"),
]
