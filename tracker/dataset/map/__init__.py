"""The map: public points counted, clustered and given out, whatever the filter.

`points` renders what the map needs of a record; `answer` is what a page or a program asks; `summary`, `spots` and
`clusters` count; `memory` keeps what was counted until the next publication. Everything here reads the public
(coarsened) points alone: no exact place is in reach.
"""
