"""Database access. All SQL is in this package."""
