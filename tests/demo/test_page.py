"""The page of the demo in a real browser, beside its terminal."""

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.support.process import BONBANG, environment

_TIMEOUT = 15_000  # milliseconds
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed (Debian: chromium)"
)


@dataclass
class RunningDemo:
    """A demo that runs as long as the test."""

    process: subprocess.Popen[str]
    address: str

    def type(self, line: str) -> str:
        """Type a line into the terminal. Returns the next line that it prints."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return next(line.strip() for line in self.process.stdout if line.strip())


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[RunningDemo]:
    """A running demo, which has printed all that it prints at its start."""
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
        address = next(x.strip() for x in process.stdout if x.startswith("http://127.0.0.1:"))
        next(line for line in process.stdout if "Ctrl-C" in line)
        yield RunningDemo(process, address)
        process.communicate(timeout=20)
        assert process.returncode == 0


@contextmanager
def open_page(demo: RunningDemo) -> Generator[Page]:
    """Open the page of the demo in Chromium."""
    with sync_playwright() as playwright:
        # As root in a container, Chromium cannot create its sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with playwright.chromium.launch(executable_path=CHROMIUM, args=arguments) as browser:
            page = browser.new_page()
            page.set_default_timeout(_TIMEOUT)
            page.goto(demo.address)
            page.get_by_text("옥택연").last.wait_for()
            yield page


def type_command(page: Page, command: str) -> None:
    """Type a command into the page, and choose it."""
    page.locator("#channel-composer-input").press_sequentially(command)
    page.get_by_role("option", name=command.removeprefix("/")).first.wait_for()
    page.keyboard.press("Enter")


def become_moderator(page: Page) -> None:
    """Choose the moderator, and wait until the page shows what only the moderator can see."""
    page.get_by_label("Viewing as").select_option("Moderator")
    page.get_by_text("Countdown created").last.wait_for()


@needs_chromium
def test_command_typed_into_the_page_shows_a_card(demo: RunningDemo) -> None:
    with open_page(demo) as page:
        type_command(page, "/cast")
        page.keyboard.type("소울")
        page.get_by_role("option", name="Soul Mate · 2026").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.get_by_text("Main cast").last.wait_for()
        page.get_by_role("button", name="Overview", exact=True).last.click()
        page.get_by_text("Two lonely young men").first.wait_for()


@needs_chromium
def test_page_offers_a_member_and_a_moderator(demo: RunningDemo) -> None:
    with open_page(demo) as page:
        options = page.get_by_label("Viewing as").locator("option")
        assert options.all_text_contents() == ["Member", "Moderator"]
        become_moderator(page)
        type_command(page, "/countdown list")
        page.locator("#send-message").click()
        page.get_by_text("Countdowns", exact=True).last.wait_for()


@needs_chromium
def test_page_shows_a_refusal_as_a_reply(demo: RunningDemo) -> None:
    with open_page(demo) as page:
        become_moderator(page)
        type_command(page, "/countdown add")
        page.keyboard.type("Soul")
        page.get_by_role("option", name="Soul Mate · 2026").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type("countdown")
        page.get_by_role("option", name="countdown").first.wait_for()
        page.keyboard.press("Enter")
        page.locator("#send-message").click()
        page.get_by_text("already has this countdown").last.wait_for()
        page.get_by_text("Action completed").wait_for()


@needs_chromium
def test_terminal_goes_on_when_the_page_is_closed(demo: RunningDemo) -> None:
    with open_page(demo) as page:
        page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="End preview session").click()
        page.get_by_text("Preview session closed").first.wait_for()
    assert demo.type("/about") == "/about"
