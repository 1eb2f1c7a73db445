"""Littleham, a made-up force with planted hotspots, for the demo and the tests."""
