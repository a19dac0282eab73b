"""Crosswalks over the dataset: cases are read, counted by the classes of a scheme, and written as data."""
