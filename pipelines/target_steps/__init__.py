"""Steps of the target flow."""
