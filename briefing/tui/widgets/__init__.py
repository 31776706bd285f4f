"""Widgets: each draws what it is given, line by line, and posts what the reader did."""
