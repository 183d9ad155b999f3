/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/new_status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "create/created.h"
#include "table/json.h"

static int write_namespaces(FILE *line, const struct creation *creation, struct error *err)
{
	const char *between = "";

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		AUTO_NS struct ns ns = NS_CLOSED;
		uint64_t id;
		int ret;

		if (!creation_has(creation, type))
			continue;
		ret = created_open(creation, type, &ns, err);
		if (ret < 0)
			return ret;
		id = ns_read_id(&ns);
		fprintf(line, "%s{\"type\": \"%s\", \"ns\": %ju, \"nsid\": ", between, ns_type_name(type),
			(uintmax_t)ns.ino);
		fprintf(line, id ? "%" PRIu64 "}" : "null}", id);
		between = ", ";
	}
	return 0;
}

int new_status_write_created(void *context, const struct creation *creation,
			     const struct create_process *process, struct error *err)
{
	const struct new_status *new_status = context;
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	FILE *line = open_memstream(&text, &length);
	int ret;

	if (!line)
		return error_set_errno(err, errno, "cannot write the status");
	fprintf(line, "{\"pid\": %d, \"pid_inside\": %d, \"namespaces\": [", process->pid,
		process->pid_inside);
	ret = write_namespaces(line, creation, err);
	fprintf(line, "], \"schema\": %d}\n", JSON_SCHEMA);
	if (fclose(line) != 0 && ret == 0)
		return error_set_errno(err, ENOMEM, "cannot write the status");
	if (ret == 0 && write(new_status->fd, text, length) != (ssize_t)length)
		return error_set_errno(err, errno, "cannot write to descriptor %d", new_status->fd);
	return ret;
}

/* Nobody is left to report an error to: the program has ended, and its status is nsctl's. */
void new_status_write_ended(const struct new_status *new_status, int status)
{
	if (WIFEXITED(status))
		dprintf(new_status->fd, "{\"exit_status\": %d, \"signal\": null, \"schema\": %d}\n",
			WEXITSTATUS(status), JSON_SCHEMA);
	else
		dprintf(new_status->fd, "{\"exit_status\": null, \"signal\": %d, \"schema\": %d}\n",
			WTERMSIG(status), JSON_SCHEMA);
}
