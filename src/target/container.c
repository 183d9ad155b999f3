/* SPDX-License-Identifier: GPL-2.0-or-later */
/* docker:web, containerd:NS/ID, pod:NS/NAME, web: containers, by name or by the beginning of the id. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "container/search.h"
#include "container/users.h"
#include "target/kind.h"
#include "target/members.h"

#define POD_PREFIX "pod:"

/* Names of containers begin with a letter, a digit or an underscore; a number is a process. */
bool target_is_word(const char *text)
{
	return text[0] && text[0] != '-' && text[0] != '.' && !strpbrk(text, "/ \t\n[]:=") &&
	       text[strspn(text, "0123456789")] != '\0';
}

static bool parse_container(const char *text, struct target *target)
{
	const char *colon = strchr(text, ':');

	if (!colon || !colon[1] || !runtime_find(text, (size_t)(colon - text)))
		return false;
	/* kubectl(1) prints containerd://ID. */
	target->name = colon + (strncmp(colon, "://", 3) == 0 ? 3 : 1);
	return true;
}

static bool parse_pod(const char *text, struct target *target)
{
	const char *slash = strchr(text, '/');

	target->name = text;
	return slash && slash > text && slash[1];
}

int target_parse_container(const char *text, struct target *target, struct error *err)
{
	*target = (struct target){.row = &target_word,
				  .kind = TARGET_PROCESS,
				  .text = text,
				  .name = text,
				  .types = NS_TYPE_SET_ALL};
	if (target_is_word(text))
		return 0;
	target->row = &target_container;
	if (parse_container(text, target))
		return 0;
	target->row = &target_pod;
	if (strncmp(text, POD_PREFIX, strlen(POD_PREFIX)) == 0 &&
	    parse_pod(text + strlen(POD_PREFIX), target))
		return 0;
	error_set(err, EINVAL, "'%.256s' is not a container", text);
	return error_hint(
	    err, "a container is its name or the beginning of its id, RUNTIME:CONTAINER or " POD_PREFIX
		 "NAMESPACE/NAME[/CONTAINER]");
}

/* UID@NAME is a container of this user: others choose the same names and ids. */
static void read_user(struct container_search *search)
{
	size_t digits = strspn(search->word, "0123456789");
	uint64_t user;

	if (search->word[digits] != '@' || !search->word[digits + 1] ||
	    !text_parse_digits(search->word, digits, UINT32_MAX - 1, &user))
		return;
	search->has_user = true;
	search->user = (uid_t)user;
	search->word += digits + 1;
}

static struct container_search search_for(const struct target *target)
{
	struct container_search search = {.word = target->name};

	if (target->row == &target_pod)
		search.is_pod = true;
	else if (target->name > target->text)
		search.runtime = runtime_find(target->text, strcspn(target->text, ":"));
	if (!search.is_pod)
		read_user(&search);
	return search;
}

int target_search_containers(const struct target *target, struct containers *containers,
			     struct container_matches *matches, struct error *err)
{
	const struct container_search search = search_for(target);
	int ret = containers_open("/", containers);

	*matches = (struct container_matches){0};
	if (ret == 0)
		ret = containers_search(containers, &search, matches);
	return ret < 0 ? error_set_errno(err, -ret, "cannot look for containers") : 0;
}

bool target_is_container(const char *text)
{
	const struct target target = {.row = &target_word, .text = text, .name = text};
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	AUTO_MATCHES struct container_matches matches = {0};
	struct error ignored; /* then it is no container that can be found */

	return target_is_word(text) &&
	       target_search_containers(&target, &containers, &matches, &ignored) == 0 && matches.count > 0;
}

/* What distinguishes it from the other matches.  Not all containers of a user may have been read. */
static struct container_form choose_form(const struct container_matches *matches, size_t index)
{
	struct container_form form = {0};
	char text[512];
	char other[512];

	container_format_target(matches->items[index], form, text, sizeof(text));
	for (size_t i = 0; i < matches->count; i++) {
		container_format_target(matches->items[i], (struct container_form){0}, other, sizeof(other));
		form.by_user |= matches->items[i]->user != matches->items[index]->user;
		form.by_id |= i != index && strcmp(text, other) == 0 &&
			      matches->items[i]->user == matches->items[index]->user;
	}
	return form;
}

void target_list_matches(const struct container_matches *matches, char *list, size_t size)
{
	for (size_t i = 0; i < matches->count; i++) {
		size_t used = strlen(list);

		if (used + 2 >= size)
			return;
		snprintf(list + used, size - used, "%s", used ? ", " : "");
		used = strlen(list);
		container_format_target(matches->items[i], choose_form(matches, i), list + used, size - used);
	}
}

static int refuse_several_containers(const struct target *target, const struct container_matches *matches,
				     struct error *err)
{
	char list[400] = "";

	target_list_matches(matches, list, sizeof(list));
	error_set(err, EINVAL, "'%.256s' is %zu containers, not one", target->text, matches->count);
	return error_hint(err, "name one: %s", list);
}

/* Returns the name that is nearest to the word; NULL: none is near, or without memory. */
static const char *find_nearest(const struct containers *containers, const char *word)
{
	AUTO_FREE const char **names = calloc(containers->count + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; names && i < containers->count; i++) {
		if (containers->items[i]->is_known)
			names[count++] = containers->items[i]->name;
	}
	return names ? text_nearest(word, names) : NULL;
}

bool target_suggest_container(const char *word, struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	const char *nearest = NULL;

	if (containers_open("/", &containers) == 0 && containers_list(&containers, NULL) == 0)
		nearest = find_nearest(&containers, word);
	if (nearest)
		error_hint(err, "did you mean '%.256s'?", nearest);
	return nearest != NULL;
}

static int set_no_container(const struct target *target, const struct containers *containers,
			    struct error *err)
{
	const char *nearest = find_nearest(containers, target->name);

	error_set(err, ESRCH, "no container '%.256s' was found", target->text);
	if (nearest)
		return error_hint(err, "did you mean '%.*s%.256s'?", (int)(target->name - target->text),
				  target->text, nearest);
	if (containers->crowded_user != 0)
		return error_hint(
		    err,
		    "user %u has more than %d containers, or %d MiB of state files: the rest is not read",
		    containers->crowded_user, USER_CONTAINERS_MAX, (int)(USER_BYTES_MAX >> 20));
	if (geteuid() != 0)
		return error_hint(err, "only root can read the state of root's containers");
	return error_hint(err, "`nsctl sets -o +RUNTIME,POD` shows those that are running");
}

static int open_match(const struct target *target, struct containers *containers,
		      const struct container_matches *matches, struct opened_target *opened,
		      struct error *err)
{
	int ret;

	if (matches->count == 0)
		return set_no_container(target, containers, err);
	if (matches->count > 1)
		return refuse_several_containers(target, matches, err);
	opened->is_process = true;
	ret = container_open_init(containers, matches->items[0], &opened->process, err);
	if (ret < 0)
		return ret;
	opened->container = container_copy(matches->items[0]);
	return opened->container ? 0 : error_set_errno(err, ENOMEM, "cannot open '%.256s'", target->text);
}

int target_open_container(const struct target *target, enum engine engine, struct opened_target *opened,
			  struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	AUTO_MATCHES struct container_matches matches = {0};
	int ret = target_search_containers(target, &containers, &matches, err);

	(void)engine;
	return ret < 0 ? ret : open_match(target, &containers, &matches, opened, err);
}

int target_find_container(const struct target *target, const struct snapshot *snapshot,
			  struct found_target *found, struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open(target, ENGINE_AUTO, &opened, err);

	if (ret < 0)
		return ret;
	if (target->row == &target_pod && opened.container->is_sandbox)
		return members_of_pod(snapshot, &opened.process, opened.container, found, err);
	return members_of_container(snapshot, &opened.process, opened.container, found, err);
}

const struct target_row target_container = {
    .kind = TARGET_PROCESS,
    .written = "RUNTIME:CONTAINER",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_container,
    .open = target_open_container,
    .find = target_find_container,
};

const struct target_row target_pod = {
    .kind = TARGET_PROCESS,
    .prefix = POD_PREFIX,
    .written = POD_PREFIX "NAMESPACE/NAME",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_pod,
    .open = target_open_container,
    .find = target_find_container,
};
