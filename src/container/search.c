/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/search.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "container/parents.h"
#include "container/runtime.h"

void container_matches_free(struct container_matches *matches)
{
	free(matches->items);
	*matches = (struct container_matches){0};
}

static int add_match(struct container_matches *matches, struct container *container)
{
	struct container **items =
	    array_reserve(matches->items, &matches->capacity, matches->count, sizeof(struct container *));

	if (!items)
		return -ENOMEM;
	matches->items = items;
	items[matches->count++] = container;
	return 0;
}

/* Whether the word is "SPACE/" and what follows; stores that. */
static bool has_prefix(const char *word, const char *space, const char **rest)
{
	size_t length = strlen(space);

	*rest = word + length + 1;
	return strncmp(word, space, length) == 0 && word[length] == '/';
}

/* A name without a slash, in whatever namespace of containerd; or NAMESPACE/NAME. */
static const char *strip_space(const struct container *container, const char *word)
{
	const char *rest;

	return container->space && has_prefix(word, container->space, &rest) ? rest : word;
}

static bool fits_pod(const struct container *container, const char *word)
{
	const char *name;

	if (!container->pod)
		return false;
	if (strcmp(word, container->pod) == 0)
		return container->is_sandbox;
	return has_prefix(word, container->pod, &name) && !container->is_sandbox &&
	       strcmp(name, container->name) == 0;
}

static bool fits_exactly(const struct container *container, const struct container_search *search)
{
	const char *word;

	if (search->is_pod)
		return fits_pod(container, search->word);
	word = strip_space(container, search->word);
	return strcmp(word, container->name) == 0 || strcmp(word, container->id) == 0;
}

static bool fits_by_prefix(const struct container *container, const struct container_search *search)
{
	const char *word = strip_space(container, search->word);
	size_t length = strlen(word);

	return !search->is_pod && length >= (search->runtime ? 1 : CONTAINER_PREFIX_MIN) &&
	       strspn(word, "0123456789abcdef") == length && strncmp(word, container->id, length) == 0;
}

/* Whether its names are chosen by the caller, or by root. */
static bool is_trusted(const struct container *container)
{
	return container->user == 0 || container->user == geteuid();
}

/* An id of a trusted container begins like this, whatever others are called. */
static bool fits_trusted_by_prefix(const struct container *container, const struct container_search *search)
{
	return is_trusted(container) && fits_by_prefix(container, search);
}

/* Whether an item before it is the same container, listed by the engine that uses this runtime. */
static bool is_run_for_another(const struct containers *containers, size_t index)
{
	const struct container *container = containers->items[index];

	for (size_t i = 0; i < index; i++) {
		const struct container *other = containers->items[i];

		if (other->is_known && other->runtime != container->runtime &&
		    other->user == container->user && strcmp(other->id, container->id) == 0)
			return true;
	}
	return false;
}

bool containers_is_one(const struct containers *containers, size_t index)
{
	return containers->items[index]->is_known && !is_run_for_another(containers, index);
}

static int find_all(const struct containers *containers, const struct container_search *search,
		    bool (*fits)(const struct container *container, const struct container_search *search),
		    struct container_matches *matches)
{
	int ret = 0;

	for (size_t i = 0; i < containers->count && ret == 0; i++) {
		struct container *container = containers->items[i];

		if (!container->is_known || (search->runtime && container->runtime != search->runtime) ||
		    (search->has_user && container->user != search->user) || !fits(container, search) ||
		    (!search->runtime && is_run_for_another(containers, i)))
			continue;
		ret = add_match(matches, container);
	}
	return ret;
}

static bool has_trusted(const struct container_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		if (is_trusted(matches->items[i]))
			return true;
	}
	return false;
}

/* Moves those that are chosen to the front of what follows from start.  Returns where they end. */
static size_t move_up(struct container_matches *matches, size_t start, const bool *is_chosen)
{
	for (size_t i = start; i < matches->count; i++) {
		struct container *container = matches->items[i];

		if (!is_chosen[i])
			continue;
		matches->items[i] = matches->items[start];
		matches->items[start++] = container;
	}
	return start;
}

/*
 * Keeps the running ones, if any is.  A stopped container of root or of the caller stays in
 * the list beside running ones of other users: otherwise a user could take over its name.
 */
static int prefer_running(struct containers *containers, struct container_matches *matches)
{
	AUTO_FREE bool *is_chosen = calloc(matches->count, sizeof(*is_chosen));
	struct container_matches running = *matches;

	if (!is_chosen)
		return -ENOMEM;
	for (size_t i = 0; i < matches->count; i++)
		is_chosen[i] = container_is_running(containers, matches->items[i]);
	running.count = move_up(matches, 0, is_chosen);
	if (running.count == 0)
		return 0;
	if (!has_trusted(&running)) {
		for (size_t i = running.count; i < matches->count; i++)
			is_chosen[i] = is_trusted(matches->items[i]);
		running.count = move_up(matches, running.count, is_chosen);
	}
	matches->count = running.count;
	return 0;
}

/* Others can be so many that a list of them ends before the caller's. */
static int sort_trusted(struct container_matches *matches)
{
	AUTO_FREE bool *is_chosen = calloc(matches->count + 1, sizeof(*is_chosen));

	if (!is_chosen)
		return -ENOMEM;
	for (size_t i = 0; i < matches->count; i++)
		is_chosen[i] = is_trusted(matches->items[i]);
	move_up(matches, 0, is_chosen);
	return 0;
}

/* systemd-nspawn makes a directory here for each of its containers, registered or not. */
#define NSPAWN_DIRECTORIES "/run/systemd/nspawn/propagate"

/* All processes are looked through for these: only where nothing else has the name. */
static bool may_be_unregistered(struct containers *containers, const struct container_search *search)
{
	char path[sizeof(NSPAWN_DIRECTORIES) + 256];

	if (search->is_pod || search->runtime)
		return search->runtime == &runtime_nspawn;
	return (size_t)snprintf(path, sizeof(path), NSPAWN_DIRECTORIES "/%s", search->word) < sizeof(path) &&
	       state_directory_open(containers, path, 0) >= 0;
}

int containers_search(struct containers *containers, const struct container_search *search,
		      struct container_matches *matches)
{
	int ret = containers_list(containers, search->runtime);

	*matches = (struct container_matches){0};
	if (ret == 0)
		ret = find_all(containers, search, fits_exactly, matches);
	if (ret == 0 && matches->count == 0)
		ret = find_all(containers, search, fits_by_prefix, matches);
	else if (ret == 0 && !has_trusted(matches))
		ret = find_all(containers, search, fits_trusted_by_prefix, matches);
	if (ret == 0 && matches->count == 0 && may_be_unregistered(containers, search)) {
		ret = containers_list_unregistered(containers);
		if (ret == 0)
			ret = find_all(containers, search, fits_exactly, matches);
	}
	if (ret == 0 && matches->count > 1)
		ret = prefer_running(containers, matches);
	return ret < 0 ? ret : sort_trusted(matches);
}

void container_format_target(const struct container *container, struct container_form form, char *text,
			     size_t size)
{
	const char *runtime = container->runtime->name;
	const char *name = form.by_id ? container->id : container->name;

	if (!form.by_id && container->pod && strchr(container->pod, '/'))
		snprintf(text, size, "pod:%s%s%s", container->pod, container->is_sandbox ? "" : "/",
			 container->is_sandbox ? "" : container->name);
	else if (container->space)
		snprintf(text, size, "%s:%s/%s", runtime, container->space, container->id);
	else if (form.by_user)
		snprintf(text, size, "%s:%u@%s", runtime, container->user, name);
	else
		snprintf(text, size, "%s:%s", runtime, name);
}
