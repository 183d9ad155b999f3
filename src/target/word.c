/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bare word: a kept name, or a container by its name or the beginning of its id. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "container/search.h"
#include "keep/keep.h"
#include "target/kind.h"

/* The one target that is looked up to be parsed: any other word can be a program, or a mistake. */
static bool parse_word(const char *text, struct target *target)
{
	target->name = text;
	if (keep_exists(text)) {
		target->kind = TARGET_KEPT;
		target->row = &target_kept_word;
	}
	return target->kind == TARGET_KEPT || target_is_container(text);
}

int target_parse_unseen(const char *text, struct target *target, struct error *err)
{
	if (target_is_word(text) && strcmp(text, "self") != 0 && !keep_exists(text))
		return target_parse_container(text, target, err);
	return target_parse(text, target, err);
}

/* For a kept name: containers of the same name. */
static int refuse_both(const struct target *target, const struct container_matches *matches,
		       struct error *err)
{
	char list[400];

	snprintf(list, sizeof(list), TARGET_KEPT_PREFIX "%.200s", target->name);
	target_list_matches(matches, list, sizeof(list));
	error_set(err, EINVAL, "'%.256s' is a kept name and %s", target->text,
		  matches->count > 1 ? "containers" : "a container");
	return error_hint(err, "name one: %s", list);
}

int target_check_kept_word(const struct target *target, struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	AUTO_MATCHES struct container_matches matches = {0};
	int ret = target_search_containers(target, &containers, &matches, err);

	if (ret < 0)
		return ret;
	return matches.count > 0 ? refuse_both(target, &matches, err) : 0;
}

const struct target_row target_word = {
    .kind = TARGET_PROCESS,
    .written = "CONTAINER",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_word,
    .open = target_open_container,
    .find = target_find_container,
};
