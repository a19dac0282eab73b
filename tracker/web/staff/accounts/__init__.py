"""Accounts at the desk: signing in, proving who one is, one's own account, and the accounts of all for administrators.

`signing` holds what the browser and the server say to each other about a session, `carrying` the pages that ask for
something first and lose nothing that was typed; both are used by the guard. `sign_in`, `joining`, `my_account` and
`admin` are the pages.
"""
