"""Tests of the whole program as a person meets it: in a terminal."""
