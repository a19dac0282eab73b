"""The public house: what the world may see, and nothing else.

`fields` is the one table of what can be public. The gate writes through `store`; `rendering` turns the canonical JSON
into the stored CSV lines, features, facets and search words, and `rebuild` makes them again. Readers come through one
`filters.DatasetFilter`, `queries` and `exports`. Nothing here reads a private table.
"""
