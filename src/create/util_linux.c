/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/util_linux.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The text after the system's reason; "" if there is none, or no reason. */
static const char *find_explanation(const struct error *err)
{
	const char *reason = strerror(err->number);
	const char *found = strstr(err->message, reason);
	const char *rest = found ? found + strlen(reason) : "";

	return strncmp(rest, ": ", 2) == 0 ? rest + 2 : "";
}

int create_word_as_unshare(const struct creation *creation, struct error *err, const char *format, ...)
{
	struct error inner = *err;
	const char *explanation = find_explanation(&inner);
	char phrase[512];
	va_list args;

	if (!creation->request->as_unshare || err->number == 0)
		return -err->number;
	va_start(args, format);
	vsnprintf(phrase, sizeof(phrase), format, args);
	va_end(args);
	error_set_errno(err, inner.number, "%s", phrase);
	if (explanation[0] && inner.hint[0])
		return error_hint(err, "%.200s; %.300s", explanation, inner.hint);
	return explanation[0] || inner.hint[0] ? error_hint(err, "%s%s", explanation, inner.hint)
					       : -err->number;
}
