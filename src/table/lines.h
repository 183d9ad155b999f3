/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cell of a list: texts, each in a line, whatever bytes they have. */
#ifndef NSCTL_TABLE_LINES_H
#define NSCTL_TABLE_LINES_H

#include <stdio.h>

/*
 * A line end within a text is doubled, and no text begins with one or is
 * empty: that distinguishes it from the end of a text.
 */
void lines_write(FILE *cell, const char *text);

/*
 * Takes the next text off the cell, and advances cell behind it.  Returns the
 * text, which the caller frees; NULL at the end, where cell is empty, or
 * without memory, where it is not.
 */
char *lines_next(const char **cell);

#endif
