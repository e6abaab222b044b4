"""The slash commands: an option in, a card out. One file a group of commands."""
