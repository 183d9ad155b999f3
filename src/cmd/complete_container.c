/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The completions of a container. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/complete.h"
#include "container/search.h"
#include "target/target.h"

/* Whether another one that runs has the same name. */
static bool has_namesake(struct containers *containers, size_t index)
{
	for (size_t i = 0; i < containers->count; i++) {
		if (i != index && strcmp(containers->items[i]->name, containers->items[index]->name) == 0 &&
		    containers_is_one(containers, i) &&
		    container_is_running(containers, containers->items[i]))
			return true;
	}
	return false;
}

/* By its name, if that is enough; what cannot be shown as it is would be typed as another one. */
static void offer_container(const struct completion *completion, struct containers *containers, size_t index)
{
	const struct container *container = containers->items[index];
	const char *name = container->name;
	struct target target;
	struct error ignored; /* it is no name that can be typed alone */
	char plain[1024];
	char word[512];
	char help[512];

	container_format_target(container, false, word, sizeof(word));
	if (!strchr(completion->word + completion->fixed, ':') && !has_namesake(containers, index) &&
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

	if (containers_open("/", &containers) < 0 || containers_list(&containers, NULL) < 0)
		return;
	for (size_t i = 0; i < containers.count; i++) {
		if (containers_is_one(&containers, i) &&
		    container_is_running(&containers, containers.items[i]))
			offer_container(completion, &containers, i);
	}
}
