/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/inside_users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/fields.h"
#include "proc/passwd.h"
#include "scan/open_task.h"

/* A helper takes as long to start as a few rows to look at. */
#define ROWS_PER_HELPER 64
#define FILES_PER_HELPER 8

/* Identifies a passwd file: by itself or, if it cannot be opened, by the root and the mounts below it. */
struct place {
	uint64_t mnt; /* the inode of the mnt namespace; 0 if the file itself is known */
	uint64_t device;
	uint64_t inode;
};

/* The rows whose tasks see the same file. */
struct group {
	struct place place;
	uint32_t first; /* row */
	uint32_t last;
	uint32_t count;
};

struct search {
	const struct snapshot *snapshot;
	const uint32_t *tasks; /* of each row */
	struct task_details *details;
	size_t count; /* of rows */
	struct group *groups;
	size_t group_count;
	struct map by_place;
	uint32_t *next; /* by row: the next of its group; MAP_NONE: none */
};

static int open_root(const struct snapshot *snapshot, uint32_t task, struct place *place)
{
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	AUTO_CLOSE int ns_fd = -1;
	AUTO_CLOSE int root_fd = -1;
	AUTO_CLOSE int passwd_fd = -1;
	struct stat st;
	ino_t mnt;

	*place = (struct place){0};
	if (scan_open_task(snapshot, task, &process) < 0)
		return -ESRCH;
	ns_fd = openat(process.dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process_read_link_at(ns_fd, NS_LINK_MNT, &mnt) < 0)
		return -ESRCH;
	root_fd = openat(process.dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0 || fstat(root_fd, &st) < 0)
		return -errno;
	*place = (struct place){.mnt = mnt, .device = st.st_dev, .inode = st.st_ino};
	/* Several roots can have the same file. */
	passwd_fd = file_open_in_root(root_fd, "/etc/passwd");
	if (passwd_fd >= 0 && fstat(passwd_fd, &st) == 0)
		*place = (struct place){.device = st.st_dev, .inode = st.st_ino};
	return take_fd(&root_fd);
}

static int find_place(size_t item, struct bounded_reply *reply, void *context)
{
	const struct search *search = context;
	AUTO_CLOSE int root_fd = -1;
	struct place place;

	if (search->tasks[item] == SNAPSHOT_NONE || !search->details[item].has_inside)
		return -ENOENT;
	root_fd = open_root(search->snapshot, search->tasks[item], &place);
	if (root_fd < 0)
		return root_fd;
	return bounded_store(reply, &place, sizeof(place)) ? 0 : -ENOMEM;
}

static bool is_same_file_place(const struct place *a, const struct place *b)
{
	return a->mnt == b->mnt && a->device == b->device && a->inode == b->inode;
}

static uint64_t hash_place(const struct place *place)
{
	uint64_t hash = place->device * 0x9E3779B97F4A7C15U;

	hash = (hash ^ place->inode) * 0xC2B2AE3D27D4EB4FU;
	return (hash ^ place->mnt) * 0x165667B19E3779F9U;
}

/* Finds the group of a place, or adds one without rows.  Returns NULL without memory. */
static struct group *put_group(struct search *search, const struct place *place)
{
	uint64_t hash = hash_place(place);
	uint32_t index;

	/* Two places may have the same hash: the second one is stored under the next. */
	while ((index = map_find(&search->by_place, hash)) != MAP_NONE) {
		if (is_same_file_place(&search->groups[index].place, place))
			return &search->groups[index];
		hash++;
	}
	index = (uint32_t)search->group_count;
	if (map_add(&search->by_place, hash, index) < 0)
		return NULL;
	search->groups[index] = (struct group){.place = *place};
	search->group_count++;
	return &search->groups[index];
}

static int add_row_to_group(struct search *search, uint32_t row, const struct place *place)
{
	struct group *group = put_group(search, place);

	if (!group)
		return -ENOMEM;
	if (group->count++ == 0)
		group->first = row;
	else
		search->next[group->last] = row;
	group->last = row;
	search->next[row] = MAP_NONE;
	return 0;
}

static struct unanswered *unanswered_of(const struct search *search)
{
	return search->snapshot->unanswered;
}

static int group_rows(struct search *search)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = search->count,
	    .limit = sizeof(struct place),
	    .items_per_helper = ROWS_PER_HELPER,
	    .work = find_place,
	    .context = search,
	};
	int ret = 0;

	unanswered_run(unanswered_of(search), UNANSWERED_USER, &job, &answers);
	for (size_t i = 0; i < job.count && ret == 0; i++) {
		size_t size;
		const struct place *place = bounded_data(&answers, i, &size);

		if (place)
			ret = add_row_to_group(search, (uint32_t)i, place);
	}
	return ret;
}

struct name {
	char text[sizeof(((struct user *)NULL)->name)];
};

/* Fills names for the rows of the group, in their order. */
static int find_names(const struct search *search, const struct group *group, const char *text,
		      struct name *names)
{
	AUTO_MAP struct map first = {0}; /* from a user to the first row of the group that has it */
	struct user user;
	uint32_t place = 0;

	for (uint32_t row = group->first; row != MAP_NONE; row = search->next[row]) {
		if (map_add(&first, search->details[row].inside, place++) < 0)
			return -ENOMEM;
	}
	while (user_next(&text, &user)) {
		place = map_find(&first, user.uid);
		if (place != MAP_NONE && names[place].text[0] == '\0')
			memcpy(names[place].text, user.name, sizeof(user.name));
	}
	place = 0;
	for (uint32_t row = group->first; row != MAP_NONE; row = search->next[row])
		names[place++] = names[map_find(&first, search->details[row].inside)];
	return 0;
}

static int read_names_of_group(size_t item, struct bounded_reply *reply, void *context)
{
	const struct search *search = context;
	const struct group *group = &search->groups[item];
	AUTO_FREE struct name *names = calloc(group->count, sizeof(*names));
	AUTO_FREE char *text = NULL;
	AUTO_CLOSE int root_fd = -1;
	struct place place;
	int ret;

	root_fd = open_root(search->snapshot, search->tasks[group->first], &place);
	if (root_fd < 0 || !is_same_file_place(&place, &group->place))
		return -ESRCH;
	ret = fields_load_in_helper(root_fd, "/etc/passwd", &text);
	if (ret < 0)
		return ret;
	if (!names || find_names(search, group, text, names) < 0)
		return -ENOMEM;
	return bounded_store(reply, names, group->count * sizeof(*names)) ? 0 : -ENOMEM;
}

static int store_names_of_group(const struct search *search, const struct group *group,
				const struct name *names)
{
	uint32_t place = 0;

	for (uint32_t row = group->first; names && row != MAP_NONE; row = search->next[row], place++) {
		if (names[place].text[0] == '\0')
			continue;
		search->details[row].texts[TEXT_INSIDE_USER] = strdup(names[place].text);
		if (!search->details[row].texts[TEXT_INSIDE_USER])
			return -ENOMEM;
	}
	return 0;
}

static int read_names_of_groups(const struct search *search)
{
	AUTO_BOUNDED struct bounded answers = {0};
	size_t size = search->count * sizeof(struct name);
	const struct bounded_job job = {
	    .count = search->group_count,
	    .limit = size,
	    .room = size,
	    .items_per_helper = FILES_PER_HELPER,
	    .work = read_names_of_group,
	    .context = (void *)search,
	};
	int ret = 0;

	bounded_run(&job, unanswered_patience(unanswered_of(search)), &answers);
	for (size_t i = 0; i < job.count && ret == 0; i++) {
		const struct group *group = &search->groups[i];

		if (bounded_status(&answers, i) == BOUNDED_NO_ANSWER)
			unanswered_add(unanswered_of(search), UNANSWERED_USER, group->count);
		ret = store_names_of_group(search, group, bounded_data(&answers, i, &size));
	}
	return ret;
}

int inside_users_read(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
		      struct task_details *details)
{
	AUTO_FREE struct group *groups = calloc(count + 1, sizeof(*groups));
	AUTO_FREE uint32_t *next = calloc(count + 1, sizeof(*next));
	struct search search = {
	    .snapshot = snapshot,
	    .tasks = tasks,
	    .details = details,
	    .count = count,
	    .groups = groups,
	    .next = next,
	};
	int ret = groups && next ? group_rows(&search) : -ENOMEM;

	if (ret == 0)
		ret = read_names_of_groups(&search);
	map_free(&search.by_place);
	return ret;
}
