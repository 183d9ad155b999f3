/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter of rows: it is refused with a reason, or answers for every row, and prints nothing. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mman.h>

#include "input.h"
#include "table/table.h"

struct thing {
	const char *name; /* NULL: unknown */
	uint64_t count;   /* 0: unknown */
};

static int fill_name(struct cell *cell, const void *row)
{
	const struct thing *thing = row;

	return thing->name ? cell_set_text(cell, thing->name) : 0;
}

static int fill_count(struct cell *cell, const void *row)
{
	const struct thing *thing = row;

	return thing->count ? cell_set_number(cell, thing->count) : cell_set_note(cell, "denied");
}

static int fill_answer(struct cell *cell, const void *row)
{
	return cell_set_answer(cell, ((const struct thing *)row)->count > 1);
}

static const struct column columns[] = {
    {"NAME", "", COLUMN_TEXT, 0, fill_name},     {"COUNT", "", COLUMN_NUMBER, 0, fill_count},
    {"MANY", "", COLUMN_ANSWER, 0, fill_answer}, {"NAMES", "", COLUMN_LIST, 0, fill_name},
    {"NET%", "", COLUMN_LONG, 0, fill_name},     {0},
};
static const struct table_layout layout = {.groups = {columns}};
static const struct thing things[] = {{"a b", 1}, {"\x1b[31m\xff", UINT64_MAX}, {NULL, 0}};

/* The scanner of libsmartcols prints what it does not know. */
static void watch_output(void)
{
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("output", MFD_CLOEXEC);
		if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
			abort();
	}
	if (fflush(stdout) != 0 || lseek(fd, 0, SEEK_END) != 0)
		abort();
}

static void check_refusal(const struct error *err)
{
	if (err->number != EINVAL || err->message[0] == '\0')
		abort();
}

/* libsmartcols 2.41 does not release what an expression is parsed with. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:yylex_init\nleak:param_set_data\nleak:filter_new_node\nleak:filter_compile_param";
}

static void apply(const char *expression, bool as_lsns)
{
	const struct table_options options = {.filter = expression, .as_lsns = as_lsns, .raw = true};
	struct error err = {0};
	AUTO_TABLE struct table *table = table_new(&layout, &options, &err);

	if (!table) {
		check_refusal(&err);
		return;
	}
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		if (table_add_row(table, &things[i], &err) < 0)
			abort();
	}
	if (table_arrange(table, &err) < 0)
		check_refusal(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);

	apply(text, false);
	apply(text, true);
	watch_output();
	free(text);
	return 0;
}
