"""Every part looked at, from configuration to bucket, and what to do about what is wrong.

    manage.py tts_doctor

Costs nothing, shows no secret. Exit status: 0, also with warnings; 1 where there is a problem.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bhashatts.django.console import say
from bhashatts.django.doctor import OK, PROBLEM, WARNING, Finding, examine


class Command(BaseCommand):
    """See the module."""

    help = "Check every part of the speech service, and say what to do"
    requires_system_checks: list[str] = []  # Django's; they are findings here

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object on stdout")

    def handle(self, *_: object, **options: Any) -> None:
        found = examine()
        problems = sum(one.level == PROBLEM for one in found)
        warnings = sum(one.level == WARNING for one in found)
        if options["json"]:
            checks = [dataclasses.asdict(one) for one in found]
            told = {"problems": problems, "warnings": warnings, "checks": checks}
            self.stdout.write(json.dumps(told))
        else:
            for one in found:
                self._tell(one)
            say(self.stdout)
            say(self.stdout, f"{problems} problems, {warnings} warnings")
        if problems:
            raise CommandError(f"{problems} problems were found")

    def _tell(self, one: Finding) -> None:
        styles = {OK: self.style.SUCCESS, WARNING: self.style.WARNING, PROBLEM: self.style.ERROR}
        say(self.stdout, f"{one.level:8} {one.part}: {one.message}", styles[one.level])
        if one.advice:
            say(self.stdout, f"         -> {one.advice}")
