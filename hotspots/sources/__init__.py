"""Raw files to tables: what a force, data.police.uk or a survey hands in."""
