/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/container_option.h"

#include <errno.h>

#include "base/text.h"

int pointed_parse(const char *word, const struct common_options *options, struct pointed *pointed,
		  struct error *err)
{
	int ret = 0;

	*pointed = (struct pointed){.count = 0};
	if (word) {
		pointed->at_target = &pointed->found[pointed->count];
		pointed->target = &pointed->targets[pointed->count];
		ret = target_parse(word, &pointed->targets[pointed->count++], err);
	}
	if (options->container && ret == 0) {
		pointed->members = &pointed->found[pointed->count];
		pointed->container = &pointed->targets[pointed->count];
		ret = target_parse_container(options->container, &pointed->targets[pointed->count++], err);
	}
	return ret;
}

int pointed_scan(struct pointed *pointed, const struct scan_request *request, struct snapshot *snapshot,
		 struct error *err)
{
	struct scan_request wider = *request;

	if (pointed->container)
		wider.types |= CONTAINER_TYPES;
	return target_scan(pointed->targets, pointed->count, &wider, snapshot, pointed->found, err);
}

void pointed_free(struct pointed *pointed)
{
	for (size_t i = 0; i < pointed->count; i++)
		found_target_free(&pointed->found[i]);
}

void container_report_none(const struct invocation *invocation, const char *container, const char *word)
{
	struct error note;

	if (word)
		error_set(&note, ENOENT, "no process of container '%.256s' is in '%.256s'", container, word);
	else
		error_set(&note, ENOENT, "no process of container '%.256s' is in any of these", container);
	if (text_is_shell_word(container))
		error_hint(&note, "`nsctl ps --container %.256s` lists its processes", container);
	command_report(invocation, &note, 0);
}
