"""The monitoring report of a filter: a page that prints well, one file that opens from disk, and a PDF.

`contents` gathers what a report holds, `figures` its tables and charts, `sources` its numbered notes; `views` answers
`/report`, `document` makes a file of it, and `pdf` a PDF of that file.
"""
