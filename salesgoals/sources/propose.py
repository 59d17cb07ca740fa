"""The meaning of a whole inbox: proposed from its contents, corrected by what mapping.toml says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from salesgoals.problems import Problem
from salesgoals.sources.joins import Place, add_joins
from salesgoals.sources.mapping import FileMapping, MappingFile, check_columns
from salesgoals.sources.match import propose_sheet
from salesgoals.sources.sheet import Sheet
from salesgoals.workspace import Settings

#: kinds of dates that tell another event of the same sale than the order
BASES = {"delivery": "delivery", "invoice": "invoice", "payment": "payment"}


def propose_mapping(sheets: Mapping[Place, Sheet], settings: Settings, known: MappingFile | None = None,
                    ) -> list[FileMapping]:
    """Propose what every sheet and column means, from their names and from what they hold.

    Parameters
    ----------
    sheets : mapping
        The sheets by (file, sheet).
    settings : Settings
        Which date and which person count.
    known : MappingFile, optional
        What mapping.toml says: its sheets are taken as they stand there. Doubts about what the consultant
        changed, or marked ``checked = true``, are not repeated.

    Returns
    -------
    list of FileMapping
        One for each sheet, in the order of the sheets.
    """
    decided = known.sheets if known is not None else {}
    proposed = count_sales_once([propose_sheet(sheet, settings) for sheet in sheets.values()], settings)
    joined = add_joins(proposed, sheets, settings)
    return _with_decided(joined, decided, sheets) if decided else joined


def count_sales_once(mappings: list[FileMapping], settings: Settings) -> list[FileMapping]:
    """Of orders, deliveries, invoices and payments in separate sheets take one kind: they are the same sales.

    The kind that ``date_that_counts`` asks for is taken where it is there, else the orders.
    """
    kinds = {mapping.place: BASES.get(mapping.kinds.get("date", ""), "order")
             for mapping in mappings if mapping.table == "orders"}
    present = set(kinds.values())
    if len(present) < 2:
        return mappings
    wanted = BASES.get(settings.date_that_counts, "order")
    taken = wanted if wanted in present else "order" if "order" in present else sorted(present)[0]
    found = []
    for mapping in mappings:
        if kinds.get(mapping.place, taken) != taken:
            doubt = Problem(
                f"match.other_basis_{taken}",
                level="doubt",
                file=mapping.file,
                sheet=mapping.sheet,
                column=mapping.columns["date"],
            )
            mapping = replace(mapping, table="ignore", columns={}, kinds={}, doubts=(doubt,))
        found.append(mapping)
    return found


def _with_decided(proposed: list[FileMapping], decided: Mapping[Place, FileMapping],
                  sheets: Mapping[Place, Sheet]) -> list[FileMapping]:
    found = []
    for mapping in proposed:
        own = decided.get(mapping.place)
        if own is None:
            found.append(mapping)
            continue
        doubts = () if own.options.get("checked") else tuple(
            doubt for doubt in mapping.doubts if _still_open(doubt, mapping, own))
        if own.table == "ignore" and mapping.table not in ("ignore", "lookup"):
            doubts = (Problem("collect.ignored", level="note", file=own.file, sheet=own.sheet,
                              count=len(sheets[own.place].cells)),)
        found.append(replace(own, doubts=doubts, why=mapping.why))
    return found


def _still_open(doubt: Problem, proposed: FileMapping, own: FileMapping) -> bool:
    """A doubt stays as long as nobody changed what it is about."""
    field = doubt.values.get("field")
    if own.table != proposed.table:
        return False
    if doubt.code == "match.no_year":
        return "year" not in own.options and any("-" not in month for month in own.months.values())
    if field is None:
        return True
    return own.columns.get(field) == proposed.columns.get(field)


def check_decided(known: MappingFile, sheets: Mapping[Place, Sheet]) -> list[Problem]:
    """Name what mapping.toml asks of the files and they do not have."""
    found = []
    for place, mapping in known.sheets.items():
        if place in sheets:
            found += check_columns(mapping, sheets[place])
    return found
