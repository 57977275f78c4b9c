"""The server as it is, but for its voice. Needs this folder and the one above in PYTHONPATH."""

from __future__ import annotations

import sys

import fake_voice

import server

if __name__ == "__main__":
    sys.exit(server.main(fake_voice.load))
