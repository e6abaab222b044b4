"""Entry point: `bonbang`, or `python -m bot`."""

from bot.cli import app


def main() -> None:
    """Run the command-line interface."""
    app()


if __name__ == "__main__":
    main()
