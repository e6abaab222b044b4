"""The slash commands. Each module is a discord.py extension."""
