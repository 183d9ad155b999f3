/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/why_columns.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Room for the words around a detail and a command, and for as many remarks. */
#define REMARKS_SIZE 1024

struct shown_row {
	struct task_row task;
	const struct snapshot *snapshot;
	uint32_t own_mnt;
	uint32_t of; /* the namespace that is held */
	const struct why_row *row;
};

/* "net:[4026532281]" */
static void format_ns(const struct snapshot *snapshot, uint32_t index, char *text, size_t size)
{
	const struct snapshot_ns *ns = &snapshot->namespaces[index];

	snprintf(text, size, "%s:[%ju]", ns_type_name(ns->type), (uintmax_t)ns->ino);
}

static bool is_foreign_mount(const struct shown_row *shown)
{
	return shown->row->ns != SNAPSHOT_NONE && shown->row->ns != shown->own_mnt;
}

/* Nothing in /proc leads to it; the kernel's record says what kinds of thing it can be. */
static const char *kernel_text(const struct shown_row *shown)
{
	const struct snapshot_ns *ns = &shown->snapshot->namespaces[shown->of];

	if (!ns->has_refs)
		return "listed by the kernel; nothing that can be seen from here holds it";
	if (!shown->snapshot->is_outermost)
		return "only the kernel knows by what: as a rule, a process outside this pid namespace";
	if (ns->is_stashed)
		return "only the kernel knows by what: an open file that no process has, as in a message "
		       "under way "
		       "(SCM_RIGHTS), or a fixed file of an io_uring";
	if (ns->type == NS_NET)
		return "only the kernel knows by what: a socket that no process has, as one whose memory is "
		       "mapped, "
		       "one in a message under way, or one of the kernel's own; without the engine bpf, also "
		       "an open "
		       "file of /proc/net";
	if (ns->type == NS_IPC)
		return "only the kernel knows by what: attached shared memory (shmat(2)), or a mounted "
		       "mqueue";
	return "only the kernel knows by what: a task that waits for its first child in it, or the kernel "
	       "itself";
}

/* A thread may have a table of descriptors of its own. */
static void format_descriptor(const struct why_row *row, const char *detail, const char *command, char *text,
			      size_t size)
{
	if (row->tid)
		snprintf(text, size, "descriptor %d, %s, of thread %d of %s", row->fd, detail, row->tid,
			 command);
	else
		snprintf(text, size, "descriptor %d, %s, of %s", row->fd, detail, command);
}

/* A holder that a process has by a descriptor, or that is in a tree without a process. */
static void format_opened(const struct why_row *row, const char *detail, char *text, size_t size)
{
	const char *command = row->command ? row->command : "";

	if (row->kind == HOLDER_RING)
		detail = "a fixed file of an io_uring";
	if (row->kind == HOLDER_DETACHED)
		detail = "in a tree that is mounted nowhere";
	if (row->kind == HOLDER_DETACHED && row->pid == 0)
		snprintf(text, size, "%s", detail);
	else
		format_descriptor(row, detail, command, text, size);
}

static void format_what(const struct shown_row *shown, char *text, size_t size)
{
	const struct why_row *row = shown->row;
	const char *detail = row->detail ? row->detail : "";
	char ns[64] = "";

	if (row->ns != SNAPSHOT_NONE)
		format_ns(shown->snapshot, row->ns, ns, sizeof(ns));
	switch (row->kind) {
	case HOLDER_THREAD:
		snprintf(text, size, "thread %d of %s", row->tid, detail);
		break;
	case HOLDER_FOR_CHILDREN:
		if (row->tid)
			snprintf(text, size, "the next child of thread %d of %s", row->tid, detail);
		else
			snprintf(text, size, "the next child of %s", detail);
		break;
	case HOLDER_FILE:
	case HOLDER_SOCKET:
	case HOLDER_PROC_NET:
	case HOLDER_RING:
	case HOLDER_DETACHED:
		format_opened(row, detail, text, size);
		break;
	case HOLDER_MOUNT:
		snprintf(text, size, is_foreign_mount(shown) ? "%s in %s" : "%s", detail, ns);
		break;
	case HOLDER_CHILD:
	case HOLDER_OWNED:
		snprintf(text, size, "%s", ns);
		break;
	case HOLDER_KERNEL:
		snprintf(text, size, "%s", kernel_text(shown));
		break;
	default:
		snprintf(text, size, "%s", detail);
		break;
	}
}

/* Appends the holders without a row of their own, and why nothing releases this one. */
static void append_remarks(const struct why_row *row, char *text, size_t size)
{
	size_t used = strlen(text);

	if (row->copies > 0)
		used += (size_t)snprintf(text + used, size - used, ", and in %u other mnt namespace%s",
					 row->copies, row->copies == 1 ? "" : "s");
	if (row->more > 0)
		used += (size_t)snprintf(text + used, size - used, ", and %ju more", (uintmax_t)row->more);
	if (row->processes > 0)
		used += (size_t)snprintf(text + used, size - used, ", of %u process%s: %s", row->processes,
					 row->processes == 1 ? "" : "es", row->command ? row->command : "");
	if (row->reason)
		snprintf(text + used, size - used, " (%s)", row->reason);
}

static int fill_what(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;
	const struct why_row *row = shown->row;
	/* A mount point may be longer than any path that a call takes. */
	size_t size = REMARKS_SIZE + (row->detail ? strlen(row->detail) : 0) +
		      (row->command ? strlen(row->command) : 0);
	AUTO_FREE char *text = malloc(size);

	if (!text)
		return -ENOMEM;
	format_what(shown, text, size - REMARKS_SIZE / 2);
	append_remarks(row, text, size);
	return cell_set_text(cell, text);
}

static int fill_holder(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return cell_set_text(cell, holder_kind_name(shown->row->kind));
}

static int fill_holder_pid(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return shown->row->pid > 0 ? cell_set_number(cell, (uint64_t)shown->row->pid) : 0;
}

static int fill_holder_tid(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return shown->row->tid > 0 ? cell_set_number(cell, (uint64_t)shown->row->tid) : 0;
}

static int fill_fd(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return shown->row->fd >= 0 ? cell_set_number(cell, (uint64_t)shown->row->fd) : 0;
}

static int fill_holder_ns(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;
	char text[64];

	if (shown->row->ns == SNAPSHOT_NONE)
		return 0;
	format_ns(shown->snapshot, shown->row->ns, text, sizeof(text));
	return cell_set_text(cell, text);
}

static int fill_holder_command(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return shown->row->command ? cell_set_text(cell, shown->row->command) : 0;
}

static int fill_release(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;

	return shown->row->release ? cell_set_text(cell, shown->row->release) : 0;
}

const struct column why_columns[] = {
    {"HOLDER",
     "process, thread, for-children, file, socket, proc-net, io_uring, detached, mount, "
     "child, owned or kernel",
     COLUMN_TEXT, 0, fill_holder},
    {"PID", "the process; of a mount, one that sees it", COLUMN_NUMBER, 0, fill_holder_pid},
    {"TID", "the thread", COLUMN_NUMBER, 0, fill_holder_tid},
    {"FD", "the descriptor", COLUMN_NUMBER, 0, fill_fd},
    {"NS", "the namespace below it; of a mount, where it is", COLUMN_TEXT, 0, fill_holder_ns},
    {"WHAT", "what holds it", COLUMN_LONG, 0, fill_what},
    {"COMMAND", "command line of the process with the descriptor", COLUMN_LONG, 0, fill_holder_command},
    {"RELEASE", "a command line that releases it", COLUMN_TEXT, 0, fill_release},
    {0},
};

static int fill_held(struct cell *cell, const void *data)
{
	const struct shown_row *shown = data;
	char text[64];

	format_ns(shown->snapshot, shown->of, text, sizeof(text));
	return cell_set_text(cell, text);
}

const struct column why_held_columns[] = {
    {"HELD", "the namespace that is held", COLUMN_TEXT, 0, fill_held},
    {0},
};

int why_columns_fill(struct table *table, const struct snapshot *snapshot, const struct why_rows *rows,
		     uint32_t own_mnt, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		const struct why_row *row = &rows->rows[i];
		const struct shown_row shown = {.task = {.pid = row->pid, .details = &row->details},
						.snapshot = snapshot,
						.own_mnt = own_mnt,
						.of = rows->ns,
						.row = row};

		ret = table_add_row(table, &shown, err);
	}
	return ret;
}
