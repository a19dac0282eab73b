"""The test suite: one folder or module per part of the package, with shared machinery in `tests.support`."""
