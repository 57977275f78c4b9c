"""How the service stands."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from bhashatts import Stats, Status
from bhashatts.django import policy
from bhashatts.django.api import schema
from bhashatts.django.api.base import View
from bhashatts.django.engine import engine


class ServiceStatus(View):
    """Healthy, degraded or unhealthy: that is 503, and only what is kept can be heard."""

    @schema.status
    def get(self, request: Request) -> Response:
        """How the service stands; admins see costs and causes too."""
        stands = engine().status()
        if policy.is_admin_here(request.user):
            data = for_admins(stands, engine().stats())
        else:
            data = for_everyone(stands)
        return Response({"data": data}, status=503 if stands.status == "unhealthy" else 200)


def for_everyone(stands: Status) -> dict[str, Any]:
    """Nothing of costs, causes or places."""
    return {
        "status": stands.status,
        "model": {name: stands.model.get(name) for name in ("status", "model")},
        "cache": {name: stands.cache.get(name) for name in ("total_entries", "total_size_bytes")},
    }


def for_admins(stands: Status, stats: Stats) -> dict[str, Any]:
    """All that is known."""
    return {
        "status": stands.status,
        "model": stands.model,
        "fallbacks": stands.fallbacks,
        "cache": {
            **stands.cache,
            "total_accesses": stats.total_accesses,
            "avg_generation_time_ms": stats.avg_generation_time_ms,
        },
        "spool": stands.spool,
        "budget": stands.budget,
        "warnings": stands.warnings,
    }
