"""Calling the simulated Discord without a bot."""

from typing import Any

import aiohttp
from simcord.backend.models import Channel

from tests.wire.discord import WireDiscord


class Caller:
    """Somebody who calls the REST API as the bot, without being it."""

    def __init__(self, discord: WireDiscord, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self._session = session

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the body that come back."""
        headers = {"Authorization": f"Bot {self.discord.token}"}
        url = self.discord.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            is_json = response.headers.get("Content-Type") == "application/json"
            return response.status, await response.json() if is_json else None

    async def send(self, channel: Channel, **message: Any) -> tuple[int, Any]:
        """Send a message."""
        return await self.call("POST", f"/channels/{channel.id}/messages", message)
