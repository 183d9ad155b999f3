#include "view/ps.h"

#include <errno.h>

#include "view/task_cells.h"

const struct column ps_columns[PS_COUNT] = {
    [PS_PID] = {"PID", "process, as seen from here", COLUMN_NUMBER, true},
    [PS_TID] = {"TID", "thread, as seen from here", COLUMN_NUMBER, false},
    [PS_PPID] = {"PPID", "its parent", COLUMN_NUMBER, false},
    [PS_NSPID] = {"NSPID", "its number in its own pid namespace", COLUMN_NUMBER, true},
    [PS_USER] = {"USER", "user, as seen from here", COLUMN_TEXT, true},
    [PS_UID] = {"UID", "the same as a number", COLUMN_NUMBER, false},
    [PS_NSUSER] = {"NSUSER", "user in its own user namespace, by its own /etc/passwd", COLUMN_TEXT, true},
    [PS_NSUID] = {"NSUID", "the same as a number", COLUMN_NUMBER, false},
    [PS_STATE] = {"STATE", "state: R, S, D, T, I, or Z for a zombie", COLUMN_TEXT, true},
    [PS_AGE] = {"AGE", "how long it has been running", COLUMN_NUMBER, true},
    [PS_COMMAND] = {"COMMAND", "command line", COLUMN_LONG, true},
};

struct filling {
	struct table *table;
	const struct snapshot *snapshot;
};

static int set_inside_user(struct filling *filling, const struct row *row, struct error *err)
{
	const char *name = row->details.inside_user;
	char number[16];

	if (!row->details.has_inside)
		return 0;
	snprintf(number, sizeof(number), "%u", row->details.inside);
	return table_set_text(filling->table, PS_NSUSER, name ? name : number, err);
}

static int set_cell(struct filling *filling, const struct row *row, enum ps_column column, struct error *err)
{
	const struct snapshot_task *task = &filling->snapshot->tasks[row->task];
	const struct task_details *details = &row->details;
	struct table *table = filling->table;

	switch (column) {
	case PS_PID:
		return table_set_number(table, column, (uint64_t)task->tgid, err);
	case PS_TID:
		return table_set_number(table, column, (uint64_t)task->pid, err);
	case PS_PPID:
		return table_set_number(table, column, (uint64_t)details->ppid, err);
	case PS_NSPID:
		return details->nspid ? table_set_number(table, column, (uint64_t)details->nspid, err) : 0;
	case PS_USER:
		return cell_set_user(table, column, details, err);
	case PS_UID:
		return details->has_uid ? table_set_number(table, column, details->uid, err) : 0;
	case PS_NSUSER:
		return set_inside_user(filling, row, err);
	case PS_NSUID:
		return details->has_inside ? table_set_number(table, column, details->inside, err) : 0;
	case PS_STATE:
		return cell_set_state(table, column, details, err);
	case PS_AGE:
		return cell_set_age(table, column, details, err);
	case PS_COMMAND:
		return cell_set_command(table, column, details, err);
	case PS_COUNT:
		break;
	}
	return 0;
}

static int fill(struct filling *filling, const struct rows *rows, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		ret = table_add_row(filling->table, err);
		for (enum ps_column column = 0; column < PS_COUNT && ret == 0; column++) {
			if (table_wants(filling->table, column))
				ret = set_cell(filling, &rows->rows[i], column, err);
		}
	}
	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		if (rows->rows[i].parent != ROW_NONE)
			table_set_parent(filling->table, i, rows->rows[i].parent);
	}
	return ret;
}

int ps_fill(struct table *table, const struct snapshot *snapshot, const struct rows *rows, struct error *err)
{
	struct filling filling = {.table = table, .snapshot = snapshot};

	return fill(&filling, rows, err);
}
