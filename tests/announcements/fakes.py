"""A delivery store, a sender and a clock in memory, which tests can inspect."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.announcements.announcer import Announcer
from bot.announcements.milestones import MilestoneKind
from bot.announcements.model import Countdown, Decision, Delivery, PauseReason
from bot.announcements.ports import (
    AnnouncementSender,
    DeliveryStore,
    DueCountdown,
    Outcome,
    UnverifiableError,
)
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
        self.notify_at: dict[int, datetime] = {}
        # Called right before each claim, to let another process change something first.
        self.before_claim: Callable[[int], None] = lambda _: None
        # Loading one of these fails.
        self.unreadable: set[int] = set()

    async def due_ids(self, now: datetime, limit: int) -> Sequence[int]:
        due = [
            (one.next_at, one.id)
            for one in self.countdowns.values()
            if one.next_at and one.next_at <= now and not self._has_open_change(one.id)
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
        if self._has_open_change(countdown.id):
            return False
        self._change(
            current,
            cursor=decision.cursor,
            known_release=decision.known_release,
            next_at=decision.next_at,
        )
        self.skipped += keys(decision.skipped)
        if delivery is not None:
            stored = replace(delivery, maybe_posted=True)
            self.deliveries[delivery.id] = StoredDelivery(stored, until)
        return True

    async def expired_claims(self, now: datetime, limit: int) -> Sequence[Delivery]:
        expired = [
            (one.lease_until, one.delivery)
            for one in self.deliveries.values()
            if _is_expired(one.lease_until, now)
        ]
        ordered = sorted(expired, key=lambda claim: claim[0])
        return [delivery for _, delivery in ordered[:limit]]

    async def renew_claim(
        self, delivery_id: str, now: datetime, until: datetime
    ) -> Delivery | None:
        stored = self.deliveries.get(delivery_id)
        if stored is None or not _is_expired(stored.lease_until, now):
            return None
        renewed = stored.delivery
        if not renewed.maybe_posted:
            renewed = replace(renewed, claimed_at=now)
        renewed = replace(renewed, claim_number=renewed.claim_number + 1)
        stored.lease_until = until
        stored.delivery = replace(renewed, maybe_posted=True)
        return renewed

    async def extend_leases(self, delivery_ids: Collection[str], until: datetime) -> None:
        for delivery_id in delivery_ids:
            if stored := self._unsettled(delivery_id):
                stored.lease_until = until

    async def schedule_retry(self, delivery: Delivery, until: datetime, error: str) -> None:
        if stored := self._latest_claim(delivery):
            stored.lease_until, stored.error = until, error
            stored.delivery = replace(
                stored.delivery, attempts=delivery.attempts, maybe_posted=delivery.maybe_posted
            )

    async def move(self, delivery: Delivery) -> None:
        if stored := self._latest_claim(delivery):
            stored.delivery = replace(stored.delivery, channel_id=delivery.channel_id)

    async def settle(
        self,
        delivery: Delivery,
        outcome: Outcome,
        message_id: int | None = None,
        error: str | None = None,
    ) -> None:
        self._settle(delivery, outcome != "skipped", outcome, message_id, error)

    async def fail(
        self, delivery: Delivery, reason: PauseReason, error: str, now: datetime
    ) -> None:
        self._settle(delivery, delivery.maybe_posted, "failed", None, error)
        running, stored = self._running(delivery.countdown_id), self.deliveries.get(delivery.id)
        if running and stored and running.channel_id == stored.delivery.channel_id:
            self._change(running, next_at=None, paused=reason)
            self.notify_at[running.id] = now

    async def defer_countdown(self, countdown_id: int, until: datetime) -> None:
        if running := self._running(countdown_id):
            self._change(running, next_at=until)

    async def due_notices(self, now: datetime, limit: int) -> Sequence[DueCountdown]:
        due = sorted((at, id_) for id_, at in self.notify_at.items() if at <= now)
        found = [self.countdowns[id_] for _, id_ in due[:limit]]
        return [DueCountdown(one, self.titles[one.title_id]) for one in found]

    async def claim_notice(self, countdown_id: int, now: datetime, until: datetime) -> bool:
        notify_at = self.notify_at.get(countdown_id)
        if notify_at is None or notify_at > now:
            return False
        self.notify_at[countdown_id] = until
        return True

    async def settle_notice(self, countdown_id: int) -> None:
        self.notify_at.pop(countdown_id, None)

    async def next_wake_at(self) -> datetime | None:
        due = [
            one.next_at
            for one in self.countdowns.values()
            if one.next_at and not self._has_open_change(one.id)
        ]
        leases = [one.lease_until for one in self.deliveries.values() if one.lease_until]
        return min([*due, *leases, *self.notify_at.values()], default=None)

    def pause(self, countdown_id: int, reason: PauseReason) -> None:
        """A moderator pauses a countdown."""
        self._change(self.countdowns[countdown_id], next_at=None, paused=reason)

    def outcomes(self) -> list[tuple[str, str | None]]:
        """The milestone and the outcome of every delivery."""
        return [(one.delivery.milestone.key, one.outcome) for one in self.deliveries.values()]

    def _has_open_change(self, countdown_id: int) -> bool:
        return any(
            one.delivery.countdown_id == countdown_id
            and one.delivery.milestone.kind is MilestoneKind.CHANGED
            and one.lease_until is not None
            for one in self.deliveries.values()
        )

    def _settle(
        self,
        delivery: Delivery,
        announced: bool,
        outcome: Outcome,
        message_id: int | None,
        error: str | None,
    ) -> None:
        sent = outcome == "sent"
        stored = self._unsettled(delivery.id) if sent else self._latest_claim(delivery)
        if stored is None:
            return
        stored.lease_until, stored.outcome, stored.message_id = None, outcome, message_id
        stored.error = error or stored.error
        if outcome == "failed":
            stored.delivery = replace(stored.delivery, attempts=delivery.attempts + 1)
        countdown = self.countdowns.get(delivery.countdown_id)
        if countdown is None or delivery.milestone.kind is not MilestoneKind.CHANGED:
            return
        decided_at = delivery.milestone.at
        self._change(countdown, next_at=None if countdown.paused else decided_at)
        if announced:
            self._change(
                self.countdowns[countdown.id],
                cursor=max(countdown.cursor, decided_at),
                known_release=delivery.announced_release,
                version=countdown.version + 1,
            )

    def _latest_claim(self, delivery: Delivery) -> StoredDelivery | None:
        stored = self._unsettled(delivery.id)
        is_latest = stored and stored.delivery.claim_number == delivery.claim_number
        return stored if is_latest else None

    def _unsettled(self, delivery_id: str) -> StoredDelivery | None:
        stored = self.deliveries.get(delivery_id)
        return stored if stored and stored.outcome is None else None

    def _running(self, countdown_id: int) -> Countdown | None:
        one = self.countdowns.get(countdown_id)
        return one if one and one.paused is None else None

    def _change(self, countdown: Countdown, **values: object) -> None:
        changed = {"version": countdown.version + 1, **values}
        self.countdowns[countdown.id] = replace(countdown, **changed)  # type: ignore[arg-type]


Hook = Callable[[DueCountdown, Delivery], Awaitable[None]]


@dataclass
class FakeSender(AnnouncementSender):
    """Discord, as the announcer sees it: it keeps messages, and recognizes repeated nonces."""

    # The ids of the messages posted, by their nonces, and their channels.
    messages: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    # How often each milestone was sent, searched for; which pauses were notified.
    sent: Counter[str] = field(default_factory=Counter)
    searched: list[str] = field(default_factory=list)
    notified: list[tuple[int, PauseReason]] = field(default_factory=list)
    # Called before a message is posted, after it was posted, before a search and before a notice.
    before_send: Hook | None = None
    after_send: Hook | None = None
    before_search: Hook | None = None
    before_notice: Callable[[DueCountdown], Awaitable[None]] | None = None
    # A channel whose history cannot be read.
    unreadable: bool = False

    async def send(self, due: DueCountdown, delivery: Delivery) -> int:
        self.sent[delivery.milestone.key] += 1
        if self.before_send is not None:
            await self.before_send(due, delivery)
        # A known nonce posts no second message.
        message_id = self.messages.setdefault(delivery.nonce, 1000 + len(self.messages))
        self.channels.setdefault(delivery.nonce, delivery.channel_id)
        if self.after_send is not None:
            await self.after_send(due, delivery)
        return message_id

    async def find_sent(self, due: DueCountdown, delivery: Delivery) -> int | None:
        self.searched.append(delivery.milestone.key)
        if self.before_search is not None:
            await self.before_search(due, delivery)
        if self.unreadable:
            raise UnverifiableError("can't read the channel's history")
        if self.channels.get(delivery.id) != delivery.channel_id:
            return None
        return self.messages.get(delivery.id)

    async def notify_guild(self, due: DueCountdown) -> None:
        if self.before_notice is not None:
            await self.before_notice(due)
        assert due.countdown.paused is not None
        self.notified.append((due.countdown.id, due.countdown.paused))


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
        # What the first tick brought about: a notice, or what follows a change.
        await self.announcer.tick()
        await self.announcer.drain()
        return await self.store.next_wake_at()

    def _wake(self) -> None:
        self.wakes += 1


def _is_expired(lease_until: datetime | None, now: datetime) -> bool:
    """Whether a lease has expired; one that lies far ahead comes from a clock that was wrong."""
    if lease_until is None:
        return False
    return lease_until <= now or lease_until > now + timedelta(hours=2)


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
