"""What people see in a browser and what programs fetch: the only rooms, with the roof and the cli, that know Flask."""
