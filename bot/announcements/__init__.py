"""Decides what to announce and when. Pure Python: stores and senders are injected."""
