"""Calls the simulated Discord's REST API without a bot."""

from typing import Any

import aiohttp
from simcord.backend.models import Channel

from tests.wire.fake_discord import WireDiscord


class Caller:
    """A client that calls the REST API with the bot's token."""

    def __init__(self, discord: WireDiscord, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self._session = session

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Make a request. Returns the status and the JSON body."""
        headers = {"Authorization": f"Bot {self.discord.token}"}
        url = self.discord.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            is_json = response.headers.get("Content-Type") == "application/json"
            return response.status, await response.json() if is_json else None

    async def send(self, channel: Channel, **message: Any) -> tuple[int, Any]:
        """Send a message."""
        return await self.call("POST", f"/channels/{channel.id}/messages", message)
