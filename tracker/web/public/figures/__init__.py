"""Figures: `views` makes the page of a summary, `twins` its files, `shown` puts a table into words and links."""
