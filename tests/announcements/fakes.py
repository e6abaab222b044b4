"""A delivery store, a sender and a clock in memory, which tests can inspect."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.announcements.announcer import Announcer
from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.announcements.ports import AnnouncementSender, DeliveryStore, DueCountdown
from bot.catalog.model import Title
from tests.announcements.builders import a_countdown_to, a_title, at, keys


class FakeClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class StoredDelivery:
    """A delivery with what the store adds to it."""

    delivery: Delivery
    lease_until: datetime | None
    outcome: str | None = None
    message_id: int | None = None
    error: str | None = None


class FakeDeliveryStore(DeliveryStore):
    """Keeps everything in memory.

    tests/store/test_delivery_store_contract.py holds it to the same rules as the database.
    """

    def __init__(self, titles: dict[str, Title], *countdowns: Countdown) -> None:
        self.titles = titles
        self.countdowns = {one.id: one for one in countdowns}
        self.deliveries: dict[str, StoredDelivery] = {}
        self.skipped: list[str] = []
        # Called right before each claim, to let another process change something first.
        self.before_claim: Callable[[int], None] = lambda _: None
        # Loading one of these fails.
        self.unreadable: set[int] = set()

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        due = [
            (one.next_at, one.id)
            for one in self.countdowns.values()
            if one.next_at and one.next_at <= now
        ]
        return [countdown_id for _, countdown_id in sorted(due)][:limit]

    async def load(self, countdown_id: int) -> DueCountdown | None:
        if countdown_id in self.unreadable:
            raise RuntimeError("unreadable")
        one = self.countdowns.get(countdown_id)
        return DueCountdown(one, self.titles[one.title_id]) if one and one.paused is None else None

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        self.before_claim(countdown.id)
        current = self.countdowns.get(countdown.id)
        if current is None or current.version != countdown.version:
            return False
        self._change(
            current,
            cursor=decision.cursor,
            known_release=decision.known_release,
            next_at=decision.next_at,
        )
        self.skipped += keys(decision.skipped)
        if delivery is not None:
            self.deliveries[delivery.id] = StoredDelivery(delivery, until)
        return True

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        expired = [
            (one.lease_until, replace(one.delivery, attempts=one.delivery.attempts + 1))
            for one in self.deliveries.values()
            if one.lease_until and one.lease_until <= now
        ]
        ordered = sorted(expired, key=lambda claim: claim[0])
        return [delivery for _, delivery in ordered[:limit]]

    async def renew_claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        stored = self.deliveries.get(delivery.id)
        if stored is None or stored.lease_until is None or stored.lease_until > now:
            return False
        stored.lease_until = until
        stored.delivery = replace(stored.delivery, attempts=delivery.attempts)
        return True

    async def schedule_retry(self, delivery_id: str, until: datetime, error: str) -> None:
        if stored := self._unsettled(delivery_id):
            stored.lease_until, stored.error = until, error

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        if stored := self._unsettled(delivery.id):
            stored.lease_until, stored.outcome, stored.message_id = None, outcome, message_id

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        if running := self._running(countdown_id):
            self._change(running, next_at=until)

    async def pause_countdown(self, countdown_id: int, reason: PauseReason) -> None:
        if running := self._running(countdown_id):
            self._change(running, next_at=None, paused=reason)

    async def next_wake_at(self) -> datetime | None:
        due = [one.next_at for one in self.countdowns.values() if one.next_at]
        leases = [one.lease_until for one in self.deliveries.values() if one.lease_until]
        return min([*due, *leases], default=None)

    def outcomes(self) -> list[tuple[str, str | None]]:
        """The milestone and the outcome of every delivery."""
        return [(one.delivery.milestone.key, one.outcome) for one in self.deliveries.values()]

    def _unsettled(self, delivery_id: str) -> StoredDelivery | None:
        stored = self.deliveries.get(delivery_id)
        return stored if stored and stored.outcome is None else None

    def _running(self, countdown_id: int) -> Countdown | None:
        one = self.countdowns.get(countdown_id)
        return one if one and one.paused is None else None

    def _change(self, countdown: Countdown, **values: object) -> None:
        changed = {**values, "version": countdown.version + 1}
        self.countdowns[countdown.id] = replace(countdown, **changed)  # type: ignore[arg-type]


Hook = Callable[[DueCountdown, Delivery], Awaitable[None]]


@dataclass
class FakeSender(AnnouncementSender):
    """Discord, as the announcer sees it: it keeps messages, and recognizes repeated nonces."""

    # The ids of the messages posted, by their nonces.
    messages: dict[str, int] = field(default_factory=dict)
    # How often each milestone was sent, searched for; which pauses were notified.
    sent: Counter[str] = field(default_factory=Counter)
    searched: list[str] = field(default_factory=list)
    notified: list[tuple[int, PauseReason]] = field(default_factory=list)
    # Called before a message is posted, after it was posted, and before a search.
    before_send: Hook | None = None
    after_send: Hook | None = None
    before_search: Hook | None = None

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        self.sent[delivery.milestone.key] += 1
        if self.before_send is not None:
            await self.before_send(due, delivery)
        # A known nonce posts no second message.
        message_id = self.messages.setdefault(delivery.nonce, 1000 + len(self.messages))
        if self.after_send is not None:
            await self.after_send(due, delivery)
        return message_id

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        self.searched.append(delivery.milestone.key)
        if self.before_search is not None:
            await self.before_search(due, delivery)
        return self.messages.get(delivery.id)

    async def notify_guild(self, due: DueCountdown, reason: PauseReason) -> None:
        self.notified.append((due.countdown.id, reason))


class World:
    """An announcer with its store, its sender and a clock that moves when told to."""

    def __init__(self, now: datetime, title: Title, *countdowns: Countdown) -> None:
        self.clock = FakeClock(now)
        self.store = FakeDeliveryStore({title.id: title}, *countdowns)
        self.sender = FakeSender()
        self.wakes = 0
        self.announcer = self.another_announcer()

    def another_announcer(self) -> Announcer:
        """The announcer of another process, with the same store and channels."""
        return Announcer(self.store, self.sender, self.clock, no_rate_limit, self._wake)

    async def tick(self) -> datetime | None:
        """Run a tick until everything it started is done. Returns the next wake."""
        await self.announcer.tick()
        await self.announcer.drain()
        return await self.store.next_wake_at()

    def _wake(self) -> None:
        self.wakes += 1


async def no_rate_limit() -> None:
    """Let every request pass at once."""


def raising(error: Exception) -> Hook:
    async def hook(due: DueCountdown, delivery: Delivery) -> None:
        raise error

    return hook


TITLE = a_title({"window": "2026-05-14", "status": "announced"})
SEVEN = at("2026-05-07T09:00")


def a_world(now: str = "2026-05-07T09:00", channels: int = 1) -> World:
    """Channels that count down to TITLE; their D-7 is due at SEVEN."""
    countdowns = [
        a_countdown_to(TITLE, id=n, channel_id=100 + n, next_at=SEVEN)
        for n in range(1, channels + 1)
    ]
    return World(at(now), TITLE, *countdowns)
