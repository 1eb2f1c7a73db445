"""What may be kept of addresses and of people: streets instead of homes, roles instead of names."""
