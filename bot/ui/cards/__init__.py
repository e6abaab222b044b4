"""The cards, as pure functions of catalog data and a render context."""
