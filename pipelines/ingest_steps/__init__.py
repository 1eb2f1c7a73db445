"""Steps of the ingest flow."""
