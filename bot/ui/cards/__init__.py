"""The reply cards, each a pure function of the facts and of who reads them."""
