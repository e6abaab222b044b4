"""What Bonbang is built on is pinned, listed with its licence, and may be used."""

import json
import subprocess
from typing import Any

import pytest

from tests import supply


def test_every_pinned_package_is_listed_with_its_licence() -> None:
    assert supply.listed() == supply.licences()
    assert supply.listed().keys() == supply.pinned()


def test_every_licence_goes_with_mit() -> None:
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
def test_what_does_not_go_with_mit_is_named(licence: str, foreign: set[str]) -> None:
    assert supply.incompatible(licence) == foreign


def pip_audit_says(monkeypatch: pytest.MonkeyPatch, packages: list[dict[str, Any]] | None) -> None:
    told = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    done = subprocess.CompletedProcess[str]([], 1, told, "")
    monkeypatch.setattr(supply, "_run", lambda *_: done)


def test_a_vulnerability_is_named_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}
    pip_audit_says(monkeypatch, [{"name": "aiohttp", "version": "2.0", "vulns": [known]}])
    assert list(supply.audit()) == ["aiohttp 2.0: PYSEC-1, mended in 2.1"]


@pytest.mark.parametrize(
    ("packages", "told"),
    [
        (None, "none was looked up"),
        ([{"name": "a", "skip_reason": "?"}, {"name": "b", "version": "1", "vulns": []}], "1 of 2"),
    ],
)
def test_what_could_not_be_looked_up_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]] | None,
    told: str,
) -> None:
    pip_audit_says(monkeypatch, packages)
    assert list(supply.audit()) == []
    assert told in capsys.readouterr().err
