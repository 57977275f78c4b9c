"""The admin: what is kept and can be heard, what was asked for, what is being made, and pictures.

The engine owns the rows, so nobody edits them here: a text that is changed in a row is still the
old one in its key and in its audio. What can be done is asked of the engine, and the rows follow.
"""

from __future__ import annotations

from bhashatts.django.admin.audio import AudioCacheAdmin
from bhashatts.django.admin.dashboard import DashboardAdmin
from bhashatts.django.admin.jobs import PrewarmJobAdmin
from bhashatts.django.admin.usage import TTSUsageLogAdmin

__all__ = ("AudioCacheAdmin", "DashboardAdmin", "PrewarmJobAdmin", "TTSUsageLogAdmin")
