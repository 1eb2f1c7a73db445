"""Street files, archives and neighbourhoods of data.police.uk."""
