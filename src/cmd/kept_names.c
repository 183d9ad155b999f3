/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/kept_names.h"

#include <stdlib.h>
#include <string.h>

#include "table/lines.h"

/* In one cell. */
#define NAMES_SHOWN_MAX 64

static int compare_namespaces(const struct kept *a, enum ns_type type, ino_t ino)
{
	if (a->ino != ino)
		return a->ino < ino ? -1 : 1;
	return (int)a->type - (int)type;
}

static int compare_by_namespace(const void *left, const void *right)
{
	const struct kept *a = left;
	const struct kept *b = right;
	int order = compare_namespaces(a, b->type, b->ino);

	return order ? order : strcmp(a->name, b->name);
}

/* Moves what is held to the front.  Returns how many. */
static size_t select_held(struct kept_list *list)
{
	size_t held = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct kept kept = list->items[i];

		if (kept.state != KEEP_HELD)
			continue;
		list->items[i] = list->items[held];
		list->items[held++] = kept;
	}
	return held;
}

int kept_names_read(struct kept_names *names, struct error *err)
{
	int ret = keep_list(&names->list, err);
	size_t held = ret == 0 ? select_held(&names->list) : 0;

	for (size_t i = held; i < names->list.count; i++) {
		free(names->list.items[i].name);
		free(names->list.items[i].path);
	}
	names->list.count = held;
	if (held > 0)
		qsort(names->list.items, held, sizeof(*names->list.items), compare_by_namespace);
	return ret;
}

/* The first item of the namespace, or where it would stand. */
static size_t find_first(const struct kept_list *list, const struct snapshot_ns *ns)
{
	size_t low = 0;
	size_t high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_namespaces(&list->items[middle], ns->type, ns->ino) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The names in one cell: a set has up to eight namespaces, and one name may keep several of them. */
struct shown_names {
	const char *names[NAMES_SHOWN_MAX];
	size_t count;
};

static void write_once(struct shown_names *shown, const char *name, FILE *cell)
{
	for (size_t i = 0; i < shown->count; i++) {
		if (strcmp(shown->names[i], name) == 0)
			return;
	}
	if (shown->count == NAMES_SHOWN_MAX)
		return;
	if (shown->count > 0)
		fputc('\n', cell);
	lines_write(cell, name);
	shown->names[shown->count++] = name;
}

void kept_names_write(const struct kept_names *names, const struct snapshot *snapshot, const uint32_t *ns,
		      size_t count, FILE *cell)
{
	const struct kept_list *list = &names->list;
	struct shown_names shown = {.count = 0};

	for (size_t i = 0; i < count; i++) {
		const struct snapshot_ns *of;

		if (ns[i] == SNAPSHOT_NONE)
			continue;
		of = &snapshot->namespaces[ns[i]];
		for (size_t j = find_first(list, of);
		     j < list->count && compare_namespaces(&list->items[j], of->type, of->ino) == 0; j++)
			write_once(&shown, list->items[j].name, cell);
	}
}

void kept_names_free(struct kept_names *names)
{
	kept_list_free(&names->list);
}
