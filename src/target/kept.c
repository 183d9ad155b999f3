/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keep:NAME, the namespaces that nsctl-keep(1) gave a name; keep:NAME/net, one of them; NAME. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "keep/keep.h"
#include "target/kind.h"

/* The name without the type behind it; false where it is too long for one. */
static bool copy_kept_name(const struct target *target, char name[KEEP_NAME_MAX + 1])
{
	size_t length = strcspn(target->name, "/");

	if (length > KEEP_NAME_MAX)
		return false;
	memcpy(name, target->name, length);
	name[length] = '\0';
	return true;
}

static bool parse_kept(const char *text, struct target *target)
{
	const char *slash = strchr(text, '/');
	char name[KEEP_NAME_MAX + 1];
	struct error ignored; /* parse.c says what a target is */
	enum ns_type type;

	target->name = text;
	if (!copy_kept_name(target, name) || keep_check_name(name, &ignored) < 0)
		return false;
	if (!slash)
		return true;
	if (!ns_type_from_any_name(slash + 1, strlen(slash + 1), &type))
		return false;
	target->types = 1U << type;
	return true;
}

static int open_kept(const struct target *target, enum engine engine, struct opened_target *opened,
		     struct error *err)
{
	struct ns namespaces[NS_TYPE_COUNT];
	char name[KEEP_NAME_MAX + 1];
	int ret;

	(void)engine;
	if (!copy_kept_name(target, name))
		return error_set(err, ENAMETOOLONG, "'%.64s…' is too long for a kept name", target->text);
	ret = keep_open(name, target->types, namespaces, err);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (namespaces[type].fd >= 0)
			opened->ns[opened->ns_count++] = namespaces[type];
	}
	return ret;
}

const struct target_row target_kept = {
    .kind = TARGET_KEPT,
    .prefix = TARGET_KEPT_PREFIX,
    .written = TARGET_KEPT_PREFIX "NAME",
    .needs = TARGET_NEEDS_TASKS_FIRST,
    .parse = parse_kept,
    .open = open_kept,
    .find = target_find_opened,
};

/* A container may have the same name. */
static int open_kept_word(const struct target *target, enum engine engine, struct opened_target *opened,
			  struct error *err)
{
	int ret = target_check_kept_word(target, err);

	return ret < 0 ? ret : open_kept(target, engine, opened, err);
}

/* word.c parses it. */
const struct target_row target_kept_word = {
    .kind = TARGET_KEPT,
    .needs = TARGET_NEEDS_TASKS_FIRST,
    .open = open_kept_word,
    .find = target_find_opened,
};
