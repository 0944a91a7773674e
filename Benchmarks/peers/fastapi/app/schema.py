"""Creates the tables: `python -m app.schema`, once before the workers start."""

import sqlite3

from .settings import settings

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS todos
  (id INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, title TEXT NOT NULL, completed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS todos_of_user ON todos (user, id);
"""

if __name__ == "__main__":
    with sqlite3.connect(settings.database) as database:
        database.executescript(SCHEMA)
