#include "base/error.h"

#include <stdarg.h>
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
	snprintf(err->message + length, sizeof(err->message) - length, ": %s", strerror(number));
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

int error_hint(struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
	return -err->number;
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
