/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/compare.h"

#include <errno.h>

#include "proc/answers.h"

static int read_process(const struct process *process, struct compared *compared, struct error *err)
{
	struct process_links links;

	if (process_check_answers(process, err) < 0)
		return -err->number;
	process_read_links(process, &links);
	compared->types = NS_TYPE_SET_ALL;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		compared->ino[type] = links.ino[ns_type_link(type)];
		compared->reason[type] = links.reason[ns_type_link(type)];
	}
	if (!process_exists(process))
		return error_set(err, ESRCH, "process %d ended while it was looked at", process->pid);
	return 0;
}

int compared_read(const char *text, enum engine engine, struct compared *compared, struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open_text(text, engine, &opened, err);

	*compared = (struct compared){.text = text};
	if (ret < 0)
		return ret;
	if (opened.is_process)
		return read_process(&opened.process, compared, err);
	for (size_t i = 0; i < opened.ns_count; i++) {
		compared->types |= 1U << opened.ns[i].type;
		compared->ino[opened.ns[i].type] = opened.ns[i].ino;
	}
	return 0;
}

enum verdict compare_type(const struct compared *targets, size_t count, enum ns_type type)
{
	enum verdict verdict = VERDICT_SAME;
	ino_t first = 0;

	for (size_t i = 0; i < count; i++) {
		ino_t ino = targets[i].ino[type];

		if (ino == 0)
			verdict = VERDICT_UNKNOWN;
		else if (first != 0 && ino != first)
			return VERDICT_DIFFERENT;
		else
			first = ino;
	}
	return verdict;
}
