/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/task_columns.h"

#include <stdio.h>
#include <string.h>

#include "container/container.h"
#include "table/age.h"

static int fill_pid(struct cell *cell, const void *row)
{
	const struct task_row *task = row;

	return task->pid ? cell_set_number(cell, (uint64_t)task->pid) : 0;
}

static int fill_ppid(struct cell *cell, const void *row)
{
	const struct task_row *task = row;

	return task->details->has_stat ? cell_set_number(cell, (uint64_t)task->details->ppid) : 0;
}

static int fill_nprocs(struct cell *cell, const void *row)
{
	const struct task_row *task = row;

	return cell_set_number(cell, task->process_count);
}

static int fill_ntasks(struct cell *cell, const void *row)
{
	const struct task_row *task = row;

	return cell_set_number(cell, task->task_count);
}

static int fill_uid(struct cell *cell, const void *row)
{
	const struct task_row *task = row;

	return task->details->has_uid ? cell_set_number(cell, task->details->uid) : 0;
}

static int fill_state(struct cell *cell, const void *row)
{
	const struct task_row *task = row;
	const char text[] = {task->details->state, '\0'};

	return text[0] ? cell_set_text(cell, text) : 0;
}

static int fill_age(struct cell *cell, const void *row)
{
	const struct task_row *task = row;
	char text[48];

	if (!task->details->has_age)
		return 0;
	age_format(task->details->age, text, sizeof(text));
	return cell_set_shown_number(cell, task->details->age, text);
}

/* The text that is the column's number. */
static int fill_text(struct cell *cell, const void *row)
{
	const struct task_row *task = row;
	const char *text = task->details->texts[cell_number(cell)];

	return text ? cell_set_text(cell, text) : 0;
}

#define WHOLE_ID 64 /* letters; 12 of them are enough for people, as docker ps prints them */

/* A container that has no name is called by its id. */
static int fill_container(struct cell *cell, const void *row)
{
	const struct task_row *task = row;
	const char *name = task->details->texts[TEXT_CONTAINER];
	char shown[CONTAINER_SHORT_ID + 1];

	if (!name)
		return 0;
	if (strlen(name) != WHOLE_ID || strspn(name, "0123456789abcdef") != WHOLE_ID)
		return cell_set_text(cell, name);
	snprintf(shown, sizeof(shown), "%.*s", CONTAINER_SHORT_ID, name);
	return cell_set_shown_text(cell, name, shown);
}

const struct column count_columns[] = {
    {"NPROCS", "number of processes", COLUMN_NUMBER, NEED_PROCESSES, fill_nprocs, .width = 5},
    {"NTASKS", "number of threads", COLUMN_NUMBER, NEED_PROCESSES, fill_ntasks},
    {0},
};

const struct column task_columns[] = {
    {"PID", "process that stands for the row", COLUMN_NUMBER, NEED_PROCESSES, fill_pid, .width = 5},
    {"PPID", "parent of the PID", COLUMN_NUMBER, NEED_PROCESSES | DETAIL_STAT, fill_ppid, .width = 5},
    {"USER", "user of the PID", COLUMN_TEXT, NEED_PROCESSES | NEED_CREATORS | DETAIL_USER_NAME, fill_text,
     .number = TEXT_USER},
    {"UID", "user of the PID as a number", COLUMN_NUMBER, NEED_PROCESSES | NEED_CREATORS | DETAIL_USER,
     fill_uid},
    {"STATE", "state of the PID: R, S, D, T, I or Z", COLUMN_TEXT, NEED_PROCESSES | DETAIL_STATE, fill_state},
    {"AGE", "time since the PID started", COLUMN_NUMBER, NEED_PROCESSES | DETAIL_STAT, fill_age},
    {"CGROUP", "path of the PID's cgroup", COLUMN_TEXT, NEED_PROCESSES | DETAIL_CGROUP, fill_text,
     .number = TEXT_CGROUP},
    {"CONTAINER", "container that the PID is in", COLUMN_TEXT, NEED_PROCESSES | DETAIL_CONTAINER,
     fill_container, .is_optional = true},
    {"CONTAINER_ID", "id of that container", COLUMN_TEXT, NEED_PROCESSES | DETAIL_CONTAINER, fill_text,
     .number = TEXT_CONTAINER_ID},
    {"RUNTIME", "container runtime that made it", COLUMN_TEXT, NEED_PROCESSES | DETAIL_CONTAINER, fill_text,
     .number = TEXT_RUNTIME},
    {"IMAGE", "image that it was made from", COLUMN_TEXT, NEED_PROCESSES | DETAIL_CONTAINER, fill_text,
     .number = TEXT_IMAGE},
    {"POD", "pod that it is in: NAMESPACE/NAME, of podman the id", COLUMN_TEXT,
     NEED_PROCESSES | DETAIL_CONTAINER, fill_text, .number = TEXT_POD},
    {"UNIT", "systemd unit of the PID", COLUMN_TEXT, NEED_PROCESSES | DETAIL_UNIT, fill_text,
     .number = TEXT_UNIT},
    {"COMMAND", "command line of the PID", COLUMN_LONG, NEED_PROCESSES | DETAIL_COMMAND, fill_text,
     .number = TEXT_COMMAND},
    {0},
};
