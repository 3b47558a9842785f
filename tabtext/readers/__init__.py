"""Tables from files: CSV, Excel, HTML, Markdown, Parquet, JSON, SQLite; one small module per family.

`read_tables` reads one file; `table_source` makes the input of a stage from files, folders and globs.
"""

from tabtext.readers.files import FORMATS, SUFFIXES, format_of, read_table, read_tables
from tabtext.readers.grid import Reading
from tabtext.readers.sources import TableFile, table_source, tables_of

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Reading",
    "TableFile",
    "format_of",
    "read_table",
    "read_tables",
    "table_source",
    "tables_of",
]
