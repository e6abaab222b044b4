"""Bonbang, a Discord bot for K-drama communities."""
