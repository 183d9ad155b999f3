/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of mountinfo: any text; and the kernel's own, in which any names come back as they were. */
#include <stdio.h>

#include "input.h"
#include "proc/mountinfo.h"

/* In place: the strings must lie within the line. */
static void check_any_line(const char *text)
{
	char *line = strdup(text);
	const char *end = line + strlen(line);
	struct mountinfo_line parsed;

	if (mountinfo_parse(line, &parsed)) {
		const char *const parts[] = {parsed.root, parsed.point, parsed.fstype, parsed.options};

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
			if (parts[i] < line || parts[i] + strlen(parts[i]) > end)
				abort();
		}
	}
	free(line);
}

/* As mangle() of fs/proc_namespace.c: a field of a line has none of these. */
static void write_field(FILE *line, const char *text)
{
	for (; *text; text++) {
		if (strchr(" \t\n\\#", *text))
			fprintf(line, "\\%03o", (unsigned char)*text);
		else
			fputc(*text, line);
	}
}

static char *make_line(uint64_t id, const char *root, const char *point)
{
	char *text;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	fprintf(line, "%ju 24 0:4 ", (uintmax_t)id);
	write_field(line, root);
	fputc(' ', line);
	write_field(line, point);
	fputs(" rw,nosuid shared:7 master:1 - nsfs nsfs rw,x - y\n", line);
	if (fclose(line) != 0)
		abort();
	return text;
}

static void check_names(uint64_t id, const char *root, const char *point)
{
	char *line = make_line(id, root, point);
	struct mountinfo_line parsed;

	if (!mountinfo_parse(line, &parsed) || parsed.id != id || strcmp(parsed.root, root) != 0 ||
	    strcmp(parsed.point, point) != 0 || strcmp(parsed.fstype, "nsfs") != 0 ||
	    strcmp(parsed.options, "rw,x - y") != 0)
		abort();
	free(line);
}

static void check_fdinfo(const char *text)
{
	uint64_t id;

	if (mountinfo_parse_fdinfo(text, &id) == 0 && !strstr(text, "mnt_id:"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	size_t half = strlen(text) / 2;
	char *root = strndup(text, half);

	check_any_line(text);
	check_fdinfo(text);
	/* No field of the kernel's is empty. */
	if (half > 0)
		check_names(half, root, text + half);
	free(root);
	free(text);
	return 0;
}
