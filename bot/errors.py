"""What can go wrong in a way that somebody can put right."""


class BonbangError(Exception):
    """Anything Bonbang raises on purpose; its text is written for whoever has to act on it."""


class OperatorError(BonbangError):
    """The bot cannot start or go on as it is set up. The text is one line naming what to change."""


class UserError(BonbangError):
    """A member asked for something that cannot be. The text, already in their language, says
    what to do instead."""
