"""Errors of reading a source. Each text says what failed, and `advice` what the host can do."""

from bot.errors import BonbangError


class SourceError(BonbangError):
    """A source cannot be read now."""

    advice = "Nothing to do: it is tried again."


class SourceUnavailableError(SourceError):
    """The source cannot be reached, is too slow, or fails."""


class SourceTimeoutError(SourceUnavailableError):
    """The source did not finish in time."""


class SourceBusyError(SourceError):
    """The source asks to wait longer than a request waits. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceForbiddenError(SourceError):
    """The source refuses this host: a wrong token, or a ban."""

    advice = "Check the token and the URL of this source in the settings."


class SourceFormatError(SourceError):
    """The source sent something that is not what it documents."""

    advice = "Update Bonbang if this persists: the source may have changed its format."


class CutOffError(SourceFormatError):
    """A response ended early. Services with a time limit do that instead of reporting an error."""


class ShrunkListError(SourceError):
    """A list of everything is much shorter than before, which looks like a fault."""

    advice = "If the list really shrank, run: bonbang catalog sync --full"


class NotFoundError(SourceError):
    """The source has nothing at this address."""
