/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept. */
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

/* The device of nsfs: no other file system's inode is taken for a namespace. */
static dev_t read_nsfs_device(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) == 0 ? st.st_dev : 0;
}

static enum keep_state read_state(int dir_fd, enum ns_type type, ino_t ino, dev_t nsfs)
{
	struct stat st;

	if (fstatat(dir_fd, ns_type_name(type), &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_dev != nsfs)
		return KEEP_UNMOUNTED;
	return st.st_ino == ino ? KEEP_HELD : KEEP_REPLACED;
}

static int add_type(struct kept_list *list, const struct keep_base *base, const char *name, int dir_fd,
		    const struct record *record, enum ns_type type)
{
	dev_t nsfs = read_nsfs_device();
	struct kept kept = {
	    .name = strdup(name),
	    .path = make_path(base, name, ns_type_name(type)),
	    .state = KEEP_PAST,
	    .type = type,
	    .ino = record->ns[type].ino,
	    .id = record->ns[type].id,
	};

	if (record_is_of_this_boot(record))
		kept.state = read_state(dir_fd, type, kept.ino, nsfs);
	if (kept.state == KEEP_HELD)
		kept.dev = nsfs;
	return add_kept(list, &kept);
}

static int add_record(struct kept_list *list, const struct keep_base *base, const char *name, int dir_fd)
{
	struct record record;
	int ret = record_read(dir_fd, &record);

	if (ret == -EPROTO) {
		const struct kept kept = {
		    .name = strdup(name), .path = make_path(base, name, NULL), .state = KEEP_DAMAGED};

		return add_kept(list, &kept);
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (record.ns[type].ino != 0)
			ret = add_type(list, base, name, dir_fd, &record, type);
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
static int add_name(struct kept_list *list, const struct keep_base *base, const char *name)
{
	AUTO_CLOSE int dir_fd = openat(base->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t before = list->count;
	int ret = dir_fd < 0 ? 0 : add_record(list, base, name, dir_fd);

	if (ret == 0 && dir_fd >= 0 && !keep_base_has(base, name, dir_fd))
		remove_last(list, before);
	return ret;
}

static int add_names(struct kept_list *list, const struct keep_base *base)
{
	AUTO_CLOSEDIR DIR *directory = NULL;
	int fd = dup(base->fd);
	const struct dirent *entry;
	struct error ignored; /* then it is no name */
	int ret = 0;

	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory) {
		cleanup_close(&fd);
		return -ENOMEM;
	}
	while (ret == 0 && (entry = readdir(directory))) {
		if (keep_check_name(entry->d_name, &ignored) == 0)
			ret = add_name(list, base, entry->d_name);
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

int keep_list(struct kept_list *list, struct error *err)
{
	for (unsigned int i = 0; i < KEEP_BASE_COUNT; i++) {
		AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;

		if (keep_base_open(i, &base) == 0 && add_names(list, &base) < 0)
			return error_set_errno(err, ENOMEM, "cannot list the kept names");
	}
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_kept);
	return 0;
}
