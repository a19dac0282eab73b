"""What tests stand on: the databases of a run, the browser, and other projects' files under `vendor/`."""
