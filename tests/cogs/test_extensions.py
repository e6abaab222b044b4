"""Every module of the folder `cogs` is an extension, and the bot loads each of them."""

import importlib
import inspect
from pathlib import Path

import pytest

import cogs
from bot import app
from tests.conftest import Server

FILES = sorted(file for path in cogs.__path__ for file in Path(path).glob("*.py"))
MODULES = [f"cogs.{file.stem}" for file in FILES if file.stem != "__init__"]


def test_every_module_of_the_folder_is_listed() -> None:
    assert MODULES
    assert sorted(app.COGS) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_module_has_an_async_setup(module: str) -> None:
    assert inspect.iscoroutinefunction(importlib.import_module(module).setup)


async def test_every_module_is_loaded_and_adds_a_cog(server: Server) -> None:
    bot = server.env.bot
    assert sorted(bot.extensions) == MODULES
    assert sorted({type(cog).__module__ for cog in bot.cogs.values()}) == MODULES
