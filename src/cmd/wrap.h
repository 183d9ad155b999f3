/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text broken between words. */
#ifndef NSCTL_CMD_WRAP_H
#define NSCTL_CMD_WRAP_H

#include <stddef.h>

/*
 * Prints the words of text, each behind a blank, as the rest of a line that has
 * column bytes already.  Further lines begin with indent blanks, and no line is
 * wider than width - 1 bytes unless by its first word.
 */
void wrap_print(const char *text, size_t column, size_t indent, size_t width);

#endif
