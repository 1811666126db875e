"""Addresses of the work lists."""

from django.urls import path

from anlan.worklists import views

urlpatterns = [
    path("work/", views.worklist, {"name": "own"}, name="worklist"),
    path("work/unit/", views.worklist, {"name": "unit"}, name="worklist-unit"),
    path("work/below/", views.worklist, {"name": "below"}, name="worklist-below"),
    path("work/below/<str:code>/", views.worklist, {"name": "below"}, name="worklist-place"),
    path("work/board/", views.board, name="work-board"),
    path("work/new/", views.new_task, name="task-new"),
    path("work/<int:task_id>/", views.task_page, name="task"),
    path("work/<int:task_id>/take/", views.take, name="task-take"),
    path("work/<int:task_id>/release/", views.release, name="task-release"),
    path("work/<int:task_id>/complete/", views.complete, name="task-complete"),
    path("work/<int:task_id>/return/", views.send_back, name="task-return"),
    path("work/<int:task_id>/sign-off/", views.sign_off, name="task-sign-off"),
    path("work/<int:task_id>/withdraw/", views.withdraw, name="task-withdraw"),
]
