#include "view/sets.h"

#include <stdio.h>
#include <string.h>

#include "query/nsproxy.h"
#include "view/task_cells.h"

/* A namespace that is not the set's own is not shown by its number: who has it is what counts. */
#define SHOWN_HOST "-"
#define SHOWN_BORN "^"
/* procfs does not tell of a pid namespace before its first process. */
#define SHOWN_UNKNOWN "?"

const struct column sets_columns[SETS_COUNT] = {
    [SETS_NPROCS] = {"NPROCS", "processes in the set", COLUMN_NUMBER, true},
    [SETS_NTASKS] = {"NTASKS", "threads in the set", COLUMN_NUMBER, false},
    [SETS_PID] = {"PID", "leader: the one whose parent is in another set", COLUMN_NUMBER, true},
    [SETS_USER] = {"USER", "user of the leader", COLUMN_TEXT, true},
    [SETS_UID] = {"UID", "the same as a number", COLUMN_NUMBER, false},
    [SETS_CGROUPNS] = {"CGROUPNS", "inode; - the host's; ^ of the set it was born from", COLUMN_NUMBER, true},
    [SETS_IPCNS] = {"IPCNS", "the same", COLUMN_NUMBER, true},
    [SETS_MNTNS] = {"MNTNS", "the same", COLUMN_NUMBER, true},
    [SETS_NETNS] = {"NETNS", "the same", COLUMN_NUMBER, true},
    [SETS_PIDNS] = {"PIDNS", "the same; > before what only the children will be in", COLUMN_NUMBER, true},
    [SETS_PIDNS_FOR_CHILDREN] = {"PIDNS_FOR_CHILDREN", "what the next child will be in", COLUMN_NUMBER,
				 false},
    [SETS_TIMENS] = {"TIMENS", "as PIDNS", COLUMN_NUMBER, true},
    [SETS_TIMENS_FOR_CHILDREN] = {"TIMENS_FOR_CHILDREN", "what the next child will be in", COLUMN_NUMBER,
				  false},
    [SETS_USERNS] = {"USERNS", "inode, - or ^", COLUMN_NUMBER, true},
    [SETS_UTSNS] = {"UTSNS", "inode, - or ^", COLUMN_NUMBER, true},
    [SETS_NSPROXY] = {"NSPROXY", "label of the nsproxy that the tasks share", COLUMN_TEXT, false,
		      .is_optional = true},
    [SETS_REFS] = {"REFS", "count of the nsproxy: tasks found with it, + what else counts", COLUMN_NUMBER,
		   false, .is_optional = true},
    [SETS_NSPROXY_TASKS] = {"NSPROXY_TASKS", "tasks found with the nsproxy, in whichever set", COLUMN_NUMBER,
			    false},
    [SETS_HOST] = {"HOST", "types that are shared with the host", COLUMN_LIST, false},
    [SETS_BORN] = {"BORN", "types that are shared with the set it was born from", COLUMN_LIST, false},
    [SETS_OWN] = {"OWN", "types that are its own", COLUMN_LIST, false},
    [SETS_AGE] = {"AGE", "how long the leader has been running", COLUMN_NUMBER, false},
    [SETS_COMMAND] = {"COMMAND", "command line of the leader", COLUMN_LONG, true},
};

static const enum sets_column link_columns[NS_LINK_COUNT] = {
    [NS_LINK_CGROUP] = SETS_CGROUPNS, [NS_LINK_IPC] = SETS_IPCNS,
    [NS_LINK_MNT] = SETS_MNTNS,       [NS_LINK_NET] = SETS_NETNS,
    [NS_LINK_PID] = SETS_PIDNS,       [NS_LINK_PID_FOR_CHILDREN] = SETS_PIDNS_FOR_CHILDREN,
    [NS_LINK_TIME] = SETS_TIMENS,     [NS_LINK_TIME_FOR_CHILDREN] = SETS_TIMENS_FOR_CHILDREN,
    [NS_LINK_USER] = SETS_USERNS,     [NS_LINK_UTS] = SETS_UTSNS,
};

struct filling {
	struct table *table;
	const struct snapshot *snapshot;
	struct user_names names;
	struct nsproxy_labels labels;
	bool with_addresses;
};

unsigned int sets_details(const struct table *table)
{
	unsigned int details = 0;

	if (table_wants(table, SETS_USER) || table_wants(table, SETS_UID))
		details |= DETAIL_USER;
	if (table_wants(table, SETS_AGE))
		details |= DETAIL_STAT;
	if (table_wants(table, SETS_COMMAND))
		details |= DETAIL_COMMAND;
	return details;
}

static ino_t inode_at(const struct filling *filling, const struct set_row *row, enum ns_link link)
{
	uint32_t ns = filling->snapshot->sets[row->set].ns[link];

	return ns == SNAPSHOT_NONE ? 0 : filling->snapshot->namespaces[ns].ino;
}

static const char *shown_mark(enum set_mark mark)
{
	if (mark == MARK_HOST)
		return SHOWN_HOST;
	return mark == MARK_BORN ? SHOWN_BORN : NULL;
}

/* The link beside it that says what the children will be in, or the link itself. */
static enum ns_link children_link(enum ns_link link)
{
	if (link == NS_LINK_PID)
		return NS_LINK_PID_FOR_CHILDREN;
	return link == NS_LINK_TIME ? NS_LINK_TIME_FOR_CHILDREN : link;
}

static int set_link(struct filling *filling, const struct set_row *row, enum ns_link link, struct error *err)
{
	ino_t ino = inode_at(filling, row, link);
	ino_t children = inode_at(filling, row, children_link(link));
	const char *mark = shown_mark(row->marks[link]);
	char next[32];
	char text[64];

	if (ino == 0)
		return 0;
	if (children == ino)
		return table_set_shown_number(filling->table, link_columns[link], ino, mark, err);
	if (children == 0)
		snprintf(next, sizeof(next), SHOWN_UNKNOWN);
	else
		snprintf(next, sizeof(next), "%ju", (uintmax_t)children);
	if (mark)
		snprintf(text, sizeof(text), "%s>%s", mark, next);
	else
		snprintf(text, sizeof(text), "%ju>%s", (uintmax_t)ino, next);
	return table_set_shown_number(filling->table, link_columns[link], ino, text, err);
}

/* The types with this mark, one a line. */
static int set_types(struct filling *filling, const struct set_row *row, enum sets_column column,
		     enum set_mark mark, struct error *err)
{
	char text[128] = "";

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		size_t used = strlen(text);

		if (row->marks[ns_type_link(type)] == mark)
			snprintf(text + used, sizeof(text) - used, "%s%s", used ? "\n" : "",
				 ns_type_name(type));
	}
	return text[0] ? table_set_text(filling->table, column, text, err) : 0;
}

static int set_nsproxy(struct filling *filling, const struct set_row *row, struct error *err)
{
	char text[NSPROXY_LABEL_SIZE];

	if (row->nsproxy == 0)
		return 0;
	if (filling->with_addresses)
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)row->nsproxy);
	else if (!nsproxy_label(&filling->labels, row->nsproxy, text, sizeof(text)))
		return 0;
	return table_set_text(filling->table, SETS_NSPROXY, text, err);
}

/* Who counts beside the tasks that were found, is said. */
static int set_refs(struct filling *filling, const struct set_row *row, struct error *err)
{
	char text[32];

	if (row->nsproxy == 0)
		return 0;
	snprintf(text, sizeof(text), "%u%+d", row->nsproxy_tasks, (int)(row->refs - row->nsproxy_tasks));
	return table_set_shown_number(filling->table, SETS_REFS, row->refs,
				      row->refs == row->nsproxy_tasks ? NULL : text, err);
}

static int set_cell(struct filling *filling, const struct set_row *row, enum sets_column column,
		    struct error *err)
{
	struct table *table = filling->table;

	switch (column) {
	case SETS_NPROCS:
		return table_set_number(table, column, row->process_count, err);
	case SETS_NTASKS:
		return table_set_number(table, column, row->task_count, err);
	case SETS_PID:
		return table_set_number(table, column, (uint64_t)filling->snapshot->tasks[row->founder].pid,
					err);
	case SETS_USER:
		return row->details.has_uid
			   ? cell_set_user(table, column, &filling->names, row->details.uid, err)
			   : 0;
	case SETS_UID:
		return row->details.has_uid ? table_set_number(table, column, row->details.uid, err) : 0;
	case SETS_NSPROXY:
		return set_nsproxy(filling, row, err);
	case SETS_REFS:
		return set_refs(filling, row, err);
	case SETS_NSPROXY_TASKS:
		return row->nsproxy ? table_set_number(table, column, row->nsproxy_tasks, err) : 0;
	case SETS_HOST:
		return set_types(filling, row, column, MARK_HOST, err);
	case SETS_BORN:
		return set_types(filling, row, column, MARK_BORN, err);
	case SETS_OWN:
		return set_types(filling, row, column, MARK_OWN, err);
	case SETS_AGE:
		return cell_set_age(table, column, &row->details, err);
	case SETS_COMMAND:
		return cell_set_command(table, column, &row->details, err);
	default:
		break;
	}
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (link_columns[link] == column)
			return set_link(filling, row, link, err);
	}
	return 0;
}

static int load_names(struct filling *filling, const struct set_rows *rows, struct error *err)
{
	int ret = 0;

	if (!table_wants(filling->table, SETS_USER))
		return 0;
	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		if (rows->rows[i].details.has_uid)
			ret = user_names_want(&filling->names, rows->rows[i].details.uid);
	}
	return cells_load_users(&filling->names, ret, err);
}

int sets_fill(struct table *table, const struct snapshot *snapshot, const struct set_rows *rows,
	      bool with_addresses, struct error *err)
{
	struct filling filling = {.table = table, .snapshot = snapshot, .with_addresses = with_addresses};
	int ret = load_names(&filling, rows, err);

	nsproxy_labels_start(&filling.labels);

	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		ret = table_add_row(table, err);
		for (enum sets_column column = 0; column < SETS_COUNT && ret == 0; column++) {
			if (table_wants(table, column))
				ret = set_cell(&filling, &rows->rows[i], column, err);
		}
	}
	user_names_free(&filling.names);
	return ret;
}
