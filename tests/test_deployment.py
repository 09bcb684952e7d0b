"""Dockerfile and compose.yaml against what they name here; no Docker is needed, and none is tried."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import yaml

from assistant.cli import cli
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_chroma_server_is_the_version_that_is_tested_here() -> None:
    pinned = re.search(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)
    assert pinned
    assert COMPOSE["services"]["chroma"]["image"] == f"chromadb/chroma:{pinned[1]}"


def test_the_container_runs_a_command_that_exists_with_options_it_has() -> None:
    (line,) = re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.M)
    program, command, *arguments = json.loads(line)
    assert program == "tanya"
    options = {option for parameter in cli.commands[command].params for option in parameter.opts}
    assert {argument for argument in arguments if argument.startswith("--")} <= options


def test_everything_the_package_is_built_from_reaches_the_build() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert {
        *included,
        *project["project"]["license-files"],
        "seeds",
        "pyproject.toml",
        "constraints.txt",
        "README.md",
    } <= kept
    assert all((ROOT / name).exists() for name in kept), "named but not there"


def test_settings_ports_and_volumes_fit_together() -> None:
    tanya, chroma = COMPOSE["services"]["tanya"], COMPOSE["services"]["chroma"]
    settings = Settings.from_env(tanya["environment"])
    assert settings.chroma_url == f"http://chroma:{chroma['expose'][0]}"
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)
    default = {option: p.default for p in cli.commands["serve"].params for option in p.opts}["--port"]
    assert port == str(default)
    assert f"http://127.0.0.1:{port}/v1/health" in DOCKERFILE
    assert tanya["ports"] == [f"127.0.0.1:{port}:{port}"], "on this computer only"
    assert "ports" not in chroma, "Chroma has no login"
    folders = [volume.split(":")[1] for volume in tanya["volumes"]]
    for kept in re.findall(r"TANYA_(?:INDEX|KEYS)=(\S+)", DOCKERFILE):
        assert any(Path(kept).is_relative_to(folder) for folder in folders)
    named = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert named == set(COMPOSE["volumes"])


def test_it_does_not_run_as_root() -> None:
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER (?!root)", final, re.M)
