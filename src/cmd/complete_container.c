/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The completions of a container. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/complete.h"
#include "container/search.h"
#include "target/target.h"

/* Whether another one that is offered has the same name, and whether that is another user's. */
static bool has_namesake(const struct containers *containers, const bool *is_offered, size_t index,
			 bool *of_other_user)
{
	const struct container *container = containers->items[index];
	bool has = false;

	*of_other_user = false;
	for (size_t i = 0; i < containers->count && !*of_other_user; i++) {
		if (!is_offered[i] || i == index || strcmp(containers->items[i]->name, container->name) != 0)
			continue;
		has = true;
		*of_other_user = containers->items[i]->user != container->user;
	}
	return has;
}

/* By its name, if that is enough; what cannot be shown as it is would be typed as another one. */
static void offer_container(const struct completion *completion, const struct containers *containers,
			    const bool *is_offered, size_t index)
{
	const struct container *container = containers->items[index];
	const char *name = container->name;
	struct container_form form = {0};
	bool is_shared = has_namesake(containers, is_offered, index, &form.by_user);
	struct target target;
	struct error ignored; /* it is no name that can be typed alone */
	char plain[1024];
	char word[512];
	char help[512];

	container_format_target(container, form, word, sizeof(word));
	if (!strchr(completion->word + completion->fixed, ':') && !is_shared &&
	    target_parse_container(name, &target, &ignored) == 0)
		snprintf(word, sizeof(word), "%s", name);
	text_escape(word, strlen(word), plain, sizeof(plain));
	if (strcmp(plain, word) != 0)
		return;
	snprintf(help, sizeof(help), "a container of %s%s%s", container_runtime(container),
		 container->image ? ": " : "", container->image ? container->image : "");
	complete_offer(completion, word, help);
}

void complete_container(const struct completion *completion)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	AUTO_FREE bool *is_offered = NULL;

	if (containers_open("/", &containers) < 0 || containers_list(&containers, NULL) < 0)
		return;
	is_offered = calloc(containers.count + 1, sizeof(*is_offered));
	if (!is_offered)
		return;
	for (size_t i = 0; i < containers.count; i++)
		is_offered[i] = containers_is_one(&containers, i) &&
				container_is_running(&containers, containers.items[i]);
	for (size_t i = 0; i < containers.count; i++) {
		if (is_offered[i])
			offer_container(completion, &containers, is_offered, i);
	}
}
