/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/release.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "keep/keep.h"
#include "proc/capabilities.h"
#include "proc/mountinfo.h"
#include "proc/process.h"
#include "proc/status.h"

#define FILES_PER_HELPER 256

/* User namespaces nest at most 32 deep, below the initial one. */
#define MAX_OWNERS 34

static const char *const access_reasons[] = {
    [MOUNT_HIDDEN] = "hidden under another mount",
    [MOUNT_NO_PROCESS] = "no process is there",
    [MOUNT_DENIED] = "this user has no access there",
    [MOUNT_UNANSWERED] = "behind a file system that may not answer",
    [MOUNT_TOO_LONG] = "at a path that is too long to name",
};

void releases_start(struct releases *releases, const struct snapshot *snapshot, uint32_t ns)
{
	*releases = (struct releases){
	    .snapshot = snapshot,
	    .ns = ns,
	    .is_privileged = capabilities_have(1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_CHROOT),
	};
}

void releases_end(struct releases *releases)
{
	map_free(&releases->open_mounts);
}

static int set_release(struct why_row *row, int length)
{
	if (length < 0) {
		row->release = NULL;
		return -ENOMEM;
	}
	return 0;
}

int release_process(struct releases *releases, struct why_row *row)
{
	if (releases->last_pid != row->pid)
		releases->last_ending = row->is_kernel_thread ? ENDING_NEVER : process_ending(row->pid);
	releases->last_pid = row->pid;
	switch (releases->last_ending) {
	case ENDING_TERM:
		return set_release(row, asprintf(&row->release, "kill %d", row->pid));
	case ENDING_KILL:
		return set_release(row, asprintf(&row->release, "kill -KILL %d", row->pid));
	case ENDING_NEVER:
		row->reason = row->pid == 1 ? "the first process cannot be ended" : "a kernel thread";
		return 0;
	case ENDING_REFUSED:
		row->reason = "this user may not end it";
		return 0;
	}
	return 0;
}

int release_related(struct releases *releases, struct why_row *row)
{
	const struct snapshot_ns *ns = &releases->snapshot->namespaces[row->ns];

	return set_release(
	    row, asprintf(&row->release, "nsctl why '%s:[%ju]'", ns_type_name(ns->type), (uintmax_t)ns->ino));
}

/* Whether a word can be typed without quotes. */
static bool is_typeable(const char *word)
{
	for (; *word; word++) {
		if (*word < ' ' || *word > '~' || *word == '\\')
			return false;
	}
	return true;
}

static void write_quoted(FILE *out, const char *word)
{
	fputc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}

/* Writes a format for printf(1): octal for every byte that sh(1), printf or a terminal interprets. */
static void write_octal(FILE *out, const char *word)
{
	for (; *word; word++) {
		if (*word < ' ' || *word > '~' || strchr("\\'%", *word))
			fprintf(out, "\\%03o", (unsigned char)*word);
		else
			fputc(*word, out);
	}
}

/* Writes the command, and prefix and point behind it as one word. */
static int write_command(char **text, const char *command, const char *prefix, const char *point)
{
	size_t size;
	FILE *out = open_memstream(text, &size);

	if (!out)
		return -ENOMEM;
	if (!is_typeable(point)) {
		fprintf(out, "printf '%s", prefix);
		write_octal(out, point);
		fprintf(out, "\\0' | xargs -0 %s", command);
	} else if (text_is_shell_word(point)) {
		fprintf(out, "%s %s%s", command, prefix, point);
	} else {
		fprintf(out, "%s %s", command, prefix);
		write_quoted(out, point);
	}
	if (fclose(out) == 0)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

/* The owner of a namespace; of a user namespace the parent.  SNAPSHOT_NONE: not known, or none. */
static uint32_t owner_of(const struct snapshot *snapshot, uint32_t ns)
{
	const struct snapshot_ns *about = &snapshot->namespaces[ns];
	const struct snapshot_relation *relation = about->type == NS_USER ? &about->parent : &about->owner;

	return relation->state == RELATION_KNOWN ? relation->ns : SNAPSHOT_NONE;
}

static bool is_above(const struct snapshot *snapshot, uint32_t above, uint32_t user_ns)
{
	for (int i = 0; i < MAX_OWNERS && user_ns != SNAPSHOT_NONE; i++) {
		user_ns = owner_of(snapshot, user_ns);
		if (user_ns == above)
			return true;
	}
	return false;
}

/*
 * A mount is locked if it was copied from a mnt namespace with another owner; see
 * mount_namespaces(7).  The kernel does not show it, but a mount of a namespace
 * that is owned above came with the copy.
 */
static bool is_locked(const struct releases *releases, bool may_be_copy, uint32_t mnt_ns)
{
	const struct snapshot *snapshot = releases->snapshot;
	uint32_t owner = owner_of(snapshot, mnt_ns);
	uint32_t above = releases->ns == SNAPSHOT_NONE ? SNAPSHOT_NONE : owner_of(snapshot, releases->ns);

	if (owner == SNAPSHOT_NONE || ns_is_initial(NS_USER, snapshot->namespaces[owner].ino))
		return false;
	return may_be_copy || (above != SNAPSHOT_NONE && is_above(snapshot, above, owner));
}

/* In a helper: reads the mount that a descriptor was opened through. */
static int read_mount_id(size_t item, struct bounded_reply *reply, void *context)
{
	const struct snapshot_holder *holder = ((const struct snapshot_holder *const *)context)[item];
	char path[64];
	uint64_t id;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/fdinfo/%d", holder->pid,
		 holder->tid ? holder->tid : holder->pid, holder->fd);
	if (mountinfo_read_fdinfo(path, &id) < 0)
		return -ENOENT;
	return bounded_store(reply, &id, sizeof(id)) ? 0 : -ENOMEM;
}

static int read_mount_ids(struct releases *releases, const struct snapshot_holder **files, size_t count)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(uint64_t),
	    .items_per_helper = FILES_PER_HELPER,
	    .work = read_mount_id,
	    .context = files,
	};

	if (count > 0)
		bounded_run(&job, unanswered_patience(releases->snapshot->unanswered), &answers);
	for (size_t i = 0; i < count; i++) {
		size_t size;
		const uint64_t *id = bounded_data(&answers, i, &size);

		if (id && map_add(&releases->open_mounts, *id, 1) < 0)
			return -ENOMEM;
	}
	return 0;
}

int releases_read_open_mounts(struct releases *releases)
{
	const struct snapshot *snapshot = releases->snapshot;
	AUTO_FREE const struct snapshot_holder **files =
	    calloc(snapshot->holder_count + 1, sizeof(*files)); /* NOLINT(bugprone-sizeof-expression) */
	size_t count = 0;

	if (!files)
		return -ENOMEM;
	for (uint32_t i = snapshot->namespaces[releases->ns].first_holder; i != SNAPSHOT_NONE;
	     i = snapshot->holders[i].next) {
		if (snapshot->holders[i].kind == HOLDER_FILE)
			files[count++] = &snapshot->holders[i];
	}
	return read_mount_ids(releases, files, count);
}

/* Whether the caller's user is 0 inside: umount(8) requires that. */
static bool is_root_inside(pid_t pid)
{
	AUTO_PROCESS struct process process = {.pid = pid, .dir_fd = -1, .pidfd = -1};
	AUTO_FREE struct id_map *map = malloc(sizeof(*map));
	uint32_t inside;

	process.dir_fd = process_open_directory(pid);
	return map && process.dir_fd >= 0 && process_read_id_map(&process, "uid_map", map) == 0 &&
	       id_map_to_inside(map, geteuid(), &inside) && inside == 0;
}

/* Why umount(8) would fail at a path that leads to the mount, or NULL. */
static const char *find_obstacle(const struct releases *releases, const struct mount_path *path,
				 uint32_t mnt_ns, bool *as_user)
{
	*as_user = !releases->is_privileged || owner_of(releases->snapshot, mnt_ns) == SNAPSHOT_NONE;
	if (*as_user && path->pid == 0)
		return "this user may not unmount it";
	if (*as_user && !is_root_inside(path->pid))
		return "this user is not user 0 there, as umount(8) requires";
	return NULL;
}

/* Whether the caller has all capabilities over a mnt namespace, or gains them where it enters the owner. */
static bool may_unmount_in(const struct releases *releases, uint32_t mnt_ns)
{
	uint32_t owner = mnt_ns == SNAPSHOT_NONE ? SNAPSHOT_NONE : owner_of(releases->snapshot, mnt_ns);
	const struct snapshot_ns *about;

	if (owner == SNAPSHOT_NONE)
		return false;
	about = &releases->snapshot->namespaces[mnt_ns];
	return releases->is_privileged ||
	       (about->has_creator && about->creator == geteuid() &&
		!ns_is_initial(NS_USER, releases->snapshot->namespaces[owner].ino));
}

/*
 * No command line of umount(8) reaches the mount, or the caller is not the user
 * that umount(8) requires: nsctl drop does without both.  It cannot help where the
 * mount is locked, or not of a namespace.
 */
static int write_drop(const struct releases *releases, uint32_t mnt_ns, struct why_row *row)
{
	const struct snapshot_ns *ns;

	if (releases->ns == SNAPSHOT_NONE || !may_unmount_in(releases, mnt_ns))
		return 0;
	ns = &releases->snapshot->namespaces[releases->ns];
	return set_release(row, asprintf(&row->release, "nsctl drop --holders '%s:[%ju]'",
					 ns_type_name(ns->type), (uintmax_t)ns->ino));
}

/*
 * Unmounts in the caller's mnt namespace; in another one, by umount -N; or, if
 * /proc there does not show umount(8) itself, in that mnt namespace with the
 * caller's root, which has the program and /proc.
 */
static int write_umount(const struct releases *releases, uint32_t mnt_ns, const struct mount_path *path,
			bool as_user, bool is_open, const char *point, struct why_row *row)
{
	const char *lazy = is_open ? " -l" : "";
	char prefix[MOUNT_PREFIX_SIZE];
	char name[KEEP_NAME_MAX + 1];
	char command[128];

	if (path->pid == 0 && keep_name_of_path(point, name))
		return write_command(&row->release, "nsctl drop", "", name);
	if (path->pid == 0) {
		snprintf(command, sizeof(command), "umount%s", lazy);
		return write_command(&row->release, command, "", point);
	}
	if (!as_user && path->is_from_root && path->shows_caller) {
		snprintf(command, sizeof(command), "umount%s -N %d", lazy, path->pid);
		return write_command(&row->release, command, "", point);
	}
	mount_path_prefix(path, prefix);
	if (strlen(prefix) + strlen(point) >= PATH_MAX) {
		row->reason = access_reasons[MOUNT_TOO_LONG];
		return write_drop(releases, mnt_ns, row);
	}
	snprintf(command, sizeof(command), "nsenter -t %d%s -m -r/ umount -c%s", path->pid,
		 as_user ? " -U --preserve-credentials" : "", lazy);
	return write_command(&row->release, command, prefix, point);
}

int release_mount(struct releases *releases, const struct mount_query *mount, const struct mount_path *path,
		  bool may_be_copy, struct why_row *row)
{
	bool is_open = map_find(&releases->open_mounts, mount->mount_id) != MAP_NONE;
	bool as_user = false;

	if (path->pid != 0)
		row->pid = path->pid;
	row->reason = access_reasons[path->access];
	if (path->access == MOUNT_UNANSWERED)
		return 0;
	if (is_locked(releases, may_be_copy, mount->mnt_ns)) {
		if (path->access == MOUNT_REACHED)
			row->reason = RELEASE_LOCKED;
		return 0;
	}
	if (path->access == MOUNT_REACHED)
		row->reason = find_obstacle(releases, path, mount->mnt_ns, &as_user);
	if (row->reason)
		return write_drop(releases, mount->mnt_ns, row);
	return write_umount(releases, mount->mnt_ns, path, as_user, is_open, mount->point, row);
}
