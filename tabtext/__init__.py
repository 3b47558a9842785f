"""What tables, records and texts are, and what is done with them in more than one system of this toolkit."""

from tabtext.errors import InputError
from tabtext.table import Cell, Column, Table
from tabtext.values import Date, Kind, Value, parse_value

__all__ = ["Cell", "Column", "Date", "InputError", "Kind", "Table", "Value", "parse_value"]
