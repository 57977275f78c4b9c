"""What deploy/django ships, for this host; where it listens is said by the command line."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

_SHIPPED = Path(__file__).parents[3] / "deploy" / "django" / "gunicorn.conf.py"
globals().update(
    {name: it for name, it in runpy.run_path(str(_SHIPPED)).items() if not name.startswith("_")}
)
wsgi_app = "host.wsgi:application"
bind: list[str] = []
if os.environ["BENCH_VIEW"] == "service":  # which has no engine to open
    del globals()["on_starting"]
