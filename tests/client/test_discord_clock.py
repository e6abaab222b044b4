"""The time by Discord's clock, whatever the host's clock says."""

import logging
from datetime import timedelta

import pytest

from bot.client.discord_clock import DiscordClock
from bot.clock import describe_offset
from tests.announcements.builders import at

DISCORD = at("2026-05-01T09:00")
HEADER = "Fri, 01 May 2026 09:00:00 GMT"
SECOND = timedelta(seconds=1)
# A header has whole seconds: half a second is the best guess for the rest.
SEEN = DISCORD + timedelta(seconds=0.5)


class Machine:
    """A machine's clock, which can be set, and its uptime, which cannot."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.time = SEEN + ahead
        self.uptime = 1000.0
        self.clock = DiscordClock(lambda: self.time, lambda: self.uptime)

    def measure(self, *headers: str) -> None:
        with self.clock.measurement():
            for header in headers or (HEADER, HEADER):
                self.clock.observe(header)

    def run(self, time: timedelta) -> None:
        self.time += time
        self.uptime += time.total_seconds()


def test_host_clock_is_used_until_discord_answers() -> None:
    machine = Machine(timedelta(hours=1))
    assert machine.clock() == machine.time
    assert (machine.clock.offset, machine.clock.is_uncertain) == (None, False)


@pytest.mark.parametrize(
    "ahead", [timedelta(days=365), timedelta(minutes=10), timedelta(), timedelta(hours=-1)]
)
def test_discord_clock_replaces_the_host_clock(ahead: timedelta) -> None:
    machine = Machine(ahead)
    machine.measure()
    assert (machine.clock(), machine.clock.offset) == (SEEN, ahead)
    machine.run(timedelta(hours=5))
    assert machine.clock() == SEEN + timedelta(hours=5)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=30)])
def test_host_clock_set_meanwhile_changes_nothing_and_is_noticed(jump: timedelta) -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    machine.run(timedelta(minutes=1))
    assert not machine.clock.is_uncertain
    machine.time += jump
    assert machine.clock() == SEEN + timedelta(minutes=1)
    assert (machine.clock.offset, machine.clock.is_uncertain) == (jump, True)
    machine.clock.observe("Fri, 01 May 2026 09:01:00 GMT")
    assert (machine.clock.offset, machine.clock.is_uncertain) == (jump, False)


def test_first_response_with_a_wrong_time_is_corrected() -> None:
    for ahead in (timedelta(), timedelta(hours=2)):
        machine = Machine(ahead)
        machine.clock.observe("Fri, 30 Apr 2027 23:00:00 GMT")
        # A machine whose clock is right is not misled.
        assert (machine.clock(), machine.clock.is_uncertain) == (machine.time, True)
        machine.measure()
        assert (machine.clock(), machine.clock.is_uncertain) == (SEEN, False)


def test_suspended_machine_is_noticed_and_the_next_response_corrects_the_clock() -> None:
    machine = Machine()
    machine.clock.observe(HEADER)
    # While suspended, only the hardware clock goes on.
    machine.time += timedelta(hours=8)
    assert machine.clock.is_uncertain
    machine.clock.observe("Fri, 01 May 2026 17:00:00 GMT")
    assert machine.clock() == SEEN + timedelta(hours=8)
    assert not machine.clock.is_uncertain


def test_single_response_with_another_time_changes_nothing() -> None:
    """A proxy may answer in Discord's place."""
    machine = Machine()
    machine.clock.observe(HEADER)
    for other in ("Fri, 01 May 2026 10:00:00 GMT", HEADER, "Fri, 01 May 2026 10:00:00 GMT"):
        machine.clock.observe(other)
        assert machine.clock() == SEEN
        # Until a response confirms one of them.
        assert machine.clock.is_uncertain == (other != HEADER)
    # However many of them agree: they are measured first.
    for _ in range(5):
        machine.clock.observe("Fri, 01 May 2026 10:00:00 GMT")
    assert (machine.clock(), machine.clock.is_uncertain) == (SEEN, True)
    machine.measure()
    assert (machine.clock(), machine.clock.is_uncertain) == (SEEN, False)


def test_measurement_of_times_that_differ_leaves_the_clock_uncertain() -> None:
    machine = Machine(timedelta(hours=5))
    machine.measure(HEADER, "Fri, 01 May 2026 10:00:00 GMT")
    assert (machine.clock(), machine.clock.is_uncertain) == (machine.time, True)
    # A response from before a measurement confirms nothing in it.
    machine.measure("Fri, 01 May 2026 10:00:00 GMT")
    assert machine.clock.is_uncertain


def test_clock_becomes_more_precise_with_every_response() -> None:
    machine = Machine()
    # Discord's time when the first response was made: 09:00:00.9
    true = DISCORD + timedelta(seconds=0.9)
    machine.clock.observe(HEADER)
    assert true - machine.clock() == timedelta(seconds=0.4)
    machine.run(timedelta(seconds=0.1))
    # The next second begins.
    machine.clock.observe("Fri, 01 May 2026 09:00:01 GMT")
    assert machine.clock() == true + timedelta(seconds=0.1)


def test_clock_is_never_far_ahead_of_the_latest_response() -> None:
    """A clock that is ahead would make every autocompletion look late."""
    machine = Machine()
    machine.clock.observe(HEADER)
    # By now the host's uptime has drifted by two seconds.
    machine.run(timedelta(hours=1, seconds=2))
    machine.clock.observe("Fri, 01 May 2026 10:00:00 GMT")
    assert machine.clock() == at("2026-05-01T10:00") + timedelta(seconds=1.25)


@pytest.mark.parametrize(
    "header",
    [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        None,
        "",
        "soon",
        "Fri, 01 May 2026 09:00:00",
        "Fri, 99 May 2026 99:00:00 GMT",
        "\x00",
        "0",
    ],
)
def test_unreadable_header_is_ignored(header: str | None) -> None:
    machine = Machine(timedelta(hours=1))
    machine.clock.observe(header)
    assert machine.clock() == machine.time


def test_difference_of_a_minute_is_logged_once_and_so_is_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine(timedelta(minutes=10))
    for _ in range(2):
        machine.measure()
    [warning] = caplog.messages
    assert "10 min ahead of Discord's" in warning
    machine.time -= timedelta(minutes=10)
    machine.clock.observe(HEADER)
    assert len(caplog.messages) == 2
    assert "agrees with Discord's again" in caplog.messages[1]


def test_difference_of_seconds_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine(timedelta(seconds=59))
    machine.measure()
    assert machine.clock.offset == timedelta(seconds=59)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (timedelta(minutes=61), "61 min ahead of"),
        (timedelta(minutes=-10), "10 min behind"),
        (timedelta(seconds=119), "119 s ahead of"),
        (timedelta(seconds=-2), "2 s behind"),
    ],
)
def test_offset_in_words(offset: timedelta, text: str) -> None:
    assert describe_offset(offset) == text
