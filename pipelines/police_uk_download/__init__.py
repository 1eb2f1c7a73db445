"""Download of data.police.uk."""
