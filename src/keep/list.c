/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of what is kept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "keep/base_directory.h"
#include "keep/keep.h"
#include "keep/record.h"

void kept_list_free(struct kept_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].name);
		free(list->items[i].path);
	}
	free(list->items);
	*list = (struct kept_list){0};
}

/* Takes over the texts of kept, also if it fails. */
static int add_kept(struct kept_list *list, const struct kept *kept)
{
	struct kept *items = NULL;

	if (kept->name && kept->path)
		items = array_reserve(list->items, &list->capacity, list->count, sizeof(*items));
	if (!items) {
		free(kept->name);
		free(kept->path);
		return -ENOMEM;
	}
	list->items = items;
	items[list->count++] = *kept;
	return 0;
}

static char *make_path(const struct keep_base *base, const char *name, const char *type)
{
	char *path;

	return asprintf(&path, "%s/%s%s%s", base->path, name, type ? "/" : "", type ? type : "") < 0 ? NULL
												     : path;
}

struct listing {
	const struct keep_base *base;
	char boot[RECORD_BOOT_SIZE]; /* the present one; empty: not known */
	dev_t nsfs;                  /* 0: not known */
	struct kept_list *list;
};

static enum keep_state read_state(const struct listing *listing, int dir_fd, enum ns_type type, ino_t ino)
{
	struct stat st;

	if (fstatat(dir_fd, ns_type_name(type), &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_dev != listing->nsfs)
		return KEEP_UNMOUNTED;
	return st.st_ino == ino ? KEEP_HELD : KEEP_REPLACED;
}

static int add_type(const struct listing *listing, const char *name, int dir_fd, const struct record *record,
		    enum ns_type type)
{
	struct kept kept = {
	    .name = strdup(name),
	    .path = make_path(listing->base, name, ns_type_name(type)),
	    .state = KEEP_PAST,
	    .type = type,
	    .ino = record->ns[type].ino,
	    .id = record->ns[type].id,
	};

	if (strcmp(record->boot, listing->boot) == 0)
		kept.state = read_state(listing, dir_fd, type, kept.ino);
	if (kept.state == KEEP_HELD)
		kept.dev = listing->nsfs;
	return add_kept(listing->list, &kept);
}

static int add_record(const struct listing *listing, const char *name, int dir_fd)
{
	struct record record;
	int ret = record_read(dir_fd, &record);

	if (ret == -EPROTO) {
		const struct kept kept = {.name = strdup(name),
					  .path = make_path(listing->base, name, NULL),
					  .state = KEEP_DAMAGED};

		return add_kept(listing->list, &kept);
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (record.ns[type].ino != 0)
			ret = add_type(listing, name, dir_fd, &record, type);
	}
	return ret == -ENOMEM ? ret : 0;
}

static void remove_last(struct kept_list *list, size_t count)
{
	while (list->count > count) {
		list->count--;
		free(list->items[list->count].name);
		free(list->items[list->count].path);
	}
}

/* A name that is dropped meanwhile has a state that means nothing. */
static int add_name(const struct listing *listing, const char *name)
{
	AUTO_CLOSE int dir_fd =
	    openat(listing->base->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t before = listing->list->count;
	int ret = dir_fd < 0 ? 0 : add_record(listing, name, dir_fd);

	if (ret == 0 && dir_fd >= 0 && !keep_base_has(listing->base, name, dir_fd))
		remove_last(listing->list, before);
	return ret;
}

static int add_names(const struct listing *listing)
{
	AUTO_CLOSEDIR DIR *directory = NULL;
	const struct dirent *entry;
	struct error ignored; /* then it is no name */
	int ret = file_open_entries(listing->base->fd, &directory);

	while (ret == 0 && (entry = readdir(directory))) {
		if (keep_check_name(entry->d_name, &ignored) == 0)
			ret = add_name(listing, entry->d_name);
	}
	return ret;
}

static int compare_kept(const void *left, const void *right)
{
	const struct kept *a = left;
	const struct kept *b = right;
	int order = strcmp(a->name, b->name);

	return order ? order : (int)a->type - (int)b->type;
}

static int add_base(struct listing *listing, unsigned int index)
{
	AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
	int ret;

	if (keep_base_open(index, &base) < 0)
		return 0;
	listing->base = &base;
	ret = add_names(listing);
	listing->base = NULL;
	return ret;
}

int keep_list(struct kept_list *list, struct error *err)
{
	struct listing listing = {.list = list};
	int ret = 0;

	if (record_read_boot(listing.boot) < 0)
		listing.boot[0] = '\0';
	if (ns_read_device(&listing.nsfs) < 0)
		listing.nsfs = 0;
	for (unsigned int i = 0; i < KEEP_BASE_COUNT && ret == 0; i++)
		ret = add_base(&listing, i);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot list the kept names");
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_kept);
	return 0;
}
