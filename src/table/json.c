#include "table/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

json_t *json_safe_string(const char *text)
{
	size_t size = 4 * strlen(text) + 1;
	AUTO_FREE char *safe = malloc(size);

	if (!safe)
		return NULL;
	text_escape(text, strlen(text), safe, size);
	return json_string(safe);
}

int json_add_warning(json_t *object, const char *format, ...)
{
	json_t *warnings = json_object_get(object, "warnings");
	char text[512];
	va_list args;

	if (!warnings) {
		warnings = json_array();
		if (json_object_set_new(object, "warnings", warnings) < 0)
			return -ENOMEM;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return json_array_append_new(warnings, json_safe_string(text)) < 0 ? -ENOMEM : 0;
}

int json_print(json_t *object, struct error *err)
{
	int ret = object ? json_object_set_new(object, "schema", json_integer(JSON_SCHEMA)) : -1;

	if (ret == 0 && !json_object_get(object, "warnings"))
		ret = json_object_set_new(object, "warnings", json_array());
	if (ret == 0)
		ret = json_dumpf(object, stdout, JSON_INDENT(2));
	json_decref(object);
	/* main reports lost output. */
	if (ret < 0 && ferror(stdout))
		return 0;
	if (ret < 0)
		return error_set_errno(err, ENOMEM, "cannot write JSON");
	putchar('\n');
	return 0;
}
