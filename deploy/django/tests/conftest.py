"""One installation for all; what stops its app starts it again."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import library
from installed import Installation
from serving import Browser, Gunicorn, Nginx, closing_all, nginx_program

needs_nginx = pytest.mark.skipif(nginx_program() is None, reason="nginx is not installed")
needs_voice = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)
ASHA = ("asha", "monsoon-umbrella-7")
# In one process, which saves seconds.
BEGIN = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
call_command("load_stories", "{{stories}}", stdout=open("/dev/null", "w"))
call_command("createsuperuser", interactive=False, username="{ASHA[0]}", email="asha@example.org")
"""


@dataclasses.dataclass
class Site:
    """Everything up."""

    installed: Installation
    app: Gunicorn
    nginx: Nginx
    browser: Browser


@pytest.fixture(scope="session")
def installed() -> Iterator[Installation]:
    """Tables, stories, a listener. Not in pytest's own place: nobody else may pass through that."""
    place = Path(tempfile.mkdtemp(prefix="bhashatts-deploy-"))
    made = Installation(place)
    begin = BEGIN.format(stories=library.write(place / "stories.jsonl"))
    ran = made.manage("shell", "--command", begin, DJANGO_SUPERUSER_PASSWORD=ASHA[1])
    assert ran.returncode == 0, ran.stderr
    yield made
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def site(installed: Installation) -> Iterator[Site]:
    """nginx before the app, whose socket is held as systemd holds it."""
    app = Gunicorn(installed, activated=True)
    nginx = Nginx(installed)
    with closing_all(nginx, app):
        app.start()
        nginx.start()
        browser = Browser(nginx.port)
        browser.sign_in(*ASHA)
        yield Site(installed, app, nginx, browser)
