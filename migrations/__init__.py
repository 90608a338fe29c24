"""The history of the tables. `HEAD` is the newest version: a test holds it against the files."""

HEAD = "0011"
