"""Runs a command beside a PostgreSQL, a redis-server and an S3 server of its own, and tells it
where they are: with_servers.py VERSITYGW COMMAND... Exits with 77 where one of them is not to be
had.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

import servers  # noqa: E402  # of the folder above


def run(versitygw: str, command: list[str]) -> int:
    """Its exit status."""
    with contextlib.ExitStack() as stack:
        # Below the working directory: the S3 server wants extended attributes, which not every /tmp
        # has.
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", ".")))
        postgres = stack.enter_context(servers.postgres())
        redis = stack.enter_context(servers.redis(folder))
        if postgres is None or redis is None:
            print("skipped: PostgreSQL or redis-server is not installed", file=sys.stderr)
            return 77
        s3 = stack.enter_context(servers.s3(versitygw, f"{Path(folder).resolve()}/s3"))
        told = {**environment(postgres, redis, s3), "TEST_VERSITYGW": versitygw}
        # A machine at work on other tests makes Redis slower than 50 ms, and that is no outage.
        told["BHASHATTS_REDIS_TIMEOUT_MS"] = "5000"
        return subprocess.run(command, env={**os.environ, **told}, check=False).returncode


def environment(postgres: int, redis: int, s3: int) -> dict[str, str]:
    """What project.settings_servers and the engine read, of servers on these ports."""
    return {
        "TEST_POSTGRES_PORT": str(postgres),
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "AUDIO_STORAGE_BACKEND": "storages.backends.s3boto3.S3Boto3Storage",
        "AWS_ACCESS_KEY_ID": servers.KEY,
        "AWS_SECRET_ACCESS_KEY": servers.SECRET,
        "AWS_STORAGE_BUCKET_NAME": "pages",
        "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:]))
