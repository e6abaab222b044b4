"""A ledger, a poster and a clock that tests look into."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.catalog.model import Title
from bot.countdown.announcer import Announcer
from bot.countdown.model import Countdown, Decision, Delivery, PauseReason
from bot.countdown.ports import Due, Ledger, Poster
from tests.countdown.making import a_title, at, knowing


class FakeClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Entry:
    """A delivery as it is kept."""

    delivery: Delivery
    lease: datetime | None
    outcome: str | None = None
    message_id: int | None = None
    error: str | None = None


class FakeLedger(Ledger):
    """Keeps all in memory, by the same rules as the database."""

    def __init__(self, titles: dict[str, Title], *countdowns: Countdown) -> None:
        self.titles = titles
        self.countdowns = {one.id: one for one in countdowns}
        self.entries: dict[str, Entry] = {}
        self.skipped: list[str] = []
        # What is done right before a claim: by somebody else, who is quicker.
        self.before_claim: Callable[[int], None] = lambda _: None
        self.unreadable: set[int] = set()

    async def due(self, now: datetime, limit: int) -> Sequence[int]:
        due = [(one.due, one.id) for one in self.countdowns.values() if one.due and one.due <= now]
        return [countdown_id for _, countdown_id in sorted(due)][:limit]

    async def load(self, countdown_id: int) -> Due | None:
        if countdown_id in self.unreadable:
            raise RuntimeError("unreadable")
        one = self.countdowns.get(countdown_id)
        return Due(one, self.titles[one.title_id]) if one and one.paused is None else None

    async def claim(
        self, countdown: Countdown, decision: Decision, delivery: Delivery | None, until: datetime
    ) -> bool:
        self.before_claim(countdown.id)
        current = self.countdowns[countdown.id]
        if current.version != countdown.version:
            return False
        told = {"cursor": decision.cursor, "seen": decision.seen, "due": decision.due}
        self._change(countdown.id, **told)
        self.skipped += [occasion.key for occasion in decision.skipped]
        if delivery is not None:
            self.entries[delivery.id] = Entry(delivery, until)
        return True

    async def unsettled(self, now: datetime, limit: int) -> Sequence[Delivery]:
        found = [one for one in self.entries.values() if one.lease and one.lease <= now]
        return [replace(one.delivery, attempts=one.delivery.attempts + 1) for one in found][:limit]

    async def renew(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        entry = self.entries[delivery.id]
        if entry.lease is None or entry.lease > now:
            return False
        entry.lease, entry.delivery = until, delivery
        return True

    async def postpone(self, delivery_id: str, until: datetime, error: str) -> None:
        self.entries[delivery_id].lease = until
        self.entries[delivery_id].error = error

    async def settle(self, delivery: Delivery, outcome: str, message_id: int | None) -> None:
        entry = self.entries[delivery.id]
        entry.lease, entry.outcome, entry.message_id = None, outcome, message_id

    async def put_off(self, countdown_id: int, until: datetime) -> None:
        if self.countdowns[countdown_id].paused is None:
            self._change(countdown_id, due=until)

    async def pause(self, countdown_id: int, reason: PauseReason) -> None:
        self._change(countdown_id, due=None, paused=reason)

    async def next_wake(self) -> datetime | None:
        due = [one.due for one in self.countdowns.values() if one.due]
        leases = [one.lease for one in self.entries.values() if one.lease]
        return min([*due, *leases], default=None)

    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(one.delivery.occasion.key, one.outcome) for one in self.entries.values()]

    def _change(self, countdown_id: int, **values: object) -> None:
        one = self.countdowns[countdown_id]
        changed = {**values, "version": one.version + 1}
        self.countdowns[countdown_id] = replace(one, **changed)  # type: ignore[arg-type]


Act = Callable[[Due, Delivery], Awaitable[None]]


@dataclass
class FakePoster(Poster):
    """A channel's server: knows what stands in it, and what each request was."""

    standing: dict[str, int] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    searched: list[str] = field(default_factory=list)
    told: list[tuple[int, PauseReason]] = field(default_factory=list)
    # What goes wrong before a message is posted, and after it stands there; when searching.
    before: Act | None = None
    after: Act | None = None
    searching: Act | None = None

    async def post(self, due: Due, delivery: Delivery) -> int:
        self.sent[delivery.occasion.key] += 1
        if self.before is not None:
            await self.before(due, delivery)
        # A nonce that is known posts nothing new.
        message_id = self.standing.setdefault(delivery.nonce, 1000 + len(self.standing))
        if self.after is not None:
            await self.after(due, delivery)
        return message_id

    async def find(self, due: Due, delivery: Delivery) -> int | None:
        self.searched.append(delivery.occasion.key)
        if self.searching is not None:
            await self.searching(due, delivery)
        return self.standing.get(delivery.id)

    async def tell_server(self, due: Due, reason: PauseReason) -> None:
        self.told.append((due.countdown.id, reason))


class World:
    """An announcer with all it needs; its clock moves when told to."""

    def __init__(self, now: datetime, title: Title, *countdowns: Countdown) -> None:
        self.clock = FakeClock(now)
        self.ledger = FakeLedger({title.id: title}, *countdowns)
        self.poster = FakePoster()
        self.wakes = 0
        self.announcer = self.another()

    def another(self) -> Announcer:
        """Another process on the same ledger and the same channels."""

        async def pace() -> None:
            return

        def wake() -> None:
            self.wakes += 1

        announcer = Announcer(self.ledger, self.poster, self.clock, pace)
        announcer.on_change(wake)
        return announcer

    async def tick(self) -> datetime | None:
        """A tick and all that comes of it; when the next is wanted then."""
        await self.announcer.tick()
        await self.announcer.settle_down()
        return await self.ledger.next_wake()


def raising(error: Exception) -> Act:
    async def act(due: Due, delivery: Delivery) -> None:
        raise error

    return act


TITLE = a_title({"window": "2026-05-14", "status": "announced"})
SEVEN = at("2026-05-07T09:00")


def a_world(now: str = "2026-05-07T09:00", channels: int = 1) -> World:
    """Channels that count down to a title and are to be told D-7 at SEVEN."""
    countdowns = [
        knowing(TITLE, id=n, channel_id=100 + n, due=SEVEN) for n in range(1, channels + 1)
    ]
    return World(at(now), TITLE, *countdowns)
