"""The user interface: cards, announcements, components and command options."""
