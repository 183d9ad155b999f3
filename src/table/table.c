/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "table/internal.h"

#define NO_COLUMN SIZE_MAX
#define LIST_HINT "--list-columns lists them"

int table_refuse_column(const struct table *table, const char *name, size_t length, struct error *err)
{
	AUTO_FREE const char **names = calloc(table->column_count + 1, sizeof(*names));
	char word[64];

	error_set(err, EINVAL, "there is no column '%.*s'", (int)(length < 256 ? length : 256), name);
	error_hint(err, LIST_HINT);
	if (!names || length >= sizeof(word))
		return -EINVAL;
	memcpy(word, name, length);
	word[length] = '\0';
	for (size_t i = 0; i < table->column_count; i++)
		names[i] = table->columns[i]->name;
	return error_suggest(err, word, names, LIST_HINT);
}

static long find_table_column(const struct table *table, const char *name, size_t length)
{
	return columns_find(table->columns, table->column_count, name, length);
}

static int choose_column(struct table *table, size_t column, struct error *err)
{
	size_t *larger =
	    array_reserve(table->chosen, &table->chosen_capacity, table->chosen_count, sizeof(*larger));

	if (!larger)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	table->chosen = larger;
	table->chosen[table->chosen_count++] = column;
	table->wanted[column] = true;
	return 0;
}

/* Names with commas between them: an empty one is an error, as with lsns(8). */
static int choose_listed(struct table *table, const char *list, struct error *err)
{
	int ret = 0;

	do {
		size_t length = strcspn(list, ",");
		long column = find_table_column(table, list, length);

		if (column < 0)
			return table_refuse_column(table, list, length, err);
		ret = choose_column(table, (size_t)column, err);
		list += length;
	} while (ret == 0 && *list++ == ',');
	return ret;
}

/* The columns that are shown unless others are asked for. */
static int choose_usual(struct table *table, struct error *err)
{
	const struct table_options *options = table->options;
	/* JSON is for programs, which take what they want. */
	bool all = options->all_columns || (options->json && !options->as_lsns);
	int ret = 0;

	if (!all && table->usual)
		return choose_listed(table, table->usual, err);
	for (size_t i = 0; i < table->column_count && ret == 0; i++)
		ret = choose_column(table, i, err);
	return ret;
}

static int choose_output(struct table *table, const char *list, struct error *err)
{
	bool adds = list[0] == '+';
	int ret = adds ? choose_usual(table, err) : 0;

	if (ret < 0)
		return ret;
	if (list[adds] == '\0') {
		error_set(err, EINVAL, "no column was chosen");
		return error_hint(err, LIST_HINT);
	}
	return choose_listed(table, list + adds, err);
}

static int choose_columns(struct table *table, struct error *err)
{
	const struct table_options *options = table->options;
	int ret = options->output ? choose_output(table, options->output, err) : choose_usual(table, err);

	return ret < 0 && options->output_from ? error_wrap(err, "%s", options->output_from) : ret;
}

static int choose_sort_column(struct table *table, struct error *err)
{
	const char *name = table->options->sort;
	long column;

	table->sort_column = NO_COLUMN;
	if (!name)
		return 0;
	table->is_descending = name[0] == '-';
	name += table->is_descending;
	column = find_table_column(table, name, strlen(name));
	if (column < 0)
		return table_refuse_column(table, name, strlen(name), err);
	table->sort_column = (size_t)column;
	table->wanted[column] = true;
	return 0;
}

static int prepare_columns(struct table *table, struct error *err)
{
	int ret = choose_columns(table, err);

	if (ret == 0)
		ret = choose_sort_column(table, err);
	if (ret == 0 && table->options->filter)
		ret = filter_want_columns(table, table->options->filter, err);
	return ret;
}

/* A row has cells for the wanted columns alone: most of a table's columns are not shown. */
static struct table *assign_slots(struct table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (table->wanted[i])
			table->slots[i] = table->wanted_count++;
	}
	return table;
}

struct table *table_new(const struct table_layout *layout, const struct table_options *options,
			struct error *err)
{
	struct table *table = calloc(1, sizeof(*table));

	if (table) {
		table->options = options;
		table->usual = options->usual ? options->usual : layout->usual;
		table->columns = columns_collect(layout, &table->column_count);
		table->wanted = calloc(table->column_count + 1, sizeof(*table->wanted));
		table->slots = calloc(table->column_count + 1, sizeof(*table->slots));
	}
	if (!table || !table->columns || !table->wanted || !table->slots)
		error_set_errno(err, ENOMEM, "cannot make a table");
	else if (prepare_columns(table, err) == 0)
		return assign_slots(table);
	table_free(table);
	return NULL;
}

static void free_row(struct table_row *row, size_t cells)
{
	for (size_t i = 0; i < cells; i++) {
		free(row->cells[i].text);
		free(row->cells[i].shown);
	}
	free(row->cells);
	free(row);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->row_count; i++)
		free_row(table->rows[i], table->wanted_count);
	free(table->rows);
	free(table->columns);
	free(table->chosen);
	free(table->wanted);
	free(table->slots);
	free(table);
}

unsigned int table_needs(const struct table *table)
{
	unsigned int needs = 0;

	for (size_t i = 0; i < table->column_count; i++)
		needs |= table->wanted[i] ? table->columns[i]->needs : 0;
	return needs;
}

static struct table_row *new_row(struct table *table)
{
	struct table_row **larger =
	    array_reserve(table->rows, &table->row_capacity, table->row_count, sizeof(struct table_row *));
	struct cell *cells = calloc(table->wanted_count, sizeof(*cells));
	struct table_row *row = calloc(1, sizeof(*row));

	if (larger)
		table->rows = larger;
	if (!larger || !cells || !row) {
		free(cells);
		free(row);
		return NULL;
	}
	*row = (struct table_row){.cells = cells, .number = table->row_count};
	table->rows[table->row_count++] = row;
	return row;
}

int table_add_row(struct table *table, const void *row, struct error *err)
{
	struct table_row *added = new_row(table);
	int ret = added ? 0 : -ENOMEM;

	for (size_t i = 0; i < table->column_count && ret == 0; i++) {
		if (!table->wanted[i])
			continue;
		row_cell(table, added, i)->column = table->columns[i];
		ret = table->columns[i]->fill(row_cell(table, added, i), row);
	}
	return ret < 0 ? error_set_errno(err, -ret, "cannot make a table") : 0;
}

void table_set_parent(struct table *table, size_t row, size_t parent)
{
	table->rows[row]->parent = table->rows[parent];
}

/* Numbers by value, others by byte; what is unknown comes last. */
static int compare_cells(enum column_type type, const char *a, const char *b)
{
	unsigned long long left;
	unsigned long long right;

	if (!a || !b)
		return !a - !b;
	if (type != COLUMN_NUMBER)
		return strcmp(a, b);
	left = strtoull(a, NULL, 10);
	right = strtoull(b, NULL, 10);
	return left < right ? -1 : left > right;
}

static int compare_table_rows(const void *left, const void *right, void *context)
{
	const struct table *table = context;
	const struct table_row *a = *(struct table_row *const *)left;
	const struct table_row *b = *(struct table_row *const *)right;
	const char *left_text = row_cell(table, a, table->sort_column)->text;
	const char *right_text = row_cell(table, b, table->sort_column)->text;
	int order = compare_cells(table->columns[table->sort_column]->type, left_text, right_text);

	/* Unknown values come last in either order. */
	if (order != 0 && table->is_descending && left_text && right_text)
		return -order;
	if (order != 0)
		return order;
	return a->number < b->number ? -1 : 1;
}

static bool is_filled(const struct table *table, size_t column)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (!table->rows[i]->is_hidden && row_cell(table, table->rows[i], column)->text)
			return true;
	}
	return false;
}

/* Raw, JSON and named columns keep all columns: programs rely on them. */
static void drop_optional(struct table *table)
{
	const struct table_options *options = table->options;
	size_t kept = 0;

	if (options->json || options->raw || options->output || options->all_columns)
		return;
	for (size_t i = 0; i < table->chosen_count; i++) {
		size_t column = table->chosen[i];

		if (!table->columns[column]->is_optional || is_filled(table, column))
			table->chosen[kept++] = column;
	}
	table->chosen_count = kept;
}

int table_arrange(struct table *table, struct error *err)
{
	int ret = table->options->filter ? filter_apply(table, table->options->filter, err) : 0;

	if (ret < 0)
		return ret;
	drop_optional(table);
	if (table->sort_column != NO_COLUMN && table->row_count > 0)
		qsort_r(table->rows, table->row_count, sizeof(struct table_row *), compare_table_rows, table);
	return 0;
}

bool table_is_empty(const struct table *table)
{
	for (size_t i = 0; i < table->row_count; i++) {
		if (!table->rows[i]->is_hidden)
			return false;
	}
	return true;
}
