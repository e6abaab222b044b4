"""Fixtures of the client' tests: stores with an empty database."""

from tests.store.conftest import countdowns, database, deliveries, file, guilds, two_titles

__all__ = ["countdowns", "database", "deliveries", "file", "guilds", "two_titles"]
