/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/keep_columns.h"

#include "keep/keep.h"

static int fill_kept_name(struct cell *cell, const void *data)
{
	const struct kept *kept = data;

	return cell_set_text(cell, kept->name);
}

static int fill_kept_type(struct cell *cell, const void *data)
{
	const struct kept *kept = data;

	return kept->state == KEEP_DAMAGED ? 0 : cell_set_text(cell, ns_type_name(kept->type));
}

static int fill_kept_inode(struct cell *cell, const void *data)
{
	const struct kept *kept = data;

	return kept->state == KEEP_DAMAGED ? 0 : cell_set_number(cell, kept->ino);
}

static int fill_kept_id(struct cell *cell, const void *data)
{
	const struct kept *kept = data;

	return kept->id ? cell_set_number(cell, kept->id) : 0;
}

static int fill_kept_path(struct cell *cell, const void *data)
{
	const struct kept *kept = data;

	return cell_set_text(cell, kept->path);
}

static int fill_problem(struct cell *cell, const void *data)
{
	static const char *const problems[] = {
	    [KEEP_UNMOUNTED] = "not mounted here",
	    [KEEP_REPLACED] = "another one is mounted there",
	    [KEEP_PAST] = "of an earlier boot",
	    [KEEP_DAMAGED] = "its record is damaged",
	};
	const struct kept *kept = data;

	return problems[kept->state] ? cell_set_text(cell, problems[kept->state]) : 0;
}

const struct column keep_columns[] = {
    {"NAME", "the kept name", COLUMN_TEXT, 0, fill_kept_name},
    {"TYPE", "type of the namespace", COLUMN_TEXT, 0, fill_kept_type, .width = 5},
    {"NS", "inode: the namespace's identity", COLUMN_NUMBER, 0, fill_kept_inode, .width = 10},
    {"NSID", "64-bit id, unique for the boot (Linux 6.18)", COLUMN_NUMBER, 0, fill_kept_id},
    {"PATH", "where it is mounted", COLUMN_TEXT, 0, fill_kept_path},
    {"PROBLEM", "why it cannot be entered by the name", COLUMN_TEXT, 0, fill_problem, .is_optional = true},
    {0},
};

int keep_columns_print(const struct table *table, const struct table_options *options, struct error *err)
{
	struct json json;

	if (!options->json)
		return table_print(table, err);
	json_begin(&json);
	table_write_json(table, &json, "kept");
	return json_finish(&json, err);
}
