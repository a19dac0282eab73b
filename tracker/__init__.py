"""A registry of attacks on journalists that a small press-freedom organisation can run itself.

Two houses and one gate: `registry` holds what staff record, the confidential parts too; `dataset` holds what the
world may see; `publication` alone knows both and lets through only what the table of public fields lists.

The floors, lowest first. A module imports from floors below its own, never sideways at a bar and never up:

    vocabulary | dates | text | settings
    db
    registry | dataset
    publication
    importing
    web.public
    app
    cli
    __main__

Only `web`, `app` and `cli` know Flask, WTForms or click. `web.public` reaches neither the registry nor the gate.
import-linter holds these rules (see pyproject.toml).
"""
