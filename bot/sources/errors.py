"""Errors of reading a source. Each text says what failed, and `advice` what the host can do."""

from bot.errors import BonbangError

_URL_SETTINGS = {
    "tvmaze": "TVMAZE_URL",
    "wikidata": "WIKIDATA_URL and WIKIDATA_SPARQL_URL",
    "tmdb": "TMDB_URL",
}
_UNREACHABLE = "It is tried again. If this lasts, check this machine's network and {url}."


class SourceError(BonbangError):
    """A source cannot be read now."""

    _advice = "It is tried again, and there is nothing to do."

    def advice(self, source: str) -> str:
        """Return what the host can do about this error of a source, given its name."""
        return self._advice.format(source=source, url=_URL_SETTINGS.get(source, "its URL"))


class SourceUnavailableError(SourceError):
    """The source cannot be reached, is too slow, or fails."""

    _advice = _UNREACHABLE


class SourceTimeoutError(SourceUnavailableError):
    """The source did not finish in time."""


class SourceBusyError(SourceError):
    """The source asks to wait longer than a request waits. `retry_after` is in seconds."""

    _advice = "It asks for a pause, and is read again after it."

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceForbiddenError(SourceError):
    """The source refuses this host, as after a ban."""

    _advice = (
        "It may have blocked this machine: it is tried again, ever more rarely. If this lasts for "
        "days, ask it to accept the User-Agent “Bonbang”, and check {url}."
    )


class SourceTokenError(SourceForbiddenError):
    """The source refuses the token, or wants one."""

    _advice = "Set TMDB_TOKEN to a valid token of TMDB, and check {url}."


class SourceFormatError(SourceError):
    """The source sent something that is not what it documents."""

    _advice = "If this lasts, update Bonbang: its format may have changed. Check {url}, too."


class CutOffError(SourceFormatError):
    """A response ended early. Services with a time limit do that instead of reporting an error."""

    _advice = _UNREACHABLE


class ShrunkListError(SourceError):
    """A list of everything is much shorter than before, which looks like a fault."""

    _advice = (
        "What was read before is kept, and it is tried again. If the list really shrank, run: "
        "bonbang catalog sync {source} --full"
    )


class NotFoundError(SourceError):
    """The source has nothing at this address."""

    _advice = "Check {url}."
