"""The site as programs use it: the table of data answers, the OpenAPI document made from it, and the page about it.

`endpoints` is the table: each address that gives data is one entry. `document` makes `/openapi.json` of it and of the
tables of fields and parameters; `schemas` and `responses` hold what the answers have in common.
"""
