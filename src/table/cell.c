/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of cells. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table/internal.h"

int cell_set_shown_text(struct cell *cell, const char *text, const char *shown)
{
	free(cell->text);
	free(cell->shown);
	cell->text = text ? strdup(text) : NULL;
	cell->shown = shown ? strdup(shown) : NULL;
	return (text && !cell->text) || (shown && !cell->shown) ? -ENOMEM : 0;
}

int cell_set_text(struct cell *cell, const char *text)
{
	return cell_set_shown_text(cell, text, NULL);
}

int cell_set_number(struct cell *cell, uint64_t number)
{
	return cell_set_shown_number(cell, number, NULL);
}

int cell_set_answer(struct cell *cell, bool answer)
{
	return cell_set_text(cell, answer ? "yes" : "no");
}

int cell_set_shown_number(struct cell *cell, uint64_t number, const char *shown)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%ju", (uintmax_t)number);
	return cell_set_shown_text(cell, digits, shown);
}

int cell_set_note(struct cell *cell, const char *note)
{
	return cell_set_shown_text(cell, NULL, note);
}

void cell_emphasize(struct cell *cell)
{
	cell->is_emphasized = true;
}

size_t cell_number(const struct cell *cell)
{
	return cell->column->number;
}
