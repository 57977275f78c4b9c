"""The image and the composition, as far as they can be judged without Docker."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
from pathlib import Path

import bhashatts
import pytest
import yaml

from installed import DEPLOY, TREE, settings_of

DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
COMPOSE_TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)


def copied() -> list[str]:
    """From the tree."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def sent(name: str) -> bool:
    """Whether a file reaches the builder: the last line that fits it, or what it is in, decides."""
    above = [name, *map(str, Path(name).parents)]
    said = False
    for line in IGNORED:
        pattern = line.lstrip("!").removeprefix("**/")
        fits = any(
            fnmatch.fnmatch(one, pattern) or ("**/" in line and Path(one).name == pattern)
            for one in above
        )
        if line and not line.startswith("#") and fits:
            said = line.startswith("!")
    return said


def files_below(name: str) -> list[str]:
    top = TREE / name
    below = [top] if top.is_file() else [one for one in top.rglob("*") if one.is_file()]
    return [str(one.relative_to(TREE)) for one in below if "__pycache__" not in one.parts]


def test_what_is_copied_is_there_and_is_sent() -> None:
    assert len(copied()) > 10
    for name in copied():
        assert (TREE / name).exists(), name
        assert any(sent(one) for one in files_below(name)), name


def test_what_the_wheel_is_built_from_is_sent_and_no_tests_nor_secrets() -> None:
    needed = ["CMakeLists.txt", "pyproject.toml", "LICENSE", "bindings/python/README.md"]
    needed += [name for top in ("src", "include", "cmake") for name in files_below(top)]
    needed += files_below("bindings/python/src") + files_below("bindings/python/bhashatts")
    assert [name for name in needed if not sent(name) and ".ruff_cache" not in name] == []
    for name in (
        *("deploy/django/.env", "deploy/django/tls/privkey.pem", "bindings/python/tests/tones.py"),
        *(".git/config", "build/x", "bindings/python/examples/storyreader/data/rows.sqlite3"),
    ):
        assert not sent(name), name


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="this is no Debian system")
def test_the_image_has_every_library_that_the_module_is_linked_to() -> None:
    module = bhashatts._core.__file__
    linked = subprocess.run(["objdump", "-p", module], capture_output=True, text=True, check=False)
    if linked.returncode != 0:
        pytest.skip("objdump is not installed")
    wanted = [f"*-linux-gnu/{name}" for name in re.findall(r"NEEDED +(\S+)", linked.stdout)]
    found = subprocess.run(["dpkg", "-S", *wanted], capture_output=True, text=True, check=True)
    owners = {re.split("[:,]", line)[0] for line in found.stdout.splitlines()}
    runtime = DOCKERFILE.split("FROM ")[2]
    installed = set(
        re.findall(r"apt-get install -y --no-install-recommends\s+(.+?)\s+&&", runtime)[0].split()
    )
    always = {"libstdc++6", "libgcc-s1"}
    assert {name for name in owners - installed - always if not name.startswith("libc6")} == set()
    assert installed - owners == {"espeak-ng"}


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    runtime = DOCKERFILE.split("FROM ")[2]
    users = re.findall(r"^USER (\S+)$", runtime, re.MULTILINE)
    assert users == ["storyreader"]
    assert runtime.index("USER") < runtime.index("HEALTHCHECK") < runtime.index("\nCMD")
    command = json.loads(re.findall(r"^CMD (.+)$", runtime, re.MULTILINE)[0])
    assert command[:2] == ["gunicorn", "--config"]
    health = json.loads(re.findall(r"^HEALTHCHECK .*?CMD (\[.+\])$", runtime, re.MULTILINE)[0])
    for name in (command[2], health[1]):
        assert (DEPLOY / name).exists()


def test_the_image_says_no_setting_that_the_example_does_not() -> None:
    """ENV is what holds where the file says nothing."""
    said = re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)[0].split()
    named = {one.split("=", 1)[0]: one.split("=", 1)[1] for one in said}
    example = settings_of((DEPLOY / "env.example").read_text("utf-8"))
    ours = {name: it for name, it in named.items() if not name.startswith(("PATH", "PYTHON"))}
    assert {name: example[name] for name in ours} == ours


def test_every_variable_of_the_composition_stands_in_the_example() -> None:
    named = set(re.findall(r"\$\{?([A-Z_]+)", COMPOSE_TEXT))
    assert named
    assert named <= settings_of((DEPLOY / "env.example").read_text("utf-8")).keys()
    for service in ("app", "migrate"):
        told = COMPOSE["services"][service]["environment"]
        assert told.keys() <= settings_of((DEPLOY / "env.example").read_text("utf-8")).keys()


def test_files_and_volumes_of_the_composition_are_there() -> None:
    build = COMPOSE["services"]["app"]["build"]
    assert (DEPLOY / build["context"]).resolve() == TREE
    assert (TREE / build["dockerfile"]) == DEPLOY / "Dockerfile"
    used = set()
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert source == "./tls" or (DEPLOY / source).exists()
            else:
                used.add(source)
        for other, how in service.get("depends_on", {}).items():
            assert other in COMPOSE["services"]
            ends = COMPOSE["services"][other].get("healthcheck") == {"disable": True}
            assert ends == (how["condition"] == "service_completed_successfully")
    assert used == COMPOSE["volumes"].keys()


def test_only_nginx_is_reached_from_outside() -> None:
    reached = {name for name, one in COMPOSE["services"].items() if "ports" in one}
    assert reached == {"nginx"}
    for name in ("app", "migrate", "nginx"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
