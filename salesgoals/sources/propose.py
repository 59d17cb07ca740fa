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
    proposed = [propose_sheet(sheet, settings) for sheet in sheets.values()]
    proposed = add_joins([decided.get(mapping.place, mapping) if mapping.place in decided else mapping
                          for mapping in proposed], sheets, settings) if not decided else _with_decided(
        proposed, decided, sheets, settings)
    return proposed


def _with_decided(
    proposed: list[FileMapping],
    decided: Mapping[Place, FileMapping],
    sheets: Mapping[Place, Sheet],
    settings: Settings,
) -> list[FileMapping]:
    found = []
    for mapping in add_joins(proposed, sheets, settings):
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
