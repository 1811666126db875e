"""Addresses of panels, files and notices."""

from django.urls import path

from anlan.records import views

urlpatterns = [
    path("records/files/<int:file_id>/", views.stored_file, name="file"),
    path("records/files/<int:file_id>/remove/", views.remove_file, name="file-remove"),
    path("records/comments/<int:comment_id>/withdraw/", views.withdraw_comment, name="comment-withdraw"),
    path("records/<str:kind>/<int:pk>/", views.panel, name="panel"),
    path("records/<str:kind>/<int:pk>/comments/", views.add_comment, name="comment-add"),
    path("records/<str:kind>/<int:pk>/attach/", views.attach_file, name="file-attach"),
    path("notices/", views.notice_list, name="notices"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/<int:notice_id>/open/", views.open_notice, name="notice-open"),
]
