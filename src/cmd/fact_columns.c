/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/fact_columns.h"

#include <errno.h>

#include "cmd/reason.h"

struct fact_row {
	const char *link;
	const struct ns_facts *facts;
};

static int fill_link_name(struct cell *cell, const void *data)
{
	const struct fact_row *row = data;

	return cell_set_text(cell, row->link);
}

static int fill_fact_type(struct cell *cell, const void *data)
{
	const struct fact_row *row = data;

	return cell_set_text(cell, ns_type_name(row->facts->type));
}

static int fill_fact_inode(struct cell *cell, const void *data)
{
	const struct ns_facts *facts = ((const struct fact_row *)data)->facts;

	if (facts->ino_reason != 0)
		return cell_set_note(cell, reason_word(facts->ino_reason));
	return cell_set_number(cell, facts->ino);
}

/* Whether more than the inode was read. */
static bool is_known(const struct ns_facts *facts)
{
	return facts->ino_reason == 0 && facts->reason == 0;
}

static int fill_fact_id(struct cell *cell, const void *data)
{
	const struct ns_facts *facts = ((const struct fact_row *)data)->facts;

	return is_known(facts) && facts->id != 0 ? cell_set_number(cell, facts->id) : 0;
}

static int fill_caller(struct cell *cell, const void *data)
{
	const struct ns_facts *facts = ((const struct fact_row *)data)->facts;

	return facts->ino_reason == 0 ? cell_set_answer(cell, facts->has_caller) : 0;
}

static int fill_fact_relation(struct cell *cell, const struct ns_facts *facts,
			      const struct ns_relation *relation)
{
	static const char *const notes[] = {
	    [RELATION_UNKNOWN] = "unknown",
	    [RELATION_NONE] = "-",
	    [RELATION_OUTSIDE] = "outside",
	};

	if (!is_known(facts))
		return 0;
	if (relation->state == RELATION_KNOWN)
		return cell_set_number(cell, relation->ino);
	return cell_set_note(cell, notes[relation->state]);
}

static int fill_owner(struct cell *cell, const void *data)
{
	const struct ns_facts *facts = ((const struct fact_row *)data)->facts;

	return fill_fact_relation(cell, facts, &facts->owner);
}

static int fill_parent(struct cell *cell, const void *data)
{
	const struct ns_facts *facts = ((const struct fact_row *)data)->facts;

	return fill_fact_relation(cell, facts, &facts->parent);
}

static const struct column columns[] = {
    {"LINK", "name of the link in /proc/PID/ns", COLUMN_TEXT, 0, fill_link_name},
    {"TYPE", "type of the namespace", COLUMN_TEXT, 0, fill_fact_type},
    {"NS", "inode: the namespace's identity", COLUMN_NUMBER, 0, fill_fact_inode},
    {"NSID", "64-bit id, unique for the boot (Linux 6.18)", COLUMN_NUMBER, 0, fill_fact_id},
    {"CALLER", "whether the caller is in it", COLUMN_ANSWER, 0, fill_caller},
    {"OWNER", "inode of the user namespace that owns it", COLUMN_NUMBER, 0, fill_owner},
    {"PARENT", "inode of the parent of a pid or user namespace", COLUMN_NUMBER, 0, fill_parent},
    {0},
};

const struct table_layout fact_layout = {.groups = {columns}, .usual = "LINK,NS,CALLER,OWNER,PARENT"};

int fact_columns_add(struct table *table, const char *name, const struct ns_facts *facts, struct error *err)
{
	const struct fact_row row = {name, facts};

	return table_add_row(table, &row, err);
}
