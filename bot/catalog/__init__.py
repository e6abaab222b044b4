"""The data model: titles, people, releases, and their files."""
