"""What README says is there: paths, commands, options, settings and registries."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

from surveyapp.cli import commands
from surveyapp.config import PREFIX, _SettingsSchema

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "survey_definitions" / "README.md").read_text(encoding="utf-8")
PACKAGES = ("forms", "exports", "surveyapp", "survey_definitions", "tests")

SHORT = {"services": "surveyapp/services", "web": "surveyapp/web", "templates": "surveyapp/templates"}
PATHS = sorted({match[1].rstrip("/") for match in re.finditer(r"`([a-z_]+/[\w./]*)`", README)})
LINKS = sorted({match[1] for match in re.finditer(r"\]\((?!http|#)([^)]+)\)", README + REFERENCE)})
COMMANDS = sorted(
    {match[1] for match in re.finditer(r"(?:^|[`/])surveyapp ((?:[a-z-]+ ?)+(?:[^`\n]|\\\n)*)", README, re.MULTILINE)}
)


def map_lines() -> list[tuple[int, str]]:
    """Give indentation and names of each line of the map."""
    block = README.split("## The house", 1)[1].split("```", 2)[1].strip("\n")
    return [(len(line) - len(line.lstrip()), re.split(r"\s{2,}", line.strip())[0]) for line in block.splitlines()]


def test_every_path_of_the_readme_exists():
    missing = []
    for path in PATHS:
        first, _, rest = path.partition("/")
        full = f"{SHORT[first]}/{rest}" if first in SHORT else path
        if first in (*PACKAGES, *SHORT) and not (ROOT / full).exists():
            missing.append(path)
    assert missing == []


def test_every_link_leads_somewhere():
    folders = (ROOT, ROOT / "survey_definitions")
    assert [link for link in LINKS if not any((folder / link).exists() for folder in folders)] == []


def test_every_room_on_the_map_is_in_the_house():
    floor, missing = "", []
    for indent, names in map_lines():
        for name in names.split():
            if not re.fullmatch(r"[\w./]+", name):
                continue
            if indent == 0:
                floor = name
            path = ROOT / floor if indent == 0 else ROOT / floor / name
            if not path.exists():
                missing.append(f"{floor}{name}")
    assert missing == []


def test_every_room_of_the_house_is_on_the_map():
    on_map = " ".join(names for _, names in map_lines())
    absent = [
        child.name
        for floor in ("forms", "exports", "surveyapp")
        for child in sorted((ROOT / floor).iterdir())
        if child.is_dir() and child.name != "__pycache__" and f"{child.name}/" not in on_map
    ]
    assert absent == []


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_readme_is_a_command_with_these_options(line):
    words = line.replace("\\\n", " ").split("#")[0].split()
    command: click.Command = commands
    while words and isinstance(command, click.Group):
        name = words.pop(0)
        assert name in command.commands, f"surveyapp {line}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_every_setting_of_the_readme_is_one():
    named = {name.removeprefix(PREFIX).lower() for name in re.findall(rf"{PREFIX}[A-Z_]+", README)}
    assert named <= set(_SettingsSchema._declared_fields)


@pytest.mark.parametrize(("registry", "module"), re.findall(r"`([A-Z]+)` in `([\w/]+)/__init__\.py`", README))
def test_every_registry_holds_what_one_line_each_puts_there(registry, module):
    assert getattr(importlib.import_module(module.replace("/", ".")), registry)


def test_the_readme_names_the_commands_of_make():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert (
        set(re.findall(r"(?<=`)make ([a-z]+)|^make ([a-z]+)", README, re.MULTILINE))
        and {a or b for a, b in re.findall(r"`make ([a-z]+)|^make ([a-z]+)", README, re.MULTILINE)} <= targets
    )
