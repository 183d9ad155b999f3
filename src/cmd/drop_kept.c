/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/drop_kept.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void drop_kept_close(struct drop_kept *kept)
{
	kept_list_free(&kept->list);
	dropped_list_close(&kept->dropped);
}

static bool is_kept_of(const struct kept *item, const struct snapshot_ns *ns, enum keep_state state)
{
	return item->state == state && item->type == ns->type && item->ino == ns->ino &&
	       (item->id == 0 || ns->id == 0 || item->id == ns->id);
}

/* Items are sorted by name. */
static bool is_only_item(const struct kept_list *list, size_t index)
{
	const char *name = list->items[index].name;

	return (index == 0 || strcmp(list->items[index - 1].name, name) != 0) &&
	       (index + 1 == list->count || strcmp(list->items[index + 1].name, name) != 0);
}

int drop_kept_names(const struct invocation *invocation, const struct snapshot_ns *ns, struct drop_kept *kept,
		    struct error *err)
{
	int ret = keep_list(&kept->list, err);

	for (size_t i = 0; i < kept->list.count && ret == 0; i++) {
		const char *name = kept->list.items[i].name;
		AUTO_DROPPED struct keep_dropped dropped;
		struct error ignored; /* what became of its mount says why */

		keep_dropped_init(&dropped);
		if (!is_kept_of(&kept->list.items[i], ns, KEEP_HELD) || !is_only_item(&kept->list, i) ||
		    keep_drop(name, &dropped, &ignored) < 0)
			continue;
		printf("\nThe name '%s' is dropped.\n", name);
		fflush(stdout);
		dropped_report_remark(invocation, name, &dropped);
		dropped_list_take(&kept->dropped, &dropped);
	}
	return ret;
}

static bool was_held(const struct kept_list *before, const char *path, const struct snapshot_ns *ns)
{
	for (size_t i = 0; i < before->count; i++) {
		if (strcmp(before->items[i].path, path) == 0)
			return is_kept_of(&before->items[i], ns, KEEP_HELD);
	}
	return false;
}

void drop_kept_report(const struct invocation *invocation, const struct snapshot_ns *ns,
		      const struct drop_kept *kept)
{
	AUTO_KEPT struct kept_list after = {0};
	struct error note;

	if (keep_list(&after, &note) < 0)
		return;
	for (size_t i = 0; i < after.count; i++) {
		const struct kept *item = &after.items[i];

		if (!is_kept_of(item, ns, KEEP_UNMOUNTED) || !was_held(&kept->list, item->path, ns))
			continue;
		error_set(&note, ESTALE, "the name '%s' no longer holds its %s namespace", item->name,
			  ns_type_name(item->type));
		error_hint(&note, "nsctl drop %s removes the name", item->name);
		command_report(invocation, &note, 0);
	}
}
