"""Addresses of accounts."""

from django.urls import path

from helhet.accounts import views, views_me, views_users

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("link/<str:secret>/", views.link, name="link"),
    path("welcome/", views.welcome, name="welcome"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("me/", views_me.me, name="me"),
    path("me/password/", views_me.password, name="password"),
    path("me/sessions/end/", views_me.sessions_end, name="sessions_end"),
    path("me/tokens/new/", views_me.token_new, name="token_new"),
    path("me/tokens/<int:token_id>/end/", views_me.token_end, name="token_end"),
    path("settings/users/", views_users.users, name="users"),
    path("settings/users/new/", views_users.user_new, name="user_new"),
    path("settings/users/<int:user_id>/", views_users.user, name="user"),
    path("settings/users/<int:user_id>/link/", views_users.user_link, name="user_link"),
    path("settings/users/<int:user_id>/end/", views_users.user_end, name="user_end"),
]
