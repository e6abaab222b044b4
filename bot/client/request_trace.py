"""Observes the requests to Discord, with aiohttp's tracing."""

import aiohttp

from bot.client.discord_clock import DiscordClock
from bot.client.global_rate_limit import GlobalRateLimit
from bot.client.request_attempt import check_waits, observe_attempts


def trace_requests(clock: DiscordClock) -> aiohttp.TraceConfig:
    """Return a trace config that applies the global rate limit and sets the clock."""
    config = aiohttp.TraceConfig()
    # In this order: a request that fails before it is sent must not hold a slot.
    check_waits(config)
    GlobalRateLimit().apply_to(config)
    observe_attempts(config)
    clock.observe_responses(config)
    return config
