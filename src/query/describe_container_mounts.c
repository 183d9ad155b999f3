/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "proc/mountinfo.h"
#include "query/describe_container.h"

/* fs.mount-max is 100,000 mounts by default; beyond this they are not read. */
#define MOUNTINFO_LIMIT ((size_t)64 << 20)

/* Far more than it takes, also on a machine in use. */
#define MOUNTINFO_SECONDS 2

/* A mount, of the container or of the host. */
struct mount_entry {
	uint32_t id;
	uint32_t parent; /* the id of the mount that it is on */
	bool is_covered; /* another is mounted on its root */
	bool is_hidden;  /* another covers one that it is below */
	uint64_t device;
	char *root; /* the directory of the file system that is mounted */
	char *point;
	char *type;
	char *upper; /* of an overlay: the directory of its changes; NULL: none */
	bool is_read_only;
};

struct mount_list {
	struct mount_entry *items;
	size_t count;
	size_t capacity;
};

static void free_list(struct mount_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].root);
		free(list->items[i].point);
		free(list->items[i].type);
		free(list->items[i].upper);
	}
	free(list->items);
}

/* Copies the value of an option of a file system, up to the next comma; NULL: it has none. */
static char *copy_option(const char *options, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = options; *at; at += strcspn(at, ","), at += *at == ',') {
		if (strncmp(at, name, length) == 0 && at[length] == '=')
			return strndup(at + length + 1, strcspn(at + length + 1, ","));
	}
	return NULL;
}

static int add_mount(const struct mountinfo_line *line, void *context)
{
	struct mount_list *list = context;
	struct mount_entry *items = array_reserve(list->items, &list->capacity, list->count, sizeof(*items));
	struct mount_entry *entry;

	if (!items)
		return -ENOMEM;
	list->items = items;
	entry = &items[list->count++];
	*entry = (struct mount_entry){
	    .id = (uint32_t)line->id,
	    .parent = (uint32_t)line->parent,
	    .device = (uint64_t)line->dev_major << 32 | line->dev_minor,
	    .root = strdup(line->root),
	    .point = strdup(line->point),
	    .type = strdup(line->fstype),
	    .upper = strcmp(line->fstype, "overlay") == 0 ? copy_option(line->options, "upperdir") : NULL,
	    .is_read_only = line->is_read_only,
	};
	return entry->root && entry->point && entry->type ? 0 : -ENOMEM;
}

/* Returns the mount that this one is on, or NULL. */
static struct mount_entry *find_parent(const struct mount_list *list, const struct map *by_id,
				       const struct mount_entry *entry)
{
	uint32_t parent = map_find(by_id, entry->parent);

	return parent == MAP_NONE || &list->items[parent] == entry ? NULL : &list->items[parent];
}

/*
 * Only the last mount on a mount point is visible; whatever is below the others is hidden.
 * The kernel lists a mount after the one that it is mounted on.
 */
static int note_covered(struct mount_list *list)
{
	AUTO_MAP struct map by_id = {0};
	int ret = 0;

	for (uint32_t i = 0; i < list->count && ret >= 0; i++)
		ret = map_add(&by_id, list->items[i].id, i);
	for (size_t i = 0; i < list->count && ret >= 0; i++) {
		struct mount_entry *parent = find_parent(list, &by_id, &list->items[i]);

		if (parent && strcmp(parent->point, list->items[i].point) == 0)
			parent->is_covered = true;
	}
	for (size_t i = 0; i < list->count && ret >= 0; i++) {
		struct mount_entry *entry = &list->items[i];
		const struct mount_entry *parent = find_parent(list, &by_id, entry);

		entry->is_hidden =
		    parent &&
		    (parent->is_hidden || (parent->is_covered && strcmp(parent->point, entry->point) != 0));
	}
	return ret < 0 ? ret : 0;
}

static bool is_unseen(const struct mount_entry *entry)
{
	return entry->is_covered || entry->is_hidden;
}

static int compare_devices(const void *left, const void *right)
{
	uint64_t one = ((const struct mount_entry *)left)->device;
	uint64_t other = ((const struct mount_entry *)right)->device;

	return (one > other) - (one < other);
}

/* Returns the first mount of this file system, or NULL.  host is sorted by device. */
static const struct mount_entry *find_device(const struct mount_list *host, uint64_t device)
{
	size_t low = 0;
	size_t high = host->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (host->items[middle].device < device)
			low = middle + 1;
		else
			high = middle;
	}
	return low < host->count && host->items[low].device == device ? &host->items[low] : NULL;
}

/* The nearest, and the one with the shortest path. */
static bool is_better(const struct mount_entry *entry, const struct mount_entry *best)
{
	size_t length = strlen(entry->root);
	size_t best_length = best ? strlen(best->root) : 0;

	if (is_unseen(entry))
		return false;
	return !best || length > best_length ||
	       (length == best_length && strlen(entry->point) < strlen(best->point));
}

/* below: as path_below() returns it. */
static char *join_paths(const char *above, const char *below)
{
	char *path;

	if (strcmp(above, "/") == 0)
		return strdup(*below ? below : "/");
	return asprintf(&path, "%s%s", above, below) < 0 ? NULL : path;
}

/*
 * Stores where the host has the directory or file that a mount of the container
 * shows; NULL: nowhere.  Returns 0 or -ENOMEM.
 */
static int find_on_host(const struct mount_list *host, const struct mount_entry *entry, char **path)
{
	const struct mount_entry *at = find_device(host, entry->device);
	const struct mount_entry *best = NULL;
	const char *rest;

	*path = NULL;
	for (; at && at < host->items + host->count && at->device == entry->device; at++) {
		if (path_below(at->root, entry->root) && is_better(at, best))
			best = at;
	}
	if (!best)
		return 0;
	rest = path_below(best->root, entry->root);
	*path = join_paths(best->point, rest);
	return *path ? 0 : -ENOMEM;
}

static const struct mount_entry *find_root(const struct mount_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->items[i].point, "/") == 0 && !is_unseen(&list->items[i]))
			return &list->items[i];
	}
	return NULL;
}

static bool is_of_cgroups(const struct mount_entry *entry)
{
	return strcmp(entry->type, "cgroup") == 0 || strcmp(entry->type, "cgroup2") == 0;
}

/* Its part of a hierarchy of cgroups is shown to every container. */
static bool is_own_cgroup(const struct mount_entry *entry, const char *cgroup)
{
	const char *at;

	if (!is_of_cgroups(entry) || !cgroup || strcmp(cgroup, "/") == 0)
		return false;
	/* With cgroup v1 there may be a prefix of the machine's own before it. */
	at = strstr(entry->root, cgroup);
	return at && path_below(cgroup, at);
}

/* Whether a component of the path is the container's id. */
static bool has_id(const char *path, const char *id)
{
	size_t length = strlen(id);

	for (const char *at = path; (at = strstr(at, id)); at++) {
		if (at > path && at[-1] == '/' && (at[length] == '/' || at[length] == '\0'))
			return true;
	}
	return false;
}

struct mount_reading {
	const struct container *container;
	const char *cgroup;
	struct mount_list host;
	struct mount_list own; /* of the container */
	const struct mount_entry *root;
	struct container_mounts *mounts;
};

/* Whether it shows only a part of the container's own root or cgroup. */
static bool is_its_own(const struct mount_reading *reading, const struct mount_entry *entry)
{
	const struct mount_entry *root = reading->root;

	return entry == root || is_unseen(entry) || is_own_cgroup(entry, reading->cgroup) ||
	       (root && root->device == entry->device && path_below(root->root, entry->root));
}

static enum host_mount_kind find_kind(const struct mount_entry *entry, const char *source, const char *id)
{
	if (strcmp(entry->type, "devtmpfs") == 0 && strcmp(entry->root, "/") != 0)
		return HOST_DEVICE;
	if (is_of_cgroups(entry))
		return HOST_CGROUP;
	return has_id(source, id) ? HOST_ENGINE : HOST_FILES;
}

/* Takes the source in any case. */
static int add_host_mount(const struct mount_reading *reading, const struct mount_entry *entry, char *source)
{
	struct container_mounts *mounts = reading->mounts;
	struct host_mount *items =
	    array_reserve(mounts->items, &mounts->capacity, mounts->count, sizeof(*items));

	if (items)
		mounts->items = items;
	if (!items) {
		free(source);
		return -ENOMEM;
	}
	items += mounts->count++;
	*items = (struct host_mount){
	    .source = source,
	    .point = strdup(entry->point),
	    .is_read_only = entry->is_read_only,
	    .kind = find_kind(entry, source, reading->container->id),
	};
	return items->point ? 0 : -ENOMEM;
}

static int find_host_mounts(const struct mount_reading *reading)
{
	int ret = 0;

	for (size_t i = 0; i < reading->own.count && ret == 0; i++) {
		const struct mount_entry *entry = &reading->own.items[i];
		char *source = NULL;

		if (is_its_own(reading, entry))
			continue;
		ret = find_on_host(&reading->host, entry, &source);
		if (source)
			ret = add_host_mount(reading, entry, source);
	}
	return ret;
}

/* A slash comes before any other byte: what is in a directory follows it at once. */
static int compare_points(const void *left, const void *right)
{
	const char *one = ((const struct host_mount *)left)->point;
	const char *other = ((const struct host_mount *)right)->point;

	while (*one && *one == *other) {
		one++;
		other++;
	}
	if (*one && *other && (*one == '/' || *other == '/'))
		return *other == '/' ? 1 : -1;
	return (unsigned char)*one - (unsigned char)*other;
}

/* Whether the mount is where the host has it, too, below the source of the other. */
static bool comes_with(const struct host_mount *mount, const struct host_mount *top)
{
	const char *below = path_below(top->point, mount->point);
	const char *source_below = path_below(top->source, mount->source);

	return below && source_below && strcmp(below, source_below) == 0;
}

/* A recursive bind mount takes those below its source with it: notes which these are. */
static void note_nested(struct container_mounts *mounts)
{
	struct host_mount *top = NULL;

	if (mounts->count == 0)
		return;
	qsort(mounts->items, mounts->count, sizeof(*mounts->items), compare_points);
	for (size_t i = 0; i < mounts->count; i++) {
		struct host_mount *mount = &mounts->items[i];

		while (top && !path_below(top->point, mount->point))
			top = top->outer;
		mount->outer = top;
		mount->is_nested = top && comes_with(mount, top);
		if (!mount->is_nested) {
			top = mount;
			continue;
		}
		top->nested++;
		top->nested_writable += !mount->is_read_only;
	}
}

static int describe_root(const struct mount_reading *reading)
{
	struct container_mounts *mounts = reading->mounts;
	const struct mount_entry *root = reading->root;

	if (!root)
		return 0;
	mounts->root_is_read_only = root->is_read_only;
	mounts->root_type = strdup(root->type);
	if (!mounts->root_type)
		return -ENOMEM;
	if (find_on_host(&reading->host, root, &mounts->root) < 0)
		return -ENOMEM;
	if (mounts->root || !root->upper)
		return 0;
	mounts->root = strdup(root->upper);
	return mounts->root ? 0 : -ENOMEM;
}

/*
 * The kernel's time to list mounts that are stacked on one point grows with the square
 * of their number.  SIGALRM has its default action here, and ends the helper.
 */
static int load_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const int *dir_fd = context;
	AUTO_FREE char *text = NULL;
	ssize_t length;

	(void)item;
	alarm(MOUNTINFO_SECONDS);
	length = file_load_at(*dir_fd, "mountinfo", MOUNTINFO_LIMIT, &text);
	if (length < 0)
		return (int)length;
	return bounded_store(reply, text, (size_t)length + 1) ? 0 : -ENOMEM;
}

/* Returns 0; -ETIMEDOUT; or another negative errno. */
static int read_own(const struct process *process, struct mount_list *list)
{
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_FREE char *text = NULL;
	int dir_fd = process->dir_fd;
	const struct bounded_job job = {
	    .count = 1,
	    .limit = MOUNTINFO_LIMIT + 1,
	    .items_per_helper = 1,
	    .work = load_in_helper,
	    .context = &dir_fd,
	    .keep = &dir_fd,
	    .keep_count = 1,
	};
	long ret = bounded_run(&job, NULL, &answers);
	int status = ret < 0 ? (int)ret : bounded_status(&answers, 0);
	const char *answer;
	size_t size;

	if (status != 0)
		return status == BOUNDED_NO_ANSWER ? -ETIMEDOUT : status;
	answer = bounded_data(&answers, 0, &size);
	text = answer ? strdup(answer) : NULL;
	return text ? mountinfo_parse_all(text, add_mount, list) : -ENOMEM;
}

static int read_mounts(struct mount_reading *reading, const struct process *process)
{
	int ret = read_own(process, &reading->own);

	if (ret == 0)
		ret = mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", add_mount, &reading->host);
	if (ret == 0)
		ret = note_covered(&reading->own);
	if (ret == 0)
		ret = note_covered(&reading->host);
	if (ret < 0)
		return ret;
	if (reading->host.count > 0)
		qsort(reading->host.items, reading->host.count, sizeof(*reading->host.items),
		      compare_devices);
	reading->root = find_root(&reading->own);
	ret = describe_root(reading);
	if (ret == 0 && !reading->mounts->shares_namespace)
		ret = find_host_mounts(reading);
	note_nested(reading->mounts);
	return ret;
}

int container_read_mounts(const struct container *container, const struct process *process,
			  const struct container_use *use, struct container_mounts *mounts)
{
	struct mount_reading reading = {.container = container, .cgroup = use->path, .mounts = mounts};
	struct process_links own;
	struct process_links its;
	int ret;

	process_read_own_links(&own);
	process_read_links(process, &its);
	mounts->shares_namespace = its.ino[NS_LINK_MNT] != 0 && its.ino[NS_LINK_MNT] == own.ino[NS_LINK_MNT];
	ret = read_mounts(&reading, process);
	free_list(&reading.host);
	free_list(&reading.own);
	mounts->reason = -ret;
	return ret == -ENOMEM ? ret : 0;
}
