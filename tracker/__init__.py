"""A registry of attacks on journalists that a small press-freedom organisation can run itself.

Two houses and one gate: `registry` holds what staff record, the confidential parts too; `dataset` holds what the
world may see; `publication` alone knows both and lets through only what the table of public fields lists.

The floors, lowest first. A module imports from floors below its own, never sideways at a bar and never up:

    phrases
    vocabulary | dates | text | settings
    db
    registry | dataset | geocoding
    publication
    importing | upgrades | jobs | placing
    web.public | web.staff
    app
    serving
    cli
    __main__

Only `web`, `app`, `serving` and `cli` know Flask, WTForms, gunicorn or click. `web.public` reaches neither the
registry nor the gate, and asks nobody for a place. import-linter holds these rules (see pyproject.toml).
"""
