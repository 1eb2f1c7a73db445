"""Health checks of monthly counts: months that look wrong at the source, and findings about them."""
