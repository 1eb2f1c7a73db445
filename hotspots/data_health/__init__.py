"""Months of counts that look wrong at the source, and what is reported of them."""
