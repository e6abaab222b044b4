"""Dependencies are pinned, listed with their licences, and compatible with MIT."""

import json
import subprocess
from typing import Any

import pytest

from tools import supply


def test_every_pinned_package_is_listed_with_its_licence() -> None:
    assert supply.listed() == supply.licences()
    assert supply.listed().keys() == supply.pinned()


def test_every_licence_is_compatible_with_mit() -> None:
    assert {
        one: bad for one in supply.licences().values() if (bad := supply.incompatible(one))
    } == {}


@pytest.mark.parametrize(
    ("licence", "foreign"),
    [
        ("MIT", set()),
        ("Apache-2.0 AND MIT", set()),
        ("GPL-3.0-only OR MIT", set()),
        ("GPL-3.0-only", {"GPL-3.0-only"}),
        ("MIT AND AGPL-3.0-only", {"AGPL-3.0-only"}),
        ("MIT License; Proprietary", {"Proprietary"}),
        ("UNKNOWN", {"UNKNOWN"}),
    ],
)
def test_incompatible_licences_are_named(licence: str, foreign: set[str]) -> None:
    assert supply.incompatible(licence) == foreign


def fake_pip_audit(monkeypatch: pytest.MonkeyPatch, packages: list[dict[str, Any]] | None) -> None:
    told = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    done = subprocess.CompletedProcess[str]([], 1, told, "")
    monkeypatch.setattr(supply, "_run", lambda *_: done)


def test_vulnerability_is_reported_with_the_fixed_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}
    fake_pip_audit(monkeypatch, [{"name": "aiohttp", "version": "2.0", "vulns": [known]}])
    assert list(supply.audit()) == ["aiohttp 2.0: PYSEC-1, mended in 2.1"]


@pytest.mark.parametrize(
    ("packages", "told"),
    [
        (None, "none was looked up"),
        ([{"name": "a", "skip_reason": "?"}, {"name": "b", "version": "1", "vulns": []}], "1 of 2"),
    ],
)
def test_packages_without_a_result_are_reported(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]] | None,
    told: str,
) -> None:
    fake_pip_audit(monkeypatch, packages)
    assert list(supply.audit()) == []
    assert told in capsys.readouterr().err
