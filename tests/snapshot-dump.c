/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot-dump ENGINE: all that one scan by this engine found, a line for each
 * task, namespace and holder, sorted; but for what is this program's own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan/details.h"
#include "scan/scan.h"

struct lines {
	char **lines;
	size_t count;
};

static void add(struct lines *lines, const char *line)
{
	lines->lines = realloc(lines->lines, (lines->count + 1) * sizeof(char *));
	lines->lines[lines->count] = lines->lines ? strdup(line) : NULL;
	if (!lines->lines || !lines->lines[lines->count])
		abort();
	lines->count++;
}

/* Before its first process, procfs tells nothing of a pid namespace. */
static bool is_unborn(const struct snapshot *snapshot, uint32_t ns)
{
	const struct snapshot_ns *about = &snapshot->namespaces[ns];

	return about->type == NS_PID && about->kinds == 1U << HOLDER_FOR_CHILDREN;
}

static const char *name_of(const struct snapshot *snapshot, uint32_t ns, char text[64])
{
	if (ns == SNAPSHOT_NONE || is_unborn(snapshot, ns))
		return "-";
	snprintf(text, 64, "%s:[%ju]", ns_type_name(snapshot->namespaces[ns].type),
		 (uintmax_t)snapshot->namespaces[ns].ino);
	return text;
}

static void dump_task(const struct snapshot *snapshot, uint32_t index, struct lines *lines)
{
	const struct snapshot_task *task = &snapshot->tasks[index];
	struct task_details details;
	char line[1024];
	char name[64];

	if (task->tgid == getpid() || scan_read_details(snapshot, index, DETAIL_STAT, &details) < 0)
		return;
	snprintf(line, sizeof(line), "task %d of %d ppid %d kernel %d", task->pid, task->tgid, details.ppid,
		 details.is_kernel_thread);
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		size_t used = strlen(line);

		snprintf(line + used, sizeof(line) - used, " %s=%s", ns_link_name(link),
			 name_of(snapshot, snapshot->sets[task->set].ns[link], name));
	}
	add(lines, line);
}

static const char *relation_of(const struct snapshot *snapshot, const struct snapshot_relation *relation,
			       char text[64])
{
	static const char *const states[] = {"unknown", "none", "outside"};

	return relation->state == RELATION_KNOWN ? name_of(snapshot, relation->ns, text)
						 : states[relation->state];
}

/* This program's threads are not counted: the engines have different ones. */
static void count_others(const struct snapshot *snapshot, uint32_t ns, size_t *processes, size_t *tasks)
{
	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (snapshot->tasks[i].tgid == getpid() || !snapshot_task_is_in(snapshot, i, ns))
			continue;
		*processes += snapshot_is_leader(&snapshot->tasks[i]);
		++*tasks;
	}
}

static void dump_ns(const struct snapshot *snapshot, uint32_t index, struct lines *lines)
{
	const struct snapshot_ns *ns = &snapshot->namespaces[index];
	size_t processes = 0;
	size_t tasks = 0;
	char name[64];
	char owner[64];
	char parent[64];
	char line[1024];

	if (is_unborn(snapshot, index))
		return;
	count_others(snapshot, index, &processes, &tasks);
	snprintf(line, sizeof(line),
		 "ns %s id %" PRIu64
		 " owner %s parent %s creator %d%u listed %d processes %zu tasks %zu kinds %x",
		 name_of(snapshot, index, name), ns->id, relation_of(snapshot, &ns->owner, owner),
		 relation_of(snapshot, &ns->parent, parent), ns->has_creator, ns->creator, ns->is_listed,
		 processes, tasks, ns->kinds & ~(1U << HOLDER_PROCESS | 1U << HOLDER_THREAD));
	add(lines, line);
}

static void dump_holder(const struct snapshot *snapshot, const struct snapshot_holder *holder,
			struct lines *lines)
{
	char name[64];
	char mnt[64];
	char line[8192];

	if (holder->kind != HOLDER_MOUNT && holder->pid == getpid())
		return;
	if (holder->kind == HOLDER_MOUNT)
		snprintf(line, sizeof(line), "mount %s in %s id %" PRIu64 " at %s",
			 name_of(snapshot, holder->ns, name), name_of(snapshot, holder->mnt_ns, mnt),
			 holder->mount_id, snapshot_mount_point(snapshot, holder));
	else
		snprintf(line, sizeof(line), "%s %s pid %d fd %d", holder_kind_name(holder->kind),
			 name_of(snapshot, holder->ns, name), holder->pid, holder->fd);
	add(lines, line);
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

int main(int argc, char **argv)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct scan_request request = SCAN_EVERYTHING;
	struct lines lines = {0};
	struct error err;

	if (argc != 2 || !engine_from_name(argv[1], &request.engine)) {
		fputs("usage: snapshot-dump bpf|procfs\n", stderr);
		return 2;
	}
	if (scan(&request, &snapshot, &err) < 0) {
		error_print(&err, "snapshot-dump");
		return 1;
	}
	for (uint32_t i = 0; i < snapshot.task_count; i++)
		dump_task(&snapshot, i, &lines);
	for (uint32_t i = 0; i < snapshot.ns_count; i++)
		dump_ns(&snapshot, i, &lines);
	for (size_t i = 0; i < snapshot.holder_count; i++)
		dump_holder(&snapshot, &snapshot.holders[i], &lines);
	qsort(lines.lines, lines.count, sizeof(char *), compare);
	for (size_t i = 0; i < lines.count; i++) {
		puts(lines.lines[i]);
		free(lines.lines[i]);
	}
	free(lines.lines);
	return 0;
}
