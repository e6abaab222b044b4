"""Observes the requests to Discord, with aiohttp's tracing."""

import aiohttp

from bot.client.discord_clock import DiscordClock
from bot.client.global_rate_limit import GlobalRateLimit
from bot.client.request_attempt import observe_attempts, start_request


def trace_requests(clock: DiscordClock) -> aiohttp.TraceConfig:
    """Return a trace config that applies the global rate limit and sets the clock."""
    config = aiohttp.TraceConfig()
    GlobalRateLimit().apply_to(config, start_request)
    observe_attempts(config)
    clock.observe_responses(config)
    return config
