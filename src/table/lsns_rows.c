/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a table in the JSON of lsns(8). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "table/internal.h"
#include "table/lsns_json.h"

/* The tree of the rows that are shown. */
struct node {
	const struct table_row *first_child;
	const struct table_row *last_child;
	const struct table_row *next; /* with the same parent */
};

struct tree {
	const struct table *table;
	bool has_branches;  /* else all rows are without a parent */
	struct node *nodes; /* by number of row; behind the last that of the rows without a parent */
};

/* As lsns(8) does, shows a tree only with its column. */
static bool shows_tree(const struct table *table)
{
	const char *name = table->options->tree_column;

	for (size_t i = 0; name && i < table->chosen_count; i++) {
		if (strcmp(table->columns[table->chosen[i]]->name, name) == 0)
			return true;
	}
	return false;
}

static const struct table_row *parent_of(const struct tree *tree, const struct table_row *row)
{
	return tree->has_branches && row->parent && !row->parent->is_hidden ? row->parent : NULL;
}

static struct node *node_of(const struct tree *tree, const struct table_row *row)
{
	return &tree->nodes[row ? row->number : tree->table->row_count];
}

/* Rows below one parent stay in the order of the table. */
static void grow_tree(const struct tree *tree)
{
	for (size_t i = 0; i < tree->table->row_count; i++) {
		const struct table_row *row = tree->table->rows[i];
		struct node *parent = node_of(tree, parent_of(tree, row));

		if (row->is_hidden)
			continue;
		if (parent->last_child)
			node_of(tree, parent->last_child)->next = row;
		else
			parent->first_child = row;
		parent->last_child = row;
	}
}

static void lsns_write_cell(struct lsns_json *json, const struct table_options *options,
			    const struct column *column, const char *text)
{
	if (!text)
		lsns_json_add_null(json, column->name);
	else if (column->type == COLUMN_LIST)
		lsns_json_add_lines(json, column->name, text, options->no_wrap ? "," : "\\n");
	else if (column->type == COLUMN_NUMBER)
		lsns_json_add_number(json, column->name, text);
	else
		lsns_json_add_text(json, column->name, text);
}

static void lsns_open_row(struct lsns_json *json, const struct table *table, const struct table_row *row)
{
	lsns_json_open_object(json);
	for (size_t i = 0; i < table->chosen_count; i++) {
		size_t number = table->chosen[i];

		lsns_write_cell(json, table->options, table->columns[number],
				row_cell(table, row, number)->text);
	}
}

/* Closes a row, and the rows above that end with it.  Returns the next row, or NULL. */
static const struct table_row *lsns_close_rows(struct lsns_json *json, const struct tree *tree,
					       const struct table_row *row)
{
	lsns_json_close_object(json);
	while (!node_of(tree, row)->next && parent_of(tree, row)) {
		row = parent_of(tree, row);
		lsns_json_close_array(json);
		lsns_json_close_object(json);
	}
	return node_of(tree, row)->next;
}

/* Not recursive: processes can be as deep below each other as there are processes. */
static void lsns_write_rows(struct lsns_json *json, const struct tree *tree)
{
	const struct table_row *row = node_of(tree, NULL)->first_child;

	while (row) {
		const struct table_row *child = node_of(tree, row)->first_child;

		lsns_open_row(json, tree->table, row);
		if (child)
			lsns_json_open_array(json, "children");
		row = child ? child : lsns_close_rows(json, tree, row);
	}
}

int table_print_lsns_json(const struct table *table, struct error *err)
{
	AUTO_FREE struct node *nodes = calloc(table->row_count + 1, sizeof(*nodes));
	const struct tree tree = {table, shows_tree(table), nodes};
	struct lsns_json json;

	if (!nodes)
		return error_set_errno(err, ENOMEM, "cannot print the table");
	grow_tree(&tree);
	lsns_json_begin(&json, table->options->json_layout, "namespaces");
	lsns_write_rows(&json, &tree);
	return lsns_json_finish(&json) < 0 ? error_set_errno(err, ENOMEM, "cannot print the table") : 0;
}
