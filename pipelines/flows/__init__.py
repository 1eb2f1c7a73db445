"""One module a flow."""
