/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that a process chose, made safe to show; numbers read strictly. */
#ifndef NSCTL_BASE_TEXT_H
#define NSCTL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Copies length bytes of in to out as printable UTF-8.  Control characters (C0, DEL,
 * C1), line and direction controls of Unicode, invisible characters, and bytes that
 * are not UTF-8 become \xNN, byte by byte; a backslash before an x becomes \x5c, so
 * that the result can be turned back.  Ends out with a NUL and never cuts within a
 * character.  Returns the length of out.
 */
size_t text_escape(const char *in, size_t length, char *out, size_t size);

/* The same, for where nothing but ASCII can be shown: all bytes beyond become \xNN. */
size_t text_escape_to_ascii(const char *in, size_t length, char *out, size_t size);

/*
 * Reads the whole of text as a decimal number: digits only, no sign, no
 * space, no leading zeros but "0" itself.  Returns false where it is not one,
 * or is larger than max.
 */
bool text_parse_number(const char *text, uint64_t max, uint64_t *number);

/* The same for the first length bytes of text. */
bool text_parse_digits(const char *text, size_t length, uint64_t max, uint64_t *number);

/*
 * Reads a number as the programs do that call strtoul(3): blanks and one plus
 * sign may precede the digits, and leading zeros are allowed.  A minus sign and
 * an empty text are refused.
 */
bool text_parse_number_as_strtoul(const char *text, uint64_t max, uint64_t *number);

/* Whether sh(1) takes the text as one word as it stands, without quotes. */
bool text_is_shell_word(const char *text);

/* Whether the length bytes at text are exactly this word. */
bool text_is_word(const char *text, size_t length, const char *word);

/* Whether the length bytes at text end with this. */
bool text_ends_with(const char *text, size_t length, const char *end);

/* The lower case of an ASCII letter in any locale; any other byte unchanged. */
char text_to_lower(char c);

/*
 * The candidate nearest to word by edit distance, upper and lower case alike,
 * or NULL where none is near enough to be what was meant.  The list ends with NULL.
 */
const char *text_nearest(const char *word, const char *const *candidates);

#endif
