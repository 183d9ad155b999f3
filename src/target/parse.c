/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "target/kind.h"

/* In the order in which a word is held against them, and in which help lists them. */
static const struct target_row *const rows[] = {
    &target_process, &target_ns_inode, &target_ns_id,     &target_cgroup, &target_netns_name, &target_kept,
    &target_unit,    &target_pod,      &target_container, &target_word,   &target_file,
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

void target_list_kinds(bool with_processes, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ROW_COUNT && used < size; i++) {
		const char *between = rows[i] == &target_file ? " or " : ", ";

		if (!rows[i]->written)
			continue;
		if (with_processes || rows[i]->kind != TARGET_PROCESS)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? between : "",
						 rows[i]->written);
	}
}

/* Whether ip-netns(8) keeps a namespace by this name. */
static bool is_name_of_ip_netns(const char *name)
{
	char path[sizeof(TARGET_NETNS_DIRECTORY "/") + NAME_MAX];

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/'))
		return false;
	return (size_t)snprintf(path, sizeof(path), TARGET_NETNS_DIRECTORY "/%s", name) < sizeof(path) &&
	       access(path, F_OK) == 0;
}

static bool is_file_name(const char *text)
{
	return text[0] && text[0] != '-' && text[0] != '.' && !strchr(text, '/') && access(text, F_OK) == 0;
}

/* TYPE:WORD, where it lacks the brackets or names a file of ip-netns(8). */
static bool hint_behind_colon(const char *text, struct error *err)
{
	const char *colon = strchr(text, ':');
	const char *word = colon ? colon + 1 : NULL;
	enum ns_type type;
	uint64_t number;

	if (!colon || !ns_type_from_any_name(text, (size_t)(colon - text), &type))
		return false;
	if (type == NS_NET && is_name_of_ip_netns(word))
		error_hint(err, "did you mean 'netns:%.256s'?", word);
	else if (!text_parse_number(word, UINT32_MAX, &number) || number == 0)
		return false;
	else if (number > PROCESS_PID_MAX)
		error_hint(err, "did you mean '%s:[%ju]'?", ns_type_name(type), (uintmax_t)number);
	else
		error_hint(err, "did you mean '/proc/%ju/ns/%s'?", (uintmax_t)number, ns_type_name(type));
	return true;
}

static int refuse_name(const char *text, struct error *err)
{
	error_explain(err, "no container and no kept name is called that");
	if (target_suggest_container(text, err))
		return -EINVAL;
	if (geteuid() != 0)
		return error_hint(err, "only root can read the names of root's containers");
	return error_hint(err, "`nsctl sets -o +RUNTIME,POD` shows those that are running; TARGETS in "
			       "nsctl(1) says what else a target can be");
}

/* Fills err with what the word may have been meant to be.  Only names are looked up, nothing is opened. */
static int refuse_word(const char *text, struct error *err)
{
	char kinds[300];
	enum ns_type type;

	error_set(err, EINVAL, "'%.400s' is not a target", text);
	if (is_name_of_ip_netns(text))
		return error_hint(err, "did you mean 'netns:%.256s'?", text);
	if (is_file_name(text))
		return error_hint(err, "did you mean './%.256s'? a file is ./NAME where it has no slash",
				  text);
	if (ns_type_from_any_name(text, strlen(text), &type))
		return error_hint(err, "did you mean 'nsctl list -t %s'?", ns_type_name(type));
	if (hint_behind_colon(text, err))
		return -EINVAL;
	if (target_is_word(text))
		return refuse_name(text, err);
	target_list_kinds(true, kinds, sizeof(kinds));
	return error_hint(err, "a target is %s; a file in this directory is ./NAME", kinds);
}

int target_parse(const char *text, struct target *target, struct error *err)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const char *prefix = rows[i]->prefix;
		size_t length = prefix ? strlen(prefix) : 0;

		if (prefix && strncmp(text, prefix, length) != 0)
			continue;
		*target = (struct target){
		    .row = rows[i], .kind = rows[i]->kind, .text = text, .types = NS_TYPE_SET_ALL};
		if (rows[i]->parse(text + length, target))
			return 0;
		if (prefix)
			break;
	}
	return refuse_word(text, err);
}
