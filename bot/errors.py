"""Base classes of Bonbang's errors."""


class BonbangError(Exception):
    """Base class of Bonbang's errors. The text tells the operator or user what to do."""


class OperatorError(BonbangError):
    """The bot cannot start or continue. The text is one line that tells the operator what to
    change."""


class UserError(BonbangError):
    """A user's input is invalid. The text is translated and tells the user what to do instead."""
