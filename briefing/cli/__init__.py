"""The command line: one file a command, which imports the rest only when it runs."""
