"""Littleham, a made-up force with planted truth, for the demo and the tests."""
