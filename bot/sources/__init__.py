"""Reads catalogs of others: TVmaze, Wikidata and TMDB. Knows neither Discord nor the database."""
