/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table on a terminal or for scripts, drawn by libsmartcols. */
#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "table/internal.h"
#include "table/lines.h"

/* Bold; see console_codes(4). */
#define EMPHASIS "\x1b[1m"

/*
 * Where the locale has single bytes only, libsmartcols 2.41 never ends with
 * others: they become \xNN.  out has four times the room of in, and 1.
 */
static size_t escape(const char *in, size_t length, char *out, size_t size)
{
	return MB_CUR_MAX > 1 ? text_escape(in, length, out, size)
			      : text_escape_to_ascii(in, length, out, size);
}

/* The texts of a list, each safe, with a line for each or commas between them. */
static int safe_list(const struct table *table, const char *cell, char **safe)
{
	size_t size = 4 * strlen(cell) + 1;
	char *out = calloc(1, size);
	size_t used = 0;

	if (!out)
		return -ENOMEM;
	while (*cell) {
		AUTO_FREE char *text = lines_next(&cell);

		if (!text) {
			free(out);
			return -ENOMEM;
		}
		used += escape(text, strlen(text), out + used, size - used);
		if (*cell)
			out[used++] = table->options->no_wrap ? ',' : '\n';
	}
	out[used] = '\0';
	*safe = out;
	return 0;
}

/* The text of a cell as it is shown, made safe; NULL where it is unknown. */
static int safe_text(const struct table *table, const struct cell *cell, char **safe)
{
	const char *text = cell->shown ? cell->shown : cell->text;
	size_t size;

	*safe = NULL;
	if (!text)
		return 0;
	if (cell->column->type == COLUMN_LIST)
		return safe_list(table, text, safe);
	size = 4 * strlen(text) + 1;
	*safe = malloc(size);
	if (!*safe)
		return -ENOMEM;
	escape(text, strlen(text), *safe, size);
	return 0;
}

/* The texts of a list in one, for a raw line. */
static int set_joined(struct libscols_line *line, size_t number, const char *cell)
{
	AUTO_FREE char *joined = calloc(1, strlen(cell) + 1);
	char *end = joined;

	while (joined && *cell) {
		AUTO_FREE char *text = lines_next(&cell);

		if (!text)
			return -ENOMEM;
		end = stpcpy(end, text);
		if (*cell)
			*end++ = ',';
	}
	return joined ? scols_line_set_data(line, number, joined) : -ENOMEM;
}

/* In raw mode libsmartcols makes texts safe itself.  In raw lines an empty cell would shift those behind it.
 */
static int fill_cell(const struct table *table, const struct table_row *row, size_t i)
{
	const struct table_options *options = table->options;
	const struct cell *cell = row_cell(table, row, table->chosen[i]);
	const char *text = cell->shown ? cell->shown : cell->text;
	bool is_list = cell->column->type == COLUMN_LIST;
	AUTO_FREE char *safe = NULL;

	if (options->raw && !options->as_lsns && (!text || !text[0]))
		return scols_line_set_data(row->line, i, "-");
	if (text && is_list && options->raw)
		return set_joined(row->line, i, text);
	if (options->raw)
		return scols_line_set_data(row->line, i, text);
	if (safe_text(table, cell, &safe) < 0)
		return -ENOMEM;
	return scols_line_set_data(row->line, i, safe);
}

/* A list has a line of its own for each of its items. */
static int set_wrap(struct libscols_column *column)
{
	int ret = scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);

	return ret < 0 ? ret : scols_column_set_safechars(column, "\n");
}

/* How wide the widest cell of a column is. */
static size_t find_column_width(const struct table *table, size_t number)
{
	size_t widest = 0;

	for (size_t i = 0; i < table->row_count; i++) {
		const struct cell *cell = row_cell(table, table->rows[i], number);
		const char *text = cell->shown ? cell->shown : cell->text;

		if (text && !table->rows[i]->is_hidden && strlen(text) > widest)
			widest = strlen(text);
	}
	return widest;
}

static bool is_tree_column(const struct table *table, size_t number)
{
	const char *name = table->options->tree_column;

	return name && strcmp(table->columns[number]->name, name) == 0;
}

/*
 * The least width, as libsmartcols 2.42 understands it: a column whose cells
 * are no wider than its heading is as wide as that.  Before, one whose widest
 * cell is as wide as its heading was given the least width.
 */
static int choose_width(const struct table *table, size_t number)
{
	const struct column *column = table->columns[number];
	size_t heading = table->options->no_headings ? 1 : strlen(column->name);
	bool has_tree = is_tree_column(table, number);

	return !has_tree && find_column_width(table, number) <= heading ? 0 : column->width;
}

static int add_column(const struct table *table, size_t number, struct libscols_table *out)
{
	const struct table_options *options = table->options;
	const struct column *column = table->columns[number];
	bool has_tree = is_tree_column(table, number);
	bool wraps = column->type == COLUMN_LIST && !options->no_wrap && !options->raw;
	bool is_right = column->type == COLUMN_NUMBER || column->is_right;
	int flags = is_right && !has_tree ? SCOLS_FL_RIGHT : 0;
	struct libscols_column *added;
	char safe[512]; /* a heading may be a word of the user's */

	if (!options->no_truncate && column->type == COLUMN_LONG)
		flags |= SCOLS_FL_TRUNC;
	if (has_tree)
		flags |= SCOLS_FL_TREE;
	if (wraps)
		flags |= SCOLS_FL_WRAP;
	escape(column->name, strlen(column->name), safe, sizeof(safe));
	added = scols_table_new_column(out, safe, choose_width(table, number), flags);
	if (!added)
		return -ENOMEM;
	return wraps ? set_wrap(added) : 0;
}

static int add_line(const struct table *table, struct table_row *row, struct libscols_table *out)
{
	int ret = 0;

	row->line = scols_table_new_line(out, NULL);
	if (!row->line)
		return -ENOMEM;
	for (size_t i = 0; ret == 0 && i < table->chosen_count; i++) {
		ret = fill_cell(table, row, i);
		if (ret == 0 && row_cell(table, row, table->chosen[i])->is_emphasized)
			ret = scols_cell_set_color(scols_line_get_cell(row->line, i), EMPHASIS);
	}
	return ret;
}

/* After all lines are there: a parent may stand below its child. */
static int grow_tree(const struct table *table)
{
	int ret = 0;

	for (size_t i = 0; i < table->row_count && ret == 0; i++) {
		const struct table_row *row = table->rows[i];

		if (!row->is_hidden && row->parent && !row->parent->is_hidden)
			ret = scols_line_add_child(row->parent->line, row->line);
	}
	return ret;
}

static int fill_lines(const struct table *table, struct libscols_table *out)
{
	int ret = 0;

	for (size_t i = 0; i < table->chosen_count && ret == 0; i++)
		ret = add_column(table, table->chosen[i], out);
	for (size_t i = 0; i < table->row_count && ret == 0; i++) {
		if (!table->rows[i]->is_hidden)
			ret = add_line(table, table->rows[i], out);
	}
	return ret == 0 && table->options->tree_column ? grow_tree(table) : ret;
}

int table_print(const struct table *table, struct error *err)
{
	const struct table_options *options = table->options;
	struct libscols_table *out;
	int ret;

	out = scols_new_table();
	if (!out)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	scols_table_enable_raw(out, options->raw);
	scols_table_enable_noencoding(out, !options->raw);
	scols_table_enable_noheadings(out, options->no_headings);
	scols_table_enable_colors(out, options->has_color && !options->raw);
	ret = fill_lines(table, out);
	if (ret == 0)
		ret = scols_print_table(out);
	scols_unref_table(out);
	return ret < 0 ? error_set_errno(err, -ret, "cannot print the table") : 0;
}
