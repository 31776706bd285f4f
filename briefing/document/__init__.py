"""Records to documents: what a person is shown, and its plain and Markdown renderers."""
