"""The map: the front page, the same map drawn by the server, its data, the lists behind its marks, and embedding.

`basemap` reads the outlines of countries, `frames` fits and projects, `marks` turns spots and clusters into marks,
`drawing` puts the picture together; `page`, `listing` and `data` answer.
"""
