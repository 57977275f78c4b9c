"""The reader installed below a directory, from the shipped files, as docs/deploying.md says.

What the files name absolutely (/opt/storyreader, /var/lib, /etc/storyreader, /run/storyreader) is
put below that directory, and nothing else is changed: what is tested is what is shipped.
"""

from __future__ import annotations

import grp
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent
TREE = DEPLOY.parent.parent
READER = TREE / "bindings" / "python" / "examples" / "storyreader"
SITE = "stories.example.org"
KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2  # of the tests
OURS = ("/opt/storyreader", "/var/lib", "/etc/storyreader", "/run/storyreader", "/var/backups")
_PREFIXES = ("BHASHATTS_", "TTS_", "AUDIO_", "HUGGINGFACE_", "AWS_", "DJANGO_", "STORYREADER_")

# espeak-ng; a sentence that holds the word in `gate` waits until that file is gone.
_VOICE = """#!/bin/sh
case "$*" in *--stdin*) ;; *) exec {espeak} "$@" ;; esac
text=$(cat)
while [ -s {gate} ] && printf %s "$text" | grep -qF -f {gate}; do sleep 0.02; done
printf %s "$text" | {espeak} "$@"
"""


def web_group() -> int:
    """nginx's; one's own where there is none, or where it may not be given away."""
    try:
        return grp.getgrnam("www-data").gr_gid if os.geteuid() == 0 else os.getegid()
    except KeyError:
        return os.getegid()


class Installation:
    """All of it below `place`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.chmod(0o711)
        for name in OURS:
            self.path(name).mkdir(parents=True)
        (self.path("/run/storyreader")).chmod(0o755)
        self._install_files()
        self._install_python()
        self.gate = place / "gate"
        self._install_voice()
        self._make_directories()
        self.settings = self._settings()
        self._write_settings()

    def path(self, name: str) -> Path:
        """Where an absolute name is here."""
        return self.place / name.lstrip("/")

    @property
    def data(self) -> Path:
        """The engine's directory."""
        return self.path("/var/lib/bhashatts")

    @property
    def socket(self) -> Path:
        """Where gunicorn listens."""
        return self.path("/run/storyreader") / "http.sock"

    def here(self, text: str) -> str:
        """A shipped text, with its absolute names below our place."""
        for name in OURS:
            text = text.replace(name, str(self.path(name)))
        return text

    def shipped(self, name: str) -> str:
        """A file of deploy/django, for here."""
        return self.here((DEPLOY / name).read_text("utf-8"))

    def environment(self, **more: str) -> dict[str, str]:
        """What systemd would start a service with."""
        return {**bare_environment(), **self.settings, **more}

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """manage.sh; more: environment."""
        return subprocess.run(
            [str(self.path("/opt/storyreader/manage.sh")), *arguments],
            env={**bare_environment(), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def _install_files(self) -> None:
        opt = self.path("/opt/storyreader")
        for name in ("storyreader", "reader"):
            shutil.copytree(READER / name, opt / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(READER / "manage.py", opt)
        for name in ("gunicorn.conf.py", "behind_nginx.py", "healthcheck.py", "manage.sh"):
            made = opt / name
            made.write_text(self.shipped(name), "utf-8")
            made.chmod(stat.S_IMODE((DEPLOY / name).stat().st_mode))

    def _install_python(self) -> None:
        """Programs that stand for a virtual environment: this Python's."""
        programs = self.path("/opt/storyreader/venv/bin")
        programs.mkdir(parents=True)
        for name, module in (
            *(("python", ""), ("gunicorn", "-m gunicorn"), ("uvicorn", "-m uvicorn")),
            ("bhashatts", "-m bhashatts"),
        ):
            made = programs / name
            made.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
            made.chmod(0o755)

    def _install_voice(self) -> None:
        espeak = shutil.which("espeak-ng") or "espeak-ng"
        self.voice = self.place / "voice"
        self.voice.write_text(_VOICE.format(espeak=espeak, gate=self.gate))
        self.voice.chmod(0o755)

    def _make_directories(self) -> None:
        for path, mode, _, _ in tmpfiles(self.shipped("systemd/storyreader.tmpfiles.conf")):
            path.mkdir()
            path.chmod(mode)
            os.chown(path, -1, web_group())
        (self.path("/var/lib/storyreader")).mkdir(mode=0o700)

    def _settings(self) -> dict[str, str]:
        """The example, filled in: rows in SQLite, no Redis, espeak-ng."""
        filled = {
            "DJANGO_SECRET_KEY": KEY,
            "TTS_ENABLE_PREWARMING": "false",
            "BHASHATTS_SYNTHESIZER": "espeak",
            "BHASHATTS_ESPEAK_PROGRAM": str(self.voice),
            "BHASHATTS_MIN_FREE_BYTES": str(1 << 20),
            # What installing into an environment would have done.
            "PYTHONPATH": os.pathsep.join(one for one in sys.path if one.startswith("/")),
        }
        example = settings_of(self.shipped("env.example"))
        return {**without(example, "DATABASE_URL", "REDIS_URL", "POSTGRES_PASSWORD"), **filled}

    def _write_settings(self) -> None:
        lines = [f"{name}={value}\n" for name, value in self.settings.items()]
        self.path("/etc/storyreader/env").write_text("".join(lines), "utf-8")


def without(settings: dict[str, str], *names: str) -> dict[str, str]:
    """All but those."""
    return {name: value for name, value in settings.items() if name not in names}


def settings_of(text: str) -> dict[str, str]:
    """Of an environment file."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def tmpfiles(text: str) -> list[tuple[Path, int, str, str]]:
    """Directories of a tmpfiles.d file: path, mode, user, group."""
    lines = [line.split() for line in text.splitlines() if line.startswith("d ")]
    return [(Path(path), int(mode, 8), user, group) for _, path, mode, user, group, _ in lines]


def bare_environment() -> dict[str, str]:
    """This process's, without anything that the reader or the engine would read."""
    ours = {name: it for name, it in os.environ.items() if not name.startswith(_PREFIXES)}
    for name in ("DATABASE_URL", "REDIS_URL", "PYTHONPATH", "POSTGRES_PASSWORD"):
        ours.pop(name, None)
    return {**ours, "PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "*"}
