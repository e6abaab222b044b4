"""The page of the demo in a real browser: type a command, see the card."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support.process import BONBANG, environment

_TIMEOUT = 15_000  # milliseconds
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def page_address(tmp_path: Path) -> Iterator[str]:
    """The address of the page of a demo that runs as long as the test."""
    with subprocess.Popen(
        [*BONBANG, "demo"],
        cwd=tmp_path,
        env=environment(tmp_path / "bonbang.db"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        yield next(line.strip() for line in process.stdout if line.startswith("http://127.0.0.1:"))
        process.communicate(timeout=20)
        assert process.returncode == 0


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian: chromium)")
def test_command_typed_into_the_page_shows_a_card(page_address: str) -> None:
    with sync_playwright() as playwright:
        # As root in a container, Chromium cannot create its sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with playwright.chromium.launch(executable_path=CHROMIUM, args=arguments) as browser:
            page = browser.new_page()
            page.goto(page_address)
            page.get_by_text("옥택연").last.wait_for(timeout=_TIMEOUT)
            page.locator("#channel-composer-input").press_sequentially("/cast")
            page.get_by_role("option", name="cast").first.wait_for(timeout=_TIMEOUT)
            page.keyboard.press("Enter")
            page.keyboard.type("소울")
            page.get_by_role("option", name="Soul Mate · 2026").wait_for(timeout=_TIMEOUT)
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")
            page.get_by_text("Main cast").last.wait_for(timeout=_TIMEOUT)
            page.get_by_role("button", name="Overview", exact=True).last.click()
            page.get_by_text("Two lonely young men").first.wait_for(timeout=_TIMEOUT)
