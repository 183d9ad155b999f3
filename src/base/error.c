/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

int error_set(struct error *err, int number, const char *format, ...)
{
	va_list args;

	err->number = number;
	err->hint[0] = '\0';
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return -number;
}

/* Errors that come from the caller's limits, whatever was being opened. */
static bool is_exhaustion(int number)
{
	return number == EMFILE || number == ENFILE;
}

static void hint_at_exhaustion(struct error *err)
{
	const char *hint = err->number == EMFILE
			       ? "the limit of open files is reached: raise it with `ulimit -n`"
			       : "the system's limit of open files is reached: see /proc/sys/fs/file-max";

	snprintf(err->hint, sizeof(err->hint), "%s", hint);
}

/* strerror() says "Connection timed out", but nsctl makes no connections. */
static const char *describe(int number)
{
	return number == ETIMEDOUT ? "no answer in time" : strerror(number);
}

int error_set_errno(struct error *err, int number, const char *format, ...)
{
	va_list args;
	size_t length;

	err->number = number;
	err->hint[0] = '\0';
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	length = strlen(err->message);
	snprintf(err->message + length, sizeof(err->message) - length, ": %s", describe(number));
	if (is_exhaustion(number))
		hint_at_exhaustion(err);
	return -number;
}

int error_wrap(struct error *err, const char *format, ...)
{
	char inner[sizeof(err->message)];
	va_list args;
	size_t length;

	memcpy(inner, err->message, sizeof(inner));
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	length = strlen(err->message);
	snprintf(err->message + length, sizeof(err->message) - length, ": %s", inner);
	return -err->number;
}

int error_explain(struct error *err, const char *format, ...)
{
	size_t length = strlen(err->message);
	va_list args;

	length += (size_t)snprintf(err->message + length, sizeof(err->message) - length, ": ");
	if (length >= sizeof(err->message))
		return -err->number;
	va_start(args, format);
	vsnprintf(err->message + length, sizeof(err->message) - length, format, args);
	va_end(args);
	return -err->number;
}

int error_hint(struct error *err, const char *format, ...)
{
	va_list args;

	if (is_exhaustion(err->number))
		return -err->number;
	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
	return -err->number;
}

int error_suggest(struct error *err, const char *word, const char *const *candidates, const char *all)
{
	const char *nearest = text_nearest(word, candidates);

	if (nearest)
		return error_hint(err, "did you mean '%s'? %s", nearest, all);
	return error_hint(err, "%s", all);
}

void error_print(const struct error *err, const char *program)
{
	char safe[4 * sizeof(err->message)];
	char line[sizeof(safe) + sizeof(err->hint) + 64];
	const char *separator = err->hint[0] ? "; " : "";
	size_t length;

	text_escape(err->message, strlen(err->message), safe, sizeof(safe));
	snprintf(line, sizeof(line) - 1, "%s: %s%s", program, safe, separator);
	length = strlen(line);
	text_escape(err->hint, strlen(err->hint), line + length, sizeof(line) - 1 - length);
	length = strlen(line);
	line[length++] = '\n';
	if (write(STDERR_FILENO, line, length) < 0)
		return; /* standard error was the last place to say anything */
}
