"""From pieces of text with their places on a page to lines and tables, in reading order.

Units are points, y grows upwards as in PDF (ISO 32000-1, 8.3.2.3).
"""

from __future__ import annotations

from archive_check.model import Line, Table
from archive_check.readers.pdf_columns import gathered
from archive_check.readers.pdf_grid import Grid
from archive_check.readers.pdf_layout import Piece, Row, cell_text, rows, usual_size


def page_lines(
    pieces: list[Piece], grids: list[Grid], page: int, width: float, first_table: int
) -> tuple[list[Line], list[Table]]:
    """Lines and tables of a page from top to bottom; `size` of a line is still in points."""
    outside: list[Piece] = []
    inside: list[dict[tuple[int, int], list[Piece]]] = [{} for _ in grids]
    for piece in pieces:
        x, y = (piece.left + piece.right) / 2, piece.middle
        for grid, cells in zip(grids, inside, strict=True):
            place = grid.cell(x, y)
            if place is not None:
                cells.setdefault(place, []).append(piece)
                break
        else:
            outside.append(piece)
    blocks: list[tuple[float, list[Line], Table | None]] = []
    text_rows = rows(outside)
    left = min((piece.left for piece in pieces), default=0.0)
    right = max((piece.right for piece in pieces), default=width)
    for group in gathered(text_rows):
        row, text = group.rows[0], group.text
        if text:
            centred = len(group.rows) == 1 and _centred(row, width, left, right)
            blocks.append((row.top, [Line(text, page, row.size, centred)], None))
    for grid, cells in zip(grids, inside, strict=True):
        if cells:
            blocks.append((grid.ys[0], *_table(grid, cells, page)))
    blocks.sort(key=lambda block: -block[0])
    lines: list[Line] = []
    tables: list[Table] = []
    for _, own, found in blocks:
        if found is None:
            lines += own
        else:
            index = first_table + len(tables)
            lines += [Line(line.text, line.page, line.size, False, index) for line in own]
            tables.append(found)
    return lines, tables


def _centred(row: Row, width: float, left: float, right: float) -> bool:
    """In the middle of the page or of its text, and not as wide as the text."""
    size = row.size or 10.0
    before, after = row.left - left, right - row.right
    if max(before, after) < 0.6 * size:
        return abs(row.left + row.right - width) < size and row.right - row.left < 0.6 * width
    return min(before, after) > 0.6 * size and (
        abs(before - after) < 0.6 * size or abs(row.left + row.right - width) < 0.8 * size
    )


def _table(
    grid: Grid, cells: dict[tuple[int, int], list[Piece]], page: int
) -> tuple[list[Line], Table]:
    table_rows: list[tuple[str, ...]] = []
    lines: list[Line] = []
    for number in range(len(grid.ys) - 1):
        row = []
        inside: list[Piece] = []
        for column in range(len(grid.xs) - 1):
            own = cells.get((number, column), [])
            row.append(cell_text(own, grid.right(number, column)) if own else "")
            inside += own
        table_rows.append(tuple(row))
        if inside:
            text = "\t".join(cell.replace("\n", " ") for cell in row)
            lines.append(Line(text, page, usual_size(inside)))
    return lines, Table(tuple(table_rows), page=page)
