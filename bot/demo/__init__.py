"""The same bot inside a simulated Discord: no token, no account, no network."""
