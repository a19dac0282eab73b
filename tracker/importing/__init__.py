"""Bringing records in from files: reading them safely, saying all that is wrong, and writing what is new."""
