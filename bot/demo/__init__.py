"""The demo: runs the bot in a simulated Discord, without a token, an account or a network."""
