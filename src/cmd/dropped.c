/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/dropped.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "cmd/report.h"
#include "cmd/why_columns.h"
#include "proc/process.h"
#include "scan/scan.h"

const struct table_layout dropped_layout = {.groups = {why_held_columns, why_columns},
					    .usual = "HELD,HOLDER,PID,WHAT"};

void dropped_list_close(struct dropped_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		ns_close(&list->items[i]);
	free(list->items);
	*list = (struct dropped_list){0};
}

void dropped_list_take(struct dropped_list *list, struct keep_dropped *dropped)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		struct ns *ns = &dropped->namespaces[type];
		struct ns *items;

		if (ns->fd < 0)
			continue;
		items = array_reserve(list->items, &list->capacity, list->count, sizeof(*items));
		if (!items)
			return;
		list->items = items;
		items[list->count++] = *ns;
		*ns = NS_CLOSED;
	}
}

void dropped_report_remark(const struct invocation *invocation, const char *name,
			   const struct keep_dropped *dropped)
{
	struct error remark;

	if (!dropped->remark[0])
		return;
	error_set(&remark, ESTALE, "'%s' is dropped; %s", name, dropped->remark);
	command_report(invocation, &remark, 0);
}

/*
 * Closes the namespaces that nothing else holds: then the kernel opens them no
 * longer by their ids (Linux 6.18).  Much quicker than to search for a holder that
 * is not there; where the kernel cannot say, they stay.
 */
static void close_freed(struct dropped_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct ns ns = list->items[i];
		uint64_t id = ns_kernel_has_ids(&ns) ? ns_read_id(&ns) : 0;

		if (id != 0) {
			ns_close(&ns);
			if (ns_open_handle(id, ns.type, ns.ino, &ns) < 0)
				continue;
		}
		list->items[kept++] = ns;
	}
	list->count = kept;
}

/* The descriptors of the list are nsctl's own, which are no rows. */
static int add_holders(const struct snapshot *snapshot, const struct ns *ns, uint32_t own_mnt,
		       struct table *table, struct error *err)
{
	const struct why_request request = {.own_mnt = own_mnt};
	AUTO_WHY_ROWS struct why_rows rows = {0};
	uint32_t index = snapshot_find_ns(snapshot, ns->type, ns->ino);

	if (index == SNAPSHOT_NONE)
		return 0;
	if (why_make_rows(snapshot, index, &request, &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	return why_columns_fill(table, snapshot, &rows, own_mnt, err);
}

int dropped_list_show(const struct invocation *invocation, struct dropped_list *list,
		      const struct common_options *options, struct table *table, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct scan_request everything = SCAN_EVERYTHING;
	struct process_links own;
	uint32_t own_mnt;
	int ret = 0;

	close_freed(list);
	everything.engine = options->engine;
	if (list->count > 0)
		ret = scan(&everything, &snapshot, err);
	process_read_own_links(&own);
	own_mnt = snapshot_find_ns(&snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	for (size_t i = 0; i < list->count && ret == 0; i++)
		ret = add_holders(&snapshot, &list->items[i], own_mnt, table, err);
	if (ret < 0 || (table_is_empty(table) && !options->table.json))
		return ret;
	return report_print(invocation, table, &options->table, "holders", &snapshot, err);
}
