"""The records of a briefing and the words they are made of; imports nothing else of ours."""
