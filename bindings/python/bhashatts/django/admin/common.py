"""What the admins of our models have in common."""

# ruff: noqa: ARG002  # Django says what its methods are given
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

import bhashatts

# What the engine, or making it, may raise; the message says what to do.
ENGINE_ERRORS = (bhashatts.Error, ImproperlyConfigured)
# What a list's action takes at once: each is asked of the engine, while the browser waits.
MOST_AT_ONCE = 200


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that can be looked at. Nothing is added or changed by hand."""

    list_per_page = 50
    show_full_result_count = False  # a count of the whole table, for each page of a long log

    class Media:
        css = {"all": ("bhashatts/admin.css",)}  # as Django wants it

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_act(self, request: HttpRequest) -> bool:
        """Whether this user holds the model's change permission, which buttons and actions need."""
        name = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return bool(request.user.has_perm(name))

    def has_act_permission(self, request: HttpRequest) -> bool:
        """May_act, as actions ask for it: permissions=["act"]."""
        return self.may_act(request)

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """The row of a URL. Raises PermissionDenied, Http404."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404("There is no such row")
        return row

    def row_to_act_on(self, request: HttpRequest, object_id: str) -> Any:
        """The same, for a button. Raises PermissionDenied, Http404."""
        if not self.may_act(request):
            raise PermissionDenied
        return self.row(request, object_id)

    def url(self, name: str, *args: object) -> str:
        """Of a view of this admin: url("change", 3)."""
        return url_of(self.admin_site, self.model, name, *args)


def url_of(site: admin.AdminSite, model: type[Model], name: str, *args: object) -> str:
    """Of a view of a model's admin."""
    full = f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}"
    url: str = reverse(full, args=args, current_app=site.name)
    return url


def only_post(request: HttpRequest) -> HttpResponse | None:
    """The refusal of all but POST: a link that is followed must not do anything."""
    return None if request.method == "POST" else HttpResponseNotAllowed(["POST"])


def too_many(rows: Any) -> str | None:
    """Why a list's action does not take these rows; None: it does."""
    count = rows.count()
    if count <= MOST_AT_ONCE:
        return None
    return f"{count:,} are too many at once: choose at most {MOST_AT_ONCE}. Nothing was done."


def badge(text: str, color: str) -> SafeString:
    """A bold word. color: green, blue, red or gray, in tones that the admin's theme bears."""
    return format_html('<span class="bhashatts-badge bhashatts-{}">{}</span>', color, text.upper())


def counted(count: int, one: str, many: str) -> str:
    """A number and its noun: "1 speech"."""
    return f"{count:,} {one if count == 1 else many}"


def log_deletions(model_admin: Any, request: HttpRequest, rows: Sequence[Any]) -> None:
    """Writes who deleted them into the admin's history."""
    if hasattr(model_admin, "log_deletions"):  # from Django 5.1
        model_admin.log_deletions(request, rows)
        return
    for row in rows:
        model_admin.log_deletion(request, row, str(row))
