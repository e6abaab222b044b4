"""What to announce and when. Pure Python, but for the ports it is given."""
