"""The tables of the index.

``words`` is a contentless FTS5 table, a tenth of the size of one that keeps the texts. SQLite deletes from
such a table from 3.43 on only, so a changed note gets a new row, and rows that no note names are passed over
(https://sqlite.org/fts5.html#contentless_tables). There are no triggers: a statement that has some makes FTS5
write out what it gathered, which doubles the time of a build.

``link`` says which notes may link to a file name, by a checksum of it; the targets themselves stand in the
note's row, one a line. A line of ``link`` that a note no longer backs is passed over, and goes with a rebuild.
"""

VERSION = 2

SCHEMA = """
CREATE TABLE note(
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    state INTEGER NOT NULL,
    version BLOB,
    text INTEGER,
    targets TEXT
);
CREATE INDEX note_by_folder ON note(folder);
CREATE INDEX note_by_name ON note(name);
CREATE UNIQUE INDEX note_by_text ON note(text);
CREATE INDEX note_unread ON note(path) WHERE state = 5;

CREATE TABLE link(
    name INTEGER NOT NULL,
    note INTEGER NOT NULL,
    PRIMARY KEY(name, note)
) WITHOUT ROWID;

CREATE TABLE called(
    note INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY(note, name)
) WITHOUT ROWID;
CREATE INDEX called_by_name ON called(name);

CREATE TABLE fact(
    note INTEGER NOT NULL,
    position INTEGER NOT NULL,
    line INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    form TEXT NOT NULL,
    PRIMARY KEY(note, position)
) WITHOUT ROWID;
CREATE INDEX fact_by_key ON fact(key COLLATE NOCASE);

CREATE VIRTUAL TABLE words USING fts5(names, body, content='', tokenize="unicode61 remove_diacritics 2");

CREATE TABLE folder(path TEXT PRIMARY KEY, notes INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE renamed(old TEXT NOT NULL, new TEXT NOT NULL, time REAL NOT NULL, PRIMARY KEY(old)) WITHOUT ROWID;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES('stale', 0);

INSERT INTO words(words, rank) VALUES('hashsize', 16777216);
INSERT INTO words(words, rank) VALUES('automerge', 8)
"""
