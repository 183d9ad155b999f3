/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters of rows: expressions of scols-filter(5), evaluated by libsmartcols 2.40 or newer. */
#include <errno.h>
#include <libsmartcols.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "table/filter_check.h"
#include "table/internal.h"

#ifdef HAVE_SCOLS_FILTER

struct filtering {
	struct libscols_filter *filter;
	struct libscols_table *lines; /* one column for each of the table's */
	struct libscols_column **columns;
};

static void close_filtering(struct filtering *filtering)
{
	scols_unref_filter(filtering->filter);
	scols_unref_table(filtering->lines);
	free(filtering->columns);
}

/* *filter is the caller's to release, also after an error. */
static int parse_filter(const char *expression, struct libscols_filter **filter, struct error *err)
{
	const char *reason;

	*filter = scols_new_filter(NULL);
	if (!*filter)
		return error_set_errno(err, ENOMEM, "cannot make a filter");
	if (filter_check_syntax(expression, err) < 0)
		return -err->number;
	if (scols_filter_parse_string(*filter, expression) == 0)
		return 0;
	reason = scols_filter_get_errmsg(*filter);
	error_set(err, EINVAL, "'%.256s' is not a filter: %.256s", expression,
		  reason ? reason : "bad syntax");
	return error_hint(err, "for example: NPROCS > 1 and USER != \"root\"; see scols-filter(5)");
}

typedef int name_fn(struct table *table, struct filtering *filtering, struct libscols_iter *iter,
		    const char *name, struct error *err);

/* For each column that the expression names. */
static int for_each_name(struct table *table, struct filtering *filtering, name_fn *take, struct error *err)
{
	struct libscols_iter *iter = scols_new_iter(SCOLS_ITER_FORWARD);
	const char *name;
	int ret = 0;

	if (!iter)
		return error_set_errno(err, ENOMEM, "cannot make a filter");
	while (ret == 0 && scols_filter_next_holder(filtering->filter, iter, &name, 0) == 0)
		ret = take(table, filtering, iter, name, err);
	scols_free_iter(iter);
	return ret;
}

static int want_column(struct table *table, struct filtering *filtering, struct libscols_iter *iter,
		       const char *name, struct error *err)
{
	long column = columns_find(table->columns, table->column_count, name, strlen(name));

	(void)filtering;
	(void)iter;
	if (column < 0)
		return table_refuse_column(table, name, strlen(name), err);
	table->wanted[column] = true;
	return 0;
}

int filter_want_columns(struct table *table, const char *expression, struct error *err)
{
	struct filtering filtering = {0};
	int ret = parse_filter(expression, &filtering.filter, err);

	/* lsns(8) finds out by the first row, if at all. */
	if (ret == 0 && !table->options->as_lsns)
		ret = filter_check_types(table, expression, err);
	if (ret == 0)
		ret = for_each_name(table, &filtering, want_column, err);
	close_filtering(&filtering);
	return ret;
}

static int assign_column(struct table *table, struct filtering *filtering, struct libscols_iter *iter,
			 const char *name, struct error *err)
{
	long column = columns_find(table->columns, table->column_count, name, strlen(name));

	if (scols_filter_assign_column(filtering->filter, iter, name, filtering->columns[column]) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a filter");
	return 0;
}

static int add_columns(const struct table *table, struct filtering *filtering)
{
	for (size_t i = 0; i < table->column_count; i++) {
		bool is_number = table->columns[i]->type == COLUMN_NUMBER;

		filtering->columns[i] =
		    scols_table_new_column(filtering->lines, table->columns[i]->name, 0, 0);
		if (!filtering->columns[i] ||
		    scols_column_set_json_type(filtering->columns[i],
					       is_number ? SCOLS_JSON_NUMBER : SCOLS_JSON_STRING) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int apply_to_row(const struct table *table, const struct filtering *filtering, struct table_row *row)
{
	struct libscols_line *line = scols_table_new_line(filtering->lines, NULL);
	int status = 0;

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < table->column_count; i++) {
		const char *text = table->wanted[i] ? row_cell(table, row, i)->text : NULL;

		if (text && scols_line_set_data(line, i, text) < 0)
			return -ENOMEM;
	}
	if (scols_line_apply_filter(line, filtering->filter, &status) < 0)
		return -EINVAL;
	row->is_hidden = status == 0;
	return 0;
}

/* libsmartcols has nothing but an error number. */
static void explain(const struct table *table, const char *expression, int number, struct error *err)
{
	if (number == EINVAL && filter_check_types(table, expression, err) < 0)
		return;
	error_set_errno(err, number, "cannot apply the filter '%.256s'", expression);
	if (number == EINVAL)
		error_hint(err, "a text is compared with a number or with the result of a comparison");
}

int filter_apply(struct table *table, const char *expression, struct error *err)
{
	struct filtering filtering = {.lines = scols_new_table(),
				      .columns = calloc(table->column_count, sizeof(void *))};
	int ret = -ENOMEM;

	if (!filtering.lines || !filtering.columns || add_columns(table, &filtering) < 0)
		error_set_errno(err, ENOMEM, "cannot make a filter");
	else
		ret = parse_filter(expression, &filtering.filter, err);
	if (ret == 0)
		ret = for_each_name(table, &filtering, assign_column, err);
	for (size_t i = 0; ret == 0 && i < table->row_count; i++) {
		ret = apply_to_row(table, &filtering, table->rows[i]);
		if (ret < 0)
			explain(table, expression, -ret, err);
	}
	close_filtering(&filtering);
	return ret;
}

#else

int filter_want_columns(struct table *table, const char *expression, struct error *err)
{
	(void)table;
	error_set(err, ENOTSUP, "cannot apply the filter '%.256s'", expression);
	return error_hint(
	    err, "filters need libsmartcols 2.40; this program was built with " LIBSMARTCOLS_VERSION);
}

int filter_apply(struct table *table, const char *expression, struct error *err)
{
	return filter_want_columns(table, expression, err);
}

#endif
