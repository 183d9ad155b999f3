/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists that the user writes: types, columns.  Lists in a cell: each text comes back.  Numbers. */
#include <errno.h>

#include "base/text.h"
#include "input.h"
#include "ns/type.h"
#include "table/lines.h"
#include "table/table.h"

static const struct column columns[] = {{"NS", "", COLUMN_NUMBER}, {"TYPE", "", COLUMN_TEXT}, {0}};
static const struct table_layout layout = {.groups = {columns}, .usual = "TYPE"};

static void check_refusal(const struct error *err)
{
	if (err->number != EINVAL || err->message[0] == '\0' || err->hint[0] == '\0')
		abort();
}

/* A list is as good as its words: each is a type, or the list is refused. */
static void check_types(const char *list)
{
	ns_type_set set = 0;
	ns_type_set of_words = 0;
	struct error err = {0};
	int ret = ns_type_parse_list(list, &set, &err);
	int are_types = 1;

	for (const char *word = list; word;) {
		size_t length = strcspn(word, ",");
		enum ns_type type;

		if (ns_type_from_any_name(word, length, &type))
			of_words |= 1U << type;
		else
			are_types = 0;
		word = word[length] == ',' ? word + length + 1 : NULL;
	}
	if ((ret == 0) != are_types || (ret == 0 && set != of_words) || set & ~NS_TYPE_SET_ALL)
		abort();
	if (ret < 0)
		check_refusal(&err);
}

static void check_columns(const char *list)
{
	struct table_options options = {.output = list};
	struct error err = {0};
	AUTO_TABLE struct table *shown = table_new(&layout, &options, &err);
	struct table *sorted;

	if (!shown)
		check_refusal(&err);
	options = (struct table_options){.sort = list};
	sorted = table_new(&layout, &options, &err);
	if (!sorted)
		check_refusal(&err);
	table_free(sorted);
}

static void check_next(const char **cell, const char *text)
{
	char *found = lines_next(cell);

	if (!found || strcmp(found, text) != 0)
		abort();
	free(found);
}

/* Two texts, neither of which is empty or begins with a line end. */
static void check_lines(const char *one, const char *other)
{
	char *cell;
	size_t size;
	const char *rest;
	FILE *file = open_memstream(&cell, &size);

	lines_write(file, one);
	fputc('\n', file);
	lines_write(file, other);
	if (fclose(file) != 0)
		abort();
	rest = cell;
	check_next(&rest, one);
	check_next(&rest, other);
	if (lines_next(&rest) || *rest != '\0')
		abort();
	free(cell);
}

/* What is strictly a number is one for strtoul(3), the same. */
static void check_number(const char *text)
{
	uint64_t strict;
	uint64_t loose;
	size_t length;

	if (text_parse_number_as_strtoul(text, UINT64_MAX, &loose)) {
		errno = 0;
		if (loose != strtoul(text, NULL, 10) || errno != 0)
			abort();
	}
	if (!text_parse_number(text, UINT64_MAX, &strict))
		return;
	length = strlen(text);
	if (strspn(text, "0123456789") != length || (text[0] == '0' && length > 1) ||
	    !text_parse_number_as_strtoul(text, UINT64_MAX, &loose) || loose != strict)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	size_t half = strlen(text) / 2;
	char *start = strndup(text, half);

	check_types(text);
	check_columns(text);
	check_number(text);
	if (half > 0 && text[0] != '\n' && text[half] != '\n')
		check_lines(start, text + half);
	free(start);
	free(text);
	return 0;
}
