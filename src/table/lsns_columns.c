/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of columns as lsns(8) prints it. */
#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "table/internal.h"
#include "table/lsns_json.h"

static const char *type_for_lsns(const struct column *column)
{
	return column->type == COLUMN_NUMBER ? "<integer>" : "<string>";
}

static int print_json(const struct column *const *columns, size_t count, enum json_layout layout)
{
	struct lsns_json json;

	lsns_json_begin(&json, layout, "lsns-columns");
	for (size_t i = 0; i < count; i++) {
		lsns_json_open_object(&json);
		lsns_json_add_text(&json, "holder", columns[i]->name);
		lsns_json_add_text(&json, "type", type_for_lsns(columns[i]));
		lsns_json_add_text(&json, "description", columns[i]->help);
		lsns_json_close_object(&json);
	}
	return lsns_json_finish(&json);
}

static int fill_table(const struct column *const *columns, size_t count, bool is_raw,
		      struct libscols_table *out)
{
	scols_table_enable_raw(out, is_raw);
	scols_table_enable_noheadings(out, true);
	if (!scols_table_new_column(out, "HOLDER", 0, is_raw ? 0 : SCOLS_FL_RIGHT) ||
	    !scols_table_new_column(out, "TYPE", 0, 0) || !scols_table_new_column(out, "DESCRIPTION", 0, 0))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct libscols_line *line = scols_table_new_line(out, NULL);

		if (!line || scols_line_set_data(line, 0, columns[i]->name) < 0 ||
		    scols_line_set_data(line, 1, type_for_lsns(columns[i])) < 0 ||
		    scols_line_set_data(line, 2, columns[i]->help) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int print_table(const struct column *const *columns, size_t count, bool is_raw)
{
	struct libscols_table *out = scols_new_table();
	int ret = out ? fill_table(columns, count, is_raw, out) : -ENOMEM;

	if (ret == 0)
		ret = scols_print_table(out);
	scols_unref_table(out);
	return ret;
}

int table_list_columns_as_lsns(const struct table_layout *layout, const struct table_options *options,
			       struct error *err)
{
	size_t count;
	AUTO_FREE const struct column **columns = columns_collect(layout, &count);
	int ret = -ENOMEM;

	if (columns)
		ret = options->json ? print_json(columns, count, options->json_layout)
				    : print_table(columns, count, options->raw);
	return ret < 0 ? error_set_errno(err, -ret, "cannot list the columns") : 0;
}
