"""Benchmarks: a generator of realistic records, and programs that measure what the tracker does with many of them."""
