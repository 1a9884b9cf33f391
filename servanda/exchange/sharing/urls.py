from django.urls import path

from servanda.exchange.sharing import key_pages, parcel_pages, views

urlpatterns = [
    path("feed", views.feed, name="feed"),
    path("feed/<int:number>", views.feed_page, name="feed_page"),
    path("sharing/", views.edit_sharing, name="edit_sharing"),
    path("peers/parcel/prepare/", parcel_pages.prepare_parcel, name="prepare_parcel"),
    path("peers/parcel/progress/", parcel_pages.parcel_progress, name="parcel_progress"),
    path("peers/parcel.zip", parcel_pages.parcel_file, name="parcel_file"),
    path("peers/members-parcel.zip", parcel_pages.members_parcel_file, name="members_parcel_file"),
    path("peers/key/replace/", key_pages.replace_key, name="replace_key"),
    path("peers/keys/<str:fingerprint>/revoke/", key_pages.revoke_key, name="revoke_key"),
]
